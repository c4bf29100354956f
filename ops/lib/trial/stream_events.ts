/**
 * Events of a live stream as they come over the wire. Pure.
 *
 * @module
 */

/** Characters of one event at most. */
const EVENT_MAX = 200_000;

/** An event of a stream. */
export interface StreamEvent {
  readonly name: string;
  /** The newest change it stands for; `null`: it does not say. */
  readonly id: string | null;
  /** Milliseconds until the page should come back; `null`: it does not say. */
  readonly retryMs: number | null;
}

/** The events of a stream as they come, until it ends or is ended: what is still on its way is not waited for. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  until: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const text = new TextDecoder();
  const reader = body.getReader();
  // An aborted request does not always end a read that waits; a cancelled reader does.
  const end = () => void reader.cancel().catch(() => undefined);
  until.addEventListener("abort", end);
  let held = "";
  try {
    if (until.aborted) end();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      held += text.decode(part.value, { stream: true });
      const blocks = held.split("\n\n");
      held = (blocks.pop() ?? "").slice(-EVENT_MAX);
      for (const block of blocks) yield eventOf(block);
    }
  } finally {
    until.removeEventListener("abort", end);
    end();
  }
}

function eventOf(block: string): StreamEvent {
  const field = (name: string) =>
    block.split("\n").find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1).trim() ?? null;
  const retry = field("retry");
  const retryMs = retry !== null && /^\d{1,6}$/.test(retry) ? Number(retry) : null;
  return { name: field("event") ?? "message", id: field("id"), retryMs };
}
