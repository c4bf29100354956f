/**
 * The door of the API over HTTP: what strangers, stolen tokens, careless programs and floods get, and who may change
 * what.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { isWholeApiToken, newApiToken } from "../../lib/auth/api_token.ts";
import { listTokens, revokeToken } from "../../lib/store/tokens.ts";
import { API_PATH, HEAVY_A_MINUTE, OPERATIONS } from "../../lib/web/api/operations.ts";
import { authorAt } from "../fakes/author.ts";
import { signInByHand } from "../flows/running_product.ts";
import { type Door, problemOf, withDoor } from "./api_door.ts";
import { api, type Mill } from "./api_estate.ts";
import { makeToken } from "./api_people.ts";

async function strangers({ flow, tokens }: Door): Promise<void> {
  const none = await api(flow, "/sites");
  problemOf(none, 401);
  strictEqual(none.headers.get("www-authenticate"), 'Bearer realm="wattpost"');
  const other = await newApiToken();
  for (
    const token of [other.text, `${tokens.all}x`, tokens.all.slice(0, -1), "wp_", "'; drop table api_token"]
  ) {
    const answer = await api(flow, "/sites", { token });
    problemOf(answer, 401);
    match(answer.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  }
  const cookie = await signInByHand(flow.origin);
  problemOf(await api(flow, "/sites", { headers: { cookie } }), 401);
  problemOf(await api(flow, `/sites?access_token=${tokens.all}`), 401);
  const plain = await api(flow, "/sites", { token: tokens.all, headers: { origin: "https://evil.example" } });
  strictEqual(plain.status, 200);
  strictEqual(plain.headers.get("access-control-allow-origin"), null);
  strictEqual(plain.headers.get("set-cookie"), null);
  match(plain.headers.get("cache-control") ?? "", /^private, no-cache$/);
  match(plain.headers.get("ratelimit") ?? "", /^"api-token";r=5\d\d;t=\d+$/);
  const preflight = await api(flow, "/sites", {
    method: "OPTIONS",
    headers: { origin: "https://evil.example" },
  });
  ok(preflight.status >= 400);
  strictEqual(preflight.headers.get("access-control-allow-origin"), null);
  strictEqual((await api(flow, "/openapi.json")).status, 200, "the description needs no token");
}

async function wrongTokensAreSlowed({ flow, tokens }: Door): Promise<void> {
  await flow.clock.advance(600_000);
  const { text } = await newApiToken();
  const answers: number[] = [];
  for (let n = 0; n < 35; n++) answers.push((await api(flow, "/sites", { token: text })).status);
  deepStrictEqual(answers.slice(0, 30), new Array(30).fill(401));
  const late = await api(flow, "/sites", { token: text });
  problemOf(late, 429);
  ok(Number(late.headers.get("retry-after")) >= 1);
  strictEqual(
    (await api(flow, "/sites", { token: tokens.all })).status,
    200,
    "a good token is let in all the same",
  );
  const written = await flow.opened.db.kysely.selectFrom("audit").select("audit_id")
    .where("action", "=", "refused").where("subject", "=", "API token").execute();
  ok(written.length >= 5 && written.length <= 10, `${written.length} are written down`);
  await flow.clock.advance(600_000);
}

async function tokensEnd({ flow, tokens }: Door): Promise<void> {
  const { db } = flow.opened;
  const status = async (token: string) => (await api(flow, "/sites", { token })).status;
  const short = await makeToken(flow, tokens.owner, { days: 1 / 24 });
  strictEqual(await status(short), 200);
  await flow.clock.advance(3_600_000 - 60_000);
  strictEqual(await status(short), 200);
  await flow.clock.advance(60_000);
  strictEqual(await status(short), 401, "it is over");
  const text = await makeToken(flow, tokens.owner);
  strictEqual(await status(text), 200);
  const known = (await listTokens(db, tokens.owner.id)).toSorted((a, b) => b.id - a.id);
  const newest = known[0];
  strictEqual(newest?.lastUsedFrom, "127.0.0.1");
  strictEqual(newest?.lastUsedMs, flow.clock.nowMs());
  await revokeToken(db, authorAt(flow.clock.nowMs()), { tokenId: newest?.id ?? 0, userId: tokens.owner.id });
  strictEqual(await status(text), 401, "it was revoked");
}

async function reachHolds({ flow, tokens, mill, far }: Door): Promise<void> {
  const listed = await api(flow, "/sites", { token: tokens.north });
  deepStrictEqual(listed.json.items.map(({ id }: { id: number }) => id), [mill.siteId]);
  const span = "from=2026-10-26&to=2026-10-27";
  const paths = (of: Mill) => [
    `/sites/${of.siteId}`,
    `/sites/${of.siteId}/devices`,
    `/devices/${of.deviceId}`,
    `/devices/${of.deviceId}/channels`,
    `/channels/${of.channels.importWh}`,
    `/readings?site=${of.siteId}&${span}`,
    `/readings?device=${of.deviceId}&${span}&format=csv`,
    `/interval-readings?channel=${of.channels.importWh}&${span}`,
    `/interval-readings?site=${of.siteId}&${span}&format=wide`,
  ];
  for (const path of paths(mill)) {
    strictEqual((await api(flow, path, { token: tokens.north })).status, 200, path);
  }
  for (const path of paths(far)) problemOf(await api(flow, path, { token: tokens.north }), 404);
  const refused = await flow.opened.db.kysely.selectFrom("audit").select("subject").where(
    "action",
    "=",
    "refused",
  )
    .where("subject", "=", `site ${far.siteId}`).execute();
  ok(refused.length > 0, "what was refused is written down");
  const both = `${mill.channels.importWh},${far.channels.importWh}`;
  problemOf(await api(flow, `/interval-readings?channel=${both}&${span}`, { token: tokens.north }), 404);
  const nowhere = {
    siteId: 2_000_000_000,
    deviceId: 2_000_000_000,
    channels: { ...far.channels, importWh: 2e9 },
  };
  for (const path of paths(nowhere)) problemOf(await api(flow, path, { token: tokens.all }), 404);
  const patch = {
    method: "PATCH",
    body: '{"town":"Oulu"}',
    headers: { "content-type": "application/json", "if-match": '"x"' },
  };
  problemOf(await api(flow, `/sites/${far.siteId}`, { token: tokens.north, ...patch }), 404);
}

async function nonsense({ flow, tokens, mill }: Door): Promise<void> {
  const span = "from=2026-10-26&to=2026-10-27";
  const one = `channel=${mill.channels.importWh}`;
  const many = Array.from({ length: 21 }, (_, i) => i + 1).join(",");
  const forged = new TextEncoder().encode(`[1,"x","1 or 1=1",0]`).toBase64({ alphabet: "base64url" });
  const cases = [
    { path: "/sites?colour=red", field: "colour" },
    { path: "/sites?limit=5&limit=6", field: "limit" },
    { path: "/sites?limit=0", field: "limit" },
    { path: "/sites?limit=201", field: "limit" },
    { path: "/sites?limit=1e2", field: "limit" },
    { path: `/sites?search=${"x".repeat(81)}`, field: "search" },
    { path: "/sites?search=%00", field: "search" },
    { path: "/sites?group=99999999999", field: "group" },
    { path: `/sites?cursor=${forged.replaceAll("=", "")}`, field: "cursor" },
    { path: "/sites?cursor=1;drop", field: "cursor" },
    { path: `/sites/${mill.siteId}?expand=all`, field: "expand" },
    { path: `/readings?${span}`, field: "site" },
    { path: `/readings?${one}&site=${mill.siteId}&${span}`, field: "site" },
    { path: `/readings?${one}&to=2026-10-27`, field: "from" },
    { path: `/readings?${one}&from=2026-10-01&to=2026-11-02`, field: "to" },
    { path: `/readings?${one}&from=0000-01-01&to=2026-11-02`, field: "from" },
    { path: `/readings?${one}&from=2026-10-26T00:10:00Z&to=2026-10-27`, field: "from" },
    { path: `/readings?${one}&from=2026-10-26T00:00:00&to=2026-10-27`, field: "from" },
    { path: `/readings?${one}&from=yesterday&to=2026-10-27`, field: "from" },
    { path: `/readings?channel=${many}&${span}`, field: "channel" },
    { path: `/readings?channel=1,,2&${span}`, field: "channel" },
    { path: `/readings?${one}&quantity=a.b&${span}`, field: "quantity" },
    { path: `/interval-readings?channel=${mill.channels.voltageV}&${span}`, field: "channel" },
    { path: `/interval-readings?${one}&from=2025-01-01&to=2026-10-27`, field: "to" },
    { path: `/interval-readings?${one}&${span}&format=pdf`, field: "format" },
    { path: `/interval-readings?${one}&${span}&limit=5001`, field: "limit" },
  ];
  for (const { path, field } of cases) {
    const { errors = {} } = problemOf(await api(flow, path, { token: tokens.all }), 400);
    deepStrictEqual(Object.keys(errors), [field], path);
  }
  for (
    const id of [
      "0",
      "-1",
      "1.5",
      "2147483648",
      "99999999999999999999",
      "1%00",
      "%27",
      "..%2f..%2fhealth",
      "NaN",
    ]
  ) {
    for (const kind of ["sites", "devices", "channels"]) {
      problemOf(await api(flow, `/${kind}/${id}`, { token: tokens.all }), 404);
    }
  }
  for (const path of ["", "/", "/nothing", "/sites/", "//", "/sites/1/2/3", "/../v1/nothing"]) {
    problemOf(await api(flow, path, { token: tokens.all }), 404);
  }
  problemOf(await api(flow, "/sites", { token: tokens.all, headers: { accept: "application/pdf" } }), 406);
  await flow.clock.advance(60_000);
}

/** Paths of the route files, parameters in braces. */
async function routePaths(folder: URL, before = ""): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const step = name.replace(/\.ts$/, "").replace(/\[(\w+)\]/, "{$1}");
    if (isDirectory) found.push(...await routePaths(new URL(`${name}/`, folder), `${before}/${step}`));
    else if (!/^(_|\[\.\.\.)/.test(name)) found.push(step === "index" ? before : `${before}/${step}`);
  }
  return found.sort();
}

