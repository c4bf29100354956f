/**
 * `deno task restore:drill`: restores the newest backup into a scratch database beside the running one, compares it, takes
 * it away again and tells the app. A timer does so each week.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import { instantWords, tookWords } from "../lib/domain/instant.ts";
import { formatRestoreReport, type RestoreReport } from "../lib/domain/restore_report.ts";
import { ok, type Result } from "../lib/result.ts";
import { migrations } from "../migrations/mod.ts";
import { drill, type DrillOrder, toldBefore } from "./lib/backup/drill.ts";
import { listBackups } from "./lib/backup/folder.ts";
import { settingsAt } from "./lib/backup/installation.ts";
import { countWords } from "./lib/backup/words.ts";
import { typedPath } from "./lib/command.ts";
import { DRILL_KEY_FILE, HOST_FILES, IDS, PATHS } from "./lib/host/layout.ts";
import { takeLock } from "./lib/host/lock.ts";
import { type Host, HostError } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";
import { type Place, placeAt } from "./lib/release/place.ts";
import { stopSignal } from "./lib/stop_signal.ts";

const HELP = `deno task restore:drill [--dry-run]

Restores the newest backup into a scratch database beside the running one, reads everything back, compares rows,
checksums and the ledger with what the backup says, takes it away again and tells the app how it went and how long it
took. What runs is never touched. Runs as root, who alone reads this host's key for trials.

  --from FOLDER      where backups lie, if not ${PATHS.backups}
  --key FILE         private key of a recipient, if not this host's own in ${PATHS.hostCredentials}
  --scratch FOLDER   where the scratch database of SQLite lies meanwhile, if not in ${PATHS.state}
  --dry-run          say what would be restored and where, change nothing
  --root DIR --name NAME   of the installation below a folder, as deno task deploy has them

Exit code: 0 proven, 1 not proven, 2 wrong arguments.`;

interface Order {
  readonly place: Place;
  readonly backups: string;
  readonly keyFile: string;
  readonly scratch: string;
  readonly dryRun: boolean;
}

function readOrder(args: readonly string[]): Result<Order | null, string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: "string" },
      key: { type: "string" },
      scratch: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      root: { type: "string" },
      name: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return ok(null);
  const place = placeAt(values);
  if (!place.ok) return place;
  const { paths } = place.value;
  return ok({
    place: place.value,
    backups: values.from === undefined ? paths.backups : typedPath(values.from),
    keyFile: values.key === undefined ? `${paths.hostCredentials}/${DRILL_KEY_FILE}` : typedPath(values.key),
    scratch: values.scratch === undefined ? `${paths.state}/restore-drill` : typedPath(values.scratch),
    dryRun: values["dry-run"],
  });
}

async function run(order: Order, on: Host): Promise<number> {
  const { place, backups, scratch, dryRun } = order;
  const settings = settingsAt(place);
  if (!settings.ok) return refuse(settings.error);
  const runningUrl = settings.value.databaseUrl;
  if (dryRun) return await sayPlan(order, runningUrl);
  await makeFolder(scratch);
  const lock = await takeLock(`${scratch}/lock`);
  if (lock === null) return refuse("Another trial restore is under way");
  const path = `${place.paths.host}/${HOST_FILES.restore}`;
  using stop = stopSignal();
  const work: DrillOrder = {
    backups,
    keyFile: order.keyFile,
    runningUrl,
    scratchFile: `${scratch}/scratch.db`,
    migrations,
    clock: systemClock,
    say: console.log,
    before: toldBefore(await on.read(path)),
    tell: (report) => tell(on, path, report),
    signal: stop.signal,
  };
  try {
    return sayEnd(await drill(work));
  } finally {
    await lock.release();
  }
}

async function sayPlan({ backups, keyFile, scratch }: Order, runningUrl: string): Promise<number> {
  const [newest] = await listBackups(backups);
  if (!newest) return refuse(`No backup lies in "${backups}"`);
  console.log(`Would restore ${newest.name} of ${instantWords(newest.atMs)} with the key in ${keyFile}`);
  console.log(
    runningUrl.startsWith("sqlite:")
      ? `Into ${scratch}/scratch.db, which goes again`
      : "Into a database of its own on the same server, which goes again",
  );
  return 0;
}

/** A folder of our own that nobody else looks into. */
async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new HostError(
      `Cannot make the folder "${path}": ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function tell(on: Host, path: string, report: RestoreReport): Promise<void> {
  await on.write(path, {
    text: formatRestoreReport(report),
    mode: 0o640,
    // Somebody who tries it without a host has a file of their own.
    owner: Deno.uid() === 0 ? `root:${IDS.app.id}` : `${Deno.uid()}:${Deno.gid()}`,
  });
}

function sayEnd({ proven, failed }: RestoreReport): number {
  if (failed !== null || proven === null) {
    console.error(`Not proven. ${failed?.words ?? "Nothing was restored"}`);
    for (const { what, backup, restored } of failed?.differing ?? []) {
      console.error(`  ${what}: ${backup} in the backup, ${restored} restored`);
    }
    if (failed) console.error(`  ${failed.todo}`);
    return 1;
  }
  console.log(
    `Proven: ${proven.backup} was restored into ${proven.into} in ${tookWords(proven.tookMs)}, ${
      countWords(proven.rows)
    } rows; all of it is as in the backup:`,
  );
  for (const { what, restored } of proven.compared) console.log(`  ${what}: ${restored}`);
  return 0;
}

function refuse(words: string): number {
  console.error(words);
  return 1;
}

if (import.meta.main) Deno.exit(await runTask(Deno.args, { help: HELP, read: readOrder, run }));
