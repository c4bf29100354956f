/**
 * The host is lost in the middle of a half-hour: a backup that was made during the cycle is restored on another one, with
 * every half-hour to the watt-hour, and collecting goes on there.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openDatabase } from "../../lib/store/db.ts";
import { parseRestoreReport } from "../../lib/domain/restore_report.ts";
import { openBackup } from "../../ops/lib/backup/read.ts";
import { engines } from "../engines/mod.ts";
import { eventually } from "../flows/product_process.ts";
import { ask } from "../flows/running_product.ts";
import { makeKey, type TestKey, withFolder } from "../ops/lib/backup/scene.ts";
import {
  type Amounts,
  amountsIn,
  type DemoPast,
  fillPast,
  ledgerAt,
  makeHost,
  type TrialHost,
} from "./lost_host.ts";

const SITES = 16;
const DAYS = 4;

/** Visits begun a second: the cycle lasts as long as a backup takes, several times. */
const SLOWLY = { STARTS_PER_SECOND: "1" };

for (const engine of await engines()) {
  if (engine.name === "mariadb") continue; // its rows are those of MySQL; engine tests restore it too
  Deno.test({
    name: `a host is lost in mid-cycle, and another one has every half-hour from the backup (${engine.name})`,
    ignore: engine.missing !== undefined,
    fn: () =>
      withFolder(async (folder) => {
        const key = await makeKey(folder);
        const makeUrl = () => engine.name === "sqlite" ? null : engine.createDatabase();
        const host = await makeHost(`${folder}/one`, await makeUrl());
        const past = await fillPast(host.url, { sites: SITES, days: DAYS });
        try {
          const lost = await loseInMidCycle(host, { past, key, elsewhere: `${folder}/elsewhere` });
          const other = await makeHost(`${folder}/two`, await makeUrl());
          await restoreOn(other, { ...lost, key, files: `${folder}/back` });
          await goesOn(other, past);
          await provesItself(other, key);
        } finally {
          await past.stop();
        }
      }),
  });
}

interface Lost {
  /** The backup, on another machine. */
  readonly backup: string;
  /** Half-hours just before the backup, and just after. */
  readonly before: Amounts;
  readonly after: Amounts;
}

/** Backs up in the middle of a cycle, then the process is killed and every folder of the host is gone. */
async function loseInMidCycle(
  host: TrialHost,
  { past, key, elsewhere }: { readonly past: DemoPast; readonly key: TestKey; readonly elsewhere: string },
): Promise<Lost> {
  const product = await host.start(SLOWLY);
  await product.ready();
  await eventually("some sites are stored and others are not", async () => {
    const { open, ended } = await ledgerAt(host.url, past.open);
    return ended >= 2 && open >= 2;
  });
  const before = await amountsIn(host.url);
  const made = await host.task("db:backup", "--recipient", key.recipient, "--for-deploy");
  strictEqual(made.code, 0, made.err);
  const after = await amountsIn(host.url);
  const backup = `${elsewhere}/${made.out.trim().split("/").at(-1)}`;
  await copyFolder(made.out.trim(), backup);
  await product.end("SIGKILL");
  await host.lose();
  const opened = await openBackup(backup);
  ok(opened.ok);
  const { totals } = opened.value.manifest;
  ok(totals.ledgerOpen >= 1, "it was made in mid-cycle");
  ok(totals.packedDays > 0 && totals.recentReadings > 0, "both shapes of readings are in it");
  return { backup, before, after };
}

/** Takes files and rows out of the backup; each half-hour is what it was, to the watt-hour. */
async function restoreOn(
  { url, task }: TrialHost,
  { backup, before, after, key, files }: Lost & { readonly key: TestKey; readonly files: string },
): Promise<void> {
  const written = await task("db:restore", backup, "--key", key.file, "--files-to", files);
  strictEqual(written.code, 0, written.err);
  match(await Deno.readTextFile(`${files}/configuration/wattpost.env`), /^PUBLIC_URL=/);
  const restored = await task("db:restore", backup, "--key", key.file);
  strictEqual(restored.code, 0, restored.err);
  match(restored.out, /all of it is as in the backup/);
  const there = await amountsIn(url);
  const lost = [...before.keys()].filter((at) => !there.has(at));
  deepStrictEqual(lost, [], "no half-hour from before the backup is missing");
  // A visit that was stored while the backup began may have changed a half-hour: it is as before, or as after.
  const wrong = [...there].filter(([at, amount]) => amount !== before.get(at) && amount !== after.get(at));
  deepStrictEqual(wrong, [], "each is there to the watt-hour");
  ok(there.size >= SITES * DAYS * 40, `${there.size} half-hours of counters were compared`);
}

/** The product starts there and collects what the lost one had not stored. */
async function goesOn({ url, start }: TrialHost, { open }: DemoPast): Promise<void> {
  await outlastClaims(url);
  const { ended } = await ledgerAt(url, open);
  const product = await start();
  await product.ready();
  await eventually("the sites that were not stored are asked from there", async () => {
    return (await ledgerAt(url, open)).ended > ended;
  });
  await eventually("nothing is missing for work", async () => {
    return (await ask(product.origin, "/readyz")).status === 200;
  });
  await product.end("SIGKILL");
}

/** And what was restored is backed up and restored on trial like anything else. */
async function provesItself(
  { task, place }: TrialHost,
  { file: keyFile, recipient }: TestKey,
): Promise<void> {
  const made = await task("db:backup", "--recipient", recipient);
  strictEqual(made.code, 0, made.err);
  const proven = await task("restore:drill", "--key", keyFile);
  strictEqual(proven.code, 0, proven.err);
  const told = parseRestoreReport(await Deno.readTextFile(`${place.paths.host}/restore.json`));
  ok(told.ok && told.value.proven && !told.value.failed);
}

/** Claims of the lost process live for minutes; a host is not replaced that soon, and the test does not wait. */
async function outlastClaims(url: string): Promise<void> {
  const db = await openDatabase(url);
  await db.kysely.updateTable("ledger").set({ claim_until_ms: 0 }).where("state", "=", 1).execute();
  await db.close();
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
}
