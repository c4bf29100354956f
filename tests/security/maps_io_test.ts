/**
 * Attacks through register maps: formulas and turned letters in names, endless values, fields that nobody asked for,
 * devices of sites and drafts out of reach, and somebody who may only look.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { rowForm } from "../../lib/web/pages/maps/map_form.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { type Place, placeOf } from "../routes/places.ts";
import { type Attack, withstand } from "./attack.ts";

type Form = Readonly<Record<string, string>>;

interface Scene {
  readonly flow: Flow;
  /** Reaches a group without sites. */
  readonly technician: Visitor;
  readonly viewer: Visitor;
  readonly admin: Visitor;
  readonly far: Place;
  /** The editor of a map. */
  readonly path: string;
}

const HEAD: Form = {
  name: "Map",
  vendor: "",
  model: "",
  kind: "meter",
  functionCode: "4",
  wordOrder: "big",
  wordsPerRequest: "60",
  gapWords: "0",
  requestMs: "300",
  pauseMs: "0",
  maxPowerW: "",
  forgetsWithoutPower: "",
  notes: "",
};
const ROW = rowForm(1, { quantity: "importWh", address: "72", encoding: "f32", unit: "Wh", scale: "1000" });

const send = ({ flow }: Scene, { cookie }: Visitor, path: string, form: Form): Promise<Answer> =>
  flow.settle(post(flow.origin, path, form, { cookie }));
const look = ({ flow }: Scene, { cookie }: Visitor, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });

/** Sends the editor's form with the version that its page carries. */
async function save(scene: Scene, form: Form): Promise<Answer> {
  const { text } = await look(scene, scene.technician, scene.path);
  const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? "";
  return await send(scene, scene.technician, scene.path, {
    version,
    notation: "0-based",
    ...HEAD,
    ...ROW,
    ...form,
  });
}

const reads = async ({ flow }: Scene) =>
  (await listAudit(flow.opened.db, 1_000)).filter(({ action }) => action === "register-map-read").length;

const RIGHT_TO_LEFT = "\u202E";

