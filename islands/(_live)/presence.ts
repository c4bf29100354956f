/**
 * Whether somebody looks at the page: hidden for half a minute, or left for another page, it rests.
 *
 * @module
 */

/** What is done about it. */
export interface Presence {
  /** The page is looked at: at first, again, and after a rest. */
  readonly onSeen: () => void;
  /** Nobody has looked for a while. */
  readonly onRest: () => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** Milliseconds a page stays hidden before it rests. */
const HIDDEN_MS = 30_000;

/** Watches; says at once if the page is seen now. */
export function watchPresence({ onSeen, onRest, signal }: Presence): void {
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(hiding);
    if (!document.hidden) onSeen();
    else if (!signal.aborted) hiding = setTimeout(onRest, HIDDEN_MS);
  };
  document.addEventListener("visibilitychange", look, { signal });
  globalThis.addEventListener("pagehide", onRest, { signal });
  globalThis.addEventListener("pageshow", (event) => event.persisted && look(), { signal });
  signal.addEventListener("abort", () => clearTimeout(hiding));
  look();
}
