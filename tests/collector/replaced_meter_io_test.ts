/**
 * A meter is swapped at ten past ten for one with another counter while the collector goes on: the half-hours add up to
 * the energy that was truly used.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { endSOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import { countingFinder } from "../../lib/profiles/counting_profile.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import { replaceMeter } from "../../lib/store/device_life.ts";
import { readHalfHours } from "../../lib/store/readings.ts";
import { authorAt } from "../fakes/author.ts";
import { type Peer, startPeer, wordsFrame } from "../fakes/modbus_peer.ts";
import { type Estate, FIRST, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const SWAP_S = (FIRST + 4) * 1800 + 600;

/** Wh that have flowed at an instant: 7.2 kW, so that every second has 2 of them. */
function flowed(atS: number): number {
  return 2 * (atS - FIRST * 1800);
}

const OLD_START = 123_456_000;
const NEW_START = 40;

/** What the counter on the wall shows; the test's clock is the true time. */
function shownAt(atS: number): number {
  return atS < SWAP_S ? OLD_START + flowed(atS) : NEW_START + flowed(atS) - flowed(SWAP_S);
}

/** A meter whose counter of 64 bits follows the clock; its other registers stand still. */
function startCounting(nowS: () => number): Promise<Peer> {
  const register = profileOf("schneider-iem3000")?.registers["importWh"]?.address ?? 0;
  return startPeer((request) => {
    const value = BigInt(shownAt(nowS()));
    const words = Array.from({ length: request.count }, (_, i) => {
      const place = request.address + i - register;
      return place >= 0 && place < 4 ? Number(value >> BigInt(16 * (3 - place)) & 0xFFFFn) : 0;
    });
    return wordsFrame(request, words);
  });
}

async function withMeter(body: (estate: Estate) => Promise<void>): Promise<void> {
  const gateway = { port: 0, kind: "device" as const, meters: [meter(1, "schneider-iem3000")] };
  await withEstate({ specs: [{ endpoints: [gateway] }] }, async (estate) => {
    const peer = await startCounting(() => Math.floor(estate.clock.nowMs() / 1000));
    try {
      await estate.db.kysely.updateTable("endpoint").set({ port: peer.port }).execute();
      await body(estate);
    } finally {
      await peer.close();
    }
  });
}

async function cycles(estate: Estate, { from, to }: { readonly from: HalfHour; readonly to: HalfHour }) {
  const collector = estate.collector();
  for (let halfHour = from; halfHour < to; halfHour++) {
    await estate.goTo(halfHour);
    await estate.cycle(collector);
  }
}

async function replaced(estate: Estate) {
  const { meter_id } = await estate.db.kysely.selectFrom("meter").select("meter_id")
    .executeTakeFirstOrThrow();
  const done = await replaceMeter(estate.db, authorAt(estate.clock.nowMs()), {
    siteId: estate.siteIds[0] ?? 0,
    meterId: meter_id,
    note: "",
    atS: SWAP_S,
    counters: [{ quantity: "importWh", final: OLD_START + flowed(SWAP_S), first: NEW_START }],
    serial: "77",
    profileId: "schneider-iem3000",
    transformer: null,
    confirmed: false,
    find: countingFinder(profileOf),
  });
  ok(done.ok, JSON.stringify(done));
}

/** The amounts from the third half-hour on: the first two begin the counter. */
async function assertTrue({ db }: Estate, to: HalfHour): Promise<void> {
  const { channel_id } = await db.kysely.selectFrom("channel").select("channel_id").where(
    "quantity",
    "=",
    "importWh",
  )
    .executeTakeFirstOrThrow();
  const [read] = await readHalfHours(db, { channelIds: [channel_id], from: FIRST + 2, to });
  ok(read);
  const sum = read.amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
  strictEqual(sum, flowed(endSOf(to - 1)) - flowed(endSOf(FIRST + 1)), `${read.amounts} ${read.quality}`);
  ok(read.amounts.every((amount) => amount === 3_600), `${read.amounts} ${read.quality}`);
}

for (const when of ["announced", "at the moment", "four half-hours later"] as const) {
  Deno.test(`a meter swapped at ten past, noted ${when}, loses no watt-hour`, async () => {
    await withMeter(async (estate) => {
      if (when === "announced") await replaced(estate);
      await cycles(estate, { from: FIRST, to: FIRST + 4 });
      if (when === "at the moment") {
        await estate.clock.advance(SWAP_S * 1000 - estate.clock.nowMs());
        await replaced(estate);
      }
      await cycles(estate, { from: FIRST + 4, to: FIRST + 8 });
      if (when === "four half-hours later") await replaced(estate);
      await cycles(estate, { from: FIRST + 8, to: FIRST + 10 });
      await assertTrue(estate, FIRST + 10);
    });
  });
}