async function describedAsServed({ flow, tokens, mill }: Door): Promise<void> {
  const { paths } = (await api(flow, "/openapi.json")).json;
  const folder = new URL("../../routes/api/v1/", import.meta.url);
  deepStrictEqual(Object.keys(paths).sort(), await routePaths(folder));
  strictEqual(OPERATIONS.length, Object.values(paths).flatMap((path) => Object.keys(path as object)).length);
  const ids: Readonly<Record<string, number>> = {
    site: mill.siteId,
    device: mill.deviceId,
    channel: mill.channels.importWh,
  };
  for (const [path, operations] of Object.entries<object>(paths)) {
    const real = path.replace(/\{(\w+)\}/, (_, name) => String(ids[name]));
    const want = Object.keys(operations).map((method) => method.toUpperCase());
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await api(flow, real, { token: tokens.all, method });
      if (want.includes(method)) {
        ok(![404, 405, 500].includes(answer.status), `${method} ${path} ${answer.status}`);
      } else {
        problemOf(answer, 405);
        deepStrictEqual(
          (answer.headers.get("allow") ?? "").split(", ").filter((one) => one !== "HEAD").sort(),
          want.sort(),
        );
      }
    }
  }
}

async function floods({ flow, tokens, mill }: Door): Promise<void> {
  await flow.clock.advance(60_000);
  const path = `/interval-readings?site=${mill.siteId}&from=2026-10-26&to=2026-10-27&limit=1`;
  for (let n = 0; n < HEAVY_A_MINUTE; n++) {
    strictEqual((await api(flow, path, { token: tokens.all })).status, 200);
  }
  const answer = await api(flow, path, { token: tokens.all });
  problemOf(answer, 429);
  ok(Number(answer.headers.get("retry-after")) >= 1);
  match(answer.headers.get("ratelimit") ?? "", /^"api-heavy";r=0;t=\d+$/);
  match(answer.headers.get("ratelimit-policy") ?? "", /^"api-heavy";q=60;w=60$/);
  strictEqual((await api(flow, "/sites", { token: tokens.all })).status, 200, "what is light goes on");
  problemOf(await api(flow, path, { token: tokens.looking }), 429);
  await flow.clock.advance(60_000);
  strictEqual((await api(flow, path, { token: tokens.all })).status, 200);
}

