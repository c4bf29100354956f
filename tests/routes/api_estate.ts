/**
 * Sites with energy that is known to the half-hour, and tokens of people who reach all or some of them, for the tests
 * of the API over HTTP.
 *
 * @module
 */

import { endMsOf, HALF_HOUR_MS, type HalfHour, startMsOf } from "../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../lib/domain/site.ts";
import type { ReadingRow } from "../../lib/domain/visit.ts";
import type { Database } from "../../lib/store/db.ts";
import { preparePast, writeSiteHistory } from "../../lib/store/history.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { registerSites } from "../../lib/store/sites.ts";
import { ask, FIRST, type Flow } from "../flows/running_product.ts";
import { draftOf } from "../lib/store/estate.ts";

/** The half-hour that starts at an instant. */
export function at(iso: string): HalfHour {
  return Date.parse(iso) / HALF_HOUR_MS;
}

/** Local midnight in Helsinki before the day on which the clocks are set back. */
export const AUTUMN: HalfHour = at("2026-10-24T21:00:00Z");

/** Local midnight in Helsinki before the day on which the clocks jump forward. */
export const SPRING: HalfHour = at("2026-03-28T22:00:00Z");

/** A half-hour without reading and amount. */
export const DARK: HalfHour = AUTUMN + 20;

/** A half-hour whose reading is missing and whose amount was recovered. */
export const RECOVERED: HalfHour = AUTUMN + 21;

/** The energy of a half-hour in Wh; `null`: none. */
export function amountOf(halfHour: HalfHour): number | null {
  return halfHour === DARK ? null : 100 + halfHour % 1_000;
}

/** What stands at the mill, by what it measures. */
export interface Mill {
  /** Site with ten days of autumn up to now. */
  readonly siteId: number;
  /** Its one device. */
  readonly deviceId: number;
  /** Its channels. */
  readonly channels: Readonly<Record<"importWh" | "voltageV" | "firmware", number>>;
}

/** Registers a site whose past is known. */
export async function makeMill(
  db: Database,
  { name, from, to }: { readonly name: string; readonly from: HalfHour; readonly to: HalfHour },
): Promise<Mill> {
  const ids = await registerSites(db, [draftOf(name, from)]);
  if (!ids.ok) throw new Error(`${name} is taken`);
  const [siteId = 0] = ids.value;
  const plan = await getSitePlan(db, siteId, from);
  if (!plan) throw new Error(`${name} has no plan`);
  const halfHours = Array.from({ length: to - from }, (_, i) => from + i);
  await preparePast(db, { from, to, nowMs: endMsOf(FIRST) });
  const written = await writeSiteHistory(db, {
    siteId,
    channels: plan.channels.map(({ id: channelId, kind, quantity }) => ({
      channelId,
      kind,
      rows: halfHours.map((halfHour) => rowOf(halfHour, { channelId, quantity })),
    })),
    visits: halfHours.map((halfHour) => ({
      halfHour,
      outcome: isAway(halfHour) ? "failed" : "complete",
      reason: isAway(halfHour) ? "no-route" : null,
      pathId: plan.paths[0]?.id ?? null,
      storedMs: endMsOf(halfHour) + 9_000,
      attempts: [],
    })),
    series: [],
    openGaps: [],
  });
  if (!written) throw new Error(`${name} has a past already`);
  return { siteId, deviceId: plan.meters[0]?.id ?? 0, channels: channelsOf(plan) };
}

function isAway(halfHour: HalfHour): boolean {
  return halfHour === DARK || halfHour === RECOVERED;
}

function channelsOf({ channels }: SitePlan): Mill["channels"] {
  const idOf = (quantity: string) => channels.find((channel) => channel.quantity === quantity)?.id ?? 0;
  return { importWh: idOf("importWh"), voltageV: idOf("voltageV"), firmware: idOf("firmware") };
}

function rowOf(
  halfHour: HalfHour,
  { channelId, quantity }: { readonly channelId: number; readonly quantity: string },
): ReadingRow {
  const away = isAway(halfHour);
  const counter = quantity === "importWh";
  const amount = counter ? amountOf(halfHour) : null;
  const value = counter ? 1_000_000 + halfHour : quantity === "voltageV" ? 2305 : null;
  return {
    halfHour,
    channelId,
    words: away || value === null ? null : value.toString(16).padStart(8, "0"),
    readS: away ? null : 7,
    profileVersion: 3,
    value: away ? null : value,
    ...(quantity === "firmware" && !away ? { text: '=HYPERLINK("http://evil.example")' } : {}),
    boundary: null,
    amount,
    quality: !away ? "measured" : counter && halfHour === RECOVERED ? "recovered" : "missing",
    readingReason: away ? "no-route" : null,
    amountReason: counter && amount === null ? "no-later-reading-yet" : null,
  };
}

/** An answer of the API, read. */
export interface ApiAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Headers. */
  readonly headers: Headers;
  /** The body as it came. */
  readonly text: string;
  /** The body as JSON; `null`: it is none. */
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

/** Asks the API with a token. */
export async function api(
  { origin }: Pick<Flow, "origin">,
  path: string,
  { token, headers = {}, ...init }: Omit<RequestInit, "headers"> & {
    readonly token?: string | undefined;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<ApiAnswer> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await ask(origin, `/api/v1${path}`, { ...init, headers: { ...authorization, ...headers } });
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  return { ...answer, json: isJson && answer.text !== "" ? JSON.parse(answer.text) : null };
}

/** The start of a half-hour as the API writes it. */
export function startText(halfHour: HalfHour): string {
  return new Date(startMsOf(halfHour)).toISOString().replace(".000Z", "Z");
}
