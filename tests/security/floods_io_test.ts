/**
 * Attacks by asking too much: keeping the database busy, and burying in the audit trail what somebody looks for.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { EXPORTS_BY_PERSON } from "../../lib/web/export_limit.ts";
import { siteSpec } from "../collector/simulated.ts";
import { ask, type Flow, withFlow } from "../flows/running_product.ts";
import { ADDRESS_A_MINUTE, HEAVY_A_MINUTE } from "../../lib/web/api/operations.ts";
import { makeToken } from "../routes/api_people.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";

interface Scene {
  readonly flow: Flow;
  readonly viewer: Visitor;
  readonly admin: Visitor;
}

async function exportsOf({ opened }: Flow, { user }: Visitor): Promise<number> {
  const rows = await opened.db.kysely.selectFrom("audit").select("seq")
    .where("action", "=", "export").where("actor", "=", user.email).execute();
  return rows.length;
}

const FLOODS: readonly Attack<Scene>[] = [
  {
    wants:
      "bury the audit trail in rows of files, from several sessions: a person has so many in ten minutes",
    async holds({ flow, viewer, admin }) {
      const cookies = [viewer.cookie, await signInAs(flow, viewer.user.email)];
      const paths = ["/completeness.csv", `/sites/${flow.siteIds[0]}/half-hours.csv`];
      const get = (path: string, cookie: string) => ask(flow.origin, path, { headers: { cookie } });
      const { tries } = EXPORTS_BY_PERSON;
      for (let n = 0; n < tries; n++) {
        strictEqual((await get(paths[n % 2] ?? "", cookies[n % 3 === 0 ? 0 : 1] ?? "")).status, 200);
      }
      for (const path of paths) {
        for (const cookie of cookies) {
          const late = await get(path, cookie);
          strictEqual(late.status, 429, path);
          ok(Number(late.headers.get("retry-after")) >= 1);
        }
      }
      strictEqual(await exportsOf(flow, viewer), tries);
      for (const path of [...paths, "/admin/audit.csv"]) {
        strictEqual((await get(path, admin.cookie)).status, 200, "somebody else has their own share");
      }
      await flow.clock.advance(EXPORTS_BY_PERSON.windowMs);
      strictEqual((await get("/completeness.csv", viewer.cookie)).status, 200);
    },
  },
];

Deno.test("attacks by asking too much of the API", async (t) => {
  const env = { COLLECT: "off", TRUST_PROXY: "on" };
  await withFlow({ specs: [siteSpec()], env }, async (flow) => {
    await withstand(t, flow, [{
      wants: "ask more than an address may, from all addresses of one's IPv6 network: they count as one",
      async holds({ origin }) {
        const from = (address: string) =>
          ask(origin, "/api/v1/sites", { headers: { "x-forwarded-for": address } });
        for (let n = 0; n < ADDRESS_A_MINUTE; n++) {
          strictEqual((await from(`2001:db8:0:1::${n.toString(16)}`)).status, 401);
        }
        const late = await from("2001:db8:0:1:ffff::1");
        strictEqual(late.status, 429);
        ok(Number(late.headers.get("retry-after")) >= 1);
        strictEqual((await from("2001:db8:0:2::1")).status, 401, "another network has its own share");
      },
    }, {
      wants: "keep the database busy with many tokens: those of one person have one share",
      async holds(flow) {
        const { user } = await makeVisitor(flow, { name: "owner", role: "operator" });
        const other = await makeVisitor(flow, { name: "other", role: "operator" });
        const tokens = [await makeToken(flow, user), await makeToken(flow, user)];
        const path = `/api/v1/interval-readings?site=${
          flow.siteIds[0]
        }&from=2026-11-02&to=2026-11-03&limit=1`;
        const read = (token = "") =>
          ask(flow.origin, path, { headers: { authorization: `Bearer ${token}` } });
        for (let n = 0; n < HEAVY_A_MINUTE; n++) strictEqual((await read(tokens[n % 2])).status, 200);
        for (const token of tokens) strictEqual((await read(token)).status, 429);
        strictEqual((await read(other.token)).status, 200, "somebody else has their own share");
      },
    }]);
  });
});

Deno.test("attacks by asking too much", async (t) => {
  await withFlow({ specs: [siteSpec()], env: { COLLECT: "off" } }, async (flow) => {
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    const admin = await makeVisitor(flow, { name: "admin", role: "administrator" });
    await withstand(t, { flow, viewer, admin }, FLOODS);
    await t.step("nothing of it was an error of ours", () => {
      strictEqual(flow.lines.filter(({ level }) => level === "error").length, 0);
    });
  });
});
