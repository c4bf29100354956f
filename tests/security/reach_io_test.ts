/**
 * Attacks on what belongs to others: a technician who reaches one site goes for another, for higher rights, and for
 * tokens that may more than they should.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import { newApiToken } from "../../lib/auth/api_token.ts";
import { ALL_SITES, PERMISSIONS, type Reach } from "../../lib/domain/permission.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { createToken, listTokens, revokeToken } from "../../lib/store/tokens.ts";
import { findUserAnyState } from "../../lib/store/users.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, setReach, signInAs, type Visitor } from "../flows/visitors.ts";
import { ASKED, ASKED_BY_QUERY, type Asks } from "../routes/every_route.ts";
import { fillPath, type Place, placeOf, valuesOf } from "../routes/places.ts";
import { type Attack, withstand } from "./attack.ts";

interface Scene {
  readonly flow: Flow;
  readonly near: Place;
  readonly far: Place;
  /** Reaches the near site. */
  readonly technician: Visitor;
  /** Reaches the near site, and may have tokens and change sites. */
  readonly operator: Visitor;
  readonly admin: Visitor;
}

const FAR = "Secret Mill";

function go(
  { flow }: Scene,
  { cookie, token }: Visitor,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const headers: Readonly<Record<string, string>> = path.startsWith("/api/v1/")
    ? { authorization: `Bearer ${token}`, "content-type": "application/json" }
    : { cookie, origin: flow.origin };
  return ask(flow.origin, path, { ...init, headers: { ...headers, ...init.headers } });
}

const LINES: readonly (Asks & { readonly path: string })[] = [
  ...Object.entries(ASKED).map(([path, line]) => ({ path, ...line })),
  ...ASKED_BY_QUERY,
];

const SIDEWAYS: readonly Attack<Scene>[] = LINES.flatMap((line) => {
  const at = line.query ? `${line.path}?${line.query}` : line.path;
  return Object.entries(line.asks).filter(([, action]) => action.startsWith("site.")).map(([method]) => ({
    wants: `have another's site through ${method} ${at}: it is not there`,
    async holds(scene: Scene) {
      const { far, operator, technician } = scene;
      const body = method === "GET" ? {} : { body: line.sent ?? new URLSearchParams() };
      for (const visitor of at.startsWith("/api/v1/") ? [operator] : [technician, operator]) {
        const answer = await go(
          scene,
          visitor,
          fillPath(at, { ...valuesOf(far), template: "general-sheet", finding: "reversed", window: 999 }),
          { method, ...body },
        );
        strictEqual(answer.status, 404);
        doesNotMatch(answer.text, new RegExp(FAR));
      }
    },
  }));
});

const UPWARDS: readonly Attack<Scene>[] = LINES.flatMap(({ path, asks }) =>
  Object.entries(asks).filter(([, action]) => !PERMISSIONS[action].roles.includes("operator"))
    .map(([method, action]) => ({
      wants: `${PERMISSIONS[action].words.toLowerCase()} through ${method} ${path} as an operator: may not`,
      async holds(scene: Scene) {
        const { operator, admin } = scene;
        const values = { person: operator.user.id, act: "lock", group: 1 };
        const form = { name: "x", role: "administrator", reach: "all", find: "", do: "save" };
        const body = method === "GET" ? {} : { body: new URLSearchParams(form) };
        const answer = await go(scene, operator, fillPath(path, values), { method, ...body });
        strictEqual(answer.status, 403);
        doesNotMatch(answer.text, new RegExp(admin.user.email));
        deepStrictEqual((await findUserAnyState(scene.flow.opened.db, operator.user.id))?.role, "operator");
      },
    }))
);

