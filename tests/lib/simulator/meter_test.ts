import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { decode } from "../../../lib/profiles/decode.ts";
import { PROFILES } from "../../../lib/profiles/mod.ts";
import { addressesOf, type RegisterSpec, wordsOf } from "../../../lib/profiles/profile.ts";
import { encode, encodeNothing } from "../../../lib/simulator/encode.ts";
import { createLoad } from "../../../lib/simulator/load.ts";
import { createMeter, type SimulatedMeter } from "../../../lib/simulator/meter.ts";
import { routerOf } from "../../../lib/simulator/router.ts";
import type { MeterSpec } from "../../../lib/simulator/spec.ts";
import { DUMPS, wordsByAddress } from "../profiles/fixtures.ts";

const NOW_MS = Date.UTC(2026, 5, 10, 14, 0, 5);
const HOUR_MS = 3_600_000;

function meterOf(profileId: string, seed = 3): SimulatedMeter {
  const spec: MeterSpec = { name: "A", unitId: 1, profileId, endUse: "cooling", maxPowerW: 12_000, seed };
  const load = createLoad({ endUse: "cooling", maxPowerW: 12_000, hours: null, zone: "Europe/London", seed });
  const site = { name: "A", zone: "Europe/London", hours: null, seed, hosts: [], endpoints: [] };
  const router = profileId.startsWith("teltonika");
  return createMeter(
    spec,
    router ? { source: routerOf({ ...site, latitude: 53.4, longitude: -2.2 }) } : { load },
  );
}

Deno.test("createMeter() refuses a profile that does not exist", () =>
  throws(() => meterOf("nobody"), /nobody/));

for (const profile of PROFILES) {
  Deno.test(`createMeter() as ${profile.id} says in words what it says in numbers`, () => {
    const reading = meterOf(profile.id).readingAt(NOW_MS);
    for (const [quantity, spec] of Object.entries(profile.registers)) {
      const answer = reading[quantity];
      ok(answer);
      const decoded = decode(answer.words, spec, profile.wordOrder);
      if (!decoded.ok) throw new Error(`${quantity}: ${decoded.error}, ${answer.words}`);
      const said = decoded.value.kind === "text" ? decoded.value.text : decoded.value.value;
      strictEqual(said, answer.text ?? answer.value, quantity);
    }
  });
}

Deno.test("encode() writes the words of the register dumps, and the values where they were rounded", () => {
  for (const dump of DUMPS) {
    const profile = PROFILES.find(({ id }) => id === dump.profile);
    ok(profile);
    for (const [quantity, spec] of Object.entries(profile.registers)) {
      const held = wordsByAddress(dump, spec.functionCode);
      if (spec.plus || spec.encoding === "bit" || spec.encoding === "f32-either") continue;
      const words = addressesOf(spec).flatMap((address) =>
        Array.from({ length: wordsOf(spec) }, (_, i) => held.get(address + i) ?? 0)
      );
      const value = dump.values[quantity] ?? 0;
      const answer = encode(typeof value === "number" ? inBase(value, spec) : value, spec, profile.wordOrder);
      const rounded = spec.kind === "gauge" || spec.encoding.startsWith("f");
      if (rounded) strictEqual(answer.value, value, `${dump.profile} ${quantity}`);
      else deepStrictEqual(answer.words, words, `${dump.profile} ${quantity}`);
    }
  }
});

function inBase(value: number, spec: RegisterSpec): number {
  if (spec.counter) return value * spec.counter.numerator / spec.counter.denominator;
  return value / 10 ** (spec.decimals ?? 0);
}

Deno.test("encodeNothing() has words for every register that are no value", () => {
  for (const profile of PROFILES) {
    for (const [quantity, spec] of Object.entries(profile.registers)) {
      const numeric = spec.encoding.startsWith("f") || spec.sentinels;
      const decoded = decode(encodeNothing(spec, profile.wordOrder).words, spec, profile.wordOrder);
      if (numeric) ok(!decoded.ok && decoded.error === "not-a-number", `${profile.id} ${quantity}`);
    }
  }
});

Deno.test("createMeter() has currents, voltages and powers that belong together", () => {
  const reading = meterOf("eastron-sdm630").readingAt(NOW_MS);
  const say = (quantity: string, decimals: number) => (reading[quantity]?.value ?? NaN) / 10 ** decimals;
  const phases = [1, 2, 3].map((n) =>
    say(`voltageL${n}V`, 1) * say(`currentL${n}A`, 2) * say("powerFactor", 3)
  );
  const sum = phases.reduce((a, b) => a + b, 0);
  ok(Math.abs(sum - say("powerW", 0)) < 0.01 * say("powerW", 0), `${sum} and ${say("powerW", 0)}`);
});

Deno.test("createMeter() starts again from 0 after a reset", () => {
  const meter = meterOf("abb-b23");
  const atMs = NOW_MS - HOUR_MS;
  const grown = Math.floor((meter.energyWhAt(NOW_MS) - meter.energyWhAt(atMs)) / 10);
  strictEqual(meter.readingAt(NOW_MS, [{ kind: "counter-reset", atMs }])["importWh"]?.value, grown);
  strictEqual(
    meter.readingAt(atMs - 1000, [{ kind: "counter-reset", atMs }])["importWh"]?.value,
    Math.floor(meter.energyWhAt(atMs - 1000) / 10),
  );
});

Deno.test("createMeter() rolls over at the modulus of its profile", () => {
  const meter = meterOf("generic-counter");
  const faults = [{ kind: "rollover", atMs: NOW_MS }] as const;
  const before = meter.readingAt(NOW_MS - 60_000, faults)["importWh"]?.value ?? 0;
  const after = meter.readingAt(NOW_MS + 60_000, faults)["importWh"]?.value ?? 0;
  ok(before > 4_294_967_296 - 500 && before < 4_294_967_296, `${before}`);
  ok(after >= 0 && after < 500, `${after}`);
});

Deno.test("createMeter() stands still when frozen, while its power does not", () => {
  const meter = meterOf("eastron-sdm630");
  const faults = [{ kind: "frozen", atMs: NOW_MS - HOUR_MS }] as const;
  const now = meter.readingAt(NOW_MS, faults);
  const later = meter.readingAt(NOW_MS + HOUR_MS, faults);
  strictEqual(now["importWh"]?.value, later["importWh"]?.value);
  ok(now["powerW"]?.value !== later["powerW"]?.value);
});
