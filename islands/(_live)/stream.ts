/**
 * Keeps the event stream open: opens it again after a pause when it broke, more patiently each time. `EventSource`
 * would give up after the first answer that is not 200, without saying which it was.
 *
 * @module
 */

import { type LiveMessage, messageIn } from "./messages.ts";
import { backoffMs, waitOnTimer } from "./pace.ts";

/** What keeping a stream needs. */
export interface Streaming {
  /** Where it is now: it names the newest change that was heard of. */
  readonly href: () => string;
  /** Told of each message. */
  readonly hear: (message: LiveMessage) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Milliseconds without a word (the server's beat comes every 20 s) after which a stream is taken for dead. */
const SILENT_MS = 50_000;

/** Longest random pause before a stream is opened again after the server has closed it in good order. */
const BACK_MS = 2_000;

/** Most characters of one message. */
const MESSAGE_LIMIT = 65_536;

type Ending =
  | { readonly kind: "over" }
  | { readonly kind: "bye" }
  | { readonly kind: "broken"; readonly heard: boolean; readonly retryAfterMs: number };

/** Follows the stream until the signal aborts or the session has ended. */
export async function keepStream(streaming: Streaming): Promise<void> {
  const { hear, signal } = streaming;
  let failures = 0;
  while (!signal.aborted) {
    const ending = await listen(streaming);
    if (ending.kind === "over" || signal.aborted) return;
    if (ending.kind === "bye") {
      failures = 0;
      await waitOnTimer(Math.random() * BACK_MS, signal);
      continue;
    }
    failures = ending.heard ? 1 : failures + 1;
    hear({ kind: "lost", sinceMs: Date.now() });
    await waitOnTimer(backoffMs(failures, { ...ending, random: Math.random }), signal);
  }
}

/** Follows one stream to its end. */
async function listen({ href, hear, signal }: Streaming): Promise<Ending> {
  const over = new AbortController();
  const end = () => over.abort();
  let silence = setTimeout(end, SILENT_MS);
  signal.addEventListener("abort", end);
  let heard = false;
  let retryAfterMs = 0;
  try {
    const init = { headers: { accept: "text/event-stream" }, signal: over.signal };
    const answer = await fetch(href(), { ...init, cache: "no-store" });
    if (answer.status === 401 || answer.redirected) {
      hear({ kind: "ended" });
      return { kind: "over" };
    }
    retryAfterMs = Number(answer.headers.get("retry-after") ?? 0) * 1000 || 0;
    if (!answer.ok || !answer.body) return { kind: "broken", heard, retryAfterMs };
    for await (const message of messagesOf(answer.body.getReader())) {
      clearTimeout(silence);
      silence = setTimeout(end, SILENT_MS);
      heard = true;
      if (message === null) continue;
      if (message.kind === "bye") return { kind: "bye" };
      hear(message);
      if (message.kind === "ended") return { kind: "over" };
    }
  } catch {
    /* broken, or ended by us: the caller looks at its signal */
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", end);
    over.abort();
  }
  return { kind: "broken", heard, retryAfterMs };
}

async function* messagesOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<LiveMessage | null> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + decoder.decode(value, { stream: true })).split("\n\n");
    text = blocks.pop() ?? "";
    if (text.length > MESSAGE_LIMIT) return;
    for (const block of blocks) yield messageIn(block);
  }
}
