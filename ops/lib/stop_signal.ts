/**
 * What stops a long task from outside: a signal is heard, what was begun is put in order, and then it ends.
 *
 * @module
 */

/** Hears until it is disposed of. */
export interface StopSignal extends Disposable {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** Hears SIGINT and SIGTERM. */
export function stopSignal(): StopSignal {
  const stop = new AbortController();
  const hear = () => stop.abort();
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) Deno.addSignalListener(name, hear);
  return {
    signal: stop.signal,
    [Symbol.dispose]() {
      for (const name of names) Deno.removeSignalListener(name, hear);
    },
  };
}
