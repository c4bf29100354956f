/**
 * The local days of a site's link: over which path each half-hour was answered, and what the visits cost. Days that
 * are over are kept by the night; what is younger is made of ledger, tries and readings, by the same rules.
 *
 * @module
 */

import type { Channel } from "../domain/channel.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import { wanInUse, type WanWords } from "../domain/link.ts";
import type { LocalDay } from "../domain/local_day.ts";
import { ownBytesOf } from "../domain/own_data.ts";
import type { Path } from "../domain/site.ts";
import type { Database, Executor } from "./db.ts";
import { readHalfHours } from "./half_hours.ts";
import { chunksOf, listSiteOutcomes, rangeOf } from "./outcomes.ts";
import type { LinkDayTable } from "./schema_link.ts";
import { yieldToLoop } from "./sqlite.ts";
import { textsOf } from "./texts.ts";

const DAY_MS = 86_400_000;

/** A local day of a site's link. */
export interface KeptLinkDay {
  /** Its date. */
  readonly date: string;
  /** Its first half-hour. */
  readonly first: HalfHour;
  /** A letter of lib/domain/link.ts for each half-hour so far. */
  readonly ways: string;
  /** Bytes of Modbus TCP over all paths. */
  readonly ownB: number;
  /** Those over cellular paths. */
  readonly ownCellularB: number;
  /** Requests. */
  readonly requests: number;
  /** Connections that were tried. */
  readonly tries: number;
}

/** What is needed of a site to know its days. */
export interface LinkSite {
  /** Its id. */
  readonly siteId: number;
  /** Its paths. */
  readonly paths: readonly Path[];
  /** Channels of its router. */
  readonly channels: readonly Channel[];
}

/** Bytes over the air of a day, estimated with headers: in all, and over cellular paths. */
export function wireBytesOf(day: KeptLinkDay): { readonly bytes: number; readonly cellularB: number } {
  const bytes = ownBytesOf({ connections: day.tries, requests: day.requests, contentB: day.ownB });
  return { bytes, cellularB: day.ownB === 0 ? 0 : Math.round(bytes * day.ownCellularB / day.ownB) };
}

