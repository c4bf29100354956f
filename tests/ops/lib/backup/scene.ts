/**
 * What tests of backups share: keys of age, a folder, and a database whose rows are awkward on purpose.
 *
 * @module
 */

import { ok } from "node:assert/strict";
import { systemClock } from "../../../../lib/clock.ts";
import { type Database, openDatabase } from "../../../../lib/store/db.ts";
import { migrate } from "../../../../lib/store/migrator.ts";
import { openSnapshot } from "../../../../lib/store/snapshot.ts";
import { type MadeBackup, makeBackup } from "../../../../ops/lib/backup/make.ts";
import type { BackedUpFile } from "../../../../ops/lib/backup/format.ts";
import { migrations } from "../../../../migrations/mod.ts";

/** A key of age. */
export interface TestKey {
  /** File of the private key. */
  readonly file: string;
  /** The public one. */
  readonly recipient: string;
}

/** Makes a key with the real `age-keygen`. */
export async function makeKey(folder: string, name = "backup.key"): Promise<TestKey> {
  const file = `${folder}/${name}`;
  const { code, stderr } = await new Deno.Command("age-keygen", { args: ["-o", file], stdin: "null" })
    .output();
  const words = new TextDecoder().decode(stderr);
  const [recipient] = /age1[0-9a-z]+/.exec(words) ?? [];
  ok(code === 0 && recipient, `age-keygen made no key: ${words}`);
  return { file, recipient };
}

/** Gives an empty folder and takes it away afterwards. */
export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-backup-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is backed up where a test says nothing else. */
export interface TestBackup {
  readonly url: string;
  readonly key: TestKey;
  readonly files?: readonly BackedUpFile[];
}

/** Takes a snapshot and makes a backup of it. */
export async function backUp(folder: string, { url, key, files = [] }: TestBackup): Promise<MadeBackup> {
  const snapshot = await openSnapshot(url, systemClock);
  try {
    const recipients = [key.recipient];
    return await makeBackup(folder, { snapshot, files, recipients, release: "r1-test", clock: systemClock });
  } finally {
    await snapshot.close();
  }
}

/** A file of SQLite with awkward rows, closed; its URL. */
export async function filledFile(folder: string): Promise<string> {
  const url = `sqlite:${folder}/wattpost.db`;
  const db = await openDatabase(url);
  try {
    const migrated = await migrate(db, migrations, systemClock);
    ok(migrated.ok);
    await fillAwkward(db);
  } finally {
    await db.close();
  }
  return url;
}

/** Rows with everything that a column can hold: the largest counter, halves of degrees, letters of every kind. */
export async function fillAwkward(db: Database): Promise<void> {
  const { kysely } = db;
  const site = { zone: "Europe/Stockholm", hours: null, collected: 1, since: 990_000 };
  const sites = [
    { site_id: 1, name: "Ärla mill", town: "Ärla", latitude: 59.28, longitude: 16.68, ...site },
    {
      site_id: 2,
      name: 'No "quotes", \\slashes\\ or\ttabs',
      town: "日本",
      latitude: null,
      longitude: null,
      ...site,
    },
    { site_id: 3, name: "🔌 plug", town: "", latitude: -0.1, longitude: 180, ...site, hours: '{"a":"\\n"}' },
  ];
  await kysely.insertInto("site").values(sites).execute();
  const recent = {
    channel_id: 1,
    profile_version: 1,
    quality: "m",
    reading_reason: null,
    amount_reason: null,
  };
  await kysely.insertInto("recent").values([
    {
      half_hour: 990_001,
      words: new Uint8Array([0x43, 0x66, 0, 0xff]),
      read_s: 3,
      value: 9_007_199_254_740_991,
      boundary: -5,
      amount: 0,
      ...recent,
    },
    {
      half_hour: 990_002,
      words: null,
      read_s: null,
      value: null,
      boundary: null,
      amount: null,
      ...recent,
      quality: "-",
    },
  ]).execute();
  await kysely.insertInto("ledger_day").values([
    { day: 20_000, site_id: 1, outcomes: `${"c".repeat(40)}ppf-----`, reasons: null },
  ]).execute();
  const text = "x".repeat(60_000);
  await kysely.insertInto("register_map_version").values([
    {
      map_id: 1,
      version: 1,
      body: text,
      note: "",
      author: "ada@example.com",
      published_ms: 1_790_000_000_000,
    },
  ]).execute();
}
