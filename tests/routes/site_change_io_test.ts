/**
 * Changing a registered site on pages over HTTP, as somebody without JavaScript does; what keeps it from being applied;
 * and a new site that is made like another one.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { changeSiteWords } from "../../lib/store/api_sites.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup, removeGroup } from "../../lib/store/groups.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { readSecret } from "../../lib/store/secrets.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, setReach, signInAs, type Visitor } from "../flows/visitors.ts";
import { filledForm } from "./filled_form.ts";

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
  readonly siteId: number;
}

type Typed = Readonly<Record<string, string | null>>;

const send = ({ flow, visitor }: Desk, path: string, form: Readonly<Record<string, string>> = {}) =>
  flow.settle(post(flow.origin, path, form, { cookie: visitor.cookie }));
const look = ({ flow, visitor }: Desk, path: string) =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
const placeOf = ({ headers }: Answer) => headers.get("location") ?? "";

/** Types into the form of a page and sends it, all else as it stands there. */
async function type(desk: Desk, path: string, typed: Typed = {}): Promise<Answer> {
  const { text, status } = await look(desk, path);
  strictEqual(status, 200, path);
  return await send(desk, path, filledForm(text, path, typed));
}

async function begin(desk: Desk): Promise<string> {
  const begun = await send(desk, `/sites/${desk.siteId}/change`);
  strictEqual(begun.status, 303);
  return placeOf(begun).replace(/\/site$/, "");
}

async function withDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow({ specs: [siteSpec()] }, async (flow) => {
    const visitor = await makeVisitor(flow, { name: "operator", role: "operator" });
    await body({ flow, visitor, siteId: flow.siteIds[0] ?? 0 });
  });
}

async function stateNow({ flow, siteId }: Desk): Promise<number | undefined> {
  const halfHour = halfHourOf(flow.clock.nowMs()) - 1;
  const row = await flow.opened.db.reader.selectFrom("ledger").select("state").where("site_id", "=", siteId)
    .where("half_hour", "=", halfHour).executeTakeFirst();
  return row?.state;
}

const collectNext = ({ flow }: Desk) => flow.collect(halfHourOf(flow.clock.nowMs()));
const planOf = async ({ flow, siteId }: Desk) => {
  const plan = await getSitePlan(flow.opened.db, siteId, halfHourOf(flow.clock.nowMs()));
  if (!plan) throw new Error("no plan");
  return plan;
};

