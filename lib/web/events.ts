/**
 * Server-sent events: tells open pages which half-hours were stored. The database's change feed is the source, so
 * a page hears of what another process stored too; a commit of this process only makes us look sooner. A stream
 * belongs to a session and ends with it; it tells only of sites within its person's reach, which is read again with
 * each beat.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import { err, ok, type Result } from "../result.ts";

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
  /** The lowest id of what was stored within the last so many ms, whatever its order; `null`: nothing was. */
  firstWithin(ms: number): Promise<number | null>;
}

/** What the hub needs. */
export interface EventHubOptions {
  /** The change feed. */
  readonly feed: Feed;
  /** The time. */
  readonly clock: Clock;
  /** Called for each failure to read the feed, and for one of each round of asking after sessions; it goes on trying. */
  readonly onTrouble: (error: unknown) => void;
}

/** Whose stream it is. */
export interface StreamOwner {
  /** Names the session. */
  readonly sessionKey: string;
  /** The user of the session: a page that was made for another one leaves. */
  readonly userId: number;
  /** Whether the session still lives; asked at each beat. */
  readonly isAlive: () => Promise<boolean>;
  /** The sites within reach, `null`: every one; asked when a stream opens and at each beat. */
  readonly sees: () => Promise<ReadonlySet<number> | null>;
}

/** One browser that listens. */
export interface StreamRequest {
  /** Whose it is. */
  readonly owner: StreamOwner;
  /** The site whose half-hours it shows; `null`: all of them. */
  readonly siteId: number | null;
  /** The last id it has seen; `null`: it starts now. */
  readonly lastId: number | null;
}

/** Why there is no stream: this process has {@link STREAMS_AT_ONCE}, the person their share, or it is closing. */
export type StreamTrouble = "full" | "person-full" | "closing";

/** Open streams and the loop that feeds them. */
export interface EventHub {
  /** Opens a stream. */
  open(request: StreamRequest): Promise<Result<ReadableStream<Uint8Array>, StreamTrouble>>;
  /** Ends the streams of a session: somebody has signed out. */
  end(sessionKey: string): void;
  /** Looks at the feed now. */
  nudge(): void;
  /** Open streams. */
  readonly streams: number;
  /** Says good-bye on every stream and ends them; opens no more. */
  close(): Promise<void>;
}

/** Most streams of one process. */
export const STREAMS_AT_ONCE = 1000;

/** Most streams of one person, whatever their sessions; a browser needs one. */
export const STREAMS_A_PERSON = 32;

/** Most sites that a message names; beyond it says that all may have changed. */
export const SITES_NAMED = 1000;

const LOOK_EVERY_MS = 1000;
const BEAT_EVERY_MS = 20_000;
const REREAD_MS = 30_000;
const READ_AT_ONCE = 500;
const WAITING_AT_MOST = 32;
const ASKED_AT_ONCE = 8;

/** A stream goes on for so long without anybody knowing whether its session still lives. */
const UNKNOWN_MS = 60_000;

interface Stream {
  readonly owner: StreamOwner;
  readonly siteId: number | null;
  /** The sites that are told of; `null`: every one. */
  sees: ReadonlySet<number> | null;
  /** When its session was last known to live, in monotonic milliseconds. */
  knownMs: number;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

/** What the hub keeps. */
interface Hub extends EventHubOptions {
  readonly streams: Set<Stream>;
  /** Entries told lately, by id, with the monotonic time of telling. */
  readonly seen: Map<number, number>;
  /** Those of them that whoever has seen higher ids may still not have seen. */
  readonly late: Map<number, FeedEntry>;
  /** The highest id told. */
  newest: number;
  readonly over: AbortController;
  /** Aborts to have the feed looked at now. */
  soon: AbortController;
  /** Ids up to here are told; `null`: nobody listens. */
  position: number | null;
  running: Promise<void> | null;
  /** Asks which sessions still live and what they see; `null`: not now. */
  asking: Promise<void> | null;
  beatMs: number;
}

/** Starts the hub; it looks at the feed only while somebody listens. */
export function startEventHub(options: EventHubOptions): EventHub {
  const hub: Hub = {
    ...options,
    streams: new Set(),
    seen: new Map(),
    late: new Map(),
    newest: 0,
    over: new AbortController(),
    soon: new AbortController(),
    position: null,
    running: null,
    asking: null,
    beatMs: options.clock.monotonicMs(),
  };
  return {
    open: (request) => open(hub, request),
    end: (sessionKey) => end(hub, sessionKey),
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
      await hub.asking;
    },
  };
}

async function open(
  hub: Hub,
  { owner, siteId, lastId }: StreamRequest,
): Promise<Result<ReadableStream<Uint8Array>, StreamTrouble>> {
  const early = whyNot(hub, owner);
  if (early) return err(early);
  const [newest, sees] = await Promise.all([hub.feed.newestId(), owner.sees()]);
  // Others may have opened, and the hub may have closed, while the feed was asked.
  const late = whyNot(hub, owner);
  if (late) return err(late);
  let stream: Stream;
  return ok(
    new ReadableStream<Uint8Array>({
      start(controller) {
        stream = { owner, siteId, sees, knownMs: hub.clock.monotonicMs(), controller };
        hub.streams.add(stream);
        // What the others were told while the feed was asked is news for this one too.
        send(hub, stream, greeting({ owner, lastId, newest: Math.max(newest, hub.newest) }));
        if (lastId !== null) tell(hub, stream, [...hub.late.values()]);
        hub.running ??= follow(hub);
      },
      cancel() {
        hub.streams.delete(stream);
        if (hub.streams.size === 0) hub.soon.abort();
      },
    }),
  );
}

