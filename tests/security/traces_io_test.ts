/**
 * Attacks by somebody who wants nobody to know that they tried: each leaves a trace in the audit trail, and none fills
 * it.
 *
 * @module
 */

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { LINKS_BY_ADDRESS } from "../../lib/auth/letters.ts";
import { TRIES_BY_ACCOUNT } from "../../lib/auth/login.ts";
import { RESETS_BY_NAME } from "../../lib/auth/reset.ts";
import type { Reach } from "../../lib/domain/permission.ts";
import { HEAVY_A_MINUTE, RENAMES_AN_HOUR } from "../../lib/web/api/operations.ts";
import { siteSpec } from "../collector/simulated.ts";
import { type LetterFlow, withLetters } from "../flows/letters.ts";
import { ask, type Flow, post, type RunningProduct, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { type Place, placeOf } from "../routes/places.ts";
import { type Attack, withstand } from "./attack.ts";

/** What the trail says of refusals since it was asked last. */
async function refusals({ opened }: Pick<RunningProduct, "opened">, after: number) {
  const rows = await opened.db.kysely.selectFrom("audit")
    .select(["audit_id", "actor", "subject", "site_id", "origin", "after_json"])
    .where("action", "=", "refused").where("audit_id", ">", after).orderBy("audit_id").execute();
  return rows.map(({ after_json, ...row }) => ({
    ...row,
    after: JSON.parse(after_json ?? "null") as unknown,
  }));
}

async function newest({ opened }: Pick<RunningProduct, "opened">): Promise<number> {
  const row = await opened.db.kysely.selectFrom("audit").select("audit_id").orderBy("audit_id", "desc").limit(
    1,
  )
    .executeTakeFirst();
  return row?.audit_id ?? 0;
}

/** The only trace that something left: its path and what else is said. */
async function onlyTrace(
  flow: RunningProduct,
  work: () => Promise<void>,
): Promise<readonly [string, unknown]> {
  const after = await newest(flow);
  await work();
  const [trace, another] = await refusals(flow, after);
  strictEqual(another, undefined, "one is enough");
  match(trace?.origin ?? "", /^127\.0\.0\.1$/);
  return [trace?.subject ?? "", trace?.after];
}

const STRANGERS: readonly Attack<LetterFlow>[] = [
  {
    wants: "guess passwords on and on unseen: that it was too often is written down, once",
    async holds(flow) {
      const form = { email: "nobody@wattpost.example", password: "a guess at random", back: "/" };
      const trace = await onlyTrace(flow, async () => {
        for (let n = 0; n < TRIES_BY_ACCOUNT.tries + 3; n++) await post(flow.origin, "/sign-in", form);
      });
      deepStrictEqual(trace, ["/sign-in", { why: "too often", method: "POST" }]);
    },
  },
  {
    wants: "flood somebody with links to new passwords unseen: it is written down, once",
    async holds(flow) {
      await flow.clock.advance(3_600_000);
      const trace = await onlyTrace(flow, async () => {
        for (let n = 0; n < RESETS_BY_NAME.tries + 3; n++) {
          await post(flow.origin, "/forgot", { email: "nobody@wattpost.example" });
        }
      });
      deepStrictEqual(trace, ["/forgot", { why: "too often", method: "POST" }]);
    },
  },
  {
    wants: "try links made up unseen: it is written down, once, and without what was tried",
    async holds(flow) {
      await flow.clock.advance(600_000);
      const token = "A".repeat(60);
      const trace = await onlyTrace(flow, async () => {
        for (const path of ["/setup", "/reset", "/invite", "/confirm-email"]) {
          strictEqual((await ask(flow.origin, `${path}?token=${token}`)).status, 410, path);
        }
        const form = { token, password: "quite another long sentence" };
        for (let n = 0; n < LINKS_BY_ADDRESS.tries; n++) await post(flow.origin, "/reset", form);
      });
      deepStrictEqual(trace, ["/setup", { why: "link does not work", method: "GET" }]);
    },
  },
  {
    wants: "send forms from another site unseen: that site is written down, once",
    async holds(flow) {
      await flow.clock.advance(600_000);
      const trace = await onlyTrace(flow, async () => {
        for (let n = 0; n < 3; n++) {
          const answer = await post(flow.origin, "/sign-out", {}, { origin: "https://evil.example" });
          strictEqual(answer.status, 403);
        }
      });
      const from = "https://evil.example";
      deepStrictEqual(trace, ["/sign-out", { why: "from another site", method: "POST", from }]);
    },
  },
];

interface Scene {
  readonly flow: Flow;
  readonly near: Place;
  readonly far: Place;
  readonly operator: Visitor;
}

const SPAN = "from=2026-11-20&to=2026-11-21";

const PROGRAMS: readonly Attack<Scene>[] = [
  {
    wants: "probe for devices and channels of others by API unseen: each probe names the site",
    async holds({ flow, near, far, operator }) {
      const after = await newest(flow);
      const paths = ({ device, channel }: Place) => [
        `/devices/${device}`,
        `/devices/${device}/channels`,
        `/channels/${channel}`,
        `/readings?device=${device}&${SPAN}`,
        `/readings?channel=${near.channel},${channel}&${SPAN}`,
        `/interval-readings?channel=${channel}&quantity=importWh&${SPAN}`,
        `/interval-readings?channel=${channel}&${SPAN}&format=csv`,
      ];
      const nowhere = { id: 0, device: 999_999, channel: 999_999 };
      for (const path of [...paths(far), ...paths(nowhere)]) {
        strictEqual((await asks(flow, operator, path)).status, 404, path);
      }
      const traces = await refusals(flow, after);
      const named = traces.filter(({ site_id }) => site_id === far.id);
      deepStrictEqual([named.length, traces.length], [7, 14], "what is not there takes as long");
      for (const { actor } of traces) match(actor, /^operator@.+ \(API token \d+\)$/, "by which token");
    },
  },
  {
    wants: "learn names of others' sites by giving them to one's own: few tries, each written down",
    async holds({ flow, near, far, operator }) {
      await flow.clock.advance(3_600_000);
      const after = await newest(flow);
      const path = `/sites/${near.id}`;
      const etag = (await asks(flow, operator, path)).headers.get("etag") ?? "";
      const rename = (name: string) =>
        ask(flow.origin, `/api/v1${path}`, {
          method: "PATCH",
          headers: {
            authorization: `Bearer ${operator.token}`,
            "content-type": "application/json",
            "if-match": etag,
          },
          body: JSON.stringify({ name }),
        });
      for (let n = 0; n < RENAMES_AN_HOUR; n++) strictEqual((await rename("Far")).status, 409);
      const late = await rename("Far");
      strictEqual(late.status, 429);
      match(late.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
      const traces = (await refusals(flow, after)).map(({ subject }) => subject);
      deepStrictEqual(traces, [...Array(RENAMES_AN_HOUR).fill(`site ${near.id}`), `/api/v1${path}`]);
      strictEqual((await asks(flow, operator, `/sites/${far.id}`)).status, 404);
    },
  },
  {
    wants: "take figures away as fast as it goes unseen: that it was too often is written down, once",
    async holds({ flow, near, operator }) {
      await flow.clock.advance(600_000);
      const after = await newest(flow);
      const path = `/readings?channel=${near.channel}&${SPAN}`;
      for (let n = 0; n < HEAVY_A_MINUTE; n++) await asks(flow, operator, path);
      for (let n = 0; n < 3; n++) strictEqual((await asks(flow, operator, path)).status, 429);
      const traces = await refusals(flow, after);
      deepStrictEqual(traces.map(({ subject, after }) => [subject, after]), [
        ["/api/v1/readings", { why: "too often", method: "GET" }],
      ]);
    },
  },
];

const TAKING: readonly Attack<Scene>[] = [
  {
    wants: "read all figures page by page unseen: the first of a token and hour is written down, and no more",
    async holds({ flow, near, operator }) {
      const after = await newest(flow);
      const taken = async () => {
        const rows = await flow.opened.db.kysely.selectFrom("audit").select([
          "actor",
          "site_id",
          "after_json",
        ])
          .where("action", "=", "figures-read").where("audit_id", ">", after).orderBy("audit_id").execute();
        return rows.map(({ actor, site_id, after_json }) => {
          const { kind, channelIds } = JSON.parse(after_json ?? "null");
          return [actor.replace(/\d+\)$/, "N)"), site_id, kind, channelIds];
        });
      };
      const paths = ["/interval-readings", "/readings"].map((path) =>
        `${path}?channel=${near.channel}&${SPAN}`
      );
      const read = async () => {
        for (const path of paths) strictEqual((await asks(flow, operator, path)).status, 200);
      };
      const first = [`${operator.user.email} (API token N)`, near.id, "interval-readings", [near.channel]];
      await read();
      await read();
      deepStrictEqual(await taken(), [first]);
      await flow.clock.advance(3_600_000);
      await read();
      deepStrictEqual(await taken(), [first, first]);
    },
  },
];

const asks = ({ origin }: Flow, { token }: Visitor, path: string) =>
  ask(origin, `/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });

Deno.test("attacks by strangers who want to be unseen", async (t) => {
  await withLetters((flow) => withstand(t, flow, STRANGERS));
});

Deno.test("attacks by programs that want to be unseen", async (t) => {
  const specs = [siteSpec(), siteSpec({ name: "Far", seed: 8 })];
  await withFlow({ specs, env: { COLLECT: "off" } }, async (flow) => {
    const [near, far] = await Promise.all(flow.siteIds.map((id) => placeOf(flow, id)));
    if (!near || !far) throw new Error("Two sites are needed");
    const reach: Reach = { kind: "some", groupIds: [], siteIds: [near.id] };
    const operator = await makeVisitor(flow, { name: "operator", role: "operator", reach });
    await withstand(t, { flow, near, far, operator }, [...TAKING, ...PROGRAMS]);
  });
});
