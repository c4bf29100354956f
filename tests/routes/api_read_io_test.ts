/**
 * What programs read over HTTP: every answer is what the description says, lists go to their end without hole or
 * double, and energy comes out as it was metered, also on the days on which clocks change.
 *
 * @module
 */

import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { z } from "zod";
import * as schemas from "../../lib/web/api/schemas.ts";
import { FIRST, type Flow, withFlow } from "../flows/running_product.ts";
import {
  amountOf,
  api,
  type ApiAnswer,
  AUTUMN,
  DARK,
  makeMill,
  type Mill,
  RECOVERED,
  SPRING,
  startText,
} from "./api_estate.ts";
import { makeTokens, type Tokens } from "./api_people.ts";

interface Scene {
  readonly flow: Flow;
  readonly tokens: Tokens;
  readonly mill: Mill;
  readonly spring: Mill;
}

const MILL_FROM = AUTUMN - 48;

async function withScene(body: (scene: Scene) => Promise<void>): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    const { db } = flow.opened;
    const mill = await makeMill(db, { name: "=Mill, Kuopio", from: MILL_FROM, to: FIRST + 1 });
    const spring = await makeMill(db, { name: "Spring", from: SPRING - 48, to: SPRING + 46 + 48 });
    for (let i = 0; i < 5; i++) {
      await makeMill(db, { name: `Small ${i}`, from: FIRST, to: FIRST + 1 });
    }
    await body({ flow, mill, spring, tokens: await makeTokens(flow, { mill: mill.siteId }) });
  });
}

/** Asks and checks the answer against its schema. */
async function asked<T extends z.ZodType>(scene: Scene, path: string, schema: T): Promise<z.output<T>> {
  const answer = await api(scene.flow, path, { token: scene.tokens.all });
  strictEqual(answer.status, 200, `${path}: ${answer.text.slice(0, 400)}`);
  return schema.parse(answer.json);
}

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** All items of a list, page by page. */
async function everything<T>(
  scene: Scene,
  path: string,
  schema: z.ZodType<PageOf<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let next: string | null = "";
  for (let pages = 0; next !== null && pages < 500; pages++) {
    const page: PageOf<T> = await asked(scene, next === "" ? path : `${path}&cursor=${next}`, schema);
    all.push(...page.items);
    next = page.next;
  }
  strictEqual(next, null);
  return all;
}

async function listsGoToTheirEnd(scene: Scene): Promise<void> {
  const sites = await everything(scene, "/sites?limit=2", schemas.sitePage);
  deepStrictEqual(sites.map(({ name }) => name), [
    "=Mill, Kuopio",
    "Spring",
    ...[0, 1, 2, 3, 4].map((i) => `Small ${i}`),
  ]);
  const found = await asked(scene, "/sites?search=small&limit=200", schemas.sitePage);
  strictEqual(found.items.length, 5);
  const { siteId, deviceId, channels } = scene.mill;
  const site = await asked(scene, `/sites/${siteId}`, schemas.site);
  strictEqual(site.since, startText(MILL_FROM));
  const devices = await asked(scene, `/sites/${siteId}/devices`, schemas.devicePage);
  deepStrictEqual(devices.items.map(({ id }) => id), [deviceId]);
  deepStrictEqual(await asked(scene, `/devices/${deviceId}`, schemas.device), devices.items[0]);
  const listed = await everything(scene, `/devices/${deviceId}/channels?limit=1`, schemas.channelPage);
  deepStrictEqual(listed.map(({ id }) => id), Object.values(channels));
  deepStrictEqual(await asked(scene, `/channels/${channels.voltageV}`, schemas.channel), listed[1]);
}

async function intervalsAreTheEnergy(scene: Scene): Promise<void> {
  const path = `/interval-readings?site=${scene.mill.siteId}&from=2026-10-24&to=2026-11-03`;
  const all = await everything(scene, `${path}&limit=77`, schemas.intervalPage);
  const want = Array.from({ length: FIRST + 1 - MILL_FROM }, (_, i) => MILL_FROM + i);
  deepStrictEqual(all.map(({ start }) => start), want.map(startText));
  deepStrictEqual(all.map(({ amount }) => amount), want.map(amountOf));
  const of = (halfHour: number) => all[halfHour - MILL_FROM];
  deepStrictEqual(of(DARK), {
    channelId: scene.mill.channels.importWh,
    start: startText(DARK),
    end: startText(DARK + 1),
    amount: null,
    unit: "Wh",
    quality: "missing",
    amountReason: "no-later-reading-yet",
    readingReason: "no-route",
  });
  const recovered = of(RECOVERED);
  deepStrictEqual(
    [recovered?.quality, recovered?.amount, recovered?.amountReason, recovered?.readingReason],
    ["recovered", amountOf(RECOVERED), null, "no-route"],
  );
  const one = `/interval-readings?channel=${scene.mill.channels.importWh}`;
  const hour = await asked(
    scene,
    `${one}&from=2026-10-25T03:00:00%2B02:00&to=2026-10-25T02:00:00Z`,
    schemas.intervalPage,
  );
  deepStrictEqual(hour.items.map(({ start }) => start), ["2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"]);
}