async function exportsAreWrittenDown({ flow, tokens, mill }: Door): Promise<void> {
  const exports = async () =>
    await flow.opened.db.kysely.selectFrom("audit").select(["actor", "subject", "after_json"])
      .where("action", "=", "export").execute();
  const before = (await exports()).length;
  const path = `/interval-readings?site=${mill.siteId}&from=2026-10-26&to=2026-10-27`;
  await api(flow, path, { token: tokens.looking });
  strictEqual((await exports()).length, before);
  const file = await api(flow, `${path}&format=wide`, { token: tokens.looking });
  const etag = file.headers.get("etag") ?? "";
  await api(flow, `${path}&format=wide`, { token: tokens.looking, headers: { "if-none-match": etag } });
  const written = (await exports()).slice(before);
  strictEqual(written.length, 1);
  strictEqual(written[0]?.subject, `site ${mill.siteId}`);
  match(written[0]?.actor ?? "", /\(API token \d+\)$/);
  match(written[0]?.after_json ?? "", /"kind":"interval-readings-wide"/);
}

Deno.test("newApiToken() is whole; one letter off it is not", async () => {
  const { text } = await newApiToken();
  match(text, /^wp_[\w-]{49}$/);
  ok(await isWholeApiToken(text));
  for (const place of [3, 20, 45, 46, 51]) {
    const letter = text[place] === "A" ? "B" : "A";
    strictEqual(await isWholeApiToken(`${text.slice(0, place)}${letter}${text.slice(place + 1)}`), false);
  }
});

Deno.test("the door of the API", async (t) => {
  await withDoor(async (scene) => {
    await t.step("nobody comes in without a token, nor by a cookie", () => strangers(scene));
    await t.step("guessing tokens is slowed and written down", () => wrongTokensAreSlowed(scene));
    await t.step("what is out of reach does not exist", () => reachHolds(scene));
    await t.step("nonsense is refused by name", () => nonsense(scene));
    await t.step("what is described is served, and nothing else", () => describedAsServed(scene));
    await t.step("a flood of heavy questions is told when to come again", () => floods(scene));
    await t.step("files that are taken away are written down", () => exportsAreWrittenDown(scene));
    await t.step("a token ends by its time and by being revoked", () => tokensEnd(scene));
    await t.step("no token stands in the log, and nothing was an error of ours", () => {
      const { lines } = scene.flow;
      doesNotMatch(JSON.stringify(lines), /wp_[\w-]{40}/);
      deepStrictEqual(lines.filter(({ level }) => level === "error"), []);
      ok(lines.some(({ path }) => String(path).startsWith(API_PATH)));
    });
  });
});
