/**
 * Attacks through what is done to registered sites and their devices: devices and drafts of others, sites out of reach
 * in a selection, passwords in copies, fields that nobody asked for, and words that turn, run or end a cell.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import { bulkMark, packMarks } from "../../lib/domain/site_bulk.ts";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { readBulkSites } from "../../lib/store/site_bulk.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { filledForm } from "../routes/filled_form.ts";
import { type Place, placeOf } from "../routes/places.ts";
import { type Attack, withstand } from "./attack.ts";
import { type Part, uploadTo } from "./uploads.ts";

type Form = Readonly<Record<string, string>>;

interface Scene {
  readonly flow: Flow;
  readonly near: Place;
  readonly far: Place;
  readonly north: number;
  /** All of them reach the group North alone. */
  readonly operator: Visitor;
  readonly technician: Visitor;
  readonly viewer: Visitor;
  /** A register map. */
  readonly map: string;
}

/** A site that is none. */
const NOBODY = { id: 999, mark: "0" };

const RIGHT_TO_LEFT = "\u202E";

const look = ({ flow }: Scene, { cookie }: Visitor, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });
const send = ({ flow }: Scene, { cookie }: Visitor, path: string, form: Form = {}): Promise<Answer> =>
  flow.settle(post(flow.origin, path, form, { cookie }));

async function type(scene: Scene, visitor: Visitor, path: string, typed: Form): Promise<Answer> {
  const { text } = await look(scene, visitor, path);
  return await send(scene, visitor, path, filledForm(text, path, typed));
}

async function changeDraft(scene: Scene): Promise<string> {
  const begun = await send(scene, scene.operator, `/sites/${scene.near.id}/change`);
  return (begun.headers.get("location") ?? "").replace(/\/site$/, "");
}

const put = ({ flow }: Scene, siteId: number, group_id: number | null) =>
  flow.opened.db.kysely.updateTable("site").set({ group_id }).where("site_id", "=", siteId).execute();

const ACTS = ["counters", "move", "profile", "replace", "retire", "transformer"];
const OF_DEVICE = ["", "/half-hours", "/checks/silent", ...ACTS.map((act) => `/${act}`)];

/** What a database keeps of devices and maintenance. */
async function kept({ flow }: Scene): Promise<unknown> {
  const { kysely } = flow.opened.db;
  return [
    await kysely.selectFrom("meter").selectAll().orderBy("meter_id").execute(),
    await kysely.selectFrom("device_event").select("meter_id").execute(),
    await kysely.selectFrom("maintenance").select("site_id").execute(),
  ];
}

