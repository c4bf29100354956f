/**
 * Makes a copy of a database that tells nobody who, where and how to be reached: names, addresses, numbers and texts of
 * devices are replaced, the same by the same; people, secrets and what was written down are left out; what was measured
 * stays. The table below names every column that holds text; a test compares it with the schema.
 *
 * Only for copies: nothing of it can be taken back.
 *
 * @module
 */

import { createHmac } from "node:crypto";
import { sql } from "kysely";
import { CHANNEL_KINDS, codeIn } from "./codes.ts";
import type { Database } from "./db.ts";

/** What a column becomes. */
export type Replacement =
  /** It stays: it says nothing of anybody. */
  | "kept"
  /** Empty text. */
  | "emptied"
  | "name"
  | "street"
  | "town"
  | "host"
  | "user"
  | "serial"
  | "text"
  | "contacts"
  | "sim"
  /** A register map as JSON: its name as elsewhere, no words that people wrote into it. */
  | "map";

/** What becomes of a table: all its rows go, or its columns with text are replaced. */
export type TableRule = "left out" | Readonly<Record<string, Replacement>>;

/** Every table that has columns with text. */
export const RULES: Readonly<Record<string, TableRule>> = {
  active_release: { release_name: "kept", token: "kept" },
  allocation: { kind: "kept" },
  api_token: "left out",
  audit: "left out",
  audit_checkpoint: "left out",
  audit_head: { hash: "emptied" }, // the chain begins anew
  change_feed: { site_ids: "kept" },
  channel: { quantity: "kept", unit: "kept" },
  correction: "left out",
  day: { amounts: "kept", qualities: "kept", reasons: "kept", boundaries: "kept" },
  day_word: { words: "kept", read_s: "kept", counter_values: "kept", versions: "kept" },
  device_event: "left out",
  device_identity: "left out",
  finding: "left out",
  idempotency: "left out",
  ledger_day: { outcomes: "kept", reasons: "kept" },
  link_day: { ways: "kept" },
  load_shape: { shape: "kept" },
  mail_link: "left out",
  maintenance: { why: "text" },
  meter: {
    profile_id: "kept",
    name: "name",
    transformer: "kept",
    serial: "serial",
    label: "text",
    location: "text",
  },
  migration: { name: "kept" },
  passkey: "left out",
  path: { host: "host" },
  reach: "left out",
  recovery_code: "left out",
  register_map: {
    name: "name",
    vendor: "kept",
    model: "kept",
    kind: "kept",
    body: "map",
    changed_by: "user",
  },
  register_map_version: { body: "map", note: "emptied", author: "user" },
  release_seen: { release_name: "kept", newest_migration: "kept" },
  router: { profile_id: "kept", model: "kept", serial: "serial", user_name: "user", sim: "sim" },
  router_file: "left out",
  secret: "left out",
  setting: "left out",
  setup_token: "left out",
  site: { name: "name", town: "town", zone: "kept", hours: "kept", address: "street", contacts: "contacts" },
  site_draft: "left out",
  site_group: { name: "name" },
  site_import: "left out",
  site_import_part: "left out",
  site_import_site: "left out",
  site_import_test: "left out",
  text_value: { text: "text" },
  user: "left out",
  vpn_peer: "left out",
};

/** Quantities that say where a site is: their values go, as do those of texts, which are read from devices. */
const PLACES = ["latitudeDeg", "longitudeDeg"];

/** What was done. */
export interface Sanitised {
  /** Tables whose rows went. */
  readonly leftOut: number;
  /** Different values that were replaced. */
  readonly replaced: number;
}

/**
 * Does it in place, in a database that nobody else uses.
 *
 * @param key By it the same becomes the same in every copy, and nobody without it can tell from what.
 */
export async function sanitise(db: Database, key: string): Promise<Sanitised> {
  const { kysely } = db;
  const isFile = db.engine === "sqlite";
  // What is deleted must not stay in the pages of the file: SQLite writes zeros over it.
  if (isFile) await sql`pragma secure_delete = on`.execute(kysely);
  let [leftOut, replaced] = [0, 0];
  for (const [table, rule] of Object.entries(RULES)) {
    if (rule === "left out") {
      await sql`delete from ${sql.table(table)}`.execute(kysely);
      leftOut += 1;
      continue;
    }
    for (const [column, replacement] of Object.entries(rule)) {
      if (replacement !== "kept") replaced += await replaceColumn(db, { table, column, replacement, key });
    }
  }
  await sql`update ${sql.table("audit_head")} set seq = 0`.execute(kysely);
  await sql`update ${sql.table("site")} set latitude = null, longitude = null`.execute(kysely);
  for (const table of ["recent", "day", "day_word"]) {
    await sql`delete from ${sql.table(table)} where channel_id in (
      select channel_id from channel where quantity in (${sql.join(PLACES)})
        or kind = ${codeIn(CHANNEL_KINDS, "text")})`.execute(kysely);
  }
  if (isFile) await sql`pragma wal_checkpoint(truncate)`.execute(kysely);
  return { leftOut, replaced };
}

