/**
 * The life of a device on pages over HTTP, as a technician without JavaScript lives it: replaced, moved, other
 * transformers, another profile, retired and taken back; and maintenance of its site. What is refused is said beside its
 * field, what was typed stays.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { siteSpec } from "../collector/simulated.ts";
import { type Answer, ask, FIRST, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { filledForm } from "./filled_form.ts";
import { placeOf } from "./places.ts";

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
  readonly siteId: number;
  readonly meterId: number;
  readonly channelId: number;
}

type Typed = Readonly<Record<string, string | null>>;

const look = ({ flow, visitor }: Desk, path: string) =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
const send = ({ flow, visitor }: Desk, path: string, form: Readonly<Record<string, string>> = {}) =>
  flow.settle(post(flow.origin, path, form, { cookie: visitor.cookie }));
const leadsTo = ({ headers }: Answer) => headers.get("location") ?? "";

/** Types into the form of a page and sends it, all else as it stands there. */
async function type(desk: Desk, path: string, typed: Typed = {}): Promise<Answer> {
  const { text, status } = await look(desk, path);
  strictEqual(status, 200, path);
  return await send(desk, path.split("?")[0] ?? path, filledForm(text, path.split("?")[0] ?? path, typed));
}

async function withDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow({ specs: [siteSpec(), siteSpec({ name: "Elsewhere" })] }, async (flow) => {
    const siteId = flow.siteIds[0] ?? 0;
    const { device: meterId, channel: channelId } = await placeOf(flow, siteId);
    const visitor = await makeVisitor(flow, { name: "technician", role: "technician" });
    for (let halfHour = FIRST; halfHour < FIRST + 3; halfHour++) await flow.collect(halfHour);
    await body({ flow, visitor, siteId, meterId, channelId });
  });
}