const ELSEWHERE: readonly Attack<Scene>[] = [
  {
    wants: "find another's site in a list, a search, a file or a message: its name is nowhere",
    async holds(scene) {
      const { technician, operator, far } = scene;
      const name = encodeURIComponent(FAR);
      for (
        const path of [
          "/",
          "/sites",
          `/sites?q=${name}`,
          "/sites?q=%25",
          "/sites?q=_",
          "/sites?page=2",
          "/sites?sort=name&order=reverse",
          "/completeness.csv",
          `/sites/${far.id}`,
          "/api/v1/sites",
          `/api/v1/sites?search=${name}`,
          "/api/v1/sites?limit=200",
        ]
      ) {
        const visitor = path.startsWith("/api/v1/") ? operator : technician;
        const { text } = await go(scene, visitor, path);
        // What was searched for stands in the field again.
        const plain = text.replaceAll(/value="[^"]*"|“[^”]*”|back=[^"]*/g, "");
        doesNotMatch(plain, new RegExp(FAR), path);
        doesNotMatch(plain, new RegExp(`/sites/${far.id}\\b`), path);
      }
      ok((await go(scene, scene.admin, "/sites")).text.includes(FAR));
    },
  },
  {
    wants: "count the sites of others: numbers and pages are of one's own alone",
    async holds(scene) {
      const { text } = await go(scene, scene.technician, "/sites");
      ok(text.includes("1 site,"), "one site");
      const listed = JSON.parse((await go(scene, scene.operator, "/api/v1/sites")).text);
      deepStrictEqual(listed.items.map(({ id }: { readonly id: number }) => id), [scene.near.id]);
    },
  },
  {
    wants: "read another's meter by the own site's address: the meter must stand there",
    async holds(scene) {
      const { near, far, technician, operator } = scene;
      const path = `/sites/${near.id}/devices/${far.device}/read`;
      const body = new URLSearchParams();
      strictEqual((await go(scene, technician, path, { method: "POST", body })).status, 404);
      const both = `channel=${near.channel},${far.channel}&from=2026-11-01&to=2026-11-02`;
      strictEqual((await go(scene, operator, `/api/v1/readings?${both}`)).status, 404);
      strictEqual((await go(scene, operator, `/api/v1/interval-readings?${both}`)).status, 404);
    },
  },
  {
    wants: "reach a site by an id that is written otherwise: it is one to the letter, or none",
    async holds(scene) {
      const { near, far, admin } = scene;
      const spellings = [
        `0${far.id}`,
        `+${far.id}`,
        `-${far.id}`,
        `${far.id}.0`,
        `${far.id}e0`,
        `0x${far.id}`,
        `%20${far.id}`,
        `${far.id}%00`,
        `${near.id},${far.id}`,
        `${near.id};${far.id}`,
        `${near.id}%2f..%2f${far.id}`,
        "4294967297",
        "99999999999999999999",
        "NaN",
        "%EF%BC%92",
        "__proto__",
      ];
      for (const text of spellings) {
        for (const path of [`/sites/${text}`, `/api/v1/sites/${text}`]) {
          strictEqual((await go(scene, admin, path)).status, 404, path);
        }
      }
    },
  },
  {
    wants: "pass a site that is refused in the path by naming the own one in the query: the path counts",
    async holds(scene) {
      const { near, far, operator } = scene;
      for (
        const path of [
          `/sites/${far.id}?site=${near.id}`,
          `/sites/${far.id}/half-hours.csv?site=${near.id}`,
          `/sites/${far.id}/load?site=${near.id}`,
        ]
      ) strictEqual((await go(scene, operator, path)).status, 404, path);
      const twice = `site=${near.id}&site=${far.id}&from=2026-11-01&to=2026-11-02`;
      const answer = await go(scene, operator, `/api/v1/readings?${twice}`);
      strictEqual(answer.status, 400);
    },
  },
  {
    wants: "take a site into a group of one's own by a program: no group is there for them",
    async holds(scene) {
      const { flow, near, operator } = scene;
      const group = await createGroup(flow.opened.db, authorAt(flow.clock.nowMs()), { name: "Of others" });
      if (!group.ok) throw new Error("The name is taken");
      const path = `/api/v1/sites/${near.id}`;
      const etag = (await go(scene, operator, path)).headers.get("etag") ?? "";
      const body = JSON.stringify({ groupId: group.value.id });
      const init = { method: "PATCH", body, headers: { "if-match": etag } };
      strictEqual((await go(scene, operator, path, init)).status, 422);
    },
  },
  {
    wants: "go on seeing what was taken away: the next request has the new reach",
    async holds(scene) {
      const { flow, near, far } = scene;
      const named = (siteId: number): Reach => ({ kind: "some", groupIds: [], siteIds: [siteId] });
      const visitor = await makeVisitor(flow, { name: "moved", role: "operator", reach: named(far.id) });
      strictEqual((await go(scene, visitor, `/sites/${far.id}`)).status, 200);
      await setReach(flow, visitor.user.id, named(near.id));
      strictEqual((await go(scene, visitor, `/sites/${far.id}`)).status, 303, "the session has ended");
      const cookie = await signInAs(flow, visitor.user.email);
      strictEqual((await go(scene, { ...visitor, cookie }, `/sites/${far.id}`)).status, 404);
      strictEqual((await go(scene, visitor, `/api/v1/sites/${far.id}`)).status, 404, "the token too");
    },
  },
];

