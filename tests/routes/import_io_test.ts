/**
 * Importing sites on pages over HTTP, as somebody without JavaScript does: a sheet is uploaded, judged, tested,
 * registered, mended, and taken back.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { createGroup } from "../../lib/store/groups.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import { csvText } from "../../lib/web/csv.ts";
import { letOthersWork } from "../../lib/web/imports/acts.ts";
import { workbookOf } from "../../lib/web/imports/xlsx_template.ts";
import { simulatorClock, siteSpec } from "../collector/simulated.ts";
import { authorAt } from "../fakes/author.ts";
import { type Answer, ask, type Flow, post, withFlow, withSites } from "../flows/running_product.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";
import { type Cells, GOOD, sheetOf } from "../lib/web/imports/sheets.ts";

interface Desk {
  readonly flow: Flow;
  readonly visitor: Visitor;
}

const look = ({ flow, visitor }: Desk, path: string): Promise<Answer> =>
  ask(flow.origin, path, { headers: { cookie: visitor.cookie } });
const send = ({ flow, visitor }: Desk, path: string, form: Readonly<Record<string, string>> = {}) =>
  flow.settle(post(flow.origin, path, form, { cookie: visitor.cookie }));
const placeOf = ({ headers }: Answer) => headers.get("location") ?? "";

/** Uploads a file as the form does. */
async function upload(
  { flow, visitor }: Desk,
  content: string | Uint8Array<ArrayBuffer>,
  { name = "sites.csv", accept = "text/html" } = {},
): Promise<Answer> {
  const form = new FormData();
  form.append("file", new File([content], name));
  const { headers, body } = new Request("http://form", { method: "POST", body: form });
  const sent = new Uint8Array(await new Response(body).arrayBuffer());
  return await ask(flow.origin, "/sites/import", {
    method: "POST",
    body: sent,
    headers: {
      cookie: visitor.cookie,
      origin: flow.origin,
      accept,
      "content-type": headers.get("content-type") ?? "",
    },
  });
}

const sheet = (rows: readonly Cells[]) => csvText(sheetOf(rows));

/** Waits until nothing is done for an import any more. */
async function settled(desk: Desk, path: string): Promise<void> {
  const follow = async () => {
    while (JSON.parse((await look(desk, `${path}/progress`)).text).running) await letOthersWork();
  };
  await desk.flow.settle(follow());
}

async function withDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    await body({ flow, visitor: await makeVisitor(flow, { name: "operator", role: "operator" }) });
  });
}

const siteNames = async ({ opened }: Flow) =>
  (await opened.db.kysely.selectFrom("site").select("name").orderBy("name").execute()).map(({ name }) =>
    name
  );

