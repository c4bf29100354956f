import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Task, TaskOutcome } from "../../collector/endpoint_visit.ts";
import {
  betterOrderOf,
  type DeviceAnswers,
  findingsOf,
  growthOf,
  valuesOf,
} from "../../collector/probe_values.ts";
import { planVisit } from "../../collector/visit_plan.ts";
import type { Transformer } from "../../lib/domain/site.ts";
import { inOrder } from "../../lib/profiles/decode.ts";
import { channelsOf, profileOf } from "../../lib/profiles/mod.ts";
import type { WordOrder } from "../../lib/profiles/profile.ts";
import { err, ok } from "../../lib/result.ts";

const DIRECT = { transformer: null };
const CT: Transformer = {
  ctPrimaryA: 200,
  ctSecondaryA: 5,
  vtPrimaryV: 230,
  vtSecondaryV: 230,
  appliedBy: "wattpost",
};

/** What an SDM630 shows at 3 × 5 A. */
const GOOD: Readonly<Record<string, number>> = {
  importWh: 12_345,
  exportWh: 0,
  importVarh: 800,
  exportVarh: 0,
  powerW: 3_275,
  powerL1W: 1_090,
  powerL2W: 1_092,
  powerL3W: 1_093,
  voltageL1V: 230.1,
  voltageL2V: 229.8,
  voltageL3V: 231.2,
  currentL1A: 5,
  currentL2A: 5,
  currentL3A: 5,
  reactiveVar: 900,
  apparentVA: 3_455,
  powerFactor: 0.948,
  frequencyHz: 50.01,
};

function wordsOfFloat(value: number): readonly number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
}

interface Sent {
  readonly profileId?: string;
  readonly transformer?: Transformer;
  /** In which order the device sends its words. */
  readonly order?: WordOrder;
  readonly atMs?: number;
}

/** The answers of a meter that shows these values (counters in kWh on the wire). */
function answersOf(shown: Readonly<Record<string, number>>, sent: Sent = {}): DeviceAnswers {
  const { profileId = "eastron-sdm630", transformer = null, order = "big", atMs = 1_000 } = sent;
  const profile = profileOf(profileId);
  if (!profile) throw new Error(`There is no profile ${profileId}`);
  const meter = {
    id: 1,
    endpointId: 1,
    unitId: 1,
    profileId,
    name: "",
    endUse: null,
    wholeSite: false,
    maxPowerW: null,
    transformer,
  };
  const channels = channelsOf(profile).map((shape, i) => ({
    ...shape,
    id: i + 1,
    siteId: 0,
    meterId: 1,
    since: 0,
    until: null,
  }));
  const endpoint = { id: 1, port: 502, kind: "gateway" as const, pauseMs: 0, responseTimeoutMs: null };
  const plan = planVisit({ endpoints: [endpoint], meters: [meter], channels }, {
    findProfile: profileOf,
    wants: () => true,
  });
  const outcomes = new Map<Task, TaskOutcome>();
  for (const task of plan.endpoints[0]?.tasks ?? []) {
    const words = Array<number>(task.span.count).fill(0);
    for (const [quantity, value] of Object.entries(shown)) {
      const spec = profile.registers[quantity];
      if (!spec || !task.span.quantities.includes(quantity)) continue;
      const coded = inOrder(wordsOfFloat(value / (spec.scale ?? 1)), order);
      words.splice(spec.address - task.span.address, 2, ...coded);
    }
    outcomes.set(task, ok({ words, atMs, tookMs: 40 }));
  }
  return { channels: [...plan.channels.values()], outcomes };
}

const kindsOf = (answers: DeviceAnswers, over: { transformer?: Transformer; nominalV?: number } = {}) =>
  findingsOf(answers, { ...DIRECT, ...over }, null).map(({ kind }) => kind);

Deno.test("findingsOf() finds nothing about a meter that is wired and set right", () =>
  deepStrictEqual(kindsOf(answersOf(GOOD)), []));

