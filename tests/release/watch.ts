/**
 * Somebody who asks for a page all the while, over the link that nginx follows, and remembers who answered and every
 * time that nobody did.
 *
 * @module
 */

/** What was seen so far. */
export interface Seen {
  readonly answers: number;
  /** Times that nobody answered, or not with 200. */
  readonly failures: number;
  /** Why, the first few. */
  readonly reasons: readonly string[];
  /** Longest time without an answer, in ms. */
  readonly longestMs: number;
  /** Who answered last; empty: nobody yet. */
  readonly release: string;
}

/** Somebody who asks. */
export interface Watch {
  seen(): Seen;
  /** Forgets what was seen, but for who answers. */
  forget(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 40;
const ANSWER_MS = 10_000;
const REASONS_MAX = 5;

/** Begins to ask. */
export function watch(socket: string): Watch {
  const client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket }, poolMaxIdlePerHost: 0 });
  let seen: Seen = { answers: 0, failures: 0, reasons: [], longestMs: 0, release: "" };
  let lastMs = performance.now();
  let isOver = false;
  const ask = async () => {
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const response = await fetch("http://localhost/livez", {
        client,
        signal,
        headers: { connection: "close" },
      });
      await response.body?.cancel();
      if (response.status !== 200) throw new Error(`it answered ${response.status}`);
      const nowMs = performance.now();
      const longestMs = Math.max(seen.longestMs, nowMs - lastMs);
      lastMs = nowMs;
      const release = response.headers.get("wattpost-release") ?? "";
      seen = { ...seen, answers: seen.answers + 1, longestMs, release };
    } catch (error) {
      const why = error instanceof Error ? `${error.message} ${error.cause ?? ""}` : String(error);
      seen = { ...seen, failures: seen.failures + 1, reasons: [...seen.reasons, why].slice(0, REASONS_MAX) };
    }
  };
  const asking = (async () => {
    while (!isOver) {
      await ask();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    seen: () => seen,
    forget() {
      lastMs = performance.now();
      seen = { ...seen, answers: 0, failures: 0, reasons: [], longestMs: 0 };
    },
    async stop() {
      isOver = true;
      await asking;
      client.close();
    },
  };
}
