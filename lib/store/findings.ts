/**
 * What the nightly check found on devices: a row a device and kind, as numbers, with who put it aside and why.
 *
 * @module
 */

import { type RawBuilder, sql } from "kysely";
import type { CheckResult } from "../domain/device_check.ts";
import { type Finding, findingKey, type FindingKind, isFindingKind } from "../domain/finding.ts";
import { type FindingRecord, mergeFindings } from "../domain/finding_record.ts";
import type { Reach } from "../domain/permission.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, type Executor, transaction } from "./db.ts";
import { exclusiveLock } from "./dialect.ts";
import { piecesOf } from "./ids.ts";
import { withinReach } from "./reach.ts";
import type { FindingTable } from "./schema_finding.ts";
import { type Changing, within } from "./within.ts";

/** Findings of one page at most. */
export const FINDINGS_MAX = 100;

/** Days after which what was cleared is forgotten. */
const KEPT_DAYS = 400;

const DAY_MS = 86_400_000;
const ROWS_AT_ONCE = 100;

const COLUMNS = ["f.meter_id", "f.kind", "f.body", "f.first_ms", "f.last_ms", "f.cleared_ms"] as const;
const ASIDE_COLUMNS = [
  "f.aside_ms",
  "f.aside_user_id",
  "f.aside_reason",
  "f.aside_until_ms",
  "f.aside_key",
] as const;

/** The check of a device. */
export interface DeviceResult extends CheckResult {
  /** Which. */
  readonly meterId: number;
}

/** What a batch of checks has changed. */
export interface ChecksSaved {
  /** Findings that somebody should look at from now on. */
  readonly opened: number;
  /** Findings whose rule holds again. */
  readonly cleared: number;
}

/** Keeps what checks found; what people put aside stays as they put it. Repeatable. */
export async function saveChecks(
  db: Changing,
  results: readonly DeviceResult[],
  nowMs: number,
): Promise<ChecksSaved> {
  if (results.length === 0) return { opened: 0, cleared: 0 };
  return await within(db, async (tx) => {
    const known = await lockFindings(tx, results.map(({ meterId }) => meterId));
    let opened = 0;
    let cleared = 0;
    const records: FindingRecord[] = [];
    for (const { meterId, ...result } of results) {
      const changes = mergeFindings(known.get(meterId) ?? [], result, { meterId, nowMs });
      records.push(...changes.records);
      opened += changes.opened.length;
      cleared += changes.cleared.length;
    }
    for (const piece of piecesOf(records, ROWS_AT_ONCE)) {
      await tx.replaceInto("finding").values(piece.map(rowOf)).execute();
    }
    return { opened, cleared };
  });
}

async function lockFindings(
  tx: Executor,
  meterIds: readonly number[],
): Promise<ReadonlyMap<number, readonly FindingRecord[]>> {
  const rows = await tx.selectFrom("finding as f").select(COLUMNS).select(ASIDE_COLUMNS)
    .where("f.meter_id", "in", meterIds).orderBy("f.meter_id").orderBy("f.kind")
    .modifyEnd(exclusiveLock(tx)).execute();
  return Map.groupBy(rows.map(recordOf), ({ meterId }) => meterId);
}

function rowOf({ meterId, finding, firstMs, lastMs, clearedMs, aside }: FindingRecord): FindingTable {
  return {
    meter_id: meterId,
    kind: finding.kind,
    body: JSON.stringify(finding),
    first_ms: firstMs,
    last_ms: lastMs,
    cleared_ms: clearedMs,
    aside_ms: aside?.atMs ?? null,
    aside_user_id: aside?.userId ?? null,
    aside_reason: aside?.reason ?? null,
    aside_until_ms: aside?.untilMs ?? null,
    aside_key: aside?.key ?? null,
  };
}

function recordOf(row: FindingTable): FindingRecord {
  return {
    meterId: row.meter_id,
    finding: JSON.parse(row.body) as Finding,
    firstMs: row.first_ms,
    lastMs: row.last_ms,
    clearedMs: row.cleared_ms,
    aside: row.aside_ms === null ? null : {
      atMs: row.aside_ms,
      userId: row.aside_user_id,
      reason: row.aside_reason ?? "",
      untilMs: row.aside_until_ms,
      key: row.aside_key ?? "",
    },
  };
}

