import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import { err } from "../../../lib/result.ts";
import {
  type EventHub,
  type Feed,
  type FeedEntry,
  startEventHub,
  type StreamOwner,
  type StreamRequest,
  STREAMS_A_PERSON,
  STREAMS_AT_ONCE,
} from "../../../lib/web/events.ts";
import { manualClock } from "../../fakes/manual_clock.ts";

/** A feed in the test's hand and a hub that looks as soon as it is nudged; nothing of it is of the last seconds. */
function hubOver(entries: FeedEntry[], clock = systemClock, more: Partial<Feed> = {}) {
  const troubles: unknown[] = [];
  const feed: Feed = {
    newestId: () => Promise.resolve(Math.max(0, ...entries.map(({ id }) => id))),
    read: (afterId: number, limit: number) =>
      Promise.resolve(entries.filter(({ id }) => id > afterId).slice(0, limit)),
    firstWithin: () => Promise.resolve(null),
    ...more,
  };
  const hub = startEventHub({ feed, clock, onTrouble: (error) => troubles.push(error) });
  return { hub, troubles };
}

function owner(sessionKey = "session of 7", alive = true, userId = 7): StreamOwner {
  return { sessionKey, userId, isAlive: () => Promise.resolve(alive), sees: () => Promise.resolve(null) };
}

async function opened(hub: EventHub, request: Partial<StreamRequest>): Promise<ReadableStream<Uint8Array>> {
  const stream = await hub.open({ owner: owner(), siteId: null, lastId: null, ...request });
  if (!stream.ok) throw new Error(stream.error);
  return stream.value;
}

