/**
 * Registering a site on pages over HTTP, as somebody without JavaScript does: step by step, wrong things put right on
 * the way, tested against simulated devices, started, and collected with the next half-hour.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup, removeGroup } from "../../lib/store/groups.ts";
import { readSecret } from "../../lib/store/secrets.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import { siteSpec } from "../collector/simulated.ts";
import { simulatorClock } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow, withSites } from "../flows/running_product.ts";
import { makeVisitor, setReach, type Visitor } from "../flows/visitors.ts";

type Form = Readonly<Record<string, string>>;

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
  readonly site: SimulatedSite;
}

const send = ({ flow, visitor }: Desk, path: string, form: Form = {}): Promise<Answer> =>
  flow.settle(post(flow.origin, path, form, { cookie: visitor.cookie }));
const look = ({ flow, visitor }: Desk, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
const versionIn = ({ text }: Answer) => /name="version" value="(\d+)"/.exec(text)?.[1] ?? "";
const placeOf = ({ headers }: Answer) => headers.get("location") ?? "";

/** Sends a form with the version that its page carries. */
async function save(desk: Desk, path: string, form: Form): Promise<Answer> {
  return await send(desk, path, { version: versionIn(await look(desk, path)), ...form });
}

async function begin(desk: Desk): Promise<string> {
  const begun = await send(desk, "/sites/register");
  strictEqual(begun.status, 303);
  return placeOf(begun).replace(/\/site$/, "");
}

const SITE: Form = { name: "Corbridge", group: "", town: "Corbridge", zone: "Europe/London", do: "next" };
const DEVICE: Form = {
  name: "Incomer",
  profileId: "eastron-sdm630",
  unitId: "1",
  wholeSite: "on",
  appliedBy: "",
};

function routerForm({ endpoints }: SimulatedSite, more: Form = {}): Form {
  const rows = endpoints.map(({ port, kind }, i) => [
    [`endpoint${i + 1}Kind`, kind],
    [`endpoint${i + 1}Port`, String(port)],
  ]);
  return {
    unitId: "1",
    profileId: "teltonika-rut9xx",
    path1Kind: "cellular",
    path1Host: "127.0.0.1",
    ...Object.fromEntries(rows.flat()),
    allowanceMB: "500",
    do: "next",
    ...more,
  };
}

async function withDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    const visitor = await makeVisitor(flow, { name: "operator", role: "operator" });
    await withSites([siteSpec()], simulatorClock(flow.clock), async ([site]) => {
      if (!site) throw new Error("no site");
      await body({ flow, visitor, site });
    });
  });
}

