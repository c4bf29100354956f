/**
 * Changing many sites alike on pages over HTTP: chosen by ticks or by the list's own filters, looked at, applied.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { type HalfHour, halfHourOf } from "../../lib/domain/half_hour.ts";
import { packIds } from "../../lib/domain/site_bulk.ts";
import { changeSiteWords } from "../../lib/store/api_sites.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { readBulkSites } from "../../lib/store/site_bulk.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { draftOf } from "../lib/store/estate.ts";
import { filledForm } from "./filled_form.ts";

const BULK = "/sites/bulk";

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
}

const send = ({ flow, visitor }: Desk, form: Readonly<Record<string, string>>): Promise<Answer> =>
  flow.settle(post(flow.origin, BULK, form, { cookie: visitor.cookie }));
const look = ({ flow, visitor }: Desk, path: string) =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });

/** Types into the page that was answered last and presses a button of it. */
async function press(desk: Desk, { text }: Answer, typed: Readonly<Record<string, string>>): Promise<Answer> {
  return await send(desk, filledForm(text, BULK, typed));
}

async function expectedIn({ flow }: Desk, halfHour: HalfHour): Promise<readonly number[]> {
  const rows = await flow.opened.db.reader.selectFrom("ledger").select("site_id")
    .where("half_hour", "=", halfHour).orderBy("site_id").execute();
  return rows.map(({ site_id }) => site_id);
}

Deno.test("thirty sites are switched off together, and their next half-hour is not expected", async (t) => {
  await withFlow({ specs: [siteSpec()] }, async (flow) => {
    const { db, keys } = flow.opened;
    const now = halfHourOf(flow.clock.nowMs());
    const drafts = Array.from(
      { length: 30 },
      (_, i) => draftOf(`Shop ${String(i + 1).padStart(2, "0")}`, now),
    );
    const registered = await registerSites(db, drafts.map((draft) => ({ ...draft, endpoints: [] })));
    if (!registered.ok) throw new Error("taken");
    const shops = registered.value;
    const desk = { flow, visitor: await makeVisitor(flow, { name: "operator", role: "operator" }) };
    const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
    const group = await createGroup(db, by, { name: "Shops" });
    if (!group.ok) throw new Error("taken");
    await t.step("the list leads to it, by ticks and by its filters, for whoever may", async () => {
      const { text } = await look(desk, "/sites?q=Shop&path=none");
      match(text, /<form id="bulk-sites" action="\/sites\/bulk"/);
      match(text, new RegExp(`type="checkbox" name="site" value="${shops[0]}" form="bulk-sites"`));
      match(text, /href="\/sites\/bulk\?all=on&(amp;)?q=Shop&(amp;)?path=none"[^>]*>Change all 30 found/);
      const technician = {
        flow,
        visitor: await makeVisitor(flow, { name: "technician", role: "technician" }),
      };
      doesNotMatch((await look(technician, "/sites")).text, /sites\/bulk/);
      strictEqual((await look(technician, BULK)).status, 403);
      strictEqual((await send(technician, { do: "look" })).status, 403);
      match((await look(desk, BULK)).text, /No site is chosen/);
      match(
        (await look(desk, `${BULK}?site=${shops[0]}&site=${shops[1]}&site=nonsense`)).text,
        /Change 2 sites/,
      );
    });
    const chosen = await look(desk, `${BULK}?all=on&q=Shop`);
    await t.step("what is wrong comes back with its reason, what was typed stays", async () => {
      match(chosen.text, /Change 30 sites/);
      match((await press(desk, chosen, { do: "look" })).text, /Choose what is to change/);
      const wrong = await press(desk, chosen, { do: "look", hours: "set", day0: "8-25", collected: "off" });
      strictEqual(wrong.status, 422);
      match(wrong.text, /id="day0-fault"/);
      match(wrong.text, /value="8-25"/);
      match(wrong.text, /Change 30 sites/);
      strictEqual((await press(desk, chosen, { do: "look", group: "999" })).status, 422);
      strictEqual((await send(desk, { do: "look", sites: "x;y", collected: "off" })).status, 422);
    });
    const wish = {
      collected: "off",
      group: String(group.value.id),
      hours: "set",
      day0: "8-18",
      sameAsMonday: "on",
    };
    const looked = await press(desk, chosen, { ...wish, do: "look" });
    await t.step("it is looked at before anything changes, and one can go back", async () => {
      strictEqual(looked.status, 200);
      match(looked.text, /30 sites would change/);
      match(looked.text, /Into group Shops; half-hours are not collected any more/);
      match(looked.text, /Mon–Fri 08:00-18:00, Sat–Sun closed/);
      const back = await press(desk, looked, { do: "back" });
      match(back.text, /Change 30 sites/);
      match(back.text, /<option value="off" selected/);
      strictEqual((await expectedIn(desk, now - 1)).length, 1, "only the simulated site was expected before");
    });
    await t.step("what somebody changes meanwhile is left out and named", async () => {
      const seen = { name: "Shop 07", town: "Oulu", groupId: null };
      const changed = await changeSiteWords(db, by, {
        siteId: shops[6] ?? 0,
        seen,
        wanted: { ...seen, name: "Shop 7b" },
      });
      strictEqual(changed.ok, true);
      const applied = await press(desk, looked, { do: "apply" });
      strictEqual(applied.status, 200);
      match(applied.text, /29 sites are changed/);
      match(applied.text, /Left out[^]*Shop 7b/);
      const sites = await readBulkSites(db, { siteIds: shops, reaches: [{ kind: "all" }] });
      deepStrictEqual(sites.filter(({ collected }) => collected).map(({ name }) => name), ["Shop 7b"]);
      match(
        (await press(desk, looked, { do: "apply" })).text,
        /0 sites are changed/,
        "a second press changes nothing",
      );
    });
    await t.step("the next half-hour of those is not expected", async () => {
      const halfHour = halfHourOf(flow.clock.nowMs());
      await flow.collect(halfHour);
      deepStrictEqual(await expectedIn(desk, halfHour), [...flow.siteIds, shops[6]]);
    });
    await t.step("each site has its entry in the trail", async () => {
      const entries = (await listAudit(db, 100)).filter(({ action, after }) =>
        action === "site-changed" && JSON.stringify(after).includes("collected")
      );
      strictEqual(entries.length, 29);
    });
  });
});

