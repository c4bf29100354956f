/**
 * Looks for units while the page stays: they appear as they answer, with how far the scan is, and one click puts a
 * unit into the form. The scan goes on without anybody looking; the page that comes back shows how it stands.
 *
 * @module
 */

import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Notice } from "../lib/ui/Over.tsx";
import { DEVICE_FORM } from "../lib/ui/pages/register/DeviceForm.tsx";
import type { ScanLine } from "../lib/ui/pages/register/lines.ts";
import { type ScanModel, ScanPanel } from "../lib/ui/pages/register/ScanPanel.tsx";
import { followLines } from "./(_lines)/follow.ts";

/** What it needs. */
export interface ScanLiveProps {
  /** The scan that the page came with; `null`: none. */
  readonly scan: ScanModel | null;
  /** Where scans are begun and followed. */
  readonly followHref: string;
  /** Whether the form on the page is of a new device: then a found unit goes into it. */
  readonly isNew: boolean;
}

/** What is shown, and said. */
interface Showing {
  readonly scan: Signal<ScanModel | null>;
  readonly trouble: Signal<string | null>;
  readonly said: Signal<string>;
}

/** The panel of a scan; nothing without one. */
export default function ScanLive({ scan: first, followHref, isNew }: ScanLiveProps): JSX.Element {
  const showing: Showing = {
    scan: useSignal(first),
    trouble: useSignal<string | null>(null),
    said: useSignal(""),
  };
  const { scan, trouble, said } = showing;
  const ready = useSignal(false);
  const leaving = useRef<AbortController>(new AbortController());
  useEffect(() => {
    const { signal } = leaving.current;
    const form = document.querySelector<HTMLFormElement>(".scan-form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
      void follow(showing, { href: followHref, form: body, signal });
    }, { signal });
    ready.value = true;
    if (first?.state.kind === "running") void follow(showing, { href: followHref, signal });
    return () => leaving.current.abort();
  }, []);
  const press = (event: JSX.TargetedMouseEvent<HTMLDivElement>) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (isNew && link && fillIn(new URL(link.href).searchParams)) event.preventDefault();
  };
  const submit = (event: JSX.TargetedSubmitEvent<HTMLDivElement>) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    // What comes of it is told by the scan itself.
    void fetch(event.target.action, { method: "POST", body: new URLSearchParams(), redirect: "manual" })
      .catch(() => trouble.value = "Not stopped: Wattpost does not answer. Try again.");
  };
  return (
    <div
      class="column scan-live"
      data-kept
      data-ready={ready.value ? "" : undefined}
      onClick={press}
      onSubmit={submit}
    >
      <p class="unseen" role="status" aria-live="polite">{said.value}</p>
      {trouble.value !== null && <Notice state="warn" title="Scan" live="polite">{trouble.value}</Notice>}
      {scan.value && <ScanPanel scan={scan.value} followed={ready.value} />}
    </div>
  );
}

interface Asking {
  readonly href: string;
  readonly form?: URLSearchParams;
  readonly signal: AbortSignal;
}

async function follow({ scan, trouble, said }: Showing, asking: Asking): Promise<void> {
  trouble.value = null;
  const followed = await followLines<ScanLine>({
    ...asking,
    hear({ scan: now }) {
      const words = newsOf(scan.value, now);
      if (words !== null) said.value = words;
      scan.value = now;
    },
  });
  switch (followed.kind) {
    case "ended":
    case "left":
      return;
    case "faults":
      trouble.value = `${Object.values(followed.faults).join(". ")}.`;
      return;
    case "refused":
      trouble.value = followed.words;
      return;
  }
}

/** What is worth saying of a scan that has gone on; `null`: nothing. */
function newsOf(before: ScanModel | null, now: ScanModel): string | null {
  if (now.state.kind !== "running") return `Scan over: ${now.found.length} units answered`;
  const known = new Set(before?.found.map(({ unitId }) => unitId));
  const fresh = now.found.filter(({ unitId }) => !known.has(unitId)).map(({ unitId }) => unitId);
  if (before?.state.kind !== "running") return "Scan begun";
  return fresh.length === 0 ? null : `Unit ${fresh.join(", ")} answers`;
}

/** Puts a found unit into the form of the device; false: the link leads elsewhere. */
function fillIn(found: URLSearchParams): boolean {
  const form = document.getElementById(DEVICE_FORM);
  const [unit, endpoint] = [found.get("unit"), found.get("endpoint")];
  if (!(form instanceof HTMLFormElement) || unit === null || endpoint === null) return false;
  const [unitField, endpointField] = ["unitId", "endpointId"].map((name) => form.elements.namedItem(name));
  if (!(unitField instanceof HTMLInputElement) || !(endpointField instanceof HTMLSelectElement)) return false;
  unitField.value = unit;
  endpointField.value = endpoint;
  unitField.dispatchEvent(new Event("input", { bubbles: true }));
  unitField.focus();
  return true;
}