/** A finding with what people call things. */
export interface FoundOnDevice extends FindingRecord {
  /** The site. */
  readonly siteId: number;
  /** Its name. */
  readonly siteName: string;
  /** Its zone. */
  readonly zone: string;
  /** Name of its group; `null`: it lies in none. */
  readonly groupName: string | null;
  /** What the device is called. */
  readonly meterName: string;
  /** Its unit id. */
  readonly unitId: number;
  /** Its device profile. */
  readonly profileId: string;
  /** Who put it aside; `null`: nobody, or an account that is gone. */
  readonly asideBy: string | null;
}

/** Which findings. */
export interface FindingsQuery {
  /** Sites within reach; all must agree. */
  readonly reaches: readonly Reach[];
  /** Epoch milliseconds, by which what was put aside for a while comes back. */
  readonly nowMs: number;
  /** Open ones, or those that were put aside. */
  readonly state: "open" | "aside";
  /** Only of this kind. */
  readonly kind?: FindingKind | undefined;
  /** Only of this site. */
  readonly siteId?: number | undefined;
  /** Which page, from 1; absent: the first. */
  readonly page?: number | undefined;
}

/** A page of findings by site and device, at most {@link FINDINGS_MAX}; devices that are gone have none. */
export async function listFindings(db: Database, query: FindingsQuery): Promise<readonly FoundOnDevice[]> {
  const { kind, siteId, page = 1 } = query;
  let select = joined(db).where(isIn(query)).where(withinSites(query.reaches));
  if (kind !== undefined) select = select.where("f.kind", "=", kind);
  if (siteId !== undefined) select = select.where("m.site_id", "=", siteId);
  const rows = await select.orderBy("s.name").orderBy("s.site_id").orderBy("m.meter_id").orderBy("f.kind")
    .limit(FINDINGS_MAX).offset((page - 1) * FINDINGS_MAX).execute();
  return rows.map(foundOf);
}

/** How many findings there are of each kind. */
export async function countFindings(
  db: Database,
  query: Pick<FindingsQuery, "reaches" | "nowMs" | "state">,
): Promise<ReadonlyMap<FindingKind, number>> {
  const rows = await db.reader.selectFrom("finding as f")
    .innerJoin("meter as m", "m.meter_id", "f.meter_id").innerJoin("site as s", "s.site_id", "m.site_id")
    .select("f.kind").select((eb) => eb.fn.countAll<number>().as("findings"))
    .where(isIn(query)).where(withinSites(query.reaches)).where("m.until", "is", null)
    .groupBy("f.kind").execute();
  return new Map(rows.flatMap((row) => isFindingKind(row.kind) ? [[row.kind, Number(row.findings)]] : []));
}

