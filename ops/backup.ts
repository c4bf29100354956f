/**
 * `deno task db:backup`: makes a backup while Wattpost goes on, and takes away those that need not stay. Runs as the app's
 * user: root would leave files beside SQLite's that the app may not write.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import type { Config } from "../lib/config.ts";
import { seeDisk } from "../lib/health/disk.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { StoreError } from "../lib/store/errors.ts";
import { openSnapshot, type Snapshot } from "../lib/store/snapshot.ts";
import { BackupError, diskWords } from "./lib/backup/backup_error.ts";
import { collectFiles } from "./lib/backup/files.ts";
import { bytesOf, holdingBackups, listBackups, removePartial } from "./lib/backup/folder.ts";
import { planAt, settingsAt } from "./lib/backup/installation.ts";
import { type Keep, USUAL_KEEP } from "./lib/backup/keep.ts";
import { rememberTry } from "./lib/backup/last_try.ts";
import { type MadeBackup, makeBackup } from "./lib/backup/make.ts";
import { isRecipient } from "./lib/backup/manifest.ts";
import { RECIPIENTS_MAX } from "./lib/backup/plan.ts";
import { prune } from "./lib/backup/prune.ts";
import { backupWords, bytesWords } from "./lib/backup/words.ts";
import { typedPath } from "./lib/command.ts";
import { IDS, PATHS } from "./lib/host/layout.ts";
import { type Place, placeAt } from "./lib/release/place.ts";
import { understood } from "./lib/understood.ts";

const HELP = `deno task db:backup [--for-deploy] [--dry-run]

Makes a backup of the database, the settings, the credentials and the keys while Wattpost goes on: compressed, encrypted
by age to the recipients that the host was described with, and checked by checksums. Then takes away backups that need
not stay. Run it as the app's user: sudo -u wattpost.

  --to FOLDER       where backups lie, if not ${PATHS.backups}
  --recipient KEY   public key (age1…) to encrypt to in place of those of the host; may be given ${RECIPIENTS_MAX} times
  --for-deploy      print one line, the folder of the backup; everything else goes to standard error
  --dry-run         say what would be backed up and what would be taken away, change nothing
  --root DIR --name NAME   of the installation below a folder, as deno task deploy has them

Exit code: 0 done, 1 no backup was made, 2 wrong arguments or no recipient.`;

/** Share of the newest backup's size that must be free beside what the database needs. */
const ROOM = 1.2;
/** Bytes that must stay free beside that: what the app needs until somebody looks. */
const ROOM_BYTES = 50_000_000;

interface Order {
  readonly place: Place;
  readonly to: string | null;
  readonly recipients: readonly string[];
  readonly forDeploy: boolean;
  readonly dryRun: boolean;
}

