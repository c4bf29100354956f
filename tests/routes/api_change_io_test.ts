/**
 * What programs change over HTTP: only what they have seen as it is, with a token for it, within reach, and written
 * down; and what a token may when its owner may less.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as schemas from "../../lib/web/api/schemas.ts";
import { type Door, problemOf, withDoor } from "./api_door.ts";
import { api } from "./api_estate.ts";
import { NORTH } from "./api_people.ts";

async function changes({ flow, tokens, mill, far }: Door): Promise<void> {
  const path = `/sites/${mill.siteId}`;
  const change = async (body: unknown, { token = tokens.all, etag, type = "application/json" }: {
    readonly token?: string;
    readonly etag?: string | undefined;
    readonly type?: string;
  } = {}) =>
    await api(flow, path, {
      token,
      method: "PATCH",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": type, ...(etag === undefined ? {} : { "if-match": etag }) },
    });
  const seen = await api(flow, path, { token: tokens.all });
  const etag = seen.headers.get("etag") ?? "";
  problemOf(await change({ town: "Kemi" }, { token: tokens.looking, etag }), 403);
  problemOf(await change({ town: "Kemi" }), 428);
  problemOf(await change({ town: "Kemi" }, { etag: "*" }), 428);
  problemOf(await change({ town: "Kemi" }, { etag: '"stale"' }), 412);
  problemOf(await change({ town: "Kemi" }, { etag: `W/${etag}` }), 412);
  deepStrictEqual((await api(flow, path, { token: tokens.all })).json, seen.json, "nothing has changed");
  const done = await change({ town: "Kemi" }, { etag });
  strictEqual(done.status, 200, done.text);
  deepStrictEqual(schemas.site.parse(done.json), { ...seen.json, town: "Kemi" });
  const now = done.headers.get("etag") ?? "";
  strictEqual((await api(flow, path, { token: tokens.all })).headers.get("etag"), now);
  problemOf(await change({ town: "Oulu" }, { etag }), 412);
  const wrong = [
    { body: { name: "" }, field: "name" },
    { body: { name: "x".repeat(81) }, field: "name" },
    { body: { name: "a\u202eb" }, field: "name" },
    { body: { town: 7 }, field: "town" },
    { body: { zone: "Europe/Oslo" }, field: "zone" },
    { body: { id: far.siteId, town: "x" }, field: "id" },
    { body: { groupId: 1.5 }, field: "groupId" },
    { body: { groupId: 99 }, field: "groupId" },
    { body: {}, field: "" },
    { body: [], field: "" },
    { body: "null", field: "" },
  ];
  for (const { body, field } of wrong) {
    const { errors = {} } = problemOf(await change(body, { etag: now }), 422);
    deepStrictEqual(Object.keys(errors), [field], JSON.stringify(body));
  }
  const taken = problemOf(await change({ name: "FAR" }, { etag: now }), 409);
  deepStrictEqual(Object.keys(taken.errors ?? {}), ["name"]);
  for (const groupId of [null, 99]) {
    problemOf(await change({ groupId }, { token: tokens.north, etag: now }), 422);
  }
  ok([400, 415].includes((await change("{", { etag: now })).status));
  problemOf(await change("town=Kemi", { etag: now, type: "application/x-www-form-urlencoded" }), 415);
  problemOf(await change({ town: "x".repeat(100_000) }, { etag: now }), 413);
  strictEqual((await change({ town: "x".repeat(3_000_000) }, { etag: now })).status, 413);
  const deep = await change(`${"[".repeat(30_000)}${"]".repeat(30_000)}`, { etag: now });
  ok(deep.status >= 400 && deep.status < 500, String(deep.status));
  const audit = await flow.opened.db.kysely.selectFrom("audit").select(["actor", "before_json", "after_json"])
    .where("action", "=", "site-changed").execute();
  strictEqual(audit.length, 1);
  match(audit[0]?.actor ?? "", /^ada@wattpost\.example \(API token \d+\)$/);
  const groupId = NORTH;
  deepStrictEqual(JSON.parse(audit[0]?.before_json ?? ""), { name: "Mill", town: "Oulu", groupId });
  deepStrictEqual(JSON.parse(audit[0]?.after_json ?? ""), { name: "Mill", town: "Kemi", groupId });
}

async function oncePerKey({ flow, tokens, far }: Door): Promise<void> {
  const path = `/sites/${far.siteId}`;
  const first = await api(flow, path, { token: tokens.all });
  const etag = first.headers.get("etag") ?? "";
  const change = async (key: string, town: string, { token = tokens.all, seen = etag } = {}) =>
    await api(flow, path, {
      token,
      method: "PATCH",
      body: JSON.stringify({ town }),
      headers: { "content-type": "application/json", "if-match": seen, "idempotency-key": key },
    });
  const done = await change("k-1", "Rovaniemi");
  strictEqual(done.status, 200, done.text);
  strictEqual(done.headers.get("idempotency-replayed"), null);
  const again = await change("k-1", "Rovaniemi");
  deepStrictEqual([again.status, again.text], [200, done.text]);
  strictEqual(again.headers.get("etag"), done.headers.get("etag"));
  strictEqual(again.headers.get("idempotency-replayed"), "true");
  const now = done.headers.get("etag") ?? "";
  strictEqual((await change("k-1", "Rovaniemi", { seen: now })).status, 200, "whatever was seen meanwhile");
  const other = problemOf(await change("k-1", "Oulu", { seen: now }), 422);
  deepStrictEqual(Object.keys(other.errors ?? {}), ["Idempotency-Key"]);
  problemOf(await change("k-2", "Oulu"), 412);
  strictEqual((await change("k-2", "Oulu", { seen: now })).status, 200, "a refusal does not spend the key");
  for (const key of ["two words", "x".repeat(201), ""]) {
    deepStrictEqual(Object.keys(problemOf(await change(key, "Oulu"), 400).errors ?? {}), ["Idempotency-Key"]);
  }
  problemOf(await change("k-1", "Rovaniemi", { token: tokens.looking }), 403);
  problemOf(await change("k-1", "Rovaniemi", { token: tokens.north }), 404);
  const before = (await api(flow, path, { token: tokens.all })).headers.get("etag") ?? "";
  const many = await Promise.all(Array.from({ length: 12 }, () => change("k-3", "Kemi", { seen: before })));
  deepStrictEqual(new Set(many.map(({ status, text }) => `${status} ${text}`)).size, 1, "all hear the same");
  strictEqual(many[0]?.status, 200, "whoever asked again before there was an answer is not refused");
  const written = await flow.opened.db.kysely.selectFrom("audit").select("after_json")
    .where("action", "=", "site-changed").where("site_id", "=", far.siteId).execute();
  const towns = written.map(({ after_json }) => JSON.parse(after_json ?? "").town);
  deepStrictEqual(towns, ["Rovaniemi", "Oulu", "Kemi"]);
}

async function ownersRights({ flow, tokens, mill }: Door): Promise<void> {
  const { kysely } = flow.opened.db;
  const set = (values: object) =>
    kysely.updateTable("user").set(values).where("user_id", "=", tokens.owner.id).execute();
  const status = async (path: string) => (await api(flow, path, { token: tokens.all })).status;
  strictEqual(await status("/sites"), 200);
  await set({ disabled: 1 });
  strictEqual(await status("/sites"), 401, "the owner is locked");
  await set({ disabled: 0, role: 0 });
  strictEqual(await status("/sites"), 401, "a viewer has no tokens");
  await set({ role: 2, reach_all: 0 });
  deepStrictEqual(
    (await api(flow, "/sites", { token: tokens.all })).json.items,
    [],
    "the owner reaches nothing",
  );
  strictEqual(await status(`/sites/${mill.siteId}`), 404);
  await set({ reach_all: 1 });
  strictEqual(await status("/sites"), 200);
}

Deno.test("what programs change", async (t) => {
  await withDoor(async (door) => {
    await t.step("only what was seen is changed, by who may, and it is written down", () => changes(door));
    await t.step("what is asked again under its key is not done twice", () => oncePerKey(door));
    await t.step("a token has the rights that its owner has now", () => ownersRights(door));
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(door.flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