async function readUntil(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<string> {
  const reader = stream.getReader();
  let text = "";
  while (!pattern.test(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  return text;
}

Deno.test("startEventHub() tells a site's page of its own half-hours only", async () => {
  const entries: FeedEntry[] = [{ id: 4, halfHour: 100, siteIds: [1] }];
  const { hub } = hubOver(entries);
  const stream = await opened(hub, { siteId: 2, lastId: 4 });
  strictEqual((await readUntil(stream, /hello/)).includes("reload"), false);
  entries.push({ id: 5, halfHour: 101, siteIds: [1] }, { id: 6, halfHour: 101, siteIds: [2, 3] });
  hub.nudge();
  const text = await readUntil(stream, /stored/);
  strictEqual(/id: 6\nevent: stored\ndata: \{"halfHour":101,"sites":\[2\]\}/.test(text), true);
  strictEqual(text.includes("id: 5"), false);
  await hub.close();
});

Deno.test("startEventHub() finds an entry whose lower id became visible late, and tells it once", async () => {
  const entries: FeedEntry[] = [];
  const { hub } = hubOver(entries);
  const stream = await opened(hub, { siteId: null, lastId: null });
  entries.push({ id: 8, halfHour: 100, siteIds: [1] });
  hub.nudge();
  await readUntil(stream, /id: 8/);
  entries.unshift({ id: 7, halfHour: 99, siteIds: [2] });
  hub.nudge();
  const text = await readUntil(stream, /id: 7/);
  strictEqual(text.includes("id: 8"), false);
  await hub.close();
});

Deno.test("startEventHub() tells a page that comes from another release what became visible late there", async () => {
  const entries: FeedEntry[] = [{ id: 7, halfHour: 100, siteIds: [1] }, {
    id: 8,
    halfHour: 100,
    siteIds: [2],
  }];
  const { hub } = hubOver(entries, systemClock, { firstWithin: () => Promise.resolve(7) });
  // Where it was before, 8 was there and 7 was not.
  const first = await opened(hub, { lastId: 8 });
  strictEqual((await readUntil(first, /stored/)).includes('"sites":[1,2]'), true);
  const second = await opened(hub, { lastId: 8 });
  strictEqual((await readUntil(second, /stored/)).includes('"sites":[1,2]'), true);
  await hub.close();
});

Deno.test("startEventHub() keeps nothing from a page that opens while the others are told", async () => {
  const entries: FeedEntry[] = [{ id: 4, halfHour: 100, siteIds: [1] }];
  const newest = Promise.withResolvers<number>();
  let asked = 0;
  const newestId = () => ++asked > 2 ? newest.promise : Promise.resolve(4);
  const { hub } = hubOver(entries, systemClock, { newestId });
  const other = await opened(hub, { lastId: 4 });
  await readUntil(other, /hello/);
  while (asked < 2) await Promise.resolve(); // it looks for where to begin
  const opening = opened(hub, { lastId: 4 });
  entries.push({ id: 5, halfHour: 101, siteIds: [2] });
  hub.nudge();
  await readUntil(other, /id: 5\nevent: stored/);
  newest.resolve(4); // asked before 5 was there
  const text = await readUntil(await opening, /reload|beat/);
  strictEqual(text.includes("id: 5\nevent: hello"), true, text);
  await hub.close();
});

Deno.test("startEventHub() tells a page that was away to load itself again", async () => {
  const { hub } = hubOver([{ id: 9, halfHour: 100, siteIds: [1] }]);
  const stream = await opened(hub, { siteId: null, lastId: 3 });
  strictEqual((await readUntil(stream, /reload/)).includes("event: reload"), true);
  await hub.close();
});

Deno.test("startEventHub() says good-bye, ends its streams and opens no more", async () => {
  const { hub } = hubOver([]);
  const stream = await opened(hub, { siteId: null, lastId: null });
  const all = readUntil(stream, /never/);
  await hub.close();
  strictEqual((await all).includes("event: bye"), true);
  deepStrictEqual(await hub.open({ owner: owner(), siteId: null, lastId: null }), err("closing"));
});

Deno.test("startEventHub() opens no more streams than its limit and frees a place when a reader goes", async () => {
  const { hub } = hubOver([]);
  const streams = [];
  for (let n = 0; n < STREAMS_AT_ONCE; n++) {
    streams.push(await opened(hub, { owner: owner(`of ${n}`, true, n) }));
  }
  deepStrictEqual(await hub.open({ owner: owner(), siteId: 1, lastId: null }), err("full"));
  await streams[0]?.cancel();
  strictEqual(hub.streams, STREAMS_AT_ONCE - 1);
  await hub.close();
});

Deno.test("startEventHub() opens no more than their share for one person, however often they have signed in", async () => {
  const { hub } = hubOver([]);
  const asked = Array.from(
    { length: STREAMS_A_PERSON + 4 },
    (_, n) => hub.open({ owner: owner(`session ${n}`), siteId: null, lastId: null }),
  );
  const refused = (await Promise.all(asked)).filter(({ ok }) => !ok);
  strictEqual(hub.streams, STREAMS_A_PERSON);
  deepStrictEqual(refused[0], err("person-full"));
  await opened(hub, { owner: owner("somebody else", true, 8) });
  await hub.close();
});

Deno.test("startEventHub() opens none while it closes, also when it was asked before", async () => {
  const { hub } = hubOver([]);
  const asked = hub.open({ owner: owner(), siteId: null, lastId: null });
  await hub.close();
  deepStrictEqual(await asked, err("closing"));
  strictEqual(hub.streams, 0);
});

Deno.test("startEventHub() ends the streams of who signs out, and nobody else's", async () => {
  const { hub } = hubOver([]);
  const mine = await opened(hub, {});
  await opened(hub, { owner: owner("somebody else") });
  const all = readUntil(mine, /never/);
  hub.end("session of 7");
  strictEqual((await all).includes("event: ended"), true);
  strictEqual(hub.streams, 1);
  await hub.close();
});

Deno.test("startEventHub() ends a stream at the next beat when its session has ended elsewhere", async () => {
  const clock = manualClock(0);
  const { hub, troubles } = hubOver([], clock);
  const gone = readUntil(await opened(hub, { owner: owner("of one who was disabled", false) }), /never/);
  const unknown: StreamOwner = { ...owner("nobody knows"), isAlive: () => Promise.reject(new Error("away")) };
  await opened(hub, {});
  await opened(hub, { owner: unknown });
  await clock.advance(25_000);
  const text = await gone;
  strictEqual(text.includes("event: beat") && text.includes("event: ended"), true);
  strictEqual(hub.streams, 2);
  strictEqual(troubles.length, 1);
  await hub.close();
});

Deno.test("startEventHub() asks after every session though one cannot be asked, and ends what nobody knows of for a minute", async () => {
  const clock = manualClock(0);
  const { hub, troubles } = hubOver([], clock);
  const away = () => Promise.reject(new Error("away"));
  const unknown = readUntil(
    await opened(hub, { owner: { ...owner("nobody knows"), isAlive: away } }),
    /never/,
  );
  const blind = readUntil(
    await opened(hub, { owner: { ...owner("sees nothing"), sees: seesOnce() } }),
    /never/,
  );
  const gone = readUntil(await opened(hub, { owner: owner("of one who was disabled", false) }), /never/);
  await opened(hub, { owner: owner("of one who is there") });
  await clock.advance(25_000);
  strictEqual((await gone).includes("event: ended"), true);
  strictEqual(hub.streams, 3, "a short while changes nothing");
  strictEqual(troubles.length, 1, "told once a round");
  await clock.advance(60_000);
  for (const text of [await unknown, await blind]) strictEqual(text.includes("event: bye"), true);
  strictEqual(hub.streams, 1);
  await hub.close();
});

/** What is seen can be read when the stream opens and not again. */
function seesOnce(): StreamOwner["sees"] {
  let asked = 0;
  return () => asked++ === 0 ? Promise.resolve(null) : Promise.reject(new Error("away"));
}

Deno.test("startEventHub() names the sites to a browser that follows all, and says for whom the stream is", async () => {
  const entries: FeedEntry[] = [];
  const { hub } = hubOver(entries);
  const stream = await opened(hub, { lastId: 0 });
  strictEqual((await readUntil(stream, /hello/)).includes('data: {"user":7}'), true);
  entries.push({ id: 1, halfHour: 100, siteIds: [3, 4] }, { id: 2, halfHour: 100, siteIds: [4, 5] });
  hub.nudge();
  strictEqual((await readUntil(stream, /stored/)).includes('"sites":[3,4,5]'), true);
  await hub.close();
});
