/**
 * Attacks through importing sites: addresses out of reach in other spellings, sites taken back that one does not reach
 * any more, bombs, slow and forged uploads, and what a spreadsheet would execute.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { endAllSessions } from "../../lib/store/users.ts";
import { csvText } from "../../lib/web/csv.ts";
import { letOthersWork } from "../../lib/web/imports/acts.ts";
import { siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, FIRST, type Flow, post, withFlow } from "../flows/running_product.ts";
import { makeVisitor, setReach, signInAs, type Visitor } from "../flows/visitors.ts";
import { draftOf } from "../lib/store/estate.ts";
import { type Cells, GOOD, sheetOf } from "../lib/web/imports/sheets.ts";
import { type Attack, hostOf, statusOf, withstand } from "./attack.ts";
import { bodyOf, bookOf, BOUNDARY, type Part, type Sending, uploadTo } from "./uploads.ts";

const IMPORT = "/sites/import";

const FILE = { name: "file", file: "sites.csv" };

interface Scene {
  readonly flow: Flow;
  /** Reaches the group North alone. */
  readonly operator: Visitor;
  readonly admin: Visitor;
  readonly north: number;
  readonly south: number;
  /** A port at which a site out of reach answers. */
  readonly farPort: string;
}

const upload = ({ flow }: Pick<Scene, "flow">, parts: readonly Part[], sending: Sending): Promise<Answer> =>
  uploadTo(flow, { path: IMPORT, parts, ...sending });
const look = ({ flow }: Scene, { cookie }: Visitor, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie } });
const send = (
  { flow }: Scene,
  { cookie }: Visitor,
  path: string,
  form: Readonly<Record<string, string>> = {},
) => flow.settle(post(flow.origin, path, form, { cookie }));

/** Imports a sheet as somebody; the path of its page. */
async function importOf(scene: Scene, visitor: Visitor, rows: readonly Cells[]): Promise<string> {
  const done = await upload(scene, [{ ...FILE, content: csvText(sheetOf(rows)) }], { visitor });
  strictEqual(done.status, 303);
  return done.headers.get("location") ?? "";
}

async function settled(scene: Scene, visitor: Visitor, path: string): Promise<void> {
  const follow = async () => {
    while (JSON.parse((await look(scene, visitor, `${path}/progress`)).text).running) await letOthersWork();
  };
  await scene.flow.settle(follow());
}

async function registered(scene: Scene, visitor: Visitor, rows: readonly Cells[]): Promise<string> {
  const path = await importOf(scene, visitor, rows);
  await send(scene, visitor, `${path}/register`);
  await settled(scene, visitor, path);
  return path;
}

const siteNamed = ({ flow }: Scene, name: string) =>
  flow.opened.db.kysely.selectFrom("site").select(["site_id", "collected"]).where("name", "=", name)
    .executeTakeFirst();

const moved = (
  { flow }: Scene,
  name: string,
  change: { readonly group_id: number; readonly name?: string },
) => flow.opened.db.kysely.updateTable("site").set(change).where("name", "=", name).execute();

const trail = ({ flow }: Scene) => listAudit(flow.opened.db, 1_000);

const FAR_WORDS = /address of a site that you do not reach/;

