/**
 * A site whose router tells of its link, and half-hours of it as the collector stores them, written in bulk.
 *
 * @module
 */

import { endMsOf, type HalfHour, halfHourOf, utcDayOf } from "../../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import { channelsOf } from "../../../lib/profiles/mod.ts";
import { rutx } from "../../../lib/profiles/teltonika.ts";
import type { Database } from "../../../lib/store/db.ts";
import { insertMissing } from "../../../lib/store/dialect.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { registerSites } from "../../../lib/store/sites.ts";
import { textIdsOf } from "../../../lib/store/texts.ts";
import { draftOf } from "./estate.ts";

/** Where it is registered, in Oulu. */
export const HOME = { latitude: 65.01, longitude: 25.47 };

/** Midnight in Helsinki that begins 2 November 2026. */
export const MIDNIGHT: HalfHour = halfHourOf(Date.UTC(2026, 10, 1, 22));

/** Paths of a site: cellular first, then the line. */
export const HOSTS = ["198.51.100.7", "198.51.100.9"] as const;

/** Registers sites with a RUTX11 each. */
export async function linkPlans(db: Database, count: number, since: HalfHour): Promise<readonly SitePlan[]> {
  const drafts = Array.from({ length: count }, (_, i) => ({
    ...draftOf(`Link ${String(i + 1).padStart(3, "0")}`, since),
    ...HOME,
    paths: [{ kind: "cellular" as const, host: HOSTS[0] }, { kind: "wired" as const, host: HOSTS[1] }],
    endpoints: [{
      port: 502,
      kind: "router" as const,
      pauseMs: 0,
      meters: [{
        name: "Router",
        unitId: 1,
        profileId: rutx.id,
        profileVersion: rutx.version,
        endUse: null,
        wholeSite: false,
        maxPowerW: null,
        transformer: null,
        channels: channelsOf(rutx),
      }],
    }],
  }));
  const ids = await registerSites(db, drafts);
  if (!ids.ok) throw new Error("The names are taken");
  const plans = await Promise.all(ids.value.map((id) => getSitePlan(db, id, since)));
  return plans.flatMap((plan) => plan ? [plan] : []);
}

/** A half-hour of a site. */
export interface Told {
  /** The half-hour. */
  readonly halfHour: HalfHour;
  /** Place of the path that answered; `null`: none did. */
  readonly place: number | null;
  /** What the router said, by quantity: numbers as they are stored. */
  readonly said?: Readonly<Record<string, number | string>>;
  /** Bytes, requests and connections of the tries; default 400, 3 and 1. */
  readonly tries?: readonly [number, number, number];
}

/** Writes half-hours of a site. */
export async function tell(db: Database, plan: SitePlan, halfHours: readonly Told[]): Promise<void> {
  const texts = await textIdsOf(
    db,
    halfHours.flatMap(({ said }) => Object.values(said ?? {}).filter((value) => typeof value === "string")),
  );
  const pathAt = (place: number | null) => place === null ? null : plan.paths[place]?.id ?? null;
  const site_id = plan.site.id;
  const ledger = halfHours.map(({ halfHour, place }) => ({
    half_hour: halfHour,
    site_id,
    state: place === null ? 4 : 2,
    due_at_ms: endMsOf(halfHour),
    token: null,
    claim_until_ms: null,
    mark: null,
    tries: 1,
    has_reading: place === null ? 0 : 1,
    reason: place === null ? 2 : null,
    path_id: pathAt(place),
    stored_at_ms: endMsOf(halfHour),
    judged: 0,
  }));
  const attempts = halfHours.flatMap(({ halfHour, place, tries: [bytes, requests, count] = [400, 3, 1] }) =>
    Array.from({ length: count }, (_, i) => ({
      half_hour: halfHour,
      site_id,
      tries: 1,
      attempt_no: i,
      at_ms: endMsOf(halfHour) + i,
      endpoint_id: plan.endpoints[0]?.id ?? null,
      path_id: pathAt(place),
      took_ms: 30,
      requests: i === 0 ? requests : 0,
      bytes: i === 0 ? bytes : 0,
      reason: null,
    }))
  );
  const rows = halfHours.flatMap(({ halfHour, said }) =>
    Object.entries(said ?? {}).map(([quantity, value]) => {
      const channel = plan.channels.find((one) => one.quantity === quantity);
      if (!channel) throw new Error(`The router has no ${quantity}`);
      return {
        half_hour: halfHour,
        channel_id: channel.id,
        words: null,
        read_s: 9,
        profile_version: 1,
        value: typeof value === "string" ? texts.get(value) ?? null : value,
        boundary: null,
        amount: null,
        quality: "m",
        reading_reason: null,
        amount_reason: null,
      };
    })
  );
  const insert = async (table: "ledger" | "attempt" | "recent", all: readonly object[]) => {
    for (let i = 0; i < all.length; i += 100) {
      await db.kysely.insertInto(table).values(all.slice(i, i + 100) as never).execute();
    }
  };
  for (const day of new Set(halfHours.map(({ halfHour }) => utcDayOf(halfHour)))) {
    await insertMissing(db.kysely, "day_state", {
      day,
      state: 0,
      token: null,
      until_ms: null,
      packed_ms: null,
    });
  }
  await insert("ledger", ledger);
  await insert("attempt", attempts);
  await insert("recent", rows);
}

/** What a router says that is well, at a half-hour. */
export function well(halfHour: HalfHour, over: Readonly<Record<string, number | string>> = {}) {
  return {
    uptimeS: 1_000_000 + halfHour * 1800 % 100_000_000,
    signalDbm: -71,
    registration: "Registered (home)",
    operator: "Elisa",
    latitudeDeg: Math.round(HOME.latitude * 1e5),
    longitudeDeg: Math.round(HOME.longitude * 1e5),
    satellites: 9,
    simSlot: 1,
    ...over,
  };
}