/** Whether any device within reach was checked yet: on its first day nothing found means nothing. */
export async function isAnyChecked(db: Database, reaches: readonly Reach[]): Promise<boolean> {
  const row = await db.reader.selectFrom("device_check as c")
    .innerJoin("meter as m", "m.meter_id", "c.meter_id").innerJoin("site as s", "s.site_id", "m.site_id")
    .select("c.meter_id").where(withinSites(reaches)).where("m.until", "is", null).limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Which finding. */
export interface FindingPlace {
  /** The site it must be at. */
  readonly siteId: number;
  /** The device. */
  readonly meterId: number;
  /** Its kind. */
  readonly kind: FindingKind;
}

/** A finding that is open or put aside; `null`: there is none such. */
export async function readFinding(db: Database, place: FindingPlace): Promise<FoundOnDevice | null> {
  const row = await joined(db).where("f.meter_id", "=", place.meterId).where("f.kind", "=", place.kind)
    .where("m.site_id", "=", place.siteId).where("f.cleared_ms", "is", null).executeTakeFirst();
  return row ? foundOf(row) : null;
}

function joined(db: Database) {
  return db.reader.selectFrom("finding as f")
    .innerJoin("meter as m", "m.meter_id", "f.meter_id").innerJoin("site as s", "s.site_id", "m.site_id")
    .leftJoin("site_group as g", "g.group_id", "s.group_id")
    .leftJoin("user as u", "u.user_id", "f.aside_user_id")
    .select(COLUMNS).select(ASIDE_COLUMNS)
    .select(["m.site_id", "m.name as meter_name", "m.unit_id", "m.profile_id", "s.name as site_name"])
    .select(["s.zone", "g.name as group_name", "u.name as aside_by"])
    .where("m.until", "is", null);
}

function isIn({ state, nowMs }: Pick<FindingsQuery, "state" | "nowMs">): RawBuilder<boolean> {
  const aside = sql`f.aside_ms is not null and (f.aside_until_ms is null or f.aside_until_ms > ${nowMs})`;
  return state === "aside"
    ? sql<boolean>`(f.cleared_ms is null and ${aside})`
    : sql<boolean>`(f.cleared_ms is null and not (${aside}))`;
}

function withinSites(reaches: readonly Reach[]) {
  return withinReach(reaches, { siteId: "s.site_id", groupId: "s.group_id" });
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof joined>["execute"]>>[number];

function foundOf(row: JoinedRow): FoundOnDevice {
  return {
    ...recordOf(row),
    siteId: row.site_id,
    siteName: row.site_name,
    zone: row.zone,
    groupName: row.group_name,
    meterName: row.meter_name,
    unitId: row.unit_id,
    profileId: row.profile_id,
    asideBy: row.aside_by,
  };
}

/** Why a finding was not put aside or brought back: it is gone, or no longer what was looked at. */
export type AsideTrouble = "gone" | "changed";

/** What somebody says about a finding. */
export interface AsideWish extends FindingPlace {
  /** Why nobody needs to look. */
  readonly reason: string;
  /** Epoch milliseconds at which it comes back; `null`: only when it changes. */
  readonly untilMs: number | null;
  /** The key of what they saw. */
  readonly key: string;
}

/** Puts a finding aside. */
export function putFindingAside(
  db: Database,
  by: Author,
  { reason, untilMs, key, ...place }: AsideWish,
): Promise<Result<void, AsideTrouble>> {
  return changeAside(db, by, {
    place,
    key,
    action: "finding-put-aside",
    aside: {
      aside_ms: by.atMs,
      aside_user_id: by.userId,
      aside_reason: reason,
      aside_until_ms: untilMs,
      aside_key: key,
    },
    after: { reason, until: untilMs === null ? null : new Date(untilMs).toISOString() },
  });
}

/** Brings a finding back that was put aside. */
export function bringFindingBack(
  db: Database,
  by: Author,
  place: FindingPlace,
): Promise<Result<void, AsideTrouble>> {
  const nothing = {
    aside_ms: null,
    aside_user_id: null,
    aside_reason: null,
    aside_until_ms: null,
    aside_key: null,
  };
  return changeAside(db, by, {
    place,
    key: null,
    action: "finding-brought-back",
    aside: nothing,
    after: undefined,
  });
}

interface AsideChange {
  readonly place: FindingPlace;
  /** What it must still be; `null`: whatever it is. */
  readonly key: string | null;
  readonly action: string;
  readonly aside: Pick<
    FindingTable,
    "aside_ms" | "aside_user_id" | "aside_reason" | "aside_until_ms" | "aside_key"
  >;
  readonly after: unknown;
}

async function changeAside(
  db: Database,
  by: Author,
  { place, key, action, aside, after }: AsideChange,
): Promise<Result<void, AsideTrouble>> {
  const { siteId, meterId, kind } = place;
  return await transaction(db, async (tx): Promise<Result<void, AsideTrouble>> => {
    const meter = await tx.selectFrom("meter").select(["site_id"]).where("meter_id", "=", meterId)
      .where("site_id", "=", siteId).executeTakeFirst();
    const was = (await lockFindings(tx, [meterId])).get(meterId)?.find((each) => each.finding.kind === kind);
    if (!meter || !was || was.clearedMs !== null) return err("gone");
    if (key !== null && findingKey(was.finding) !== key) return err("changed");
    if (aside.aside_ms === null && was.aside === null) return ok(undefined);
    await tx.updateTable("finding").set(aside).where("meter_id", "=", meterId).where("kind", "=", kind)
      .execute();
    await appendAudit(tx, by, {
      action,
      subject: `device ${meterId}, ${kind}`,
      siteId,
      ...(was.aside === null ? {} : { before: { reason: was.aside.reason } }),
      ...(after === undefined ? {} : { after }),
    });
    return ok(undefined);
  });
}

/** Forgets findings that were cleared long ago, at most a batch; how many. */
export async function forgetFindings(db: Database, nowMs: number): Promise<number> {
  const old = await db.kysely.selectFrom("finding").select(["meter_id", "kind"])
    .where("cleared_ms", "<", nowMs - KEPT_DAYS * DAY_MS).limit(ROWS_AT_ONCE).execute();
  for (const { meter_id, kind } of old) {
    await db.kysely.deleteFrom("finding").where("meter_id", "=", meter_id).where("kind", "=", kind)
      .where("cleared_ms", "is not", null).execute();
  }
  return old.length;
}