Deno.test("whoever reaches some sites alone changes no others, and puts them into no other group", async () => {
  await withFlow({ specs: [siteSpec(), siteSpec({ name: "Mill", seed: 8 })] }, async (flow) => {
    const [near = 0, far = 0] = flow.siteIds;
    const reach = { kind: "some", groupIds: [], siteIds: [near] } as const;
    const visitor = await makeVisitor(flow, { name: "operator", role: "operator", reach });
    const desk = { flow, visitor };
    const { db, keys } = flow.opened;
    const group = await createGroup(db, authorAt(flow.clock.nowMs(), { seal: keys.seal }), {
      name: "Theirs",
    });
    if (!group.ok) throw new Error("taken");
    const chosen = await look(desk, `${BULK}?site=${near}&site=${far}`);
    match(chosen.text, /Change 1 site</);
    match(chosen.text, /1 site of the choice is left out/);
    doesNotMatch(chosen.text, /Mill|Theirs|No group/);
    strictEqual((await press(desk, chosen, { do: "look", group: String(group.value.id) })).status, 422);
    const sites = packIds([near, far]);
    const looked = await send(desk, { do: "look", sites, group: "keep", collected: "off", hours: "keep" });
    match(looked.text, /1 site would change/);
    doesNotMatch(looked.text, /Mill/);
    const form = filledForm(looked.text, BULK, { do: "apply" });
    // By hand a site out of reach is named too, with any mark.
    const applied = await send(desk, { ...form, marks: `${form["marks"]}-${(far - near).toString(36)}.abc` });
    match(applied.text, /1 site is changed/);
    match(applied.text, /1 site left out: gone, or out of your reach/);
    const states = await db.reader.selectFrom("site").select("collected").orderBy("site_id").execute();
    deepStrictEqual(states.map(({ collected }) => collected), [0, 1]);
  });
});