const WRONG = [
  { name: "a phase that flows against the others", shown: { powerL2W: -1_092 }, found: ["reversed"] },
  { name: "a lost phase", shown: { voltageL3V: 0, currentL3A: 0, powerL3W: 0 }, found: ["voltage"] },
  { name: "line to line voltage", shown: { voltageL1V: 400 }, found: ["line-to-line"] },
  { name: "a frequency that is none", shown: { frequencyHz: 45 }, found: ["frequency"] },
  {
    name: "60 Hz and 120 V without being told",
    shown: { frequencyHz: 60, voltageL1V: 121, voltageL2V: 119, voltageL3V: 120 },
    found: [],
  },
  {
    name: "60 Hz and 277 V without being told",
    shown: { frequencyHz: 59.97, voltageL1V: 276, voltageL2V: 278, voltageL3V: 279 },
    found: [],
  },
  { name: "60 Hz and 230 V, as in Seoul", shown: { frequencyHz: 60 }, found: [] },
];
for (const { name, shown, found } of WRONG) {
  Deno.test(`findingsOf() judges ${name}`, () =>
    deepStrictEqual(kindsOf(answersOf({ ...GOOD, ...shown })), found));
}

Deno.test("findingsOf() believes what it is told of the supply", () => {
  deepStrictEqual(kindsOf(answersOf(GOOD), { nominalV: 120 }), ["voltage", "voltage", "voltage"]);
  const vt = { ...CT, vtPrimaryV: 11_000, vtSecondaryV: 110, appliedBy: "meter" } as const;
  const high = { voltageL1V: 6_350, voltageL2V: 6_349, voltageL3V: 6_353 };
  deepStrictEqual(kindsOf(answersOf({ ...GOOD, ...high }), { transformer: vt }), []);
});

Deno.test("findingsOf() compares the power of a single-phase meter with its only phase", () => {
  const single = { powerW: 1_090, voltageL1V: 230, currentL1A: 5, powerFactor: 0.948, frequencyHz: 50 };
  deepStrictEqual(kindsOf(answersOf(single, { profileId: "eastron-sdm120" })), []);
  const wrong = answersOf({ ...single, powerFactor: 0.2 }, { profileId: "eastron-sdm120" });
  deepStrictEqual(kindsOf(wrong), ["power-sum"]);
});

Deno.test("valuesOf() applies the ratio that the meter does not know, the checks do not", () => {
  const answers = answersOf(GOOD, { transformer: CT });
  const shown = new Map(valuesOf(answers).map(({ quantity, value }) => [quantity, value]));
  deepStrictEqual(shown.get("powerW"), ok(131_000));
  deepStrictEqual(shown.get("currentL1A"), ok(200));
  deepStrictEqual(shown.get("importWh"), ok(493_800));
  deepStrictEqual(shown.get("voltageL1V"), ok(230.1));
  deepStrictEqual(kindsOf(answers, { transformer: CT }), []);
});

for (const order of ["little", "big-swapped", "little-swapped"] as const) {
  Deno.test(`betterOrderOf() names the order of a device that sends ${order}`, () => {
    const names = { "little": "CDAB", "big-swapped": "BADC", "little-swapped": "DCBA" };
    const found = betterOrderOf(answersOf(GOOD, { order }), DIRECT);
    strictEqual(found?.slice(0, 4), names[order]);
  });
}

Deno.test("betterOrderOf() suggests nothing where the values are good, or a phase is only off", () => {
  strictEqual(betterOrderOf(answersOf(GOOD), DIRECT), null);
  strictEqual(betterOrderOf(answersOf({ ...GOOD, voltageL1V: 0, currentL1A: 0, powerL1W: 0 }), DIRECT), null);
  strictEqual(betterOrderOf({ channels: [], outcomes: new Map() }, DIRECT), null);
});

Deno.test("growthOf() says how far the counters went, and which of them fell", () => {
  const first = answersOf(GOOD);
  const later = (over: Record<string, number>) => answersOf({ ...GOOD, ...over }, { atMs: 3_000 });
  deepStrictEqual(growthOf(first, later({ importWh: 12_347 })), {
    growth: { elapsedS: 2, importWh: 2, exportWh: 0, stepWh: 1 },
    fell: [],
  });
  deepStrictEqual(growthOf(first, later({ importWh: 9_000 })), { growth: null, fell: ["importWh"] });
  deepStrictEqual(growthOf(first, first).growth, null, "no time went by");
});

Deno.test("valuesOf() says why a quantity was not read", () => {
  const { channels, outcomes } = answersOf(GOOD);
  const failed = new Map([...outcomes].map(([task]) => [task, err({ kind: "exception", code: 2 } as const)]));
  strictEqual(
    valuesOf({ channels, outcomes: failed }).every(({ value, words }) =>
      !value.ok && value.error === "exception-2" && words === ""
    ),
    true,
  );
  deepStrictEqual(kindsOf({ channels, outcomes: failed }), []);
});
