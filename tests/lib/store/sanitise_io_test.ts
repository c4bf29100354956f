import { deepStrictEqual, doesNotMatch, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { openDatabase } from "../../../lib/store/db.ts";
import { MAP_FORMAT } from "../../../lib/profiles/map_json.ts";
import { replacementOf, RULES, sanitise } from "../../../lib/store/sanitise.ts";
import { siteSpec } from "../../collector/simulated.ts";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import { manualClock } from "../../fakes/manual_clock.ts";
import { simulatorClock } from "../../collector/simulated.ts";
import {
  ACCOUNT,
  createAccount,
  FIRST,
  register,
  startProduct,
  withFolder,
  withSites,
} from "../../flows/running_product.ts";

const KEY = "a key that only the host has";

/** What must be nowhere in the copy. */
const PRIVATE = {
  site: "Corbridge Primary School",
  street: "7 Aydon Road",
  town: "Corbridge",
  contact: "Margaret Hollis",
  phone: "+44 1434 555123",
  mail: "margaret.hollis@corbridge.example",
  iccid: "8944110068123456789",
  simNumber: "+447911123456",
  serial: "RUT-5521-XK",
  meterSerial: "SDM-99187",
  group: "Northumberland schools",
  router: "rut-admin",
  why: "Boiler of Margaret is mended",
} as const;

/** Columns with text of every table, as the migrations made them. */
function textColumns(path: string): readonly string[] {
  using db = new DatabaseSync(path);
  const tables = db.prepare(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
  ).all();
  return tables.flatMap(({ name }) =>
    db.prepare(`pragma table_info("${name}")`).all()
      .filter(({ type }) => /char|text|blob/i.test(String(type)))
      .map((column) => `${name}.${column["name"]}`)
  );
}

/** Words and registers as they came over the wire: figures, but for texts, whose channels lose their values. */
const FIGURES = ["recent.words", "recent.quality", "open_gap.words"];

/** Makes a product with a site and a half-hour, then stops it; its database lies in the folder. */
async function filled(folder: string): Promise<string> {
  const clock = manualClock(endMsOf(FIRST));
  await withSites([siteSpec({ name: PRIVATE.site })], simulatorClock(clock), async (sites) => {
    const flow = await startProduct({
      folder,
      clock,
      prepare: async (opened) => {
        await register(opened.db, sites);
        await createAccount(opened);
      },
    });
    await flow.settle(flow.product.idle());
    await flow.stop();
  });
  const path = join(folder, "wattpost.db");
  using db = new DatabaseSync(path);
  const contacts = JSON.stringify([{ name: PRIVATE.contact, phone: PRIVATE.phone, email: PRIVATE.mail }]);
  db.prepare("update site set address = ?, town = ?, contacts = ?, latitude = 54.9, longitude = -2.01")
    .run(PRIVATE.street, PRIVATE.town, contacts);
  const sim = { iccid: PRIVATE.iccid, number: PRIVATE.simNumber, operator: "Op", apn: "x", allowanceMB: 500 };
  db.prepare(
    "insert or replace into router (site_id, profile_id, model, serial, user_name, sim) select site_id, null, null, ?, ?, ? from site",
  )
    .run(PRIVATE.serial, PRIVATE.router, JSON.stringify(sim));
  db.prepare("update meter set serial = ?").run(PRIVATE.meterSerial);
  db.prepare("insert into site_group (group_id, name) values (9, ?)").run(PRIVATE.group);
  db.prepare(
    "insert into maintenance (maintenance_id, site_id, meter_id, from_half_hour, to_half_hour, why, visited, user_id, created_ms, ended_ms) " +
      "select 1, site_id, null, 1, 2, ?, 0, 1, 1, null from site",
  ).run(PRIVATE.why);
  return path;
}

function one(path: string, query: string): Readonly<Record<string, unknown>> {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare(query).get() ?? {};
}

Deno.test("a sanitised copy holds nothing of who, where and how to be reached, not even in free pages, and every figure that was measured", async () => {
  await withFolder(async (folder) => {
    const path = await filled(folder);
    const counters =
      "select count(*) as n, sum(r.value) as sum from recent r join channel c using (channel_id) " +
      "where c.kind <> 3 and c.quantity not in ('latitudeDeg', 'longitudeDeg')";
    const before = one(path, counters);
    ok(Number(before["n"]) > 20);
    const db = await openDatabase(`sqlite:${path}`);
    const done = await sanitise(db, KEY);
    await db.close();
    ok(done.leftOut > 10 && done.replaced > 8, JSON.stringify(done));
    const bytes = new TextDecoder("latin1").decode(await Deno.readFile(path));
    for (const [name, text] of Object.entries({ ...PRIVATE, email: ACCOUNT.email, person: ACCOUNT.name })) {
      ok(!bytes.includes(text), `${name} is still there`);
    }
    deepStrictEqual(one(path, counters), before);
    strictEqual(one(path, "select count(*) as n from user")["n"], 0);
    deepStrictEqual({ ...one(path, "select seq, hash from audit_head") }, { seq: 0, hash: "" });
    const site = one(path, "select name, town, address, latitude, contacts from site");
    match(String(site["name"]), /^Name [0-9a-f]{10}$/);
    strictEqual(site["latitude"], null);
    match(String(site["contacts"]), /"Person [0-9a-f]{8}".*1632 960\d{3}.*@wattpost\.invalid/);
    match(String(one(path, "select host from path")["host"]), /^127\.\d+\.\d+\.\d+$/);
    match(String(one(path, "select sim from router")["sim"]), /"iccid":"8900\d{15}".*"allowanceMB":500/);
  });
});

Deno.test("every column with text has its rule: what a migration adds is kept only when somebody has looked at it", async () => {
  await withFolder(async (folder) => {
    const path = await filled(folder);
    const missing = textColumns(path).filter((column) => {
      const [table = "", name = ""] = column.split(".");
      const rule = RULES[table];
      return rule !== "left out" && rule?.[name] === undefined && !FIGURES.includes(column);
    });
    deepStrictEqual(missing, []);
  });
});

Deno.test("a register map is read as before in a copy, without its name and what people wrote into it", () => {
  const head = { format: MAP_FORMAT, name: PRIVATE.site, vendor: "Eastron", model: "SDM630", kind: "meter" };
  const rows = [{ quantity: "activePowerW", address: 52, encoding: "f32", unit: "W", note: PRIVATE.contact }];
  const now = replacementOf(JSON.stringify({ ...head, notes: PRIVATE.phone, rows }), "map", KEY);
  for (const text of [PRIVATE.site, PRIVATE.phone, PRIVATE.contact]) ok(!now.includes(text), now);
  const { rows: [row], ...rest } = JSON.parse(now);
  deepStrictEqual(rest, { ...head, name: replacementOf(PRIVATE.site, "name", KEY), notes: "" });
  deepStrictEqual(row, { quantity: "activePowerW", address: 52, encoding: "f32", unit: "W" });
  for (const kind of ["map", "sim", "contacts"] as const) {
    ok(!replacementOf(PRIVATE.contact, kind, KEY).includes(PRIVATE.contact), `${kind} that is no JSON`);
  }
  deepStrictEqual(
    [RULES["register_map"], RULES["register_map_version"]].map((rule) =>
      rule !== "left out" && rule?.["body"]
    ),
    [
      "map",
      "map",
    ],
  );
});

Deno.test("the same becomes the same in every copy, and something else under another key", () => {
  const host = (key: string) => replacementOf("203.0.113.7", "host", key);
  strictEqual(host(KEY), host(KEY));
  notStrictEqual(host(KEY), host("another key"));
  notStrictEqual(host(KEY), replacementOf("203.0.113.8", "host", KEY));
  doesNotMatch(replacementOf(PRIVATE.site, "name", KEY), /Corbridge/);
});