const ATTACKS: readonly Attack<Scene>[] = [
  {
    wants:
      "reach a device of another site through the path of their own: it does not exist, nothing is changed",
    async holds(scene) {
      const { near, far, operator } = scene;
      const before = await kept(scene);
      for (const [site, device] of [[near.id, far.device], [far.id, far.device], [far.id, near.device]]) {
        const at = `/sites/${site}/devices/${device}`;
        for (const part of OF_DEVICE) {
          strictEqual((await look(scene, operator, `${at}${part}`)).status, 404, `${at}${part}`);
        }
        for (const act of [...ACTS, "withdraw", "half-hours", "read", "checks/silent/back"]) {
          strictEqual(
            (await send(scene, operator, `${at}/${act}`, { seen: "0" })).status,
            404,
            `${at}/${act}`,
          );
        }
      }
      for (const part of ["change", "clone", "link", "link.csv", "maintenance", "router"]) {
        strictEqual((await look(scene, operator, `/sites/${far.id}/${part}`)).status, 404, part);
      }
      for (const part of ["change", "clone", "link", "maintenance", "maintenance/1/end"]) {
        strictEqual((await send(scene, operator, `/sites/${far.id}/${part}`)).status, 404, part);
      }
      deepStrictEqual(await kept(scene), before);
    },
  },
  {
    wants: "act beyond their role at a site within reach: they are refused, nothing is changed",
    async holds(scene) {
      const { near, technician, viewer } = scene;
      const before = await kept(scene);
      const device = `/sites/${near.id}/devices/${near.device}`;
      const hands = [...ACTS.map((act) => `${device}/${act}`), `/sites/${near.id}/maintenance`];
      for (const path of [...hands, `${device}/withdraw`, `/sites/${near.id}/clone`]) {
        strictEqual((await send(scene, viewer, path)).status, 403, path);
      }
      for (
        const path of [`/sites/${near.id}/change`, `/sites/${near.id}/link`, "/sites/bulk", "/sites/import"]
      ) {
        for (const visitor of [viewer, technician]) {
          strictEqual((await send(scene, visitor, path)).status, 403, path);
        }
      }
      strictEqual((await send(scene, technician, `${device}/half-hours`)).status, 403);
      deepStrictEqual(await kept(scene), before);
    },
  },
  {
    wants: "change sites out of reach among many: they stay as they are and are not named",
    async holds(scene) {
      const { flow, near, far, operator, north } = scene;
      const siteIds = [near.id, far.id];
      // With the marks of both as they stand, as if they had been looked at.
      const stand = await readBulkSites(flow.opened.db, { siteIds, reaches: [ALL_SITES] });
      const marks = packMarks([...stand.map((site) => ({ id: site.id, mark: bulkMark(site) })), NOBODY]);
      const page = await look(scene, operator, `/sites/bulk?site=${near.id}&site=${far.id}&site=999`);
      match(page.text, /Near Mill/);
      doesNotMatch(page.text, /Secret Mill/);
      const form = { ...filledForm(page.text, "/sites/bulk"), sites: "", marks, collected: "off" };
      for (const step of ["look", "apply"]) {
        const { text } = await send(scene, operator, "/sites/bulk", { ...form, do: step });
        doesNotMatch(text, /Secret Mill/);
      }
      const row = await flow.opened.db.kysely.selectFrom("site").select(["collected", "group_id"])
        .where("site_id", "=", far.id).executeTakeFirst();
      deepStrictEqual({ ...row }, { collected: 1, group_id: null });
      strictEqual(
        (await flow.opened.db.kysely.selectFrom("site").select("collected").where("site_id", "=", near.id)
          .executeTakeFirst())?.collected,
        0,
        "their own is changed",
      );
      await flow.opened.db.kysely.updateTable("site").set({ collected: 1 }).where("site_id", "=", near.id)
        .execute();
      const foreign = { ...form, collected: "keep", group: String(north + 1), do: "apply" };
      strictEqual((await send(scene, operator, "/sites/bulk", foreign)).status, 422);
      strictEqual((await send(scene, operator, "/sites/bulk", { ...form, admin: "1" })).status, 422);
    },
  },
  {
    wants: "learn of sites out of reach from lists of links, findings and many sites: none is in them",
    async holds(scene) {
      for (
        const path of ["/sites/links?all", "/sites/links", "/sites/checks", "/sites/bulk?all=on", "/sites"]
      ) {
        const { status, text } = await look(scene, scene.operator, path);
        strictEqual(status, 200, path);
        doesNotMatch(text, /Secret Mill/, path);
      }
    },
  },
  {
    wants: "take a router's password along in a copy of its site: the copy has none",
    async holds(scene) {
      const { flow, near, operator } = scene;
      const base = await changeDraft(scene);
      await type(scene, operator, `${base}/router`, {
        user: "root",
        password: "the router's secret",
        do: "stay",
      });
      strictEqual((await type(scene, operator, `${base}/check`, {})).status, 303);
      const names = async () =>
        (await flow.opened.db.kysely.selectFrom("secret").select("name").execute()).map(({ name }) => name)
          .filter((name) => name.startsWith("router") || name.startsWith("draft"));
      deepStrictEqual(await names(), [`router:${near.id}`]);
      const begun = await send(scene, operator, `/sites/${near.id}/clone`);
      const clone = (begun.headers.get("location") ?? "").replace(/\/site$/, "");
      deepStrictEqual(await names(), [`router:${near.id}`]);
      const { text } = await look(scene, operator, `${clone}/router`);
      doesNotMatch(text, /the router(&#39;|')s secret|127\.0\.0\.1/);
      await send(scene, operator, `${clone}/remove`);
      const trail = JSON.stringify(await listAudit(flow.opened.db, 1_000));
      doesNotMatch(trail, /the router's secret/);
    },
  },
  {
    wants: "read through a draft that changes a site which was moved out of reach: there is no such draft",
    async holds(scene) {
      const { flow, near, north, operator, map } = scene;
      const at = `draft-${(await changeDraft(scene)).split("/").at(-1)}-1`;
      const form = { version: "0", at, notation: "0-based" };
      strictEqual((await send(scene, operator, `${map}/try`, form)).status, 200);
      const asked = (await listAudit(flow.opened.db, 50)).find(({ action }) =>
        action === "register-map-read"
      );
      match(JSON.stringify(asked), /127\.0\.0\.1/, "the trail names the address of a draft");
      match((await look(scene, operator, `${map}/workbench`)).text, /Near Mill/);
      await put(scene, near.id, null);
      try {
        for (const part of ["", "/workbench", `?at=${at}`]) {
          doesNotMatch((await look(scene, operator, `${map}${part}`)).text, /Near Mill/, part);
        }
        strictEqual((await send(scene, operator, `${map}/try`, form)).status, 404);
      } finally {
        await put(scene, near.id, north);
      }
    },
  },
  {
    wants: "send fields that a form does not have, or words that turn or break a line: they are refused",
    async holds(scene) {
      const { near, operator } = scene;
      const device = `/sites/${near.id}/devices/${near.device}`;
      const before = await kept(scene);
      for (
        const path of [...ACTS.slice(1).map((act) => `${device}/${act}`), `/sites/${near.id}/maintenance`]
      ) {
        const { text } = await look(scene, operator, path);
        const own = text.includes(`action="${path}"`) ? filledForm(text, path) : { seen: "0" };
        for (const odd of [{ admin: "1" }, { __proto__x: "1", constructor: "2" }]) {
          strictEqual((await send(scene, operator, path, { ...own, ...odd })).status, 422, path);
        }
        const words = path.endsWith("maintenance") ? "why" : "note";
        for (const bad of [`turned${RIGHT_TO_LEFT}over`, "two\nlines", "nul\u0000", "x".repeat(10_000)]) {
          strictEqual((await send(scene, operator, path, { ...own, [words]: bad })).status, 422, path);
        }
      }
      const link = `/sites/${near.id}/link`;
      for (const odd of [{ admin: "1" }, { radius: "-1" }, { radius: "1e3" }, { billingDay: "32" }]) {
        strictEqual((await type(scene, operator, link, odd as unknown as Form)).status, 422);
      }
      deepStrictEqual(await kept(scene), before);
    },
  },
  {
    wants: "have a page run what stands in a reason, or another page send one: it is text, and refused",
    async holds(scene) {
      const { near, operator, flow } = scene;
      const path = `/sites/${near.id}/maintenance`;
      const script = '</script><img src=x onerror="alert(1)">';
      strictEqual((await type(scene, operator, path, { why: script })).status, 303);
      const { text } = await look(scene, operator, path);
      match(text, /&lt;\/script>|&lt;\/script&gt;/);
      doesNotMatch(text, /<img src=x/);
      for (const part of ["maintenance", "change", "clone", "link", `devices/${near.device}/retire`]) {
        const headers = { cookie: operator.cookie, origin: "https://evil.example" };
        strictEqual((await post(flow.origin, `/sites/${near.id}/${part}`, {}, headers)).status, 403, part);
      }
    },
  },
  {
    wants:
      "compare a load profile that is too much, a program or somebody else's form: it is told what is expected",
    async holds(scene) {
      const { flow, near, operator } = scene;
      const path = `/sites/${near.id}/devices/${near.device}/half-hours`;
      const own = filledForm((await look(scene, operator, path)).text, path);
      const { [Object.keys(own).find((name) => name === "file" || name === "profile") ?? ""]: _, ...stated } =
        own;
      const fields: readonly Part[] = Object.entries(stated).map(([name, content]) => ({ name, content }));
      const fileField = /<input[^>]*type="file"[^>]*name="(\w+)"|<input[^>]*name="(\w+)"[^>]*type="file"/
        .exec((await look(scene, operator, path)).text)?.slice(1).find((name) => name) ?? "";
      const file = (content: string): Part => ({ name: fileField, file: "<b>.csv", content });
      const texts = [
        "=1+1;<script>alert(1)</script>",
        `${"9".repeat(3_000)};1`,
        "\u0000\u0001",
        `a;b\n${"2026-11-02 00:00;1e999\n".repeat(1_000)}`,
        `"${"x;".repeat(100_000)}`,
        "2026-11-02T00:00Z;1\n".repeat(40_000),
      ];
      for (const text of texts) {
        const answer = await uploadTo(flow, { path, parts: [...fields, file(text)], visitor: operator });
        strictEqual(answer.status, 422, text.slice(0, 20));
        doesNotMatch(answer.text, /<script>alert|<b>\.csv/);
        ok(answer.text.length < 500_000);
      }
      const more = [...fields, file("a;b"), { name: "admin", content: "1" }];
      strictEqual((await uploadTo(flow, { path, parts: more, visitor: operator })).status, 422);
      const twice = [...fields, file("a;b"), file("a;b")];
      strictEqual((await uploadTo(flow, { path, parts: twice, visitor: operator })).status, 400);
      const headers = { origin: "https://evil.example" };
      const parts = [...fields, file("a;b")];
      strictEqual((await uploadTo(flow, { path, parts, visitor: operator, headers })).status, 403);
    },
  },
  {
    wants:
      "take figures away without a trace, or with cells that a spreadsheet runs: each file is written down",
    async holds(scene) {
      const { flow, near, operator, map } = scene;
      const count = async () =>
        (await listAudit(flow.opened.db, 1_000)).filter(({ action }) => action === "export").length;
      for (const path of [`/sites/${near.id}/link.csv`, `${map}/export.csv`, `${map}/export.json`]) {
        const before = await count();
        const file = await look(scene, operator, path);
        strictEqual(file.status, 200, path);
        match(file.headers.get("content-disposition") ?? "", /^attachment; filename="[\w.-]+"$/);
        strictEqual(file.headers.get("x-content-type-options"), "nosniff");
        match(file.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
        doesNotMatch(file.text, /(^|[,;\r\n])[=@]/);
        strictEqual(await count(), before + 1, path);
      }
    },
  },
];

Deno.test("attacks through what is done to registered sites", async (t) => {
  const specs = [siteSpec({ name: "Near Mill" }), siteSpec({ name: "Secret Mill" })];
  await withFlow({ specs }, async (flow) => {
    const { db, keys } = flow.opened;
    const group = await createGroup(db, authorAt(flow.clock.nowMs(), { seal: keys.seal }), { name: "North" });
    ok(group.ok);
    const north = group.value.id;
    const [nearId = 0, farId = 0] = flow.siteIds;
    await db.kysely.updateTable("site").set({ group_id: north }).where("site_id", "=", nearId).execute();
    const reach = { kind: "some", groupIds: [north], siteIds: [] } as const;
    const operator = await makeVisitor(flow, { name: "operator", role: "operator", reach });
    const technician = await makeVisitor(flow, { name: "technician", role: "technician", reach });
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer", reach });
    const begin = { name: "=Map", start: "empty", profileId: "", text: "", at: "" };
    const made = await post(flow.origin, "/profiles/own/new", begin, { cookie: operator.cookie });
    const [near, far] = [await placeOf(flow, nearId), await placeOf(flow, farId)];
    const map = made.headers.get("location") ?? "";
    await withstand(t, { flow, near, far, north, operator, technician, viewer, map }, ATTACKS);
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
