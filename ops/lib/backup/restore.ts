/**
 * Restores a backup into an empty database: every part is checked before anything is written, rows go in as they were
 * read, everything is read back and compared, and only then it becomes a database of Wattpost.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import type { Comparison, RestoreStep, StepTime } from "../../../lib/domain/restore_report.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { MigrationSet } from "../../../lib/store/migrator.ts";
import {
  declareFilled,
  emptyTable,
  extendFilled,
  fillEmpty,
  type Filling,
  insertLines,
} from "../../../lib/store/restored_rows.ts";
import { openSnapshot } from "../../../lib/store/snapshot.ts";
import type { ManifestPart } from "./manifest.ts";
import { type OpenBackup, readPart, readSealedPart } from "./read.ts";
import { compare } from "./restore_compare.ts";
import { openTarget, probeTarget, type RestoreTarget, wordsOf } from "./restore_target.ts";
import type { Leftover, RestoreFailure, RestoreTrouble } from "./restore_trouble.ts";
import type { BackupTrouble } from "./trouble.ts";

/** What is restored, and where to. */
export interface RestoreOrder {
  /** An opened backup. */
  readonly backup: OpenBackup;
  /** File of the private key of one of its recipients. */
  readonly keyFile: string;
  /** Address of the empty database: `sqlite:PATH` or `mysql://…`. */
  readonly url: string;
  /** Every migration of this release. */
  readonly migrations: MigrationSet;
  /** Whether it stays; `false`: it was a trial, and everything is removed after comparing. */
  readonly keep: boolean;
  readonly clock: Clock;
  /** Says how far it is, some lines a minute. */
  readonly say: (line: string) => void;
  /** Stops it between two parts. */
  readonly signal?: AbortSignal;
}

/** What was restored. */
export interface Restored {
  /** Rows. */
  readonly rows: number;
  /** Bytes of the backup as it lies. */
  readonly bytes: number;
  /** Engine and version into which it was restored. */
  readonly into: string;
  /** What took how long. */
  readonly steps: readonly StepTime[];
  /** What was compared; all of it is equal. */
  readonly compared: readonly Comparison[];
  /** Migrations that the backup lacked and that were applied afterwards. */
  readonly migrated: readonly string[];
}

/** Milliseconds between two lines about how far it is. */
const SAY_EVERY_MS = 5_000;

/** Ends a restore from within. */
class Stop extends Error {
  readonly trouble: RestoreTrouble;

  constructor(trouble: RestoreTrouble) {
    super(trouble.kind);
    this.trouble = trouble;
  }
}

/** Looks whether it could be restored; changes nothing. */
export async function checkRestore(order: RestoreOrder): Promise<Result<void, RestoreTrouble>> {
  const checked = await checkBackup(order);
  return checked.ok ? await probeTarget(order.url, { plainBytes: plainBytesOf(order) }) : checked;
}

/** Restores; on failure the database is as empty as before, or it is said that it is not. */
export async function restore(order: RestoreOrder): Promise<Result<Restored, RestoreFailure>> {
  const nothing = (trouble: RestoreTrouble) => err<RestoreFailure>({ trouble, leftover: "nothing" });
  const times = timer(order.clock);
  const checked = await checkBackup(order);
  if (!checked.ok) return nothing(checked.error);
  times.over("check");
  const opened = await openTarget(order.url, { plainBytes: plainBytesOf(order) });
  if (!opened.ok) return nothing(opened.error);
  const target = opened.value;
  try {
    return ok(await fillAndProve(order, { target, times }));
  } catch (error) {
    const trouble = error instanceof Stop
      ? error.trouble
      : { kind: "database" as const, why: wordsOf(error) };
    return err({ trouble, leftover: await discard(target) });
  }
}

function plainBytesOf({ backup }: RestoreOrder): number {
  return backup.manifest.parts.reduce((sum, part) => sum + part.plainBytes, 0);
}

async function fillAndProve(
  order: RestoreOrder,
  { target, times }: { readonly target: RestoreTarget; readonly times: Timer },
): Promise<Restored> {
  const { backup: { manifest }, keep, say } = order;
  const { db } = target;
  const known = new Set(manifest.schema);
  const asBackedUp = Object.fromEntries(Object.entries(order.migrations).filter(([name]) => known.has(name)));
  await fillEmpty(db, { migrations: asBackedUp, fill: (filling) => load(order, filling) });
  times.over("load");
  say("Everything is read back and compared");
  const compared = await compareWith(order, target.url);
  times.over("compare");
  const migrated = keep ? await settle(order, target) : [];
  if (keep) times.over("migrate");
  else await target.discard();
  const { tables, parts } = manifest;
  return {
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    into: `${db.engine} ${db.version}`,
    steps: times.steps,
    compared,
    migrated,
  };
}

