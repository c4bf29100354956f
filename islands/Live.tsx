/**
 * Keeps an open page current: when a half-hour was stored, the server's page is fetched again and the parts that
 * changed are put in place. A page that is not live says since when. Without it the page is as old as its loading, and
 * says so.
 *
 * @module
 */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../lib/ui/Icon.tsx";
import { follow } from "./(_live)/follow.ts";

/** What it needs. */
export interface LiveProps {
  /** The site of the page; `null`: it is about all. */
  readonly siteId: number | null;
  /** For whom the page was made. */
  readonly userId: number;
  /** The newest change that the page has seen. */
  readonly after: number;
}

/** `starting` until the stream has said its first word; `live` or `lost` since. */
type LiveState = "starting" | "live" | "lost";

/** Follows the event stream; says aloud what came, and shows that nothing can come. */
export default function Live({ siteId, userId, after }: LiveProps): JSX.Element {
  const said = useSignal("");
  const state = useSignal<LiveState>("starting");
  useEffect(() =>
    follow({
      siteId,
      userId,
      after,
      onArrived: () => said.value = "New half-hours have arrived",
      onLive: (lostMs) => {
        if (lostMs !== null) said.value = `Not live since ${timeOf(lostMs)}. Trying again.`;
        else if (state.value === "lost") said.value = "Live again";
        state.value = lostMs === null ? "live" : "lost";
      },
    }), []);
  const lost = state.value === "lost";
  return (
    <div
      class={lost ? "toasts" : "unseen"}
      data-kind="over"
      data-live={siteId ?? "all"}
      data-user={userId}
      data-stream={state.value}
    >
      <p class={lost ? "toast" : undefined} data-state="stale" role="status" aria-live="polite">
        {lost && <Icon name="stale" />}
        <span>{said.value}</span>
      </p>
    </div>
  );
}

/** The time on the reader's own wall, such as `10:47`. */
function timeOf(epochMs: number): string {
  return new Date(epochMs).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