Deno.test("a sheet is judged, its good rows are registered when asked, mended ones follow, all is taken back", async (t) => {
  await withDesk(async (desk) => {
    let path = "";
    await t.step("a formula, an emoji and 10,000 characters are refused by name", async () => {
      const uploaded = await upload(
        desk,
        sheet([
          GOOD,
          { ...GOOD, "Unit": "2", "Device": "Kitchen" },
          { ...GOOD, "Site": '=HYPERLINK("http://x")', "Path 1 host": "203.0.113.18" },
          { ...GOOD, "Site": "Power ⚡ House", "Path 1 host": "203.0.113.19" },
          { ...GOOD, "Site": "x".repeat(10_000), "Path 1 host": "203.0.113.20" },
          { ...GOOD, "Site": "Held", "Path 1 host": "203.0.113.21", "Unit": "250" },
          { ...GOOD, "Site": "Held", "Path 1 host": "203.0.113.21", "Unit": "3", "Device": "Other" },
        ]),
      );
      strictEqual(uploaded.status, 303);
      path = placeOf(uploaded);
      const { text } = await look(desk, path);
      match(text, /Begins like a formula/);
      match(text, /Has the emoji ⚡/);
      match(text, /Has 10,000 characters, at most 200 are accepted/);
      match(text, /waits for row 7/);
      match(text, /Register the 2 good rows/);
      deepStrictEqual(await siteNames(desk.flow), [], "nothing is registered yet");
    });
    await t.step("rows are found by how they were judged", async () => {
      const { text } = await look(desk, `${path}?rows=good`);
      match(text, /Kitchen/);
      doesNotMatch(text, /Power/);
    });
    await t.step("it is asked once more, then the good rows are registered", async () => {
      match((await look(desk, `${path}/register`)).text, /1 site with 2 rows will be registered/);
      strictEqual(placeOf(await send(desk, `${path}/register`)), path);
      await settled(desk, path);
      deepStrictEqual(await siteNames(desk.flow), ["Corbridge"]);
      match((await look(desk, path)).text, /1 site registered/);
      strictEqual(placeOf(await send(desk, `${path}/register`)), `${path}?told=gone`);
    });
    await t.step("refused rows come with why, and are read over when they are uploaded again", async () => {
      const refused = await look(desk, `${path}/refused.csv`);
      match(refused.text, /Why\r\n/);
      match(refused.text, /Unit: Unit 250 is nobody's/);
      match(refused.text, /Waits for row 7 of the same site/);
      const mended = refused.text.split("\r\n").filter((line, i) => i === 0 || line.startsWith("Held"))
        .join("\r\n").replace(",250,", ",2,");
      const again = placeOf(await upload(desk, mended));
      match((await look(desk, again)).text, /Register the 2 good rows/);
    });
    await t.step("the import is taken back, and may be forgotten then", async () => {
      match((await look(desk, `${path}/undo`)).text, /1 site that never gave a reading would be removed/);
      await send(desk, `${path}/undo`);
      await settled(desk, path);
      match((await look(desk, path)).text, /1 site removed/);
      deepStrictEqual(await siteNames(desk.flow), []);
      strictEqual(placeOf(await send(desk, `${path}/remove`)), "/sites/import?done=removed");
      strictEqual((await look(desk, path)).status, 404);
    });
    const actions = (await listAudit(desk.flow.opened.db, 100)).map(({ action }) => action);
    for (
      const one of ["import-judged", "import-committed", "site-registered", "import-undone", "site-removed"]
    ) {
      ok(actions.includes(one), one);
    }
  });
});

const REFUSED: readonly {
  readonly name: string;
  readonly file: string | Uint8Array<ArrayBuffer>;
  readonly want: RegExp;
}[] = [
  { name: "an empty file", file: "", want: /The file is empty/ },
  { name: "headings without rows", file: "Site,Zone,Path 1 host\r\n", want: /no rows below them/ },
  {
    name: "an unknown heading",
    file: "Site,Zone,Path 1 hots\r\nA,UTC,b",
    want: /did you mean &quot;Path 1 host&quot;/,
  },
  { name: "a picture", file: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), want: /not UTF-8|no text/ },
  { name: "a zip that is none", file: new Uint8Array([0x50, 0x4b, 3, 4, 0]), want: /no whole workbook/ },
];

Deno.test("a file that is no sheet comes back with what is expected, and to a script as JSON", async () => {
  await withDesk(async (desk) => {
    for (const { name, file, want } of REFUSED) {
      const answer = await upload(desk, file);
      strictEqual(answer.status, 422, name);
      match(answer.text, want, name);
      const told = await upload(desk, file, { accept: "application/json" });
      strictEqual(told.status, 422, name);
      ok(JSON.parse(told.text).title, name);
    }
    const large = await upload(desk, "x".repeat(5 * 1024 * 1024 + 10));
    match(large.text, /more than 5 MB/);
    const two = await upload(desk, sheet([GOOD]), { accept: "application/json" });
    match(JSON.parse(two.text).to, /^\/sites\/import\/\d+$/);
    const book = await upload(desk, workbookOf({ sheet: "S", rows: sheetOf([GOOD]) }), { name: "s.xlsx" });
    strictEqual(book.status, 303);
    strictEqual((await look(desk, "/sites/import/template.csv")).status, 200);
    match(
      (await look(desk, "/sites/import/template.xlsx")).headers.get("content-type") ?? "",
      /spreadsheetml/,
    );
  });
});

