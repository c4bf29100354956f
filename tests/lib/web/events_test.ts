import { strictEqual } from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import { type FeedEntry, startEventHub, STREAMS_AT_ONCE } from "../../../lib/web/events.ts";

/** A feed in the test's hand and a hub that looks as soon as it is nudged. */
function hubOver(entries: FeedEntry[]) {
  const troubles: unknown[] = [];
  const feed = {
    newestId: () => Promise.resolve(Math.max(0, ...entries.map(({ id }) => id))),
    read: (afterId: number, limit: number) =>
      Promise.resolve(entries.filter(({ id }) => id > afterId).slice(0, limit)),
  };
  const hub = startEventHub({ feed, clock: systemClock, onTrouble: (error) => troubles.push(error) });
  return { hub, troubles };
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
  const stream = await hub.open({ siteId: 2, lastId: 4 });
  if (!stream) throw new Error("no stream");
  strictEqual((await readUntil(stream, /hello/)).includes("reload"), false);
  entries.push({ id: 5, halfHour: 101, siteIds: [1] }, { id: 6, halfHour: 101, siteIds: [2, 3] });
  hub.nudge();
  const text = await readUntil(stream, /stored/);
  strictEqual(/id: 6\nevent: stored\ndata: \{"halfHour":101\}/.test(text), true);
  strictEqual(text.includes("id: 5"), false);
  await hub.close();
});

Deno.test("startEventHub() finds an entry whose lower id became visible late, and tells it once", async () => {
  const entries: FeedEntry[] = [];
  const { hub } = hubOver(entries);
  const stream = await hub.open({ siteId: null, lastId: null });
  if (!stream) throw new Error("no stream");
  entries.push({ id: 8, halfHour: 100, siteIds: [1] });
  hub.nudge();
  await readUntil(stream, /id: 8/);
  entries.unshift({ id: 7, halfHour: 99, siteIds: [2] });
  hub.nudge();
  const text = await readUntil(stream, /id: 7/);
  strictEqual(text.includes("id: 8"), false);
  await hub.close();
});

Deno.test("startEventHub() tells a page that was away to load itself again", async () => {
  const { hub } = hubOver([{ id: 9, halfHour: 100, siteIds: [1] }]);
  const stream = await hub.open({ siteId: null, lastId: 3 });
  if (!stream) throw new Error("no stream");
  strictEqual((await readUntil(stream, /reload/)).includes("event: reload"), true);
  await hub.close();
});

Deno.test("startEventHub() says good-bye, ends its streams and opens no more", async () => {
  const { hub } = hubOver([]);
  const stream = await hub.open({ siteId: null, lastId: null });
  if (!stream) throw new Error("no stream");
  const all = readUntil(stream, /never/);
  await hub.close();
  strictEqual((await all).includes("event: bye"), true);
  strictEqual(await hub.open({ siteId: null, lastId: null }), null);
});

Deno.test("startEventHub() opens no more streams than its limit and frees a place when a reader goes", async () => {
  const { hub } = hubOver([]);
  const streams = [];
  for (let n = 0; n < STREAMS_AT_ONCE; n++) streams.push(await hub.open({ siteId: 1, lastId: null }));
  strictEqual(await hub.open({ siteId: 1, lastId: null }), null);
  await streams[0]?.cancel();
  strictEqual(hub.streams, STREAMS_AT_ONCE - 1);
  await hub.close();
});