async function readingsAreWhatWasRead(scene: Scene): Promise<void> {
  const path = `/readings?device=${scene.mill.deviceId}&from=2026-10-25&to=2026-10-26`;
  const all = await everything(scene, `${path}&limit=40`, schemas.readingPage);
  strictEqual(all.length, 3 * 50);
  const [first] = all;
  deepStrictEqual([first?.due, first?.at], ["2026-10-24T21:00:00Z", "2026-10-24T21:00:07Z"]);
  strictEqual(first?.value, 1_000_000 + AUTUMN - 1);
  deepStrictEqual([all[50]?.value, all[50]?.unit], [230.5, "V"]);
  strictEqual(all[100]?.value, '=HYPERLINK("http://evil.example")');
  const dark = all.find(({ due }) => due === startText(DARK + 1));
  deepStrictEqual([dark?.value, dark?.at, dark?.reason], [null, null, "no-route"]);
}

async function file(scene: Scene, query: string): Promise<readonly (readonly string[])[]> {
  const answer = await api(scene.flow, `/${query}`, { token: scene.tokens.all });
  strictEqual(answer.status, 200, answer.text.slice(0, 400));
  match(answer.headers.get("content-type") ?? "", /^text\/csv; charset=utf-8$/);
  match(answer.headers.get("content-disposition") ?? "", /^attachment; filename="[a-z0-9-]+\.csv"$/);
  ok(answer.text.endsWith("\r\n"));
  return answer.text.trimEnd().split("\r\n").map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [])
    .map((cells) =>
      cells.slice(0, -1).map((cell) => cell.replace(/,$/, "").replace(/^"(.*)"$/, "$1").replaceAll('""', '"'))
    );
}

/** Rows of a table as records. */
function recordsOf(
  [head = [], ...rows]: readonly (readonly string[])[],
): readonly Readonly<Record<string, string>>[] {
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? "?"])));
}

const text = (amount: number | null | undefined) =>
  amount === null || amount === undefined ? "" : String(amount);

async function longTable(scene: Scene): Promise<void> {
  const query = `interval-readings?site=${scene.mill.siteId}&from=2026-10-25&to=2026-10-26&format=csv`;
  const rows = recordsOf(await file(scene, query));
  strictEqual(rows.length, 50);
  deepStrictEqual(
    rows.map(({ amount }) => amount),
    Array.from({ length: 50 }, (_, i) => text(amountOf(AUTUMN + i))),
  );
  deepStrictEqual(rows.slice(6, 11).map(({ local_time }) => local_time), [
    "03:00",
    "03:30",
    "03:00",
    "03:30",
    "04:00",
  ]);
  strictEqual(rows[0]?.site, "'=Mill, Kuopio", "a name that begins like a formula is only text");
  strictEqual(rows[20]?.amount, "");
  strictEqual(rows[20]?.amount_reason, "no-later-reading-yet");
  const answer = await api(scene.flow, `/${query.replace("&format=csv", "")}`, {
    token: scene.tokens.all,
    headers: { accept: "text/csv" },
  });
  strictEqual(recordsOf([answer.text.split("\r\n")[0]?.split(",") ?? []]).length, 0);
  match(answer.text, /^site,device,channel_id,quantity,start_utc/);
  const words = recordsOf(await file(scene, query.replace("interval-", "").replace("site=", "site=")));
  strictEqual(words.length, 150);
  ok(
    words.some(({ value }) => value === `'=HYPERLINK("http://evil.example")`),
    "nor does a router's text run",
  );
}