interface Column {
  readonly table: string;
  readonly column: string;
  readonly replacement: Exclude<Replacement, "kept">;
  readonly key: string;
}

async function replaceColumn(
  { kysely }: Database,
  { table, column, replacement, key }: Column,
): Promise<number> {
  const [into, field] = [sql.table(table), sql.ref(column)];
  const { rows } = await sql<{ readonly was: string }>`
    select distinct ${field} as was from ${into} where ${field} is not null and ${field} <> ''`.execute(
    kysely,
  );
  for (const { was } of rows) {
    const now = replacementOf(was, replacement, key);
    await sql`update ${into} set ${field} = ${now} where ${field} = ${was}`.execute(kysely);
  }
  return rows.length;
}

/** What stands for a value. Pure. */
export function replacementOf(was: string, replacement: Exclude<Replacement, "kept">, key: string): string {
  const digest = createHmac("sha256", key).update(`${replacement} ${was}`).digest("hex");
  const short = digest.slice(0, 10);
  const number = (most: number) => Number.parseInt(digest.slice(0, 8), 16) % most;
  switch (replacement) {
    case "emptied":
      return "";
    case "name":
      return `Name ${short}`;
    case "street":
      return `${1 + number(999)} Street ${digest.slice(8, 14)}`;
    case "town":
      return `Town ${digest.slice(0, 6)}`;
    case "host": // loopback: nothing of production is ever dialled
      return `127.${1 + number(250)}.${number(62_500) % 250}.${1 + number(15_625_000) % 250}`;
    case "user":
      return `user-${short}@wattpost.invalid`.slice(0, 64);
    case "serial":
      return `S${digest.slice(0, 11).toUpperCase()}`;
    case "text":
      return `Text ${short}`;
    case "contacts":
      return JSON.stringify(contactsOf(was, key));
    case "sim":
      return JSON.stringify(simOf(was, key));
    case "map":
      return JSON.stringify(mapOf(was, key));
  }
}

/** What a device is read by stays; notes are by people, and name whom they like. */
function mapOf(was: string, key: string): Readonly<Record<string, unknown>> {
  const { name, rows, ...head } = fieldsOf(was);
  return {
    ...head,
    ...(typeof name === "string" ? { name: replacementOf(name, "name", key) } : {}),
    notes: "",
    rows: Array.isArray(rows) ? rows.map((row) => ({ ...row, note: undefined })) : [],
  };
}

/** As many people as there were; telephone numbers are those kept for drama (Ofcom: 01632 960000 to 960999). */
function contactsOf(was: string, key: string): readonly unknown[] {
  const list = jsonOf(was);
  if (!Array.isArray(list)) return [];
  return list.map((one) => {
    const digest = createHmac("sha256", key).update(`contact ${JSON.stringify(one)}`).digest("hex");
    const phone = `+44 1632 960${String(Number.parseInt(digest.slice(0, 6), 16) % 1000).padStart(3, "0")}`;
    return {
      name: `Person ${digest.slice(0, 8)}`,
      phone: one?.phone ? phone : "",
      email: one?.email ? `person-${digest.slice(0, 8)}@wattpost.invalid` : "",
    };
  });
}

/** A card of the same contract with other numbers. */
function simOf(was: string, key: string): Readonly<Record<string, unknown>> {
  const sim = fieldsOf(was);
  const digits = BigInt(`0x${createHmac("sha256", key).update(`sim ${was}`).digest("hex")}`).toString();
  const has = (name: string) => typeof sim[name] === "string" && sim[name] !== "";
  return {
    iccid: has("iccid") ? `8900${digits.slice(0, 15)}` : null,
    number: has("number") ? `+447700900${digits.slice(0, 3)}` : null,
    operator: has("operator") ? "Operator" : null,
    apn: has("apn") ? "apn.invalid" : null,
    allowanceMB: sim["allowanceMB"] ?? null,
  };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  const value = jsonOf(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** What is no JSON says nothing, and nothing of it is kept. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
