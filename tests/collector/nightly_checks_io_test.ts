import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { checkDevices } from "../../collector/nightly_checks.ts";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import type { Transformer } from "../../lib/domain/site.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import type { DeviceProfile, WordOrder } from "../../lib/profiles/profile.ts";
import { ALL_ORDERS, ORDER_LETTERS } from "../../lib/profiles/words.ts";
import type { MeterSpec } from "../../lib/simulator/spec.ts";
import { type FoundOnDevice, listFindings } from "../../lib/store/findings.ts";
import { runNightly } from "../../lib/store/nightly.ts";
import { dueAfter, type Estate, FIRST, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const CT: Transformer = {
  ctPrimaryA: 250,
  ctSecondaryA: 5,
  vtPrimaryV: 230,
  vtSecondaryV: 230,
  appliedBy: "meter",
};

function required(profileId: string): DeviceProfile {
  const profile = profileOf(profileId);
  if (!profile) throw new Error(`There is no ${profileId}`);
  return profile;
}

/** A device that sends its words in another order than its registered profile says. */
function sending(unitId: number, profileId: string, wordOrder: WordOrder): MeterSpec {
  const profile = { ...required(profileId), wordOrder };
  return meter(unitId, profileId, { name: `${profileId} in ${ORDER_LETTERS[wordOrder]}`, profile });
}

/** Collects half-hours and ends with the nightly work of the night after. */
async function collectDay(
  estate: Estate,
  { from, count }: { readonly from: number; readonly count: number },
) {
  const collector = estate.collector();
  for (let halfHour = from; halfHour < from + count; halfHour++) {
    await estate.goTo(halfHour);
    await dueAfter(estate.db, halfHour, 0);
    await estate.cycle(collector);
  }
  const night = {
    nowMs: estate.clock.nowMs(),
    signal: new AbortController().signal,
    random: () => 0.5,
    log: { info: () => {} },
  };
  await runNightly(estate.db, night);
  const profiles = { find: profileOf, load: () => Promise.resolve() };
  return await checkDevices(estate.db, { ...night, profiles });
}

function open({ db, clock }: Estate): Promise<readonly FoundOnDevice[]> {
  return listFindings(db, { reaches: [ALL_SITES], nowMs: clock.nowMs(), state: "open" });
}

const ENCODINGS = ["eastron-sdm630", "carlo-gavazzi-em340", "abb-b23"] as const;

Deno.test("checkDevices() catches every wrong word order in the first night, and no right one", async () => {
  const meters = ENCODINGS.flatMap((profileId, p) =>
    ALL_ORDERS.map((order, o) => sending(1 + 4 * p + o, profileId, order))
  );
  const endpoints = [{ port: 0, kind: "gateway" as const, meters }];
  await withEstate({ specs: [{ endpoints }] }, async (estate) => {
    const done = await collectDay(estate, { from: FIRST, count: 48 });
    strictEqual(done.devices, meters.length);
    const said = (await open(estate)).map(({ meterName, finding }) => [
      meterName,
      finding.kind === "word-order" ? finding.order : finding.kind,
    ]);
    const want = meters.flatMap(({ name, profileId, profile }) => {
      const letters = ORDER_LETTERS[profile?.wordOrder ?? "big"];
      return profile?.wordOrder === required(profileId).wordOrder ? [] : [[name, letters]];
    });
    deepStrictEqual(said.toSorted(), want.toSorted());
  });
});

Deno.test("checkDevices() says so after two half-hours already, with values as they would be", async () => {
  const endpoints = [{ port: 0, kind: "device" as const, meters: [sending(1, "eastron-sdm630", "little")] }];
  await withEstate({ specs: [{ endpoints }] }, async (estate) => {
    await collectDay(estate, { from: FIRST, count: 2 });
    const [found] = await open(estate);
    strictEqual(found?.finding.kind, "word-order");
    if (found?.finding.kind !== "word-order") return;
    strictEqual(found.finding.example?.quantity, "frequencyHz");
    ok(Math.abs((found.finding.example?.would ?? 0) - 50) < 0.1);
  });
});

/** Half-hours after which the current is judged, and a device is due again. */
const HALF_A_DAY = 25;

/** Three phases of a constant load whose middle transformer is turned round. */
const REVERSED = { powerL1W: 2_100, powerL2W: -2_050, powerL3W: 2_000 };
const SMALL = { currentL1A: 1.9, currentL2A: 2.4, currentL3A: 2.1 };

Deno.test("checkDevices() finds reversed and unscaled transformers, a meter that was changed, and nothing else", async () => {
  const says = { serial: 1_204_417 };
  const meters = [
    meter(1, "eastron-sdm630", { name: "Right" }),
    meter(2, "eastron-sdm630", { name: "Reversed", says: REVERSED }),
    meter(3, "eastron-sdm630", { name: "Unscaled", says: SMALL }),
    meter(4, "abb-b23", { name: "Changed", says }),
    meter(5, "abb-b23", { name: "Registered otherwise" }),
  ];
  const endpoints = [{ port: 0, kind: "gateway" as const, meters }];
  await withEstate({ specs: [{ endpoints }] }, async (estate) => {
    const { db } = estate;
    await db.kysely.updateTable("meter").set({ transformer: JSON.stringify(CT) })
      .where("name", "=", "Unscaled").execute();
    await db.kysely.updateTable("meter").set({ serial: "77 00 12" })
      .where("name", "=", "Registered otherwise").execute();
    await collectDay(estate, { from: FIRST, count: HALF_A_DAY });
    const first = await open(estate);
    deepStrictEqual(kindsOf(first), [
      ["Registered otherwise", "meter-changed"],
      ["Reversed", "reversed"],
      ["Unscaled", "unscaled"],
    ]);
    says.serial = 1_204_418;
    await collectDay(estate, { from: FIRST + HALF_A_DAY, count: HALF_A_DAY });
    const second = await open(estate);
    deepStrictEqual(kindsOf(second)[0], ["Changed", "meter-changed"]);
    strictEqual(second.length, first.length + 1);
    const changed = second.find(({ meterName }) => meterName === "Changed")?.finding;
    deepStrictEqual(changed, {
      kind: "meter-changed",
      quantity: "serial",
      read: "1204418",
      known: "1204417",
      registered: false,
    });
    const serial = await db.kysely.selectFrom("meter").select("serial").where("name", "=", "Changed")
      .executeTakeFirst();
    strictEqual(serial?.serial, null, "what was read is not registered");
  });
});

function kindsOf(found: readonly FoundOnDevice[]): readonly (readonly [string, string])[] {
  return found.map(({ meterName, finding }) => [meterName, finding.kind] as const).toSorted();
}