/** This release knows its tables, every part is there with every byte, and the key opens the first. */
async function checkBackup(
  { backup, keyFile, migrations, say, signal }: RestoreOrder,
): Promise<Result<void, RestoreTrouble>> {
  const { parts, release, schema } = backup.manifest;
  const unknown = schema.filter((name) => migrations[name] === undefined);
  if (unknown.length > 0) return err({ kind: "newer", release, unknown });
  for (const part of parts) {
    if (signal?.aborted) return err({ kind: "stopped" });
    const sealed = await readSealedPart(backup, part);
    if (!sealed.ok) return err({ kind: "backup", trouble: sealed.error });
  }
  const [first] = parts;
  if (first) {
    const opened = await readPart(backup, { part: first, keyFile });
    if (!opened.ok) return err({ kind: "backup", trouble: opened.error });
  }
  say(`All ${parts.length} parts are there as they were written, and the key opens them`);
  return ok(undefined);
}

async function load(order: RestoreOrder, filling: Filling): Promise<void> {
  const { backup, keyFile, clock, say, signal } = order;
  const { tables, parts } = backup.manifest;
  const byName = new Map(tables.map((table) => [table.name, table]));
  for (const { name } of tables) await emptyTable(filling, name);
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const of = parts.filter(({ table }) => table !== null);
  let rows = 0;
  let saidMs = clock.monotonicMs();
  // The next part is decrypted while this one is stored.
  let next = of[0] && readPart(backup, { part: of[0], keyFile });
  for (let i = 0; i < of.length; i++) {
    const part = of[i] as ManifestPart;
    const lines = await next;
    const following = of[i + 1];
    next = following && readPart(backup, { part: following, keyFile });
    if (!lines?.ok) throw await stopAfter(next, lines?.error);
    if (signal?.aborted) throw await stopAfter(next);
    const table = byName.get(part.table ?? "");
    if (table) {
      await insertLines(filling, table, lines.value).catch(async (error) => {
        await next; // nothing is left running
        throw error;
      });
    }
    rows += part.rows;
    if (clock.monotonicMs() - saidMs < SAY_EVERY_MS) continue;
    saidMs = clock.monotonicMs();
    say(`${rows.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")} rows`);
  }
}

/** What is being read ends first, so that nothing is left running. */
async function stopAfter(reading: Promise<unknown> | undefined, trouble?: BackupTrouble): Promise<Stop> {
  await reading;
  return new Stop(trouble ? { kind: "backup", trouble } : { kind: "stopped" });
}

async function compareWith({ backup, clock }: RestoreOrder, url: string): Promise<readonly Comparison[]> {
  const snapshot = await openSnapshot(url, clock);
  try {
    const { all, differing } = await compare(backup.manifest, snapshot);
    if (differing.length > 0) throw new Stop({ kind: "differs", differing });
    return all;
  } finally {
    await snapshot.close();
  }
}

/** Makes it a database of Wattpost, of this release: what fails before the last line is removed again. */
async function settle(order: RestoreOrder, { db, finish }: RestoreTarget): Promise<readonly string[]> {
  const { backup, clock, migrations } = order;
  const { schema } = backup.manifest;
  const lacking = Object.entries(migrations)
    .filter(([name, { contract }]) => contract === undefined && !schema.includes(name));
  await extendFilled(db, Object.fromEntries(lacking));
  const added = lacking.map(([name]) => name).sort();
  const declared = await declareFilled(db, { schema: [...schema, ...added].sort(), clock });
  if (!declared.ok) throw new Stop({ kind: "database", why: "another process migrates it" });
  await finish();
  return added;
}

async function discard(target: RestoreTarget): Promise<Leftover> {
  try {
    await target.discard();
    return "removed";
  } catch {
    return "left";
  }
}

interface Timer {
  readonly steps: readonly StepTime[];
  over(step: RestoreStep): void;
}

function timer(clock: Clock): Timer {
  const steps: StepTime[] = [];
  let sinceMs = clock.monotonicMs();
  return {
    steps,
    over(step) {
      const nowMs = clock.monotonicMs();
      steps.push({ step, tookMs: Math.round(nowMs - sinceMs) });
      sinceMs = nowMs;
    },
  };
}
