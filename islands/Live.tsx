/**
 * Keeps an open page current: when a half-hour was stored, the server's page is fetched again and the parts that
 * changed are put in place. Without it the page is as old as its loading, and says so.
 *
 * @module
 */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

/** What it needs. */
export interface LiveProps {
  /** The site of the page; `null`: it is about all. */
  readonly siteId: number | null;
  /** The newest change that the page has seen. */
  readonly after: number;
}

/** Milliseconds after a stored half-hour before the page is fetched: sites come in bursts. */
const GATHER_MS = 700;

/** Longest random pause before a stream is opened again after a release has moved. */
const BACK_MS = 2000;

/** Follows the event stream; says aloud what came. */
export default function Live({ siteId, after }: LiveProps): JSX.Element {
  const said = useSignal("");
  useEffect(() => follow({ siteId, after, say: (words) => said.value = words }), []);
  return <p class="unseen" role="status" aria-live="polite" data-live={siteId ?? "all"}>{said.value}</p>;
}

interface Following extends LiveProps {
  readonly say: (words: string) => void;
}

function follow({ siteId, after, say }: Following): () => void {
  const leaving = new AbortController();
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastId = String(after);

  const refresh = () => {
    timer = null;
    replaceChanged(leaving.signal).then(
      () => say("New half-hours have arrived"),
      () => {}, // the next event tries again
    );
    document.dispatchEvent(new CustomEvent("wattpost:stored"));
  };
  const gather = () => {
    timer ??= setTimeout(refresh, GATHER_MS);
  };
  const open = () => {
    const query = new URLSearchParams({ after: lastId });
    if (siteId !== null) query.set("site", String(siteId));
    source = new EventSource(`/api/live?${query}`);
    const heard = (event: MessageEvent) => {
      if (event.lastEventId !== "") lastId = event.lastEventId;
      if (event.type !== "hello") gather();
    };
    for (const name of ["hello", "stored", "reload"]) source.addEventListener(name, heard);
    source.addEventListener("bye", () => {
      source?.close();
      setTimeout(() => {
        if (!leaving.signal.aborted) open();
      }, Math.random() * BACK_MS);
    });
  };
  open();
  return () => {
    leaving.abort();
    if (timer !== null) clearTimeout(timer);
    source?.close();
  };
}

/** Fetches the page and puts its changed parts in place of the old ones. */
async function replaceChanged(signal: AbortSignal): Promise<void> {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, signal });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  swap(document.querySelector(".cycle"), fresh.querySelector(".cycle"));
  const [now, next] = [document.querySelector("main"), fresh.querySelector("main")];
  if (!now || !next) return;
  const parts = partsOf(now);
  const newer = partsOf(next);
  if (parts.length !== newer.length) return location.reload();
  parts.forEach((part, index) => swap(part, newer[index]));
}

/** The blocks of a page; what an island draws by itself is left alone. */
function partsOf(main: Element): readonly Element[] {
  return [...main.children].filter((part) =>
    !part.querySelector("[data-kept]") && !part.matches("[data-live]")
  );
}

function swap(old: Element | null, next: Element | null | undefined): void {
  if (!old || !next || old.contains(document.activeElement) || old.outerHTML === next.outerHTML) return;
  const opened = [...old.querySelectorAll("details")].map(({ open }) => open);
  const placed = document.importNode(next, true);
  placed.querySelectorAll("details").forEach((details, index) =>
    details.open = opened[index] ?? details.open
  );
  old.replaceWith(placed);
}