async function wideTable(scene: Scene): Promise<void> {
  const rows = recordsOf(
    await file(
      scene,
      `interval-readings?site=${scene.mill.siteId}&from=2026-10-24&to=2026-11-02&format=wide`,
    ),
  );
  strictEqual(rows.length, 9);
  const autumn = rows.find(({ local_date }) => local_date === "2026-10-25") ?? {};
  const at = (i: number) => text(amountOf(AUTUMN + i));
  const labels = Array.from(
    { length: 48 },
    (_, i) => `${String(i >> 1).padStart(2, "0")}:${i % 2 ? "30" : "00"}`,
  );
  deepStrictEqual(labels.map((label) => autumn[label]), labels.map((_, i) => at(i < 8 ? i : i + 2)));
  deepStrictEqual([autumn.extra_1, autumn.extra_2], [at(8), at(9)]);
  deepStrictEqual([autumn.half_hours, autumn.clock_change], ["50", "repeats 03:00 03:30"]);
  deepStrictEqual([autumn.total, autumn.missing], ["", "1"], "a sum that lacks a part is no sum");
  strictEqual(autumn.qualities, `${"m".repeat(20)}xr${"m".repeat(28)}`);
  const plain = rows.find(({ local_date }) => local_date === "2026-10-24") ?? {};
  const sum = Array.from({ length: 48 }, (_, i) => amountOf(MILL_FROM + i) ?? 0).reduce((a, b) => a + b, 0);
  deepStrictEqual([plain.total, plain.half_hours, plain.clock_change, plain.extra_1], [
    String(sum),
    "48",
    "",
    "",
  ]);
  const [, spring] = recordsOf(
    await file(
      scene,
      `interval-readings?site=${scene.spring.siteId}&from=2026-03-28&to=2026-03-31&format=wide`,
    ),
  );
  const forward = (i: number) => text(amountOf(SPRING + i));
  deepStrictEqual(
    labels.map((label) => spring?.[label]),
    labels.map((_, i) => i < 6 ? forward(i) : i < 8 ? "" : forward(i - 2)),
  );
  deepStrictEqual([spring?.half_hours, spring?.clock_change], ["46", "skips 03:00 03:30"]);
  strictEqual(
    Number(spring?.total),
    Array.from({ length: 46 }, (_, i) => amountOf(SPRING + i) ?? 0).reduce((a, b) => a + b),
  );
}

/** The tag of an answer as we gave it: packed on its way, it is weak. */
function strong({ headers }: ApiAnswer): string {
  return (headers.get("etag") ?? "").replace(/^W\//, "");
}

async function knownAnswers(scene: Scene): Promise<void> {
  const { flow, tokens, mill } = scene;
  const span = `site=${mill.siteId}&from=2026-10-25&to=2026-10-26`;
  const paths = [
    "/sites",
    `/sites/${mill.siteId}`,
    `/sites/${mill.siteId}/devices`,
    `/devices/${mill.deviceId}`,
    `/devices/${mill.deviceId}/channels`,
    `/channels/${mill.channels.importWh}`,
    `/readings?${span}`,
    `/readings?${span}&format=csv`,
    `/interval-readings?${span}`,
    `/interval-readings?${span}&format=csv`,
    `/interval-readings?${span}&format=wide`,
    "/openapi.json",
  ];
  const tags = new Set<string>();
  for (const path of paths) {
    const etag = strong(await api(flow, path, { token: tokens.all }));
    match(etag, /^"[\w-]{27}"$/, path);
    tags.add(etag);
    const again = await api(flow, path, { token: tokens.all, headers: { "if-none-match": `"x", ${etag}` } });
    deepStrictEqual([again.status, again.text, strong(again)], [304, "", etag], path);
    const head = await api(flow, path, { token: tokens.all, method: "HEAD" });
    deepStrictEqual([head.status, head.text, strong(head)], [200, "", etag], path);
  }
  strictEqual(tags.size, paths.length);
  const wide = `/interval-readings?${span}&format=wide`;
  const before = strong(await api(flow, wide, { token: tokens.all }));
  await flow.opened.db.kysely.updateTable("day").set({ version: 9 })
    .where("channel_id", "=", mill.channels.importWh).execute();
  const after = await api(flow, wide, { token: tokens.all, headers: { "if-none-match": before } });
  strictEqual(after.status, 200);
  notStrictEqual(strong(after), before);
}

Deno.test("what programs read", async (t) => {
  await withScene(async (scene) => {
    await t.step("lists go to their end without hole or double", () => listsGoToTheirEnd(scene));
    await t.step("interval readings are the energy, with its reasons", () => intervalsAreTheEnergy(scene));
    await t.step("readings are what was read, with instants and words", () => readingsAreWhatWasRead(scene));
    await t.step("the long table has a row a half-hour", () => longTable(scene));
    await t.step("the wide table has a row a day, exact when clocks change", () => wideTable(scene));
    await t.step("what is known already is not sent again", () => knownAnswers(scene));
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(scene.flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