Deno.test("a technician notes on pages what happens to a device, and its page tells it", async (t) => {
  await withDesk(async (desk) => {
    const { flow, siteId, meterId, channelId } = desk;
    const base = `/sites/${siteId}/devices/${meterId}`;
    const { kysely } = flow.opened.db;
    const last = await kysely.selectFrom("recent").select("value").where("channel_id", "=", channelId)
      .orderBy("half_hour", "desc").executeTakeFirstOrThrow();
    const lastKwh = Math.floor((last.value ?? 0) / 1000);
    await flow.clock.advance(600_000);
    await t.step("the site's page leads to the device, its page to what can be done", async () => {
      match((await look(desk, `/sites/${siteId}`)).text, new RegExp(`href="${base}"`));
      const { text, status } = await look(desk, base);
      strictEqual(status, 200);
      for (const act of ["replace", "move", "transformer", "profile", "retire"]) {
        match(text, new RegExp(`href="${base}/${act}"`));
      }
      match(text, /Nothing since it was registered/);
    });
    await t.step("what cannot be is refused beside its field, and what was typed stays", async () => {
      const typed = { "final-importWh": "0,1", serial: "SN 4711", unitId: "251", note: "Burnt" };
      const refused = await type(desk, `${base}/replace`, typed);
      strictEqual(refused.status, 422);
      match(refused.text, /Unit 251 is not possible here/);
      match(refused.text, /value="SN 4711"/);
      const below = await type(desk, `${base}/replace`, { ...typed, unitId: "1" });
      match(below.text, /Less than was read before/);
      const strange = await type(desk, `${base}/replace`, { "final-importWh": "a lot" });
      match(strange.text, /is no counter, expected digits as on the display/);
      const early = await type(desk, `${base}/replace`, { date: "2025-01-01" });
      match(early.text, /Too early: from/);
      const late = await type(desk, `${base}/replace`, { date: "2027-01-01" });
      match(late.text, /Too late: until/);
      strictEqual((await send(desk, `${base}/replace`, { surprise: "1" })).status, 422);
    });
    await t.step("growth that cannot be has to be confirmed, and then is believed", async () => {
      const typed = { "final-importWh": String(lastKwh + 90_000), "first-importWh": "0", serial: "N-2" };
      const refused = await type(desk, `${base}/replace`, typed);
      strictEqual(refused.status, 422);
      match(refused.text, /More than can have flowed/);
      match(refused.text, /name="confirmed"/);
    });
    await t.step("the replacement is noted once, whoever presses twice", async () => {
      const { text } = await look(desk, `${base}/replace`);
      const form = filledForm(text, `${base}/replace`, {
        "final-importWh": String(lastKwh + 1),
        "first-importWh": "0",
        serial: "N-2",
        note: "Display broken",
      });
      const noted = await send(desk, `${base}/replace`, form);
      strictEqual(leadsTo(noted), `${base}?done=replace`, noted.text);
      const again = await send(desk, `${base}/replace`, form);
      strictEqual(again.status, 422);
      match(again.text, /Something happened to this device since the page was opened/);
      const page = await look(desk, `${base}?done=replace`);
      match(page.text, /The replacement is noted/);
      match(page.text, /Replaced by another meter/);
      match(page.text, /Display broken/);
      match(page.text, /Noted by technician/i);
      match(page.text, /Goes on from the counter before/);
    });
    await t.step("what was noted of the counters stands in their form, and is put right there", async () => {
      const { text } = await look(desk, `${base}/counters`);
      match(text, new RegExp(`value="${lastKwh + 1}"`));
      const noted = await type(desk, `${base}/counters`, {
        "final-importWh": String(lastKwh + 1),
        note: "Read again",
      });
      strictEqual(leadsTo(noted), `${base}?done=counters`, noted.text);
      match((await look(desk, base)).text, /Counters of the replacement noted/);
    });
    await t.step("it is moved, but not onto another device", async () => {
      const twin = await kysely.selectFrom("meter").select(["unit_id", "name"]).where("site_id", "=", siteId)
        .where("meter_id", "<>", meterId).orderBy("meter_id").executeTakeFirstOrThrow();
      const taken = await type(desk, `${base}/move`, { unitId: String(twin.unit_id) });
      strictEqual(taken.status, 422);
      match(taken.text, new RegExp(`of this port is ${twin.name}`));
      strictEqual(leadsTo(await type(desk, `${base}/move`, { unitId: "77" })), `${base}?done=move`);
      match((await look(desk, base)).text, /Moved/);
    });
    await t.step("another profile shows what changes before it is chosen", async () => {
      await flow.clock.advance(60_000);
      doesNotMatch((await look(desk, `${base}/profile`)).text, /What changes/);
      const shown = await look(desk, `${base}/profile?profile=eastron-sdm120`);
      match(shown.text, /What changes/);
      const changed = await type(desk, `${base}/profile?profile=eastron-sdm120`);
      strictEqual(leadsTo(changed), `${base}?done=profile`, changed.text);
      match((await look(desk, base)).text, /Read by another device profile/);
    });
    await t.step("it has transformers from a moment on", async () => {
      await flow.clock.advance(120_000);
      const half = await type(desk, `${base}/transformer`, { appliedBy: "wattpost" });
      strictEqual(half.status, 422);
      match(half.text, /Is missing: the rated primary current/);
      const typed = { appliedBy: "wattpost", ctPrimaryA: "200", ctSecondaryA: "5" };
      const changed = await type(desk, `${base}/transformer`, typed);
      strictEqual(leadsTo(changed), `${base}?done=transformer`, changed.text);
      match((await look(desk, base)).text, /CT 200\/5 A; Wattpost multiplies/);
    });
    await t.step("it is retired, keeps its page, and is taken back", async () => {
      strictEqual(leadsTo(await type(desk, `${base}/retire`, { when: "gone" })), `${base}?done=retire`);
      const retired = await look(desk, base);
      match(retired.text, /Retired since/);
      doesNotMatch(retired.text, /\/replace"|\/read"/);
      match(retired.text, /Take it back/);
      match((await look(desk, `/sites/${siteId}`)).text, /Retired: /);
      strictEqual(leadsTo(await type(desk, `${base}/retire`)), `${base}?done=retire`);
      match((await look(desk, base)).text, /Taken back/);
    });
    await t.step("a replacement is announced, told, and withdrawn", async () => {
      const typed = { date: "2026-11-04", time: "09:00" };
      strictEqual(leadsTo(await type(desk, `${base}/replace`, typed)), `${base}?done=replace`);
      match((await look(desk, base)).text, /To be replaced 4 Nov 2026 09:00/);
      const twice = await type(desk, `${base}/replace`, typed);
      match(twice.text, /A replacement is announced for/);
      const { text } = await look(desk, base);
      const gone = await send(desk, `${base}/withdraw`, filledForm(text, `${base}/withdraw`, {}));
      strictEqual(leadsTo(gone), `${base}?done=withdraw`);
      doesNotMatch((await look(desk, base)).text, /To be replaced/);
    });
    await t.step("every act stands in the audit trail", async () => {
      const rows = await kysely.selectFrom("audit").select("action").where("site_id", "=", siteId)
        .where("action", "like", "device-%").orderBy("audit_id").execute();
      deepStrictEqual(rows.map(({ action }) => action), [
        "device-replaced",
        "device-counted",
        "device-moved",
        "device-profile",
        "device-transformer",
        "device-retired",
        "device-taken-back",
        "device-replacement-announced",
        "device-announcement-withdrawn",
      ]);
    });
  });
});