const ATTACKS: readonly Attack<Scene>[] = [
  {
    wants: "have a spreadsheet run a formula that stands in a note: its cell does not begin with it",
    async holds(scene) {
      const note = '=HYPERLINK("http://evil.example","meter")';
      strictEqual((await save(scene, rowForm(1, { note }))).status, 303);
      const { text } = await look(scene, scene.technician, `${scene.path}/export.csv`);
      match(text, /'=HYPERLINK/);
      doesNotMatch(text, /(^|[,"\r\n])=HYPERLINK/);
      strictEqual((await save(scene, {})).status, 303);
    },
  },
  {
    wants: "name a quantity as a formula, a script or in turned letters: it is refused beside its row",
    async holds(scene) {
      for (
        const quantity of [
          "=cmd|' /C calc'!A0",
          "<script>alert(1)</script>",
          `import${RIGHT_TO_LEFT}hW`,
          "power\u200BW",
        ]
      ) {
        const refused = await save(scene, rowForm(1, { quantity }));
        strictEqual(refused.status, 422, quantity);
        match(refused.text, /id="r1-quantity-fault"/);
        doesNotMatch(refused.text, /<script>alert/);
      }
      for (const name of [`Meter${RIGHT_TO_LEFT}gpj`, "Meter\u0000", "x".repeat(10_000)]) {
        const refused = await save(scene, { name });
        strictEqual(refused.status, 422);
        match(refused.text, /id="name-fault"/);
      }
    },
  },
  {
    wants: "fill the page with ten thousand characters a field: they are refused, and what comes back is cut",
    async holds(scene) {
      const long = "9".repeat(10_000);
      const refused = await save(scene, { ...rowForm(1, { note: long, address: long }), notes: long });
      strictEqual(refused.status, 422);
      ok(!refused.text.includes("9".repeat(5_000)), "what is shown again is cut");
    },
  },
  {
    wants: "send fields that the form does not have, or one twice: it is refused by name",
    async holds(scene) {
      const { flow, technician, path } = scene;
      const more = await save(scene, { admin: "yes" });
      strictEqual(more.status, 422);
      match(more.text, /Unknown field &quot;admin&quot;|Unknown field "admin"/);
      const odd = await save(scene, { "r1-__proto__": "x" });
      strictEqual(odd.status, 422);
      const body = `${new URLSearchParams({ version: "0", ...HEAD, ...ROW })}&name=Other`;
      const headers = {
        origin: flow.origin,
        cookie: technician.cookie,
        "content-type": "application/x-www-form-urlencoded",
      };
      strictEqual((await ask(flow.origin, path, { method: "POST", headers, body })).status, 422);
    },
  },
  {
    wants: "send more rows than a map may have, or more bytes than a form may: it is told so",
    async holds(scene) {
      const rows = Array.from(
        { length: 301 },
        (_, i) => rowForm(i + 1, { quantity: `a${i}`, address: String(i) }),
      );
      const many = await save(scene, Object.assign({}, ...rows));
      strictEqual(many.status, 422);
      match(many.text, /at most 300/);
      strictEqual((await save(scene, { notes: "n".repeat(600_000) })).status, 413);
    },
  },
  {
    wants: "read a meter of a site out of reach: it does not exist, and nothing is asked",
    async holds(scene) {
      const { technician, path, far } = scene;
      const before = await reads(scene);
      const at = `device-${far.id}-${far.device}`;
      strictEqual(
        (await send(scene, technician, `${path}/try`, { version: "0", ...HEAD, ...ROW, at })).status,
        404,
      );
      const bench = {
        version: "0",
        seen: "",
        at,
        functionCode: "4",
        start: "72",
        notation: "0-based",
        count: "2",
        display: "1 kWh",
        againS: "",
        power: "",
      };
      strictEqual((await send(scene, technician, `${path}/workbench`, bench)).status, 404);
      doesNotMatch((await look(scene, technician, path)).text, /Secret Mill/);
      doesNotMatch((await look(scene, technician, `${path}?find=Secret`)).text, /Secret Mill/);
      strictEqual(await reads(scene), before);
    },
  },
  {
    wants: "read a device of another person's draft, or one that is none: it does not exist",
    async holds(scene) {
      const { technician, admin, path, flow } = scene;
      const begun = await post(flow.origin, "/sites/register", {}, { cookie: admin.cookie });
      const draft = /register\/(\d+)/.exec(begun.headers.get("location") ?? "")?.[1];
      for (
        const at of [
          `draft-${draft}-1`,
          "draft-999-1",
          "device-0-0",
          "device-1",
          "../admin",
          "device-1-99999999999",
        ]
      ) {
        const { status } = await send(scene, technician, `${path}/try`, {
          version: "0",
          ...HEAD,
          ...ROW,
          at,
        });
        strictEqual(status, 404, at);
      }
    },
  },
  {
    wants: "change or read through a map though they may only look",
    async holds(scene) {
      const { viewer, path } = scene;
      strictEqual((await look(scene, viewer, path)).status, 200, "looking is for everybody");
      doesNotMatch((await look(scene, viewer, path)).text, /<input[^>]*name="r1-quantity"/);
      for (const part of ["", "/try", "/publish", "/import", "/remove", "/workbench"]) {
        strictEqual(
          (await send(scene, viewer, `${path}${part}`, { version: "0", ...HEAD, ...ROW })).status,
          403,
          part,
        );
      }
      for (const part of ["/publish", "/import", "/remove", "/workbench", "/try"]) {
        strictEqual((await look(scene, viewer, `${path}${part}`)).status, 403, part);
      }
      strictEqual((await look(scene, viewer, "/profiles/own/new")).status, 403);
    },
  },
  {
    wants: "smuggle a row through a button of the workbench that it never drew: it is refused",
    async holds(scene) {
      const { technician, path } = scene;
      for (
        const use of [
          "3 72 f32 2 big 1 9 Wh",
          "9 72 f32 2 big 1 1 Wh",
          "3 72 exe 2 big 1 1 Wh",
          "3 72 f32 2 big 1e999 1 Wh x",
          "",
        ]
      ) {
        const { status } = await send(scene, technician, `${path}/workbench`, {
          version: "0",
          use,
          quantity: "powerW",
        });
        ok(status === 400 || status === 422, `${use}: ${status}`);
      }
    },
  },
  {
    wants: "break the import with a file that is none: it is told what is expected",
    async holds(scene) {
      const { technician, path } = scene;
      const files = [
        "{",
        "[]",
        "null",
        '{"format":"other"}',
        `{"format":"wattpost-register-map-1","rows":[{"__proto__":{"a":1}}]}`,
        "\u0000\u0001",
        "a;b\n1;2",
        "<xml/>",
      ];
      for (const text of files) {
        const refused = await send(scene, technician, `${path}/import`, { text });
        strictEqual(refused.status, 422, text);
      }
    },
  },
];

Deno.test("attacks through register maps", async (t) => {
  await withFlow({ specs: [siteSpec({ name: "Secret Mill" })] }, async (flow) => {
    const { db, keys } = flow.opened;
    const group = await createGroup(db, authorAt(flow.clock.nowMs(), { seal: keys.seal }), { name: "North" });
    ok(group.ok);
    const reach = { kind: "some", groupIds: [group.value.id], siteIds: [] } as const;
    const technician = await makeVisitor(flow, { name: "technician", role: "technician", reach });
    const viewer = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    const admin = await makeVisitor(flow, { name: "boss", role: "administrator" });
    const begin = { name: "Map", start: "empty", profileId: "", text: "", at: "" };
    const made = await post(flow.origin, "/profiles/own/new", begin, { cookie: technician.cookie });
    const far = await placeOf(flow, flow.siteIds[0] ?? 0);
    const scene = { flow, technician, viewer, admin, far, path: made.headers.get("location") ?? "" };
    await withstand(t, scene, ATTACKS);
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
