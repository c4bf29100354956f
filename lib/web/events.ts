/**
 * Server-sent events: tells open pages which half-hours were stored. The database's change feed is the source, so
 * a page hears of what another process stored too; a commit of this process only makes us look sooner.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { HalfHour } from "../domain/half_hour.ts";

/** One entry of the change feed. */
export interface FeedEntry {
  /** Grows, but a lower id may become visible after a higher one. */
  readonly id: number;
  /** The half-hour that was stored. */
  readonly halfHour: HalfHour;
  /** Sites whose half-hour was stored. */
  readonly siteIds: readonly number[];
}

/** The change feed as the hub needs it. */
export interface Feed {
  /** Newest id; 0: the feed is empty. */
  newestId(): Promise<number>;
  /** Entries above an id, oldest first, at most `limit`. */
  read(afterId: number, limit: number): Promise<readonly FeedEntry[]>;
}

/** What the hub needs. */
export interface EventHubOptions {
  /** The change feed. */
  readonly feed: Feed;
  /** The time. */
  readonly clock: Clock;
  /** Called once for each failure to read the feed; the hub goes on trying. */
  readonly onTrouble: (error: unknown) => void;
}

/** One page that listens. */
export interface StreamRequest {
  /** The site whose half-hours it shows; `null`: all of them. */
  readonly siteId: number | null;
  /** The last id it has seen; `null`: it starts now. */
  readonly lastId: number | null;
}

/** Open streams and the loop that feeds them. */
export interface EventHub {
  /** Opens a stream; `null`: there are {@link STREAMS_AT_ONCE} already. */
  open(request: StreamRequest): Promise<ReadableStream<Uint8Array> | null>;
  /** Looks at the feed now. */
  nudge(): void;
  /** Open streams. */
  readonly streams: number;
  /** Says good-bye on every stream and ends them; opens no more. */
  close(): Promise<void>;
}

/** Most streams of one process. */
export const STREAMS_AT_ONCE = 1000;

const LOOK_EVERY_MS = 1000;
const BEAT_EVERY_MS = 20_000;
const REREAD_MS = 30_000;
const READ_AT_ONCE = 500;
const WAITING_AT_MOST = 32;

interface Stream {
  readonly siteId: number | null;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

/** Starts the hub; it looks at the feed only while somebody listens. */
export function startEventHub(options: EventHubOptions): EventHub {
  const streams = new Set<Stream>();
  const seen = new Map<number, number>();
  const over = new AbortController();
  let soon = new AbortController();
  let position: number | null = null;
  let running: Promise<void> | null = null;
  let beatMs = 0;

  const send = (stream: Stream, text: string) => {
    if ((stream.controller.desiredSize ?? 0) <= -WAITING_AT_MOST) return drop(stream);
    try {
      stream.controller.enqueue(new TextEncoder().encode(text));
    } catch {
      streams.delete(stream);
    }
  };
  const drop = (stream: Stream) => {
    streams.delete(stream);
    try {
      stream.controller.close();
    } catch { /* the reader has gone already */ }
  };
  const look = async () => {
    position ??= await options.feed.newestId();
    const entries = await options.feed.read(position, READ_AT_ONCE);
    const fresh = entries.filter(({ id }) => !seen.has(id));
    const nowMs = options.clock.monotonicMs();
    for (const { id } of fresh) seen.set(id, nowMs);
    for (const [id, atMs] of seen) {
      if (nowMs - atMs < REREAD_MS) continue;
      seen.delete(id);
      position = Math.max(position, id);
    }
    for (const stream of streams) tell(stream, fresh, send);
  };
  const loop = async () => {
    while (streams.size > 0 && !over.signal.aborted) {
      soon = new AbortController();
      await look().catch(options.onTrouble);
      const nowMs = options.clock.monotonicMs();
      if (nowMs - beatMs >= BEAT_EVERY_MS) {
        beatMs = nowMs;
        for (const stream of streams) send(stream, ": beat\n\n");
      }
      await options.clock.sleep(LOOK_EVERY_MS, AbortSignal.any([soon.signal, over.signal]));
    }
    if (streams.size === 0) {
      position = null;
      seen.clear();
    }
    running = null;
  };

  return {
    async open({ siteId, lastId }) {
      if (over.signal.aborted || streams.size >= STREAMS_AT_ONCE) return null;
      const newest = await options.feed.newestId();
      let stream: Stream;
      return new ReadableStream<Uint8Array>({
        start(controller) {
          stream = { siteId, controller };
          streams.add(stream);
          send(stream, greeting(lastId, newest));
          position ??= newest;
          running ??= loop();
        },
        cancel() {
          streams.delete(stream);
          if (streams.size === 0) soon.abort();
        },
      });
    },
    nudge: () => soon.abort(),
    get streams() {
      return streams.size;
    },
    async close() {
      over.abort();
      for (const stream of streams) {
        send(stream, "event: bye\ndata: {}\n\n");
        drop(stream);
      }
      await running;
    },
  };
}

/** The first lines of a stream: how soon to come back, and whether something was missed meanwhile. */
function greeting(lastId: number | null, newest: number): string {
  const hello = `retry: 3000\nid: ${newest}\nevent: hello\ndata: {}\n\n`;
  return lastId === null || lastId === newest ? hello : `${hello}id: ${newest}\nevent: reload\ndata: {}\n\n`;
}

function tell(
  stream: Stream,
  fresh: readonly FeedEntry[],
  send: (stream: Stream, text: string) => void,
): void {
  const mine = fresh.filter(({ siteIds }) => stream.siteId === null || siteIds.includes(stream.siteId));
  const newest = mine.at(-1);
  if (!newest) return;
  const halfHour = Math.max(...mine.map((entry) => entry.halfHour));
  send(stream, `id: ${newest.id}\nevent: stored\ndata: ${JSON.stringify({ halfHour })}\n\n`);
}

/** The answer that carries a stream; nginx must not gather it. */
export function streamResponse(stream: ReadableStream<Uint8Array>): Response {
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}