/** A profile of the library without any counter. */
const UNCOUNTED = "coolautomation-coolmasternet";

Deno.test("a profile by which no energy is counted any more is warned of, and chosen by a tick only", async (t) => {
  await withDesk(async (desk) => {
    const { flow, siteId, meterId } = desk;
    const { kysely } = flow.opened.db;
    const base = `/sites/${siteId}/devices/${meterId}`;
    const readBy = async (id: number) =>
      (await kysely.selectFrom("meter").select("profile_id").where("meter_id", "=", id)
        .executeTakeFirstOrThrow()).profile_id;
    const warned = /No energy will be measured here any more: Import, Export[^<]* end/;
    const before = await readBy(meterId);
    await t.step("another profile warns before it is chosen, and is refused without the tick", async () => {
      const path = `${base}/profile?profile=${UNCOUNTED}`;
      match((await look(desk, path)).text, warned);
      const refused = await type(desk, path, { note: "By mistake" });
      strictEqual(refused.status, 422);
      match(refused.text, /id="ends-fault">.*?Tick this to go on, or choose another model/s);
      match(refused.text, warned);
      match(refused.text, new RegExp(`name="profileId" value="${UNCOUNTED}"`));
      match(refused.text, /value="By mistake"/);
      strictEqual((await type(desk, path, { ends: "eastron-sdm120" })).status, 422, "ticked for another one");
      strictEqual(await readBy(meterId), before);
    });
    await t.step("some counters that end are named, without saying that nothing is left", async () => {
      const { text } = await look(desk, `${base}/profile?profile=eastron-sdm72dm-v2`);
      match(text, /Counters end here: Import reactive, Export reactive/);
      doesNotMatch(text, /No energy will be measured/);
      doesNotMatch((await look(desk, `${base}/profile?profile=eastron-sdm120`)).text, /name="ends"/);
    });
    await t.step("a replacement by such a model is refused too, and keeps what was typed", async () => {
      doesNotMatch((await look(desk, `${base}/replace`)).text, /name="ends"/);
      await flow.clock.advance(600_000);
      const typed = { profileId: UNCOUNTED, serial: "AC-1" };
      const refused = await type(desk, `${base}/replace`, typed);
      strictEqual(refused.status, 422);
      match(refused.text, warned);
      match(refused.text, /value="AC-1"/);
      strictEqual(filledForm(refused.text, `${base}/replace`)["profileId"], UNCOUNTED);
      const other = filledForm(refused.text, `${base}/replace`, { ends: UNCOUNTED, unitId: "251" });
      const kept = await send(desk, `${base}/replace`, other);
      strictEqual(kept.status, 422);
      strictEqual(filledForm(kept.text, `${base}/replace`)["ends"], UNCOUNTED, "the tick stays");
      strictEqual(await readBy(meterId), before);
    });
    await t.step("with the tick it is done, and stands in the audit trail as ever", async () => {
      const ticked = { profileId: UNCOUNTED, ends: UNCOUNTED };
      const replaced = await type(desk, `${base}/replace`, ticked);
      strictEqual(leadsTo(replaced), `${base}?done=replace`, replaced.text);
      const { meter_id: twin } = await kysely.selectFrom("meter").select("meter_id")
        .where("site_id", "=", siteId).where("meter_id", "<>", meterId).where(
          "profile_id",
          "like",
          "eastron-%",
        )
        .executeTakeFirstOrThrow();
      const path = `/sites/${siteId}/devices/${twin}/profile`;
      const changed = await type(desk, `${path}?profile=${UNCOUNTED}`, { ends: UNCOUNTED });
      strictEqual(leadsTo(changed), `/sites/${siteId}/devices/${twin}?done=profile`, changed.text);
      deepStrictEqual([await readBy(meterId), await readBy(twin)], [UNCOUNTED, UNCOUNTED]);
      const rows = await kysely.selectFrom("audit").select("action").where("site_id", "=", siteId)
        .where("action", "like", "device-%").orderBy("audit_id").execute();
      deepStrictEqual(rows.map(({ action }) => action), ["device-replaced", "device-profile"]);
    });
  });
});