const TOKENS: readonly Attack<Scene>[] = [
  {
    wants: "change with a token that only looks: may not",
    async holds(scene) {
      const { near } = scene;
      const token = await tokenOf(scene, { mayWrite: false });
      const path = `/api/v1/sites/${near.id}`;
      const looking = { ...scene.operator, token };
      const etag = (await go(scene, looking, path)).headers.get("etag") ?? "";
      const init = { method: "PATCH", body: '{"town":"Oulu"}', headers: { "if-match": etag } };
      strictEqual((await go(scene, looking, path, init)).status, 403);
    },
  },
  {
    wants: "reach more with a token than its owner does: both must reach the site",
    async holds(scene) {
      const token = await tokenOf(scene, { mayWrite: true });
      strictEqual(
        (await go(scene, { ...scene.operator, token }, `/api/v1/sites/${scene.far.id}`)).status,
        404,
      );
      const reach: Reach = { kind: "some", groupIds: [], siteIds: [scene.far.id] };
      const only = { ...scene.operator, token: await tokenOf(scene, { mayWrite: true, reach }) };
      strictEqual((await go(scene, only, `/api/v1/sites/${scene.near.id}`)).status, 404);
      strictEqual(JSON.parse((await go(scene, only, "/api/v1/sites")).text).items.length, 0);
    },
  },
  {
    wants: "use a token on pages, or a session in the API: each opens its own door",
    async holds({ flow, operator }) {
      const authorization = `Bearer ${operator.token}`;
      strictEqual((await ask(flow.origin, "/sites", { headers: { authorization } })).status, 303);
      const cookie = `wattpost=${operator.token}`;
      strictEqual((await ask(flow.origin, "/sites", { headers: { cookie } })).status, 303);
      strictEqual(
        (await ask(flow.origin, "/api/v1/sites", { headers: { cookie: operator.cookie } })).status,
        401,
      );
      strictEqual((await ask(flow.origin, `/api/v1/sites?token=${operator.token}`)).status, 401);
    },
  },
  {
    wants: "have a token as somebody who may have none: it opens nothing, whoever made it",
    async holds(scene) {
      strictEqual((await go(scene, scene.technician, "/api/v1/sites")).status, 401);
      strictEqual((await go(scene, scene.technician, "/account/tokens")).status, 403);
    },
  },
  {
    wants: "revoke or see the tokens of somebody else: they do not exist",
    async holds(scene) {
      const { flow, admin, operator } = scene;
      const [theirs] = await listTokens(flow.opened.db, admin.user.id);
      if (!theirs) throw new Error("There is no token");
      const form = { revoke: String(theirs.id) };
      const answer = await post(flow.origin, "/account/tokens", form, { cookie: operator.cookie });
      strictEqual(answer.status, 404);
      strictEqual((await go(scene, admin, "/api/v1/sites")).status, 200, "it still works");
    },
  },
  {
    wants: "use a token after it was revoked or is over, or one with a letter changed: opens nothing",
    async holds(scene) {
      const { flow, operator } = scene;
      const { db } = flow.opened;
      const token = await tokenOf(scene, { mayWrite: false });
      const newest = (await listTokens(db, operator.user.id)).toSorted((a, b) => b.id - a.id)[0];
      const by = authorAt(flow.clock.nowMs());
      await revokeToken(db, by, { tokenId: newest?.id ?? 0, userId: operator.user.id });
      const over = await tokenOf(scene, { mayWrite: false, lastsMs: 1 });
      await flow.clock.advance(2);
      const flipped = `${operator.token.slice(0, -1)}${operator.token.endsWith("A") ? "B" : "A"}`;
      for (
        const text of [token, over, flipped, operator.token.toUpperCase(), `${operator.token} `.repeat(2)]
      ) {
        const headers = { authorization: `Bearer ${text}` };
        strictEqual((await ask(flow.origin, "/api/v1/sites", { headers })).status, 401);
      }
    },
  },
  {
    wants: "go over a page of a list by a cursor made up: only one that was given is taken",
    async holds(scene) {
      const made = (text: string) => new TextEncoder().encode(text).toBase64({ alphabet: "base64url" });
      for (const cursor of [made('[1,"x",0]'), made("0"), "-1", "0", "' or 1=1", made('{"reach":"all"}')]) {
        const answer = await go(scene, scene.operator, `/api/v1/sites?cursor=${encodeURIComponent(cursor)}`);
        strictEqual(answer.status, 400, cursor);
      }
    },
  },
];

async function tokenOf(
  { flow, operator }: Scene,
  { mayWrite, reach = ALL_SITES, lastsMs = 86_400_000 }: {
    readonly mayWrite: boolean;
    readonly reach?: Reach;
    readonly lastsMs?: number;
  },
): Promise<string> {
  const { text, hash: tokenHash } = await newApiToken();
  const nowMs = flow.clock.nowMs();
  const draft = {
    userId: operator.user.id,
    tokenHash,
    name: "x",
    mayWrite,
    reach,
    expiresMs: nowMs + lastsMs,
  };
  const made = await createToken(flow.opened.db, authorAt(nowMs), draft);
  if (!made.ok) throw new Error(made.error.kind);
  return text;
}

Deno.test("attacks on what belongs to others", async (t) => {
  const specs = [siteSpec(), siteSpec({ name: FAR, seed: 8 })];
  await withFlow({ specs, env: { COLLECT: "off" } }, async (flow) => {
    const [near, far] = await Promise.all(flow.siteIds.map((id) => placeOf(flow, id)));
    if (!near || !far) throw new Error("Two sites are needed");
    const reach: Reach = { kind: "some", groupIds: [], siteIds: [near.id] };
    const technician = await makeVisitor(flow, { name: "technician", role: "technician", reach });
    const operator = await makeVisitor(flow, { name: "operator", role: "operator", reach });
    const admin = await makeVisitor(flow, { name: "boss", role: "administrator" });
    for (const attacks of [SIDEWAYS, UPWARDS, ELSEWHERE, TOKENS]) {
      await flow.clock.advance(600_000);
      await withstand(t, { flow, near, far, technician, operator, admin }, attacks);
    }
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