function readOrder(args: readonly string[]): Result<Order | null, string> {
  const parsed = understood(() =>
    parseArgs({
      args: [...args],
      options: {
        to: { type: "string" },
        recipient: { type: "string", multiple: true, default: [] },
        "for-deploy": { type: "boolean", default: false },
        "dry-run": { type: "boolean", default: false },
        root: { type: "string" },
        name: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    })
  );
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  if (values.help) return ok(null);
  const place = placeAt(values);
  if (!place.ok) return place;
  if (!values.recipient.every(isRecipient)) {
    return err("--recipient must be a public key of age (age1…); what was given is not shown");
  }
  if (values.recipient.length > RECIPIENTS_MAX) return err(`At most ${RECIPIENTS_MAX} recipients`);
  return ok({
    place: place.value,
    to: values.to === undefined ? null : typedPath(values.to),
    recipients: values.recipient,
    forDeploy: values["for-deploy"],
    dryRun: values["dry-run"],
  });
}

/** What is to be done, known whole before anything is touched. */
interface Work {
  readonly settings: Config;
  readonly place: Place;
  readonly backups: string;
  readonly recipients: readonly string[];
  readonly keep: Keep;
  readonly say: (line: string) => void;
}

async function workOf({ place, to, recipients, forDeploy }: Order): Promise<Result<Work, string>> {
  const plan = await planAt(place);
  if (!plan.ok) return plan;
  const settings = settingsAt(place);
  if (!settings.ok) return settings;
  const named = recipients.length > 0 ? recipients : plan.value?.recipients ?? [];
  if (named.length === 0) {
    return err(
      `Nobody is named to whom backups are encrypted. Make a key where Wattpost does not run (age-keygen -o backup.key),\n` +
        `then name its public key (age1…) in "backups" of ops/host.json, or with --recipient`,
    );
  }
  return ok({
    settings: settings.value,
    place,
    backups: to ?? place.paths.backups,
    recipients: named,
    keep: plan.value?.keep ?? USUAL_KEEP,
    say: forDeploy ? console.error : console.log,
  });
}

async function run({ settings, place, backups, recipients, keep, say }: Work): Promise<MadeBackup> {
  return await holdingBackups(backups, async () => {
    const left = await removePartial(backups);
    if (left > 0) say(`Took away ${left} that an ended process had begun`);
    const [newest] = await listBackups(backups);
    const disk = await seeDisk(backups);
    const needed = newest === undefined ? ROOM_BYTES : ROOM_BYTES + ROOM * await bytesOf(newest.folder);
    if (disk !== null && disk.freeBytes < needed) {
      throw new BackupError(
        `Cannot back up to "${backups}": ${bytesWords(disk.freeBytes)} are free, ${
          bytesWords(needed)
        } are needed`,
      );
    }
    const snapshot = await openOwn(settings.databaseUrl);
    try {
      const files = await collectFiles(settings, place);
      const made = await makeBackup(backups, {
        ...{ snapshot, files, recipients, release: settings.release, clock: systemClock },
      });
      const words = await pruned(backups, keep);
      if (words !== null) say(words);
      return made;
    } finally {
      await snapshot.close();
    }
  });
}

/** Takes away what need not stay, in words; what cannot be taken away makes the new backup no worse. */
async function pruned(backups: string, keep: Keep): Promise<string | null> {
  try {
    const { gone } = await prune(backups, { keep, dryRun: false });
    return gone.length === 0 ? null : `Took away ${gone.length} that need not stay: ${gone.join(", ")}`;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    return `The backup was made, an older one stays: ${error.message}`;
  }
}

/** A snapshot; of a file only by its owner: SQLite makes files beside it, which the app has to be able to write. */
async function openOwn(databaseUrl: string): Promise<Snapshot> {
  const [, file] = /^sqlite:([^:].*)$/.exec(databaseUrl) ?? [];
  const owner = file === undefined ? null : await Deno.stat(file).catch(() => null);
  if (owner !== null && owner.uid !== Deno.uid()) {
    throw new BackupError(
      `Cannot read the database file "${file}" as another user than its own: sudo -u ${IDS.app.name} deno task db:backup`,
    );
  }
  return await openSnapshot(databaseUrl, systemClock);
}

async function dryRun({ settings, place, backups, recipients, keep }: Work): Promise<number> {
  const snapshot = await openOwn(settings.databaseUrl);
  try {
    const files = await collectFiles(settings, place);
    const { gone } = await prune(backups, { keep, dryRun: true });
    console.log(
      `Would back up ${snapshot.tables.length} tables of ${snapshot.engine} ${snapshot.version} and files:`,
    );
    for (const file of files) console.log(`  ${file.place}: ${file.name}`);
    console.log(`To ${backups}, encrypted to ${recipients.join(", ")}`);
    console.log(gone.length === 0 ? "Would take away no backup" : `Would take away ${gone.join(", ")}`);
    return 0;
  } finally {
    await snapshot.close();
  }
}

/** The words of what the world may do to a backup; `null`: it is a bug of ours. */
function refusalOf(error: unknown): string | null {
  if (error instanceof BackupError) return error.message;
  if (error instanceof StoreError) return error.message;
  try {
    return `Cannot write the backup: ${diskWords(error)}`;
  } catch {
    return null;
  }
}

async function main(): Promise<number> {
  const order = readOrder(Deno.args);
  if (!order.ok) {
    console.error(`${order.error}\n\n${HELP}`);
    return 2;
  }
  if (order.value === null) {
    console.log(HELP);
    return 0;
  }
  const work = await workOf(order.value);
  if (!work.ok) {
    console.error(work.error);
    return 2;
  }
  const { backups, say } = work.value;
  const startMs = systemClock.monotonicMs();
  try {
    if (order.value.dryRun) return await dryRun(work.value);
    const { folder, manifest } = await run(work.value);
    await rememberTry(backups, { atMs: systemClock.nowMs(), words: null });
    say(backupWords(manifest, systemClock.monotonicMs() - startMs));
    console.log(folder);
    return 0;
  } catch (error) {
    const words = refusalOf(error);
    if (words !== null) console.error(words);
    if (!order.value.dryRun) {
      // A bug is told to the app too: otherwise it would hear of nothing until backups are late.
      await rememberTry(backups, { atMs: systemClock.nowMs(), words: words ?? `Wattpost broke: ${error}` });
    }
    if (words === null) throw error;
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