/** The days of a site that are kept, oldest first, from one date to another, both included. */
export async function listLinkDays(
  db: Database,
  siteId: number,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly KeptLinkDay[]> {
  const rows = await db.reader.selectFrom("link_day")
    .select(["day", "first_half_hour", "ways", "own_b", "own_cellular_b", "requests", "tries"])
    .where("site_id", "=", siteId).where("day", ">=", dayOf(from)).where("day", "<=", dayOf(to))
    .orderBy("day").execute();
  return rows.map((row) => ({
    date: new Date(row.day * DAY_MS).toISOString().slice(0, 10),
    first: row.first_half_hour,
    ways: row.ways,
    ownB: Number(row.own_b),
    ownCellularB: Number(row.own_cellular_b),
    requests: row.requests,
    tries: row.tries,
  }));
}

/** Keeps days of a site; one that is kept already is replaced. */
export async function writeLinkDays(
  tx: Executor,
  siteId: number,
  days: readonly KeptLinkDay[],
): Promise<void> {
  if (days.length === 0) return;
  const rows = days.map((day): LinkDayTable => ({
    site_id: siteId,
    day: dayOf(day.date),
    first_half_hour: day.first,
    ways: day.ways,
    own_b: day.ownB,
    own_cellular_b: day.ownCellularB,
    requests: day.requests,
    tries: day.tries,
  }));
  await tx.replaceInto("link_day").values(rows).execute();
}

/** Days of links that are kept: a year, and time to compare with it. */
export const LINK_DAYS_KEPT = 400;

/** Forgets days that are older, one after another, the oldest first; the rows deleted. */
export async function forgetLinkDays(
  db: Database,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const before = Math.floor(nowMs / DAY_MS) - LINK_DAYS_KEPT;
  let rows = 0;
  while (!signal.aborted) {
    const oldest = await db.reader.selectFrom("link_day").select((eb) => eb.fn.min("day").as("day"))
      .executeTakeFirst();
    if (oldest?.day == null || oldest.day >= before) break;
    const deleted = await db.kysely.deleteFrom("link_day").where("day", "=", oldest.day).executeTakeFirst();
    rows += Number(deleted.numDeletedRows);
    await yieldToLoop();
  }
  return rows;
}

/** The newest date that is kept of a site; `null`: none. */
export async function newestLinkDay(db: Database, siteId: number): Promise<string | null> {
  const row = await db.reader.selectFrom("link_day").select((eb) => eb.fn.max("day").as("day"))
    .where("site_id", "=", siteId).executeTakeFirst();
  return row?.day == null ? null : new Date(row.day * DAY_MS).toISOString().slice(0, 10);
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/**
 * Makes days out of ledger, tries and readings. Half-hours that the ledger has packed without their path are `a`;
 * those after `now` are left out.
 */
export async function makeLinkDays(
  db: Database,
  site: LinkSite,
  { days, now }: { readonly days: readonly LocalDay[]; readonly now: HalfHour },
): Promise<readonly KeptLinkDay[]> {
  const [oldest, newest] = [days[0], days.at(-1)];
  if (!oldest || !newest) return [];
  const from = oldest.first;
  const to = Math.min(now + 1, newest.first + newest.count);
  if (to <= from) return [];
  const ways = await waysOf(db, site, { from, to });
  await yieldToLoop();
  const tries = Map.groupBy(await triesOf(db, site, { from, to }), ({ halfHour }) => halfHour);
  await yieldToLoop();
  return days.flatMap((day): readonly KeptLinkDay[] => {
    const end = Math.min(to, day.first + day.count);
    if (end <= day.first) return [];
    const own = rangeOf(day.first, end).flatMap((halfHour) => tries.get(halfHour) ?? []);
    const sum = (of: (one: TriesOfHalfHour) => number) => own.reduce((total, one) => total + of(one), 0);
    return [{
      date: day.date,
      first: day.first,
      ways: ways.slice(day.first - from, end - from),
      ownB: sum(({ bytes }) => bytes),
      ownCellularB: sum(({ bytes, cellular }) => cellular ? bytes : 0),
      requests: sum(({ requests }) => requests),
      tries: sum(({ connections }) => connections),
    }];
  });
}

interface Range {
  readonly from: HalfHour;
  readonly to: HalfHour;
}

const LETTERS: Readonly<Record<string, string>> = { c: "a", p: "a", f: "-" };

async function waysOf(db: Database, { siteId, paths, channels }: LinkSite, range: Range): Promise<string> {
  const { from, to } = range;
  const outcomes = (await listSiteOutcomes(db, [siteId], range)).get(siteId)?.outcomes ?? "";
  const ways = [...outcomes].map((letter) => LETTERS[letter] ?? ".");
  await yieldToLoop();
  const said = await wanWords(db, channels, range);
  await yieldToLoop();
  const byId = new Map(paths.map((path) => [path.id, path]));
  for (const piece of chunksOf(rangeOf(from, to), 1)) {
    const rows = await db.reader.selectFrom("ledger").select(["half_hour", "path_id"])
      .where("half_hour", "in", piece).where("site_id", "=", siteId).where("path_id", "is not", null)
      .execute();
    for (const { half_hour: halfHour, path_id } of rows) {
      const path = byId.get(path_id ?? 0);
      if (path && ways[halfHour - from] === "a") {
        ways[halfHour - from] = wanInUse(path, { paths, said: said.get(halfHour) ?? null }).way;
      }
    }
  }
  return ways.join("");
}

/** What the router said of its WAN, by half-hour. */
async function wanWords(
  db: Database,
  channels: readonly Channel[],
  { from, to }: Range,
): Promise<ReadonlyMap<HalfHour, WanWords>> {
  const idOf = (quantity: string) => channels.find((channel) => channel.quantity === quantity)?.id;
  const [address, registration] = [idOf("wanAddress"), idOf("registration")];
  const channelIds = [address, registration].flatMap((id) => id === undefined ? [] : [id]);
  const found = await readHalfHours(db, { channelIds, from, to });
  const texts = await textsOf(db, found.flatMap(({ amounts }) => amounts.flatMap((id) => id ?? [])));
  const textAt = (id: number | undefined, index: number) => {
    const number = found.find(({ channelId }) => channelId === id)?.amounts[index] ?? null;
    return number === null ? null : texts.get(number) || null;
  };
  return new Map(
    Array.from({ length: to - from }, (_, index) => [from + index, {
      wanAddress: textAt(address, index),
      registration: textAt(registration, index),
    }]),
  );
}

interface TriesOfHalfHour {
  readonly halfHour: HalfHour;
  readonly cellular: boolean;
  readonly bytes: number;
  readonly requests: number;
  readonly connections: number;
}

async function triesOf(
  db: Database,
  { siteId, paths }: LinkSite,
  { from, to }: Range,
): Promise<readonly TriesOfHalfHour[]> {
  const cellular = new Set(paths.filter(({ kind }) => kind === "cellular").map(({ id }) => id));
  const found: TriesOfHalfHour[] = [];
  for (const piece of chunksOf(rangeOf(from, to), 10)) {
    const rows = await db.reader.selectFrom("attempt").select(["half_hour", "path_id"])
      .select((eb) => [
        eb.fn.sum<number>("bytes").as("bytes"),
        eb.fn.sum<number>("requests").as("requests"),
        eb.fn.countAll<number>().as("connections"),
      ])
      .where("half_hour", "in", piece).where("site_id", "=", siteId).groupBy(["half_hour", "path_id"])
      .execute();
    found.push(...rows.map((row) => ({
      halfHour: row.half_hour,
      cellular: row.path_id !== null && cellular.has(row.path_id),
      bytes: Number(row.bytes),
      requests: Number(row.requests),
      connections: Number(row.connections),
    })));
  }
  return found;
}
