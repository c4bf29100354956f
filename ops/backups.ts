/**
 * `deno task backups`: which backups there are, whether they are whole, copies elsewhere, and what need not stay.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { backupStanding, type RemoteBackups } from "../lib/domain/backup_report.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { BACKUPS_HELP, type BackupsOrder, readBackupsOrder } from "./lib/backup/arguments.ts";
import { BackupError } from "./lib/backup/backup_error.ts";
import { backupInstant } from "./lib/backup/format.ts";
import { holdingBackups, listBackups } from "./lib/backup/folder.ts";
import { planAt } from "./lib/backup/installation.ts";
import { USUAL_KEEP } from "./lib/backup/keep.ts";
import { listLines } from "./lib/backup/list.ts";
import { prune } from "./lib/backup/prune.ts";
import { fetchBackup, listRemote, push, type Remote } from "./lib/backup/push.ts";
import type { RemoteBackup, RemoteDescription } from "./lib/backup/remote.ts";
import { sealHostSecrets } from "./lib/backup/seal.ts";
import { reportOf, tell } from "./lib/backup/tell.ts";
import { troubleText } from "./lib/backup/trouble.ts";
import { verify } from "./lib/backup/verify.ts";
import { countWords, rowsOf } from "./lib/backup/words.ts";
import { describedAt } from "./lib/host/described.ts";
import { IDS } from "./lib/host/layout.ts";
import type { Host } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";

/** One of the commands; the exit code. */
async function run(order: BackupsOrder, on: Host): Promise<number> {
  try {
    switch (order.command) {
      case "list":
        return await list(order);
      case "verify":
        return await verifyOne(order);
      case "prune":
        return await pruneAll(order);
      case "seal":
        return await seal(order, on);
      case "push":
        return await pushAll(order, on);
      case "fetch":
        return await fetchOne(order, on);
      case "tell":
        return await tellApp(order, on, undefined);
    }
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function list({ backups }: BackupsOrder): Promise<number> {
  for (const line of await listLines(backups, systemClock.nowMs())) console.log(line);
  const report = await reportOf(backups, { nowMs: systemClock.nowMs(), remote: null });
  if (report.failed !== null) console.error(`The last try failed: ${report.failed.words}`);
  return backupStanding(report, systemClock.nowMs()) === "well" ? 0 : 1;
}

async function verifyOne({ backups, name, keyFile }: BackupsOrder): Promise<number> {
  const folder = await folderOf(backups, name);
  if (!folder.ok) return refuse(folder.error);
  let troubles = 0;
  const onTrouble = (trouble: Parameters<typeof troubleText>[0]) => {
    troubles += 1;
    console.error(troubleText(trouble));
  };
  const opened = await verify(folder.value, { keyFile, onTrouble });
  if (opened === null || troubles > 0) return refuse(`${folder.value} is not as it was made`);
  const { parts, tables } = opened.manifest;
  const depth = keyFile === null
    ? "not decrypted: --key FILE looks into them"
    : `${tables.length} tables, ${countWords(rowsOf(opened.manifest))} rows`;
  console.log(`${folder.value} is whole: ${parts.length} parts (${depth})`);
  return 0;
}

async function folderOf(backups: string, name: string | null): Promise<Result<string, string>> {
  if (name !== null && backupInstant(name) === null) return ok(name); // a folder anywhere
  const found = await listBackups(backups);
  const one = name === null ? found[0] : found.find((backup) => backup.name === name);
  if (one) return ok(one.folder);
  return err(
    name === null ? `There is no backup in "${backups}"` : `There is no backup "${name}" in "${backups}"`,
  );
}

async function pruneAll({ backups, place, dryRun }: BackupsOrder): Promise<number> {
  const plan = await planAt(place);
  if (!plan.ok) return refuse(plan.error);
  const keep = plan.value?.keep ?? USUAL_KEEP;
  const { stay, gone } = await holdingBackups(backups, () => prune(backups, { keep, dryRun }));
  for (const name of gone) console.log(`${dryRun ? "Would take away" : "Took away"} ${name}`);
  console.log(
    `${stay.length} ${dryRun ? "would stay" : "stay"}, ${gone.length} ${dryRun ? "would go" : "went"}`,
  );
  return 0;
}

async function seal({ place }: BackupsOrder, on: Host): Promise<number> {
  const plan = await planAt(place);
  if (!plan.ok) return refuse(plan.error);
  if (plan.value === null) {
    return refuse(`There is no ${place.paths.backupPlan}: name "backups" in ops/host.json`);
  }
  const { recipients } = plan.value;
  const names = await sealHostSecrets(on, { place, recipients, readerId: IDS.app.id });
  console.log(names.length === 0 ? "There was nothing to seal" : `Sealed ${names.join(", ")}`);
  return 0;
}

async function pushAll(order: BackupsOrder, on: Host): Promise<number> {
  const { backups, dryRun } = order;
  const described = await remoteOf(order, on);
  if (!described.ok) return refuse(described.error);
  if (described.value === null) {
    console.log("No place elsewhere is described: backups lie on this host alone");
    return dryRun ? 0 : await tellApp(order, on, null);
  }
  const { remote, keep } = described.value;
  const to: Remote = { on, remote, credentials: order.place.paths.hostCredentials };
  const pushed = await push(to, { backups, keep, nowMs: systemClock.nowMs(), dryRun, say: console.log });
  if (!pushed.ok) console.error(pushed.error);
  if (dryRun) return pushed.ok ? 0 : 1;
  const there = pushed.ok ? pushed : await listRemote(to, { make: false });
  const told = await tellApp(
    order,
    on,
    copiesOf(remote, { there, failure: pushed.ok ? null : pushed.error }),
  );
  return pushed.ok ? told : 1;
}

function copiesOf(
  { kind }: RemoteDescription,
  { there, failure }: {
    readonly there: Result<readonly RemoteBackup[], string>;
    readonly failure: string | null;
  },
): RemoteBackups {
  const copies = there.ok ? there.value : [];
  return { kind, newestMs: copies[0]?.atMs ?? null, count: copies.length, failure };
}

async function fetchOne(order: BackupsOrder, on: Host): Promise<number> {
  const described = await remoteOf(order, on);
  if (!described.ok) return refuse(described.error);
  if (described.value === null) return refuse("No place elsewhere is described");
  const to: Remote = { on, remote: described.value.remote, credentials: order.place.paths.hostCredentials };
  const there = await listRemote(to, { make: false });
  if (!there.ok) return refuse(there.error);
  const copy = order.name === null ? there.value[0] : there.value.find(({ name }) => name === order.name);
  if (!copy) return refuse(order.name === null ? "There is no copy" : `There is no copy of ${order.name}`);
  const fetched = await fetchBackup(to, {
    backups: order.backups,
    aside: `${order.place.paths.state}/fetched-backup`,
    copy,
  });
  if (!fetched.ok) return refuse(fetched.error);
  console.log(fetched.value);
  return 0;
}

type Described = { readonly remote: RemoteDescription; readonly keep: typeof USUAL_KEEP };

async function remoteOf({ place }: BackupsOrder, on: Host): Promise<Result<Described | null, string>> {
  const described = await describedAt(on, place.paths.description);
  if (!described.ok) return described;
  const { backups } = described.value;
  return ok(backups?.remote ? { remote: backups.remote, keep: backups.keep } : null);
}

async function tellApp(
  { backups, place }: BackupsOrder,
  on: Host,
  remote: RemoteBackups | null | undefined,
): Promise<number> {
  const told = { backups, host: place.paths.host, readerId: IDS.app.id, remote, nowMs: systemClock.nowMs() };
  await tell(on, told);
  return 0;
}

function refuse(words: string): number {
  console.error(words);
  return 1;
}

if (import.meta.main) {
  Deno.exit(await runTask(Deno.args, { help: BACKUPS_HELP, read: readBackupsOrder, run }));
}