function whyNot({ over, streams }: Hub, { userId }: StreamOwner): StreamTrouble | null {
  if (over.signal.aborted) return "closing";
  if (streams.size >= STREAMS_AT_ONCE) return "full";
  let own = 0;
  for (const { owner } of streams) if (owner.userId === userId) own += 1;
  return own >= STREAMS_A_PERSON ? "person-full" : null;
}

function end(hub: Hub, sessionKey: string): void {
  for (const stream of hub.streams) {
    if (stream.owner.sessionKey !== sessionKey) continue;
    send(hub, stream, "event: ended\ndata: {}\n\n");
    drop(hub, stream);
  }
}

/** Asks after the sessions of all streams, some at once; what goes wrong with one of them keeps no other waiting. */
async function askAfter(hub: Hub): Promise<void> {
  const owners = [...new Map([...hub.streams].map(({ owner }) => [owner.sessionKey, owner])).values()];
  const troubles: unknown[] = [];
  for (let at = 0; at < owners.length && !hub.over.signal.aborted; at += ASKED_AT_ONCE) {
    const asked = owners.slice(at, at + ASKED_AT_ONCE).map(async (owner) => {
      try {
        await askOne(hub, owner);
      } catch (error) {
        troubles.push(error);
        endUnknown(hub);
      }
    });
    await Promise.all(asked);
  }
  if (troubles.length > 0) hub.onTrouble(troubles[0]);
}

/** Ends the streams of a session that has ended elsewhere, or reads anew what its person sees. */
async function askOne(hub: Hub, { sessionKey, isAlive, sees }: StreamOwner): Promise<void> {
  if (!await isAlive()) return end(hub, sessionKey);
  const seen = await sees();
  const nowMs = hub.clock.monotonicMs();
  for (const stream of hub.streams) {
    if (stream.owner.sessionKey !== sessionKey) continue;
    stream.sees = seen;
    stream.knownMs = nowMs;
  }
}

/** Ends streams of which nobody has known for a while whether their session lives; their pages come again. */
function endUnknown(hub: Hub): void {
  const nowMs = hub.clock.monotonicMs();
  for (const stream of hub.streams) {
    if (nowMs - stream.knownMs < UNKNOWN_MS) continue;
    send(hub, stream, "event: bye\ndata: {}\n\n");
    drop(hub, stream);
  }
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
      for (const stream of streams) send(hub, stream, "event: beat\ndata: {}\n\n");
      hub.asking ??= askAfter(hub).finally(() => hub.asking = null);
    }
    await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([hub.soon.signal, over.signal]));
  }
  if (streams.size === 0) {
    hub.position = null;
    hub.newest = 0;
    hub.late.clear();
    seen.clear();
  }
  hub.running = null;
}

async function look(hub: Hub): Promise<void> {
  const { seen, late, feed, clock } = hub;
  // Whoever comes from another process, as at a switch of releases, may have missed what became visible late there.
  const begins = hub.position === null;
  hub.position ??= await startOf(feed);
  const entries = await feed.read(hub.position, READ_AT_ONCE);
  const fresh = entries.filter(({ id }) => !seen.has(id));
  const nowMs = clock.monotonicMs();
  for (const entry of fresh) {
    seen.set(entry.id, nowMs);
    if (begins || entry.id < hub.newest) late.set(entry.id, entry);
  }
  hub.newest = Math.max(hub.newest, ...fresh.map(({ id }) => id));
  for (const [id, atMs] of seen) {
    if (nowMs - atMs < REREAD_MS) continue;
    seen.delete(id);
    late.delete(id);
    hub.position = Math.max(hub.position, id);
  }
  for (const stream of hub.streams) tell(hub, stream, fresh);
}

/** Where following begins: before everything of the time in which a lower id may become visible after a higher one. */
async function startOf(feed: Feed): Promise<number> {
  const first = await feed.firstWithin(REREAD_MS);
  return first === null ? await feed.newestId() : first - 1;
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

interface Greeting extends Pick<StreamRequest, "owner" | "lastId"> {
  readonly newest: number;
}

/** The first lines of a stream: for whom it is, and whether something was missed meanwhile. */
function greeting({ owner, lastId, newest }: Greeting): string {
  const data = JSON.stringify({ user: owner.userId });
  const hello = `retry: 3000\nid: ${newest}\nevent: hello\ndata: ${data}\n\n`;
  return lastId === null || lastId === newest ? hello : `${hello}id: ${newest}\nevent: reload\ndata: {}\n\n`;
}

function tell(hub: Hub, stream: Stream, fresh: readonly FeedEntry[]): void {
  const mine = fresh.filter(({ siteIds }) => siteIds.some((siteId) => tellsOf(stream, siteId)));
  const newest = mine.at(-1);
  if (!newest) return;
  const halfHour = Math.max(...mine.map((entry) => entry.halfHour));
  const all = new Set(mine.flatMap(({ siteIds }) => siteIds));
  const named = [...all].filter((siteId) => tellsOf(stream, siteId));
  const sites = named.length > SITES_NAMED ? null : named;
  send(hub, stream, `id: ${newest.id}\nevent: stored\ndata: ${JSON.stringify({ halfHour, sites })}\n\n`);
}

/** Whether a stream is about a site, and the site within reach. */
function tellsOf({ siteId, sees }: Stream, stored: number): boolean {
  return (siteId === null || siteId === stored) && (sees === null || sees.has(stored));
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