Deno.test("an import is its owner's alone, and viewers and technicians have none", async () => {
  await withDesk(async (desk) => {
    const path = placeOf(await upload(desk, sheet([GOOD])));
    const { flow } = desk;
    const other = { flow, visitor: await makeVisitor(flow, { name: "other", role: "administrator" }) };
    const pages = ["", "/progress", "/register", "/undo", "/refused.csv"].map((page) => `${path}${page}`);
    for (const page of pages) strictEqual((await look(other, page)).status, 404, page);
    for (const act of ["register", "undo", "test", "stop", "remove"]) {
      strictEqual((await send(other, `${path}/${act}`)).status, 404, act);
    }
    for (const role of ["viewer", "technician"] as const) {
      const visitor = await makeVisitor(flow, { name: role, role });
      strictEqual((await look({ flow, visitor }, "/sites/import")).status, 403);
      strictEqual((await upload({ flow, visitor }, sheet([GOOD]))).status, 403);
    }
    doesNotMatch((await look(other, "/sites/import")).text, /sites\.csv/);
  });
});

Deno.test("whoever reaches a group imports into it alone, and a site out of reach is not named nor asked", async () => {
  await withDesk(async (desk) => {
    const { flow } = desk;
    const { db } = flow.opened;
    const by = authorAt(flow.clock.nowMs(), { seal: flow.opened.keys.seal });
    const north = await createGroup(db, by, { name: "North" });
    if (!north.ok) throw new Error("no group");
    const first = placeOf(await upload(desk, sheet([{ ...GOOD, "Group": "" }])));
    await send(desk, `${first}/register`);
    await settled(desk, first);
    const reach = { kind: "some", groupIds: [north.value.id], siteIds: [] } as const;
    const own = { flow, visitor: await makeVisitor(flow, { name: "north", role: "operator", reach }) };
    const path = placeOf(
      await upload(
        own,
        sheet([
          { ...GOOD, "Site": "Without", "Group": "" },
          { ...GOOD, "Site": "Elsewhere", "Group": "South" },
          { ...GOOD, "Site": "Own", "Group": "north" },
        ]),
      ),
    );
    const { text } = await look(own, path);
    match(text, /Is missing: you reach sites by their group/);
    match(text, /There is no such group within your reach/);
    match(text, /is of a site that you do not reach too/);
    doesNotMatch(text, /Corbridge/);
    match(text, /Register the 1 good row/);
    await send(own, `${path}/test`, { which: "all" });
    await settled(own, path);
    match((await look(own, path)).text, /address of a site that you do not reach/);
  });
});

Deno.test("devices of good rows are tested where they stand, and each row keeps how its device did", async () => {
  await withDesk(async (desk) => {
    await withSites([siteSpec()], simulatorClock(desk.flow.clock), async ([site]) => {
      if (!site) throw new Error("no site");
      const port = portOf(site);
      const row = { ...GOOD, "Path 1 host": "127.0.0.1", "Port": port };
      const path = placeOf(
        await upload(desk, sheet([row, { ...row, "Unit": "9", "Device": "Ovens" }])),
      );
      strictEqual(placeOf(await send(desk, `${path}/test`, { which: "ticked" })), `${path}?told=none`);
      await send(desk, `${path}/test`, { which: "ticked", row: "2" });
      await settled(desk, path);
      match((await look(desk, path)).text, /18 of 18 plausible/);
      doesNotMatch((await look(desk, path)).text, /no answer/);
      await send(desk, `${path}/test`, { which: "all" });
      await settled(desk, path);
      match((await look(desk, path)).text, /no answer/);
    });
  });
});

function portOf({ endpoints }: SimulatedSite): string {
  return String(endpoints.find(({ kind }) => kind === "gateway")?.port);
}