Deno.test("a site is registered step by step, tested, started, and read with the next half-hour", async (t) => {
  await withDesk(async (desk) => {
    const { flow, site } = desk;
    const base = await begin(desk);
    await t.step("what is wrong comes back with its reason, what was typed stays", async () => {
      const wrong = await save(desk, `${base}/site`, { ...SITE, zone: "Asia/Kathmandu", latitude: "95" });
      strictEqual(wrong.status, 422);
      match(wrong.text, /id="zone-fault"/);
      match(wrong.text, /id="latitude-fault"/);
      match(wrong.text, /value="Corbridge"/);
      strictEqual(placeOf(await save(desk, `${base}/site`, SITE)), `${base}/router`);
    });
    await t.step("the router's password is kept sealed and never shown", async () => {
      const password = "the router's own secret";
      const saved = await save(desk, `${base}/router`, routerForm(site, { user: "admin", password }));
      strictEqual(placeOf(saved), `${base}/devices`);
      const again = await look(desk, `${base}/router`);
      doesNotMatch(again.text, /own secret/);
      match(again.text, /kept/);
      doesNotMatch(JSON.stringify(await listAudit(flow.opened.db, 100)), /own secret/);
    });
    await t.step("a device is tested as it is typed, and is in no list for that", async () => {
      strictEqual(placeOf(await look(desk, `${base}/devices`)), `${base}/devices/new`);
      const endpointId = endpointIn(await look(desk, `${base}/devices/new`), site, "gateway");
      const tested = await send(desk, `${base}/devices/new/test`, {
        ...DEVICE,
        endpointId,
        version: versionIn(await look(desk, `${base}/devices/new`)),
      });
      strictEqual(tested.status, 200);
      match(tested.text, /18 of 18 plausible/);
      match(tested.text, /Voltage L1/);
      strictEqual(placeOf(await look(desk, `${base}/devices`)), `${base}/devices/new`);
    });
    await t.step("a silent unit beside a good one is told as that", async () => {
      const endpointId = endpointIn(await look(desk, `${base}/devices/new`), site, "gateway");
      strictEqual(
        placeOf(await save(desk, `${base}/devices/new`, { ...DEVICE, endpointId })),
        `${base}/devices/1`,
      );
      const form = { ...DEVICE, name: "Ovens", unitId: "9", endpointId, wholeSite: "" };
      const { wholeSite: _, ...plain } = form;
      const version = versionIn(await look(desk, `${base}/devices/new`));
      const tested = await send(desk, `${base}/devices/new/test`, { ...plain, version });
      match(tested.text, /unit 9 silent, unit 1 fine/i);
    });
    await t.step(
      "a device that was added as it was tested keeps how it did, until it is reached otherwise",
      async () => {
        match((await look(desk, `${base}/devices/new`)).text, /18 of 18 plausible, tested/);
        const endpointId = endpointIn(await look(desk, `${base}/devices/1`), site, "gateway");
        await save(desk, `${base}/devices/1`, { ...DEVICE, unitId: "2", endpointId });
        match((await look(desk, `${base}/devices/new`)).text, /not tested/);
        await save(desk, `${base}/devices/1`, { ...DEVICE, endpointId });
      },
    );
    await t.step("the list keeps how a stored device did", async () => {
      const endpointId = endpointIn(await look(desk, `${base}/devices/1`), site, "gateway");
      const version = versionIn(await look(desk, `${base}/devices/1`));
      const tested = await send(desk, `${base}/devices/1/test`, { ...DEVICE, endpointId, version });
      strictEqual(tested.status, 200);
      match((await look(desk, `${base}/devices/new`)).text, /18 of 18 plausible, tested/);
    });
    await t.step("units are looked for, and one that is found becomes a device", async () => {
      const scanEndpointId = endpointIn(await look(desk, `${base}/devices/new`), site, "gateway");
      const begun = await send(desk, `${base}/devices/scan`, { scanEndpointId, scanFrom: "1", scanTo: "3" });
      strictEqual(begun.status, 303);
      const stopped = await send(desk, `${base}/devices/scan/stop`);
      strictEqual(stopped.status, 303);
      match((await look(desk, `${base}/devices/new`)).text, /Scan of units 1–3/);
      const odd = await send(desk, `${base}/devices/scan`, { scanEndpointId, scanFrom: "9", scanTo: "3" });
      strictEqual(odd.status, 422);
      match(odd.text, /Unit 3 comes before unit 9/);
    });
    await t.step("hours are given, and the check starts it", async () => {
      const hours = { day0: "8-18", day5: "closed", day6: "", sameAsMonday: "on", do: "next" };
      strictEqual(placeOf(await save(desk, `${base}/hours`, hours)), `${base}/check`);
      const check = await look(desk, `${base}/check`);
      match(check.text, /Start collecting/);
      const started = await send(desk, `${base}/check`, { version: versionIn(check) });
      match(placeOf(started), /^\/sites\/\d+$/);
      strictEqual(
        (await send(desk, `${base}/check`, { version: versionIn(check) })).status,
        404,
        "it is gone",
      );
      const siteId = Number(placeOf(started).slice("/sites/".length));
      const { db, keys } = flow.opened;
      strictEqual(await readSecret(db, keys.box, `router:${siteId}`), "the router's own secret");
      // The product's clock has run on while devices were asked.
      await flow.collect(halfHourOf(flow.clock.nowMs()));
      const { text, status } = await look(desk, `/sites/${siteId}`);
      strictEqual(status, 200);
      match(text, /Incomer/);
      const actions = (await listAudit(db, 100)).map(({ action }) => action);
      for (const action of ["site-registered", "device-tested", "units-scanned", "secret-changed"]) {
        ok(actions.includes(action), action);
      }
    });
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});

/** The number of a port within the draft, as the form of a device offers it. */
function endpointIn({ text }: Answer, { endpoints }: SimulatedSite, kind: string): string {
  const port = endpoints.find((one) => one.kind === kind)?.port;
  return new RegExp(`<option value="(\\d+)"[^>]*>[^<]*port ${port}<`).exec(text)?.[1] ?? "";
}

Deno.test("a draft is its owner's alone, told apart in two windows, and says what keeps it from being started", async (t) => {
  await withDesk(async (desk) => {
    const { flow, site } = desk;
    const base = await begin(desk);
    await t.step("somebody else's draft does not exist", async () => {
      const other = { ...desk, visitor: await makeVisitor(flow, { name: "other", role: "administrator" }) };
      for (const step of ["site", "router", "devices", "devices/new", "hours", "check"]) {
        strictEqual((await look(other, `${base}/${step}`)).status, 404, step);
      }
      strictEqual((await send(other, `${base}/remove`)).status, 404);
      const viewer = { ...desk, visitor: await makeVisitor(flow, { name: "viewer", role: "viewer" }) };
      strictEqual((await look(viewer, "/sites/register")).status, 403);
    });
    await t.step("the second of two windows is told, and keeps what was typed", async () => {
      const version = versionIn(await look(desk, `${base}/site`));
      strictEqual((await send(desk, `${base}/site`, { ...SITE, version })).status, 303);
      const late = await send(desk, `${base}/site`, { ...SITE, name: "Another name", version });
      strictEqual(late.status, 409);
      match(late.text, /changed in another window/);
      match(late.text, /value="Another name"/);
    });
    await t.step("the check names what is missing and starts nothing", async () => {
      const check = await look(desk, `${base}/check`);
      match(check.text, /router has no address yet/);
      const tried = await send(desk, `${base}/check`, { version: versionIn(check) });
      strictEqual(tried.status, 422);
      match(tried.text, /was not started/);
    });
    await t.step("a name that is taken meanwhile leads back to it", async () => {
      await save(desk, `${base}/router`, routerForm(site));
      const second = await begin(desk);
      await save(desk, `${second}/site`, SITE);
      await save(desk, `${second}/router`, routerForm(site));
      for (const each of [base, second]) {
        const started = await send(desk, `${each}/check`, {
          version: versionIn(await look(desk, `${each}/check`)),
        });
        strictEqual(started.status, 303);
        if (each === second) {
          strictEqual(placeOf(started), `${second}/site?taken`);
          const back = await look(desk, placeOf(started));
          strictEqual(back.status, 422);
          match(back.text, /Another site has this name/);
        }
      }
      const twin = await look(desk, `${second}/router`);
      match(twin.text, /is registered for Corbridge/, "another site with this address and port is named");
    });
    await t.step(
      "whoever reaches a group alone registers into it, and nobody else's site is named",
      async () => {
        const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
        const group = await createGroup(flow.opened.db, by, { name: "North" });
        ok(group.ok);
        const visitor = await makeVisitor(flow, { name: "technician", role: "technician" });
        await setReach(flow, visitor.user.id, { kind: "some", groupIds: [group.value.id], siteIds: [] });
        const { cookie } = await makeCookie(flow, visitor);
        const technician = { ...desk, visitor: { ...visitor, cookie } };
        const own = await begin(technician);
        strictEqual(
          (await save(technician, `${own}/site`, { ...SITE, name: "Mine" })).status,
          422,
          "no group",
        );
        const form = { ...SITE, name: "Mine", group: String(group.value.id) };
        strictEqual((await save(technician, `${own}/site`, form)).status, 303);
        await save(technician, `${own}/router`, routerForm(site, { do: "stay" }));
        const twin = await look(technician, `${own}/router`);
        match(twin.text, /a site that you do not reach/);
        doesNotMatch(twin.text, /Corbridge/);
        const south = await createGroup(flow.opened.db, by, { name: "South" });
        ok(south.ok);
        await setReach(flow, visitor.user.id, { kind: "some", groupIds: [south.value.id], siteIds: [] });
        const moved = { ...technician, visitor: { ...visitor, ...await makeCookie(flow, visitor) } };
        const version = versionIn(await look(moved, `${own}/check`));
        const tried = await send(moved, `${own}/check`, { version });
        strictEqual(placeOf(tried), `${own}/site?no-group`, "its group is out of reach since");
        const back = await look(moved, placeOf(tried));
        strictEqual(back.status, 422);
        match(back.text, /id="group-fault"/);
        match(back.text, /choose again/);
        doesNotMatch(back.text, />North</);
      },
    );
    await t.step("a group that was removed meanwhile leads back to the groups", async () => {
      const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
      const group = await createGroup(flow.opened.db, by, { name: "West" });
      ok(group.ok);
      const own = await begin(desk);
      await save(desk, `${own}/site`, { ...SITE, name: "Weir", group: String(group.value.id) });
      await save(desk, `${own}/router`, routerForm(site));
      ok((await removeGroup(flow.opened.db, by, { groupId: group.value.id })).ok);
      const version = versionIn(await look(desk, `${own}/check`));
      strictEqual(placeOf(await send(desk, `${own}/check`, { version })), `${own}/site?no-group`);
    });
  });
});

Deno.test("a scan ends with its draft, is written down before it begins, and there are thirty in ten minutes", async (t) => {
  await withDesk(async (desk) => {
    const { flow, site } = desk;
    const drafts: { readonly base: string; readonly scanEndpointId: string }[] = [];
    for (const name of ["One", "Two", "Three", "Four"]) {
      const base = await begin(desk);
      await save(desk, `${base}/site`, { ...SITE, name });
      await save(desk, `${base}/router`, routerForm(site, { user: "admin", password: "a router's secret" }));
      const shown = await look(desk, `${base}/devices/new`);
      drafts.push({ base, scanEndpointId: endpointIn(shown, site, "gateway") });
    }
    // Whoever is asked says nothing: a scan goes on until it is ended.
    await site.setFaults([{ kind: "hang" }]);
    const [one, two, three, four] = drafts;
    if (!one || !two || !three || !four) throw new Error("four drafts");
    const scan = ({ base, scanEndpointId }: typeof one) =>
      send(desk, `${base}/devices/scan`, { scanEndpointId, scanFrom: "20", scanTo: "247" });
    const rows = async (action: string) =>
      (await listAudit(flow.opened.db, 1_000)).filter((row) => row.action === action).length;
    await t.step("three run at once; of a draft that is removed none runs on", async () => {
      for (const each of [one, two, three]) strictEqual((await scan(each)).status, 303);
      const fourth = await scan(four);
      strictEqual(fourth.status, 422);
      match(fourth.text, /wait for one to end/);
      strictEqual(await rows("units-scanned"), 3, "what is not begun is not written down");
      strictEqual((await send(desk, `${one.base}/remove`)).status, 303);
      strictEqual((await scan(four)).status, 303);
      strictEqual(await rows("draft-removed"), 1);
      strictEqual(await rows("units-scanned"), 4);
    });
    await t.step("of a site that is started none runs on", async () => {
      strictEqual((await send(desk, `${four.base}/devices/scan/stop`)).status, 303);
      const { base } = two;
      const check = { version: versionIn(await look(desk, `${base}/check`)) };
      match(placeOf(await send(desk, `${base}/check`, check)), /^\/sites\/\d+$/);
      const next = await begin(desk);
      await save(desk, `${next}/router`, routerForm(site));
      const shown = await look(desk, `${next}/devices/new`);
      const fifth = { base: next, scanEndpointId: endpointIn(shown, site, "gateway") };
      for (const each of [fifth, four]) strictEqual((await scan(each)).status, 303);
      for (const { base } of [fifth, four]) await send(desk, `${base}/devices/scan/stop`);
    });
    await t.step("the thirty-first is told until when", async () => {
      for (let n = 6; n < 30; n++) {
        strictEqual((await scan(four)).status, 303, String(n));
        await send(desk, `${four.base}/devices/scan/stop`);
      }
      const late = await scan(four);
      strictEqual(late.status, 429);
      ok(Number(late.headers.get("retry-after")) > 0);
      await send(desk, `${three.base}/devices/scan/stop`);
    });
  });
});

async function makeCookie({ origin }: Flow, { user }: Visitor): Promise<{ readonly cookie: string }> {
  const form = { email: user.email, password: "a sentence that is long enough", back: "/" };
  const answer = await post(origin, "/sign-in", form);
  return { cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "" };
}