Deno.test("maintenance is set and ended on pages, and explains what is not read", async (t) => {
  await withDesk(async (desk) => {
    const { flow, siteId } = desk;
    const path = `/sites/${siteId}/maintenance`;
    const next = halfHourOf(flow.clock.nowMs());
    const clock = (halfHour: number) => new Date(halfHour * 1_800_000).toISOString().slice(11, 16);
    await t.step("what cannot be is refused beside its field", async () => {
      const odd = await type(desk, path, { why: "Works", fromTime: "10:10" });
      strictEqual(odd.status, 422);
      match(odd.text, /Half-hours begin at :00 and :30/);
      match((await type(desk, path, { why: "" })).text, /Is missing/);
      match((await type(desk, path, { why: "Works", toDate: "2027-01-01" })).text, /days long: 30 at most/);
      match(
        (await type(desk, path, { why: "Works", toDate: "2026-11-01" })).text,
        /It ends before it begins/,
      );
    });
    await t.step("a site that is not visited is neither read nor missing", async () => {
      const typed = { why: "Switchgear", fromTime: clock(next), toTime: clock(next + 2), unvisited: "on" };
      strictEqual(leadsTo(await type(desk, path, typed)), `${path}?done=set`);
      match((await look(desk, path)).text, /Switchgear/);
      await flow.collect(next);
      const row = await flow.opened.db.kysely.selectFrom("ledger").select(["state", "tries"])
        .where("half_hour", "=", next).where("site_id", "=", siteId).executeTakeFirstOrThrow();
      deepStrictEqual({ ...row }, { state: 4, tries: 0 });
      match((await look(desk, `/sites/${siteId}`)).text, /maintenance/i);
    });
    await t.step("it is ended early, and the site is read again", async () => {
      const { text } = await look(desk, path);
      const end = /action="([^"]*\/end)"/.exec(text)?.[1] ?? "";
      strictEqual(leadsTo(await send(desk, end)), `${path}?done=ended`);
      await flow.collect(next + 1);
      const row = await flow.opened.db.kysely.selectFrom("ledger").select("state")
        .where("half_hour", "=", next + 1).where("site_id", "=", siteId).executeTakeFirstOrThrow();
      strictEqual(row.state, 2);
      match((await look(desk, path)).text, /ended early/);
    });
  });
});

Deno.test("who may only look changes nothing, and what is out of reach is not there", async () => {
  await withDesk(async (desk) => {
    const { flow, siteId, meterId } = desk;
    const base = `/sites/${siteId}/devices/${meterId}`;
    const viewer = { ...desk, visitor: await makeVisitor(flow, { name: "viewer", role: "viewer" }) };
    const page = await look(viewer, base);
    strictEqual(page.status, 200);
    doesNotMatch(page.text, /\/replace"/);
    for (const path of [`${base}/replace`, `${base}/retire`, `/sites/${siteId}/maintenance`]) {
      strictEqual((await look(viewer, path)).status, 403, path);
      strictEqual((await send(viewer, path)).status, 403, path);
    }
    const elsewhere = flow.siteIds[1] ?? 0;
    strictEqual((await look(desk, `/sites/${elsewhere}/devices/${meterId}`)).status, 404);
    strictEqual((await look(desk, `/sites/${elsewhere}/devices/${meterId}/replace`)).status, 404);
    const reach = { kind: "some", groupIds: [], siteIds: [elsewhere] } as const;
    const far = { ...desk, visitor: await makeVisitor(flow, { name: "far", role: "technician", reach }) };
    for (const path of [base, `${base}/replace`, `/sites/${siteId}/maintenance`]) {
      strictEqual((await look(far, path)).status, 404, path);
    }
  });
});