const ATTACKS: readonly Attack<Scene>[] = [
  {
    wants:
      "test what stands at a site out of reach by other spellings of its address: nothing is asked there",
    async holds(scene) {
      const hosts = ["::ffff:127.0.0.1", "[::FFFF:7F00:1]", "MILL.localhost"];
      const rows = hosts.map((host, i) => ({
        ...GOOD,
        "Site": `Spelling ${i}`,
        "Group": "North",
        "Path 1 host": host,
        "Port": scene.farPort,
      }));
      const path = await importOf(scene, scene.operator, rows);
      await send(scene, scene.operator, `${path}/test`, { which: "all" });
      await settled(scene, scene.operator, path);
      const { text } = await look(scene, scene.operator, path);
      strictEqual([...text.matchAll(new RegExp(FAR_WORDS, "g"))].length, hosts.length);
      doesNotMatch(text, /plausible|no answer|Secret Mill/);
      await send(scene, scene.operator, `${path}/remove`);
    },
  },
  {
    wants:
      "scan the internet with a sheet and forget it afterwards: the trail keeps every address that was asked",
    async holds(scene) {
      const row = { ...GOOD, "Site": "Scanned", "Group": "North", "Path 1 host": "127.0.0.9", "Port": "503" };
      const path = await importOf(scene, scene.operator, [row]);
      await send(scene, scene.operator, `${path}/test`, { which: "all" });
      await settled(scene, scene.operator, path);
      await send(scene, scene.operator, `${path}/remove`);
      strictEqual((await look(scene, scene.operator, path)).status, 404);
      const asked = (await trail(scene)).filter(({ action }) => action === "import-tested");
      match(JSON.stringify(asked), /127\.0\.0\.9/);
      match(JSON.stringify(asked), /503/);
    },
  },
  {
    wants:
      "remove or stop a site by taking an import back, when it was moved out of their reach: it stays, unnamed",
    async holds(scene) {
      const path = await registered(scene, scene.operator, [{ ...GOOD, "Site": "Moved", "Group": "North" }]);
      await moved(scene, "Moved", { group_id: scene.south });
      doesNotMatch((await look(scene, scene.operator, `${path}/undo`)).text, /1 site that never gave/);
      await moved(scene, "Moved", { group_id: scene.south, name: "Their new secret" });
      doesNotMatch((await look(scene, scene.operator, `${path}/undo`)).text, /Their new secret/);
      await send(scene, scene.operator, `${path}/undo`, { stop: "on" });
      await settled(scene, scene.operator, path);
      strictEqual((await siteNamed(scene, "Their new secret"))?.collected, 1);
      doesNotMatch((await look(scene, scene.operator, path)).text, /Their new secret/);
    },
  },
  {
    wants: "take an import back after their own reach became another one: nothing is removed nor stopped",
    async holds(scene) {
      const { flow, north, south } = scene;
      const reach = { kind: "some", groupIds: [north], siteIds: [] } as const;
      const visitor = await makeVisitor(flow, { name: "mover", role: "operator", reach });
      const path = await registered(scene, visitor, [{ ...GOOD, "Site": "Handed on", "Group": "North" }]);
      const { email } = await setReach(flow, visitor.user.id, { ...reach, groupIds: [south] });
      const moved = { ...visitor, cookie: await signInAs(flow, email) };
      const asked = await look(scene, moved, `${path}/undo`);
      match(asked.text, /No site of it would be removed/);
      doesNotMatch(asked.text, /Handed on/);
      await send(scene, moved, `${path}/undo`, { stop: "on" });
      await settled(scene, moved, path);
      strictEqual((await siteNamed(scene, "Handed on"))?.collected, 1);
    },
  },
  {
    wants:
      "fill memory with a workbook that grows a thousandfold, or one that says less than it holds: it is refused",
    async holds(scene) {
      const bomb = bookOf(`<row><c><v>${"1".repeat(60_000_000)}</v></c></row>`);
      ok(bomb.byteLength < 1_000_000);
      const answer = await upload(scene, [{ name: "file", file: "s.xlsx", content: bomb }], {
        visitor: scene.admin,
      });
      strictEqual(answer.status, 422);
      match(answer.text, /more than 50 MB/);
      const liar = bookOf(`<row><c><v>${"1".repeat(2_000_000)}</v></c></row>`);
      const sizes = [...liar.keys()].filter((at) =>
        liar[at] === 0x50 && liar[at + 1] === 0x4b && liar[at + 2] === 1 && liar[at + 3] === 2
      );
      for (const at of sizes) new DataView(liar.buffer).setUint32(at + 24, 900, true);
      const told = await upload(scene, [{ name: "file", file: "s.xlsx", content: liar }], {
        visitor: scene.admin,
      });
      strictEqual(told.status, 422);
      match(told.text, /no whole workbook/);
    },
  },
  {
    wants:
      "read a file of the server, or a billion laughs, through the XML of a workbook: a document type is refused",
    async holds(scene) {
      for (const entity of ['SYSTEM "file:///etc/passwd"', `"${"ha".repeat(50)}"`]) {
        const doctype = `<!DOCTYPE w [<!ENTITY a ${entity}>]>`;
        const book = bookOf("<row><c t='inlineStr'><is><t>&a;</t></is></c></row>", doctype);
        const answer = await upload(scene, [{ name: "file", file: "s.xlsx", content: book }], {
          visitor: scene.admin,
        });
        strictEqual(answer.status, 422);
        match(answer.text, /no whole workbook/);
        doesNotMatch(answer.text, /root:|haha/);
      }
    },
  },
  {
    wants: "import with somebody's session from a page of theirs: it is refused as any other form",
    async holds(scene) {
      const before = await scene.flow.opened.db.kysely.selectFrom("site_import").select("import_id")
        .execute();
      const content = csvText(sheetOf([GOOD]));
      for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }]) {
        const forged = await upload(scene, [{ ...FILE, content }], { visitor: scene.admin, headers });
        strictEqual(forged.status, 403);
      }
      const after = await scene.flow.opened.db.kysely.selectFrom("site_import").select("import_id").execute();
      deepStrictEqual(after, before);
    },
  },
  {
    wants: "send more than the one file: another field, a second file, a text in its place, no form at all",
    async holds(scene) {
      const content = csvText(sheetOf([GOOD]));
      const odd: readonly (readonly Part[])[] = [
        [{ ...FILE, content }, { name: "ownerId", content: "1" }],
        [{ ...FILE, content }, { ...FILE, content }],
        [{ ...FILE, content }, { name: "__proto__", content: "1" }],
      ];
      for (const parts of odd) {
        strictEqual((await upload(scene, parts, { visitor: scene.admin })).status, 400);
      }
      const text = await upload(scene, [{ name: "file", content }], { visitor: scene.admin });
      strictEqual(text.status, 422);
      const headers = { "content-type": "text/csv" };
      strictEqual(
        (await upload(scene, [{ ...FILE, content }], { visitor: scene.admin, headers })).status,
        400,
      );
    },
  },
  {
    wants: "import with a session that is ended while the file is on its way: there is no import",
    async holds(scene) {
      const { flow } = scene;
      const late = await makeVisitor(flow, { name: "late", role: "operator" });
      const body = await bodyOf([{ ...FILE, content: csvText(sheetOf([GOOD])) }]).text();
      const { hostname, port } = new URL(flow.origin);
      using connection = await Deno.connect({ hostname, port: Number(port) });
      const say = (text: string) => connection.write(new TextEncoder().encode(text));
      await say(
        [
          `POST ${IMPORT} HTTP/1.1`,
          hostOf(flow),
          `Origin: ${flow.origin}`,
          `Cookie: ${late.cookie}`,
          "Connection: close",
          `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
          `Content-Length: ${body.length}`,
          "",
          body.slice(0, 10),
        ].join("\r\n"),
      );
      await look(scene, scene.admin, "/");
      const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
      await endAllSessions(flow.opened.db, by, late.user.id);
      await say(body.slice(10));
      const chunk = new Uint8Array(65_536);
      const read = await connection.read(chunk);
      strictEqual(statusOf(new TextDecoder().decode(chunk.subarray(0, read ?? 0))), 401);
      const own = await flow.opened.db.kysely.selectFrom("site_import").select("import_id")
        .where("owner_id", "=", late.user.id).execute();
      deepStrictEqual(own, []);
    },
  },
  {
    wants: "name a file or a cell so that it reads otherwise, runs in a page or in a spreadsheet: it is text",
    async holds(scene) {
      const rows: readonly Cells[] = [
        {
          ...GOOD,
          "Site": "<img src=x onerror=alert(1)>",
          "Device": "=1+1",
          "Unit": "250",
          "Group": "North",
        },
        { ...GOOD, "Site": "Turned\u202Eeman", "Device": "+1;=2", "Unit": "251", "Group": "North" },
        { ...GOOD, "Site": "__proto__", "Device": "constructor", "Unit": "252", "Group": "North" },
      ];
      const file = "=1+1<script>alert(1)</script>\u202Efdp.csv";
      const done = await upload(scene, [{ name: "file", file, content: csvText(sheetOf(rows)) }], {
        visitor: scene.operator,
      });
      strictEqual(done.status, 303);
      const path = done.headers.get("location") ?? "";
      const { text } = await look(scene, scene.operator, path);
      doesNotMatch(text, /<img src=x|<script>alert|\u202E/);
      const refused = await look(scene, scene.operator, `${path}/refused.csv`);
      doesNotMatch(refused.text, /(^|[,;"\r\n])[=+@-]\d/m);
      match(
        refused.headers.get("content-disposition") ?? "",
        /^attachment; filename="[a-z0-9-]+-refused\.csv"$/,
      );
      strictEqual(refused.headers.get("x-content-type-options"), "nosniff");
      ok(
        (await trail(scene)).some(({ action, subject }) =>
          action === "export" && subject === `import ${path.split("/").at(-1)}`
        ),
      );
      await send(scene, scene.operator, `${path}/remove`);
    },
  },
  {
    wants: "test rows that are none, or all numbers at once: they are refused, and nothing else is tested",
    async holds(scene) {
      const path = await importOf(scene, scene.operator, [{ ...GOOD, "Site": "Ticked", "Group": "North" }]);
      for (
        const form of [
          { which: "ticked", row: "-1" },
          { which: "ticked", row: "1e9x" },
          { which: "other" },
          { which: "all", admin: "1" },
        ]
      ) {
        strictEqual((await send(scene, scene.operator, `${path}/test`, form)).status, 422);
      }
      await send(scene, scene.operator, `${path}/remove`);
    },
  },
];

Deno.test("attacks through importing sites", async (t) => {
  await withFlow({ specs: [siteSpec({ name: "Secret Mill" })] }, async (flow) => {
    const { db, keys } = flow.opened;
    const by = authorAt(flow.clock.nowMs(), { seal: keys.seal });
    const [north, south] = [
      await createGroup(db, by, { name: "North" }),
      await createGroup(db, by, { name: "South" }),
    ];
    ok(north.ok && south.ok);
    const reach = { kind: "some", groupIds: [north.value.id], siteIds: [] } as const;
    const operator = await makeVisitor(flow, { name: "operator", role: "operator", reach });
    const admin = await makeVisitor(flow, { name: "boss", role: "administrator" });
    const farPort = String(flow.sites[0]?.endpoints.find(({ kind }) => kind === "gateway")?.port);
    const other = draftOf("Other Mill", FIRST);
    const named = await registerSites(db, [{
      ...other,
      paths: [{ kind: "cellular", host: "mill.localhost" }],
      endpoints: [{ port: Number(farPort), kind: "gateway", pauseMs: 0, meters: [] }],
    }]);
    ok(named.ok);
    const scene = { flow, operator, admin, north: north.value.id, south: south.value.id, farPort };
    await withstand(t, scene, ATTACKS);
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
});
