/**
 * Measures the nightly check: every device of 2,000 sites with a stored day, on the embedded database, beside how long
 * the event loop did not turn meanwhile. `deno run -A tests/bench/checks_bench.ts [--sites=2000]`.
 *
 * @module
 */

import { checkDevices } from "../../collector/nightly_checks.ts";
import { systemClock } from "../../lib/clock.ts";
import { endMsOf, type HalfHour, halfHourOf, startMsOf } from "../../lib/domain/half_hour.ts";
import type { ReadingRow } from "../../lib/domain/visit.ts";
import { hexOf } from "../../lib/domain/visit.ts";
import { channelsOf, profileOf } from "../../lib/profiles/mod.ts";
import { createLoad } from "../../lib/simulator/load.ts";
import { createMeter } from "../../lib/simulator/meter.ts";
import { openDatabase, transaction } from "../../lib/store/db.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { writeRecent } from "../../lib/store/recent.ts";
import { registerSites, type SiteDraft } from "../../lib/store/sites.ts";
import { migrations } from "../../migrations/mod.ts";
import { costWords, countedDatabase, measured } from "./cost.ts";

const DEVICES_A_SITE = 3;
const PROFILE_ID = "eastron-sdm630";
const SITES_A_REGISTRATION = 100;
const FIRST: HalfHour = halfHourOf(Date.UTC(2026, 10, 2, 1));

const sites = Number(Deno.args.find((each) => each.startsWith("--sites="))?.slice(8) ?? 2_000);
const known = profileOf(PROFILE_ID);
if (!known) throw new Error(`There is no ${PROFILE_ID}`);
const profile = known;

function draftOf(i: number): SiteDraft {
  return {
    name: `Site ${i}`,
    town: "",
    zone: "UTC",
    latitude: null,
    longitude: null,
    hours: null,
    since: FIRST,
    paths: [{ kind: "cellular", host: "127.0.0.1" }],
    endpoints: [{
      port: 502,
      kind: "gateway",
      meters: Array.from({ length: DEVICES_A_SITE }, (_, n) => ({
        name: `Meter ${n + 1}`,
        unitId: n + 1,
        profileId: PROFILE_ID,
        profileVersion: profile.version,
        endUse: "cooling" as const,
        wholeSite: false,
        maxPowerW: 20_000,
        transformer: null,
        channels: channelsOf(profile),
      })),
    }],
  };
}

/** What a device answers over a day, by quantity: all devices are alike. */
function dayOfReadings() {
  const spec = {
    name: "",
    unitId: 1,
    profileId: PROFILE_ID,
    endUse: "cooling" as const,
    maxPowerW: 20_000,
    seed: 41,
  };
  const load = createLoad({ endUse: "cooling", maxPowerW: 20_000, seed: 41, zone: "UTC", hours: null });
  const meter = createMeter(spec, { load });
  return Array.from({ length: 48 }, (_, i) => meter.readingAt(endMsOf(FIRST + i) + 5_000));
}

const folder = await Deno.makeTempDir();
const db = await openDatabase(`sqlite:${folder}/bench.sqlite`);
await migrate(db, migrations, systemClock);
const ids: number[] = [];
for (let at = 0; at < sites; at += SITES_A_REGISTRATION) {
  const count = Math.min(SITES_A_REGISTRATION, sites - at);
  const made = await registerSites(db, Array.from({ length: count }, (_, i) => draftOf(at + i + 1)));
  if (!made.ok) throw new Error("The sites cannot be registered");
  ids.push(...made.value);
}
const readings = dayOfReadings();
const plans = await Promise.all(ids.map((id) => getSitePlan(db, id, FIRST)));
const channels = plans.flatMap((plan) => plan?.channels ?? []);
for (const [i, reading] of readings.entries()) {
  const rows = channels.map(({ id: channelId, quantity, kind }): ReadingRow => {
    const answer = reading[quantity];
    const before = readings[i - 1]?.[quantity]?.value ?? null;
    const value = answer?.value ?? null;
    const amount = kind === "counter" && before !== null && value !== null ? value - before : null;
    return {
      halfHour: FIRST + i,
      channelId,
      words: hexOf(answer?.words ?? []),
      readS: 5,
      profileVersion: 1,
      value,
      boundary: null,
      amount,
      quality: kind === "counter" && amount === null ? "missing" : "measured",
      readingReason: null,
      amountReason: kind === "counter" && amount === null ? "first-reading" : null,
    };
  });
  await transaction(db, (tx) => writeRecent(tx, rows));
}
const nowMs = startMsOf(FIRST + 48) + 1_200_000;
let said: unknown = null;
const counted = countedDatabase(db);
const cost = await measured(async () =>
  said = await checkDevices(counted.db, {
    nowMs,
    signal: new AbortController().signal,
    profiles: { find: profileOf, load: () => Promise.resolve() },
    log: { info: () => {} },
  })
);
console.log(
  `${sites} sites, ${sites * DEVICES_A_SITE} devices, ${channels.length * 48} readings: checked in ` +
    `${costWords(cost)}, ${counted.statements()} statements, ${JSON.stringify(said)}`,
);
await db.close();
await Deno.remove(folder, { recursive: true });
