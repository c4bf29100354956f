import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { endMsOf, endSOf, type HalfHour } from "../../../lib/domain/half_hour.ts";
import type { Transformer } from "../../../lib/domain/site.ts";
import type { ReadingRow } from "../../../lib/domain/visit.ts";
import { countingFinder } from "../../../lib/profiles/counting_profile.ts";
import { defineProfile, type DeviceProfile } from "../../../lib/profiles/profile.ts";
import { noteCounters } from "../../../lib/store/device_announced.ts";
import { listCorrections } from "../../../lib/store/corrections.ts";
import { type Database, transaction } from "../../../lib/store/db.ts";
import { listDeviceEvents } from "../../../lib/store/device_events.ts";
import { changeTransformer, replaceMeter } from "../../../lib/store/device_life.ts";
import { getSitePlan } from "../../../lib/store/plans.ts";
import { registerSite } from "../../../lib/store/sites.ts";
import { rewriteRows, storedRows } from "../../../lib/store/stored_rows.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { draftOf, H } from "./estate.ts";

const COUNTER = {
  encoding: "u32",
  kind: "counter",
  unit: "Wh",
  counter: { numerator: 1, denominator: 1, modulus: null },
} as const;

function profileOf(id: string, registers: DeviceProfile["registers"]): DeviceProfile {
  return defineProfile({
    id,
    version: 1,
    vendor: "Test",
    models: [id],
    kind: "meter",
    source: "none",
    confidence: "unverified",
    functionCode: 3,
    wordOrder: "big",
    wordsPerRequest: 60,
    gapWords: 0,
    requestMs: 50,
    maxPowerW: 50_000,
    registers,
  });
}

const PROFILES = [
  profileOf("energy-and-power", {
    importWh: { address: 0, ...COUNTER },
    powerW: { address: 10, encoding: "u32", kind: "gauge", unit: "W" },
  }),
  profileOf("energy-elsewhere", { importWh: { address: 40, ...COUNTER } }),
  profileOf("export-alone", { exportWh: { address: 20, ...COUNTER } }),
];
const FIND = countingFinder((id) => PROFILES.find((it) => it.id === id));

/** Read when the half-hour had been over for so many seconds. */
interface Read {
  readonly halfHour: HalfHour;
  readonly readS: number;
  readonly wh: number;
  readonly powerW: number;
}

async function setUp(db: Database, reads: readonly Read[]) {
  const draft = draftOf("Late");
  const channels = [
    { quantity: "importWh", kind: "counter", unit: "Wh", decimals: 0 },
    { quantity: "powerW", kind: "gauge", unit: "W", decimals: 0 },
  ] as const;
  const endpoints = draft.endpoints.map((endpoint) => ({
    ...endpoint,
    meters: endpoint.meters.map((meter) => ({
      ...meter,
      profileId: "energy-and-power",
      profileVersion: 1,
      transformer: null,
      channels: [...channels],
    })),
  }));
  const id = await registerSite(db, { ...draft, endpoints });
  const plan = id.ok ? await getSitePlan(db, id.value, H) : null;
  const [energy, power] = plan?.channels ?? [];
  const meterId = plan?.meters[0]?.id ?? 0;
  if (!plan || !energy || !power) throw new Error("Nothing is registered");
  const rows = reads.flatMap(({ halfHour, readS, wh, powerW }): ReadingRow[] =>
    [[energy.id, wh], [power.id, powerW]].map(([channelId = 0, value = 0]) => ({
      halfHour,
      channelId,
      words: value.toString(16).padStart(8, "0"),
      readS,
      profileVersion: 1,
      value,
      boundary: channelId === energy.id ? value : null,
      amount: channelId === energy.id ? 1_000 : null,
      quality: "measured",
      readingReason: null,
      amountReason: null,
    }))
  );
  await transaction(db, async (tx) => {
    await tx.insertInto("series").values({
      channel_id: energy.id,
      since_s: H * 1800,
      series_id: 900,
      numerator: 1,
      denominator: 1,
      origin: 0,
      modulus: null,
      base: null,
      begins: null,
    }).execute();
    await rewriteRows(tx, rows);
  });
  const stored = async (channelId: number) => {
    const found = await transaction(
      db,
      (tx) => storedRows(tx, { channelIds: [channelId], from: H, to: H + 20 }),
    );
    return found.get(channelId) ?? [];
  };
  return { siteId: plan.site.id, meterId, energy: energy.id, power: power.id, stored };
}

