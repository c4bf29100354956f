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

/** What the hub keeps. */
interface Hub extends EventHubOptions {
  readonly streams: Set<Stream>;
  /** Entries told lately, by id, with the monotonic time of telling. */
  readonly seen: Map<number, number>;
  readonly over: AbortController;
  /** Aborts to have the feed looked at now. */
  soon: AbortController;
  /** Ids up to here are told; `null`: nobody listens. */
  position: number | null;
  running: Promise<void> | null;
  beatMs: number;
}

/** Starts the hub; it looks at the feed only while somebody listens. */
export function startEventHub(options: EventHubOptions): EventHub {
  const hub: Hub = {
    ...options,
    streams: new Set(),
    seen: new Map(),
    over: new AbortController(),
    soon: new AbortController(),
    position: null,
    running: null,
    beatMs: 0,
  };
  return {
    open: (request) => open(hub, request),
    nudge: () => hub.soon.abort(),
    get streams() {
      return hub.streams.size;
    },
    async close() {
      hub.over.abort();
      for (const stream of hub.streams) {
        send(hub, stream, "event: bye\ndata: {}\n\n");
        drop(hub, stream);
      }
      await hub.running;
    },
  };
}

async function open(hub: Hub, { siteId, lastId }: StreamRequest): Promise<ReadableStream<Uint8Array> | null> {
  if (hub.over.signal.aborted || hub.streams.size >= STREAMS_AT_ONCE) return null;
  const newest = await hub.feed.newestId();
  let stream: Stream;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      stream = { siteId, controller };
      hub.streams.add(stream);
      send(hub, stream, greeting(lastId, newest));
      hub.position ??= newest;
      hub.running ??= follow(hub);
    },
    cancel() {
      hub.streams.delete(stream);
      if (hub.streams.size === 0) hub.soon.abort();
    },
  });
}

/** Looks at the feed each second, or sooner when nudged, for as long as somebody listens. */
async function follow(hub: Hub): Promise<void> {
  const { streams, seen, over, clock } = hub;
  while (streams.size > 0 && !over.signal.aborted) {
    hub.soon = new AbortController();
    await look(hub).catch(hub.onTrouble);
    const nowMs = clock.monotonicMs();
    if (nowMs - hub.beatMs >= BEAT_EVERY_MS) {
      hub.beatMs = nowMs;
      for (const stream of streams) send(hub, stream, ": beat\n\n");
    }
    await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([hub.soon.signal, over.signal]));
  }
  if (streams.size === 0) {
    hub.position = null;
    seen.clear();
  }
  hub.running = null;
}

async function look(hub: Hub): Promise<void> {
  const { seen, feed, clock } = hub;
  hub.position ??= await feed.newestId();
  const entries = await feed.read(hub.position, READ_AT_ONCE);
  const fresh = entries.filter(({ id }) => !seen.has(id));
  const nowMs = clock.monotonicMs();
  for (const { id } of fresh) seen.set(id, nowMs);
  for (const [id, atMs] of seen) {
    if (nowMs - atMs < REREAD_MS) continue;
    seen.delete(id);
    hub.position = Math.max(hub.position, id);
  }
  for (const stream of hub.streams) tell(hub, stream, fresh);
}

/** Gives a stream text; one whose reader does not keep up is ended, and comes back by itself. */
function send(hub: Hub, stream: Stream, text: string): void {
  if ((stream.controller.desiredSize ?? 0) <= -WAITING_AT_MOST) return drop(hub, stream);
  try {
    stream.controller.enqueue(new TextEncoder().encode(text));
  } catch {
    hub.streams.delete(stream);
  }
}

function drop(hub: Hub, stream: Stream): void {
  hub.streams.delete(stream);
  try {
    stream.controller.close();
  } catch { /* the reader has gone already */ }
}

/** The first lines of a stream: how soon to come back, and whether something was missed meanwhile. */
function greeting(lastId: number | null, newest: number): string {
  const hello = `retry: 3000\nid: ${newest}\nevent: hello\ndata: {}\n\n`;
  return lastId === null || lastId === newest ? hello : `${hello}id: ${newest}\nevent: reload\ndata: {}\n\n`;
}

function tell(hub: Hub, stream: Stream, fresh: readonly FeedEntry[]): void {
  const mine = fresh.filter(({ siteIds }) => stream.siteId === null || siteIds.includes(stream.siteId));
  const newest = mine.at(-1);
  if (!newest) return;
  const halfHour = Math.max(...mine.map((entry) => entry.halfHour));
  send(hub, stream, `id: ${newest.id}\nevent: stored\ndata: ${JSON.stringify({ halfHour })}\n\n`);
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