Deno.test("the address of a running site is changed on pages, and its next half-hour is read at the new one", async (t) => {
  await withDesk(async (desk) => {
    const { flow, siteId } = desk;
    const { db, keys } = flow.opened;
    // Somebody wrote down the wrong address: nothing answers there.
    await db.kysely.updateTable("path").set({ host: "127.0.0.9" }).where("site_id", "=", siteId).execute();
    await collectNext(desk);
    strictEqual(await stateNow(desk), 4, "it is silent");
    const before = await planOf(desk);
    let base = "";
    await t.step("the site's page leads to it, for whoever may", async () => {
      match((await look(desk, `/sites/${siteId}`)).text, new RegExp(`action="/sites/${siteId}/change"`));
      const viewer = { ...desk, visitor: await makeVisitor(flow, { name: "viewer", role: "viewer" }) };
      doesNotMatch((await look(viewer, `/sites/${siteId}`)).text, /\/change"|\/clone"/);
      strictEqual((await send(viewer, `/sites/${siteId}/change`)).status, 403);
      strictEqual((await look(viewer, `/sites/${siteId}/clone`)).status, 403);
      base = await begin(desk);
      strictEqual(await begin(desk), base, "the draft that is there is taken up again");
    });
    await t.step("every step holds the site as it is, and sends nothing that differs", async () => {
      for (const step of ["site", "router", "devices/1", "hours"]) {
        const { text } = await look(desk, `${base}/${step}`);
        match(text, /Change Kiln Lane/, step);
        doesNotMatch(text, /Register/, step);
        strictEqual((await type(desk, `${base}/${step}`, { do: "stay" })).status, 303, step);
      }
      const check = await look(desk, `${base}/check`);
      match(check.text, /Nothing is changed yet/);
      match(check.text, /<button[^>]*disabled[^>]*>Apply/);
    });
    await t.step(
      "how a registered device is read is shown and not changed, and it cannot be taken out",
      async () => {
        const { text } = await look(desk, `${base}/devices/1`);
        match(text, /Eastron/);
        match(text, new RegExp(`href="/sites/${siteId}/devices/${before.meters[0]?.id}"`));
        doesNotMatch(text, /name="unitId"|name="profileId"/);
        strictEqual((await send(desk, `${base}/devices/1/remove`)).status, 404);
      },
    );
    await t.step("a port through which devices are read cannot go", async () => {
      const refused = await type(desk, `${base}/router`, { endpoint1Port: "", do: "stay" });
      strictEqual(refused.status, 422);
      match(refused.text, /id="endpoint1Port-fault"[^]*is read through by/);
    });
    await t.step("the differences are shown side by side before anything is applied", async () => {
      const typed = {
        path1Host: "127.0.0.1",
        user: "admin",
        password: "the router's own secret",
        do: "stay",
      };
      strictEqual((await type(desk, `${base}/router`, typed)).status, 303);
      strictEqual((await type(desk, `${base}/site`, { town: "Epsom", do: "stay" })).status, 303);
      strictEqual((await type(desk, `${base}/devices/1`, { name: "Incomer", do: "stay" })).status, 303);
      const { text } = await look(desk, `${base}/check`);
      match(text, /<del>127\.0\.0\.9, cellular<\/del>/);
      match(text, /<ins>127\.0\.0\.1, cellular<\/ins>/);
      match(text, /Password of its pages/);
      match(text, /Apply 5 changes/);
      doesNotMatch(text, /own secret/);
      match(await look(desk, "/sites/register").then(({ text }) => text), /Change Kiln Lane/);
      deepStrictEqual(await planOf(desk), before, "nothing is changed yet");
    });
    await t.step("it is applied at once, and the next half-hour is read", async () => {
      const done = await type(desk, `${base}/check`);
      strictEqual(placeOf(done), `/sites/${siteId}?done=changed`);
      match((await look(desk, placeOf(done))).text, /The site is changed/);
      strictEqual((await look(desk, `${base}/check`)).status, 404, "the draft is spent");
      const after = await planOf(desk);
      deepStrictEqual(after.paths.map(({ id, host }) => [id, host]), [[before.paths[0]?.id, "127.0.0.1"]]);
      deepStrictEqual(after.channels, before.channels, "history goes on");
      deepStrictEqual([after.site.town, after.meters[0]?.name], ["Epsom", "Incomer"]);
      strictEqual(await readSecret(db, keys.box, `router:${siteId}`), "the router's own secret");
      const trail = await listAudit(db);
      const entry = trail.find(({ action }) => action === "site-changed");
      deepStrictEqual((entry?.before as { site: unknown }).site, { town: "" });
      doesNotMatch(JSON.stringify(trail), /own secret/);
      await collectNext(desk);
      strictEqual(await stateNow(desk), 2, "every device was read");
    });
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});

Deno.test("a change is not applied where the site, its group or somebody's reach has changed meanwhile", async (t) => {
  await withDesk(async (desk) => {
    const { flow, siteId } = desk;
    const { db, keys } = flow.opened;
    const by = () => authorAt(flow.clock.nowMs(), { seal: keys.seal });
    let base = await begin(desk);
    await t.step("a draft of a change is its owner's alone", async () => {
      const other = { ...desk, visitor: await makeVisitor(flow, { name: "other", role: "administrator" }) };
      for (const step of ["site", "check"]) strictEqual((await look(other, `${base}/${step}`)).status, 404);
      strictEqual((await send(other, `${base}/take-over`)).status, 404);
    });
    await t.step("the second of two windows is told, and nothing is lost", async () => {
      const { text } = await look(desk, `${base}/site`);
      const first = filledForm(text, `${base}/site`, { town: "Epsom", do: "stay" });
      strictEqual((await send(desk, `${base}/site`, first)).status, 303);
      const late = await send(desk, `${base}/site`, { ...first, town: "Ewell" });
      strictEqual(late.status, 409);
      match(late.text, /value="Ewell"/);
    });
    await t.step("somebody else's change is told, taken over, and stays", async () => {
      const seen = { name: "Kiln Lane", town: "", groupId: null };
      ok((await changeSiteWords(db, by(), { siteId, seen, wanted: { ...seen, name: "Kiln Road" } })).ok);
      const { text } = await look(desk, `${base}/check`);
      match(text, /Somebody else has changed this site/);
      match(text, /<button[^>]*disabled[^>]*>Apply/);
      const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? "";
      const tried = await send(desk, `${base}/check`, { version });
      strictEqual(tried.status, 409);
      strictEqual((await planOf(desk)).site.town, "");
      strictEqual(placeOf(await send(desk, `${base}/take-over`)), `${base}/check`);
      const now = await look(desk, `${base}/check`);
      match(now.text, /Change Kiln Road/);
      match(now.text, /Apply 1 change</);
      strictEqual((await type(desk, `${base}/check`)).status, 303);
      const { site } = await planOf(desk);
      deepStrictEqual([site.name, site.town], ["Kiln Road", "Epsom"]);
    });
    await t.step("another zone is warned of", async () => {
      base = await begin(desk);
      await type(desk, `${base}/site`, { zone: "Europe/Helsinki", do: "stay" });
      match((await look(desk, `${base}/site`)).text, /From Europe\/London to Europe\/Helsinki/);
      match((await look(desk, `${base}/check`)).text, /The time zone changes/);
    });
    await t.step("collection is a field: switched off, the next half-hour is not expected", async () => {
      await type(desk, `${base}/site`, { zone: "Europe/London", collected: null, do: "stay" });
      match((await look(desk, `${base}/check`)).text, /not collected any more/);
      strictEqual((await type(desk, `${base}/check`)).status, 303);
      await collectNext(desk);
      strictEqual(await stateNow(desk), undefined);
      base = await begin(desk);
      await type(desk, `${base}/site`, { collected: "on", do: "stay" });
      strictEqual((await type(desk, `${base}/check`)).status, 303);
      await collectNext(desk);
      strictEqual(await stateNow(desk), 2);
    });
    await t.step("a group that was removed meanwhile leads back to the groups", async () => {
      const group = await createGroup(db, by(), { name: "North" });
      ok(group.ok);
      base = await begin(desk);
      await type(desk, `${base}/site`, { group: String(group.value.id), do: "stay" });
      ok((await removeGroup(db, by(), { groupId: group.value.id })).ok);
      strictEqual(placeOf(await type(desk, `${base}/check`)), `${base}/site?no-group`);
    });
    await t.step("reach that is taken away takes the draft along, which can still be removed", async () => {
      const reach = { kind: "some", groupIds: [], siteIds: [] } as const;
      await setReach(flow, desk.visitor.user.id, reach);
      const cookie = await signInAs(flow, desk.visitor.user.email);
      const away = { ...desk, visitor: { ...desk.visitor, cookie } };
      for (const step of ["site", "router", "devices", "hours", "check"]) {
        strictEqual((await look(away, `${base}/${step}`)).status, 404, step);
      }
      strictEqual((await look(away, `/sites/${siteId}/change`)).status, 404);
      const list = await look(away, "/sites/register");
      match(list.text, /A site that you do not reach any more/);
      doesNotMatch(list.text, /Kiln/);
      strictEqual((await send(away, `${base}/remove`)).status, 303);
    });
    await t.step("whoever reaches a site by its name leaves it where it lies", async () => {
      const named = { kind: "some", groupIds: [], siteIds: [siteId] } as const;
      await setReach(flow, desk.visitor.user.id, named);
      const cookie = await signInAs(flow, desk.visitor.user.email);
      const near = { ...desk, visitor: { ...desk.visitor, cookie } };
      base = await begin(near);
      match((await look(near, `${base}/site`)).text, /As it is now/);
      strictEqual((await type(near, `${base}/site`, { town: "Cheam", do: "stay" })).status, 303);
      strictEqual(placeOf(await type(near, `${base}/check`)), `/sites/${siteId}?done=changed`);
    });
  });
});

Deno.test("a site is cloned: a name of its own, addresses asked anew, started, and read", async () => {
  await withDesk(async (desk) => {
    const { siteId } = desk;
    const begun = await send(desk, `/sites/${siteId}/clone`);
    const base = placeOf(begun).replace(/\/site$/, "");
    match((await look(desk, `${base}/site`)).text, /value="Copy of Kiln Lane"/);
    const again = placeOf(await send(desk, `/sites/${siteId}/clone`)).replace(/\/site$/, "");
    match((await look(desk, `${again}/site`)).text, /value="Copy of Kiln Lane 2"/);
    match((await look(desk, `${base}/check`)).text, /The router has no address yet/);
    strictEqual(
      placeOf(await look(desk, `${base}/devices/1`)),
      `${base}/router`,
      "nothing is tested nowhere",
    );
    strictEqual((await type(desk, `${base}/router`, { path1Host: "127.0.0.1", do: "next" })).status, 303);
    const started = await type(desk, `${base}/check`);
    match(placeOf(started), /^\/sites\/\d+$/);
    const clone = { ...desk, siteId: Number(placeOf(started).slice("/sites/".length)) };
    const [of, like] = [await planOf(desk), await planOf(clone)];
    strictEqual(like.meters.length, of.meters.length);
    strictEqual(like.channels.length, of.channels.length);
    await collectNext(clone);
    strictEqual(await stateNow(clone), 2);
  });
});
