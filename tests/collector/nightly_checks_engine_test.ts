import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { checkDevices } from "../../collector/nightly_checks.ts";
import { hexOf } from "../../lib/domain/visit.ts";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import { wattHours } from "../../lib/profiles/registers.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import type { DeviceProfile } from "../../lib/profiles/profile.ts";
import { encode } from "../../lib/simulator/encode.ts";
import { transaction } from "../../lib/store/db.ts";
import { listFindings } from "../../lib/store/findings.ts";
import { writeRecent } from "../../lib/store/recent.ts";
import { onEveryEngine } from "../lib/store/engines.ts";
import { channelOf, counterRow, H, plansOf } from "../lib/store/estate.ts";

const HOUR_MS = 3_600_000;
const NIGHT_MS = (H + 49) * 1_800_000;
const LOG = { info: () => {} };

onEveryEngine(
  "a night that was ended goes on with the devices that are left, and checks none twice",
  async (db) => {
    await plansOf(db, 25);
    const night = async (nowMs: number, stopAfter = Infinity) => {
      const ended = new AbortController();
      let devices = 0;
      const find = () => {
        if (++devices >= stopAfter) ended.abort();
        return undefined;
      };
      const profiles = { find, load: () => Promise.resolve() };
      return (await checkDevices(db, { nowMs, signal: ended.signal, profiles, log: LOG })).devices;
    };
    const gone = new AbortController();
    gone.abort();
    const profiles = { find: () => undefined, load: () => Promise.resolve() };
    const none = await checkDevices(db, { nowMs: NIGHT_MS, signal: gone.signal, profiles, log: LOG });
    strictEqual(none.devices, 0);
    deepStrictEqual(
      [await night(NIGHT_MS, 17), await night(NIGHT_MS + 60_000), await night(NIGHT_MS + HOUR_MS)],
      [17, 8, 0],
    );
    strictEqual(await night(NIGHT_MS + 24 * HOUR_MS), 25, "and everybody again in the next night");
  },
);

/** A register map of somebody's own that has the words the wrong way round. */
function ownProfile(): DeviceProfile {
  const base = profileOf("eastron-sdm630");
  if (!base) throw new Error("There is no SDM630");
  return {
    ...base,
    id: "own-12@3",
    version: 3,
    wordOrder: "big",
    registers: { importWh: wattHours(0, "u32") },
  };
}

onEveryEngine(
  "a wrong word order of somebody's own register map is found, though no value was ever accepted",
  async (db) => {
    const [plan] = await plansOf(db, 1);
    if (!plan) throw new Error("There is no site");
    await db.kysely.updateTable("meter").set({ profile_id: "own-12@3" }).execute();
    const spec = wattHours(0, "u32");
    const rows = Array.from({ length: 40 }, (_, i) => ({
      ...counterRow(plan, H + i),
      channelId: channelOf(plan, "counter"),
      words: hexOf(encode(964_123 + 37 * i, spec, "little").words),
      value: null,
      boundary: null,
      amount: null,
      quality: "missing" as const,
      readingReason: "out-of-range" as const,
      amountReason: "no-later-reading-yet" as const,
    }));
    await transaction(db, (tx) => writeRecent(tx, rows));
    const loaded: string[] = [];
    const book = new Map([["own-12@3", ownProfile()]]);
    const profiles = {
      find: (id: string) => loaded.includes(id) ? book.get(id) : undefined,
      load: (ids: Iterable<string>) => Promise.resolve(void loaded.push(...ids)),
    };
    const { signal } = new AbortController();
    const done = await checkDevices(db, { nowMs: (H + 41) * 1_800_000, signal, profiles, log: LOG });
    deepStrictEqual(done, { devices: 1, opened: 1, cleared: 0 });
    const [found] = await listFindings(db, { reaches: [ALL_SITES], nowMs: NIGHT_MS, state: "open" });
    const finding = found?.finding;
    strictEqual(finding?.kind === "word-order" ? finding.order : finding?.kind, "CDAB");
  },
);
