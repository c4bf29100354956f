/**
 * Live streams as open pages have them: each greets, tells of half-hours, and comes back where it was when the product
 * says good-bye or the line breaks off.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import type { Client } from "./client.ts";
import type { Ending } from "./load_tally.ts";
import { eventsOf, type StreamEvent } from "./stream_events.ts";
import { type LoadWorld, plainWhy, rest } from "./load_world.ts";

/** Milliseconds until a page comes back, unless the stream says otherwise. */
const AGAIN_MS = 3_000;

/** Milliseconds in which a stream must greet. */
const HELLO_MS = 10_000;

/** Milliseconds without a word after which a stream is taken for dead: it beats every 20 s. */
const SILENT_MS = 70_000;

interface Page {
  readonly world: LoadWorld;
  readonly client: Client;
  readonly cookie: string;
  readonly headers: Readonly<Record<string, string>>;
  lastId: string | null;
  againMs: number;
}

/** An open page that follows until the time is over. */
export async function follow(world: LoadWorld, { cookie, afterMs }: {
  readonly cookie: string;
  /** Milliseconds until it is opened: pages are not opened all at once. */
  readonly afterMs: number;
}): Promise<void> {
  const client = world.client();
  const page: Page = { world, client, cookie, headers: world.address(), lastId: null, againMs: AGAIN_MS };
  try {
    await rest(world, afterMs);
    while (!world.over.aborted) {
      await listen(page);
      // As a browser does, and no two at once.
      await rest(world, page.againMs * (0.8 + 0.4 * world.random()));
    }
  } finally {
    client.close();
  }
}

/** One connection while it lasts. */
interface Line {
  readonly page: Page;
  readonly startMs: number;
  /** Aborts when it is taken for dead, or nobody asks anything more. */
  readonly gone: AbortController;
  greeted: boolean;
  /** Whether the product has said good-bye. */
  bye: boolean;
}

/** One connection, from its opening to its end. */
async function listen(page: Page): Promise<void> {
  const { world } = page;
  const { streams } = world.tally;
  const line: Line = {
    page,
    startMs: world.clock.monotonicMs(),
    gone: new AbortController(),
    greeted: false,
    bye: false,
  };
  const watch = watchdog(world.clock, line.gone);
  const onOver = () => line.gone.abort();
  world.over.addEventListener("abort", onOver);
  watch.within(HELLO_MS);
  try {
    const body = await open(line);
    if (body === null) return;
    for await (const event of eventsOf(body, line.gone.signal)) {
      watch.within(SILENT_MS);
      hear(line, event);
    }
  } catch {
    // The line broke off: counted below.
  } finally {
    watch.stop();
    world.over.removeEventListener("abort", onOver);
    if (line.greeted) streams.open -= 1;
  }
  if (world.over.aborted) return;
  if (line.bye) streams.movedOver += 1;
  else if (line.greeted) streams.brokenOff += 1;
  else count(line, { kind: "failed", why: "it ended before it greeted" });
}

/** Opens it; `null`: it did not open, which is counted. */
async function open(line: Line): Promise<ReadableStream<Uint8Array> | null> {
  const { page, gone } = line;
  const { world, lastId } = page;
  const resumes = lastId === null ? {} : { "last-event-id": lastId };
  const opened = await page.client.open("/api/live", {
    cookie: page.cookie,
    headers: { ...page.headers, accept: "text/event-stream", ...resumes },
    signal: gone.signal,
  });
  if (!opened.ok) {
    const why = gone.signal.aborted ? `no answer in ${HELLO_MS / 1_000} s` : plainWhy(opened.error);
    if (!world.over.aborted) count(line, { kind: "failed", why });
    return null;
  }
  const { status, headers, body } = opened.value;
  if (status === 200 && body !== null) return body;
  await body?.cancel();
  page.againMs = Math.max(AGAIN_MS, Number(headers.get("retry-after") ?? "0") * 1_000);
  count(line, status === 429 ? { kind: "held-back" } : { kind: "failed", why: `status ${status}` });
  return null;
}

function hear(line: Line, { name, id, retryMs }: StreamEvent): void {
  const { page } = line;
  const { streams } = page.world.tally;
  page.lastId = id ?? page.lastId;
  page.againMs = retryMs ?? page.againMs;
  if (name === "hello" && !line.greeted) {
    line.greeted = true;
    streams.open += 1;
    streams.mostOpen = Math.max(streams.mostOpen, streams.open);
    count(line, { kind: "ok" });
  }
  if (name === "stored" || name === "reload") streams.told += 1;
  if (name === "bye") line.bye = true;
}

function count({ page: { world }, startMs }: Line, ending: Ending): void {
  const nowMs = world.clock.monotonicMs();
  const atMs = nowMs - world.startMs;
  world.tally.add({ kind: "stream", what: "Greeting", tookMs: nowMs - startMs, ending, atMs });
}

/** Ends what has been silent for too long. */
function watchdog(clock: Clock, gone: AbortController) {
  let last = new AbortController();
  return {
    within(ms: number) {
      last.abort();
      const mine = last = new AbortController();
      void clock.sleep(ms, mine.signal).then(() => mine.signal.aborted || gone.abort());
    },
    stop: () => last.abort(),
  };
}
