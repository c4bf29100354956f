/**
 * A signal that ends something with another one or at its time, for as long as it is used. Pure but for the clock.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";

/** What ends a request. */
export interface Ends {
  readonly clock: Clock;
  /** Ends it with another one; absent: none does. */
  readonly signal?: AbortSignal | undefined;
  /** Ends it after so many milliseconds. */
  readonly withinMs: number;
}

/**
 * A signal that aborts with another one, or when the time is over. It is held for as long as it is used: one made of
 * others by `AbortSignal.any` may be collected while a body is still read, which then never ends.
 */
export function endsWith({ clock, signal, withinMs }: Ends): Disposable & { readonly signal: AbortSignal } {
  const ending = new AbortController();
  const used = new AbortController();
  const onAbort = () => ending.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);
  void clock.sleep(withinMs, used.signal).then(() => {
    if (!used.signal.aborted) ending.abort(new DOMException("it took too long", "TimeoutError"));
  });
  return {
    signal: ending.signal,
    [Symbol.dispose]() {
      signal?.removeEventListener("abort", onAbort);
      used.abort();
    },
  };
}