const CT: Transformer = {
  ctPrimaryA: 100,
  ctSecondaryA: 5,
  vtPrimaryV: 1,
  vtSecondaryV: 1,
  appliedBy: "wattpost",
};

onEveryEngine(
  "changeTransformer() noted late puts power right as well as energy, from the instant on",
  async (db) => {
    const reads = [0, 1, 2, 3].map((i) => ({
      halfHour: H + i,
      readS: 1,
      wh: 5_000 + 1_000 * i,
      powerW: 2_000,
    }));
    const { siteId, meterId, power, stored } = await setUp(db, reads);
    const act = {
      siteId,
      meterId,
      note: "",
      atS: endSOf(H + 1) + 600,
      transformer: CT,
      counters: [],
      confirmed: false,
      find: FIND,
    };
    const done = await changeTransformer(db, authorAt(endMsOf(H + 3) + 60_000), act);
    assert(done.ok, JSON.stringify(done));
    deepStrictEqual((await stored(power)).map(({ value }) => value), [2_000, 2_000, 40_000, 40_000]);
  },
);

onEveryEngine("what a new meter said after its boundary is not taken for the old one's", async (db) => {
  // The visit of H + 1 was late: the meter had been replaced ten minutes after the boundary, and it read the new one.
  const reads = [
    { halfHour: H, readS: 1, wh: 5_000, powerW: 2_000 },
    { halfHour: H + 1, readS: 1_200, wh: 6_000, powerW: 7 },
    { halfHour: H + 2, readS: 1, wh: 7_000, powerW: 7 },
  ];
  const { siteId, meterId, energy, power, stored } = await setUp(db, reads);
  const act = {
    siteId,
    meterId,
    note: "",
    atS: endSOf(H + 1) + 600,
    transformer: null,
    counters: [],
    serial: null,
    profileId: "export-alone",
    confirmed: false,
    find: FIND,
  };
  const done = await replaceMeter(db, authorAt(endMsOf(H + 2) + 60_000), act);
  assert(done.ok, JSON.stringify(done));
  const powers = (await stored(power)).map(({ value, readingReason }) => [value, readingReason]);
  deepStrictEqual(powers, [[2_000, null], [null, "not-a-number"]]);
  const amounts = (await stored(energy)).map(({ value, amount }) => [value, amount]);
  deepStrictEqual(amounts, [[5_000, 1_000], [null, null]]);
  const [event] = await listDeviceEvents(db, meterId);
  const kept = await listCorrections(db.kysely, { eventId: event?.id ?? 0, from: H, to: H + 9 });
  deepStrictEqual(kept.map(({ halfHour, was, is }) => [halfHour - H, was, is]), [[1, 1_000, null], [
    2,
    1_000,
    null,
  ]]);
  strictEqual((await db.kysely.selectFrom("open_gap").select("channel_id").execute()).length, 0);
});

onEveryEngine(
  "noteCounters() refuses a beginning above what a meter of another map showed since",
  async (db) => {
    const { siteId, meterId, energy } = await setUp(db, [{
      halfHour: H,
      readS: 1,
      wh: 5_000,
      powerW: 2_000,
    }]);
    const by = authorAt((endSOf(H) + 600) * 1000);
    const act = {
      siteId,
      meterId,
      note: "",
      atS: endSOf(H) + 600,
      transformer: null,
      counters: [],
      serial: null,
      profileId: "energy-elsewhere",
      confirmed: false,
      find: FIND,
    };
    assert((await replaceMeter(db, by, act)).ok);
    const row = {
      halfHour: H + 1,
      channelId: energy,
      words: "00000032",
      readS: 1,
      profileVersion: 1,
      value: 50,
      boundary: null,
      amount: null,
      quality: "missing",
      readingReason: null,
      amountReason: "new-series",
    } as const;
    await transaction(db, (tx) => rewriteRows(tx, [row]));
    const noted = (first: number) =>
      noteCounters(db, authorAt(endMsOf(H + 1) + 60_000), {
        siteId,
        meterId,
        note: "",
        counters: [{ quantity: "importWh", final: 5_300, first }],
        confirmed: false,
        find: FIND,
      });
    deepStrictEqual(await noted(60), {
      ok: false,
      error: [{ kind: "above-since", quantity: "importWh", since: 50 }],
    });
    assert((await noted(10)).ok);
  },
);
