import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { checkDevice } from "../../../lib/domain/device_check.ts";
import type { CheckedReading, DeviceRules, OrderFit } from "../../../lib/domain/device_reads.ts";
import { type Finding, FINDING_KINDS, findingKey, type FindingKind } from "../../../lib/domain/finding.ts";
import type { Transformer } from "../../../lib/domain/site.ts";

const CT: Transformer = {
  ctPrimaryA: 250,
  ctSecondaryA: 5,
  vtPrimaryV: 230,
  vtSecondaryV: 230,
  appliedBy: "meter",
};
const VT: Transformer = { ...CT, vtPrimaryV: 11_000, vtSecondaryV: 110 };

/** Three phases of 10 A at 230 V and a power factor of 0.95. */
const GOOD: Readonly<Record<string, number>> = {
  frequencyHz: 50,
  powerW: 6_555,
  powerL1W: 2_185,
  powerL2W: 2_185,
  powerL3W: 2_185,
  voltageL1V: 230,
  voltageL2V: 230,
  voltageL3V: 230,
  currentL1A: 10,
  currentL2A: 10,
  currentL3A: 10,
  powerFactorL1: 0.95,
  powerFactorL2: 0.95,
  powerFactorL3: 0.95,
};

type Values = Readonly<Record<string, number | null>>;

interface Day {
  /** Values that differ in every reading, or in the first `times` of them. */
  readonly with?: Values;
  readonly times?: number;
  /** Readings of the day. */
  readonly readings?: number;
  /** Quantities that the meter does not have. */
  readonly without?: readonly string[];
  /** What the counters grow by in a half-hour. */
  readonly growth?: CheckedReading["growth"];
  readonly rules?: Partial<DeviceRules>;
  /** A half-hour in the middle of the day that was not read. */
  readonly hole?: boolean;
}

function dayOf(day: Day): readonly CheckedReading[] {
  const { with: changed = {}, times = Infinity, readings = 48, without = [], hole = false } = day;
  const growth = day.growth === undefined ? { importWh: 3_277, exportWh: 0, stepWh: 10 } : day.growth;
  return Array.from({ length: readings }, (_, i) => {
    const values = Object.entries({ ...GOOD, ...(i < times ? changed : {}) });
    return {
      halfHour: 1_000_000 + (hole ? 2 * i : i),
      values: new Map(values.filter(([quantity]) => !without.includes(quantity))),
      growth,
    };
  });
}

function found(day: Day): readonly Finding[] {
  const rules: DeviceRules = { transformer: null, generates: false, identity: [], ...day.rules };
  return checkDevice({ readings: dayOf(day), orders: [] }, rules).findings;
}

const PHASE_POWERS = ["powerL1W", "powerL2W", "powerL3W"];
const FACTORS = ["powerFactorL1", "powerFactorL2", "powerFactorL3"];
const INDUCTIVE = { growth: null };

interface Case extends Day {
  readonly name: string;
  readonly kinds: readonly FindingKind[];
}

const all = (name: string, value: number) => ({
  [`${name}1`]: value,
  [`${name}2`]: value,
  [`${name}3`]: value,
});
const volts = (value: number) => ({ voltageL1V: value, voltageL2V: value, voltageL3V: value });
const amps = (value: number) => ({ currentL1A: value, currentL2A: value, currentL3A: value });

const CASES: readonly Case[] = [
  { name: "a meter that is right", kinds: [] },
  { name: "49 Hz", with: { frequencyHz: 49 }, kinds: [] },
  { name: "51 Hz", with: { frequencyHz: 51 }, kinds: [] },
  { name: "48.99 Hz", with: { frequencyHz: 48.99 }, kinds: ["frequency"] },
  { name: "51.01 Hz", with: { frequencyHz: 51.01 }, kinds: ["frequency"] },
  { name: "58.99 Hz", with: { frequencyHz: 58.99, ...volts(277) }, without: FACTORS, kinds: ["frequency"] },
  { name: "61 Hz at 277 V", with: { frequencyHz: 61, ...volts(277) }, without: FACTORS, kinds: [] },
  { name: "120 V at 60 Hz", with: { frequencyHz: 60, ...volts(120) }, without: FACTORS, kinds: [] },
  {
    name: "120 V without a frequency",
    with: volts(120),
    without: [...FACTORS, "frequencyHz"],
    kinds: [],
  },
  {
    name: "100 V without a frequency",
    with: volts(100),
    without: [...FACTORS, "frequencyHz"],
    kinds: ["voltage"],
  },
  { name: "no frequency at all", with: { frequencyHz: null }, kinds: [] },
  { name: "a frequency that is odd half of the day", with: { frequencyHz: 0 }, times: 24, kinds: [] },
  {
    name: "a frequency that is odd more than half of it",
    with: { frequencyHz: 0 },
    times: 25,
    kinds: ["frequency"],
  },
  { name: "two readings", readings: 2, with: { frequencyHz: 0 }, kinds: [] },
  { name: "three readings", readings: 3, with: { frequencyHz: 0 }, kinds: ["frequency"] },
  { name: "253 V", with: volts(253), without: FACTORS, kinds: [] },
  { name: "253.1 V", with: volts(253.1), without: FACTORS, kinds: ["voltage"] },
  { name: "207 V", with: volts(207), without: FACTORS, kinds: [] },
  { name: "206.9 V", with: volts(206.9), without: FACTORS, kinds: ["voltage"] },
  { name: "a lost phase", with: { voltageL2V: 3, currentL2A: 0 }, without: FACTORS, kinds: ["voltage"] },
  { name: "a sag of an hour", with: volts(180), times: 2, without: FACTORS, kinds: [] },
  { name: "line to line", with: volts(400), without: FACTORS, kinds: ["line-to-line"] },
  {
    name: "line to line on one phase",
    with: { voltageL3V: 398 },
    without: FACTORS,
    kinds: ["line-to-line"],
  },
  {
    name: "11 kV behind a VT that the meter applies",
    with: volts(6_351),
    without: FACTORS,
    rules: { transformer: VT },
    kinds: [],
  },
  {
    name: "63.5 V behind a VT that the meter should apply",
    with: volts(63.5),
    without: FACTORS,
    rules: { transformer: VT },
    kinds: ["voltage"],
  },
  {
    name: "63.5 V behind a VT that we apply",
    with: { ...volts(63.5), ...amps(4) },
    without: FACTORS,
    rules: { transformer: { ...VT, appliedBy: "wattpost" } },
    kinds: [],
  },
  {
    name: "a nominal voltage that is given",
    with: volts(240),
    without: FACTORS,
    rules: { nominalV: 200 },
    kinds: ["voltage"],
  },
  { name: "power 15 % above its sum", with: { powerW: 7_700 }, ...INDUCTIVE, kinds: [] },
  { name: "power 18 % above its sum", with: { powerW: 8_000 }, ...INDUCTIVE, kinds: ["power-sum"] },
  { name: "power in kW", with: { powerW: 6.555 }, ...INDUCTIVE, kinds: ["power-sum"] },
  {
    name: "negative power of all phases with positive factors",
    with: { powerW: -6_555, ...{ powerL1W: -2_185, powerL2W: -2_185, powerL3W: -2_185 } },
    ...INDUCTIVE,
    kinds: ["export"],
  },
  { name: "power that cannot be summed", with: { powerW: 9_999 }, without: FACTORS, ...INDUCTIVE, kinds: [] },
  {
    name: "300 A on 250 A",
    with: amps(300),
    without: FACTORS,
    rules: { transformer: CT },
    kinds: [],
  },
  {
    name: "300.1 A on 250 A",
    with: amps(300.1),
    without: FACTORS,
    rules: { transformer: CT },
    kinds: ["over-ct"],
  },
  {
    name: "300.1 A on 250 A once",
    with: amps(300.1),
    times: 1,
    without: FACTORS,
    rules: { transformer: CT },
    kinds: [],
  },
  {
    name: "7 A at a 5 A secondary that we scale",
    with: amps(7),
    without: FACTORS,
    rules: { transformer: { ...CT, appliedBy: "wattpost" } },
    kinds: ["over-ct"],
  },
  { name: "300 A without a transformer", with: amps(300), without: FACTORS, kinds: [] },
  {
    name: "5 A all day behind 250:5",
    with: amps(5),
    without: FACTORS,
    rules: { transformer: CT },
    kinds: ["unscaled"],
  },
  {
    name: "5.1 A once behind 250:5",
    with: { ...amps(4) },
    times: 47,
    without: FACTORS,
    rules: { transformer: CT },
    kinds: [],
  },
  {
    name: "5 A all day behind 49:5",
    with: amps(5),
    without: FACTORS,
    rules: { transformer: { ...CT, ctPrimaryA: 49 } },
    kinds: [],
  },
  {
    name: "5 A all day behind 50:5",
    with: amps(5),
    without: FACTORS,
    rules: { transformer: { ...CT, ctPrimaryA: 50 } },
    kinds: ["unscaled"],
  },
  { name: "no current all day", with: amps(0), without: FACTORS, rules: { transformer: CT }, kinds: [] },
  {
    name: "5 A for less than half a day",
    readings: 23,
    with: amps(5),
    without: FACTORS,
    rules: { transformer: CT },
    kinds: [],
  },
  { name: "one reversed phase", with: { powerL2W: -2_185 }, kinds: ["reversed"] },
  { name: "a phase that idles backwards", with: { powerL2W: -40 }, kinds: [] },
  { name: "a phase reversed for an hour", with: { powerL2W: -2_185 }, times: 2, kinds: [] },
  { name: "no powers of phases", with: { powerL2W: -2_185 }, without: PHASE_POWERS, kinds: [] },
  {
    name: "export that grows",
    growth: { importWh: 3_300, exportWh: 23, stepWh: 10 },
    kinds: ["export"],
  },
  {
    name: "export that grows where a generator is registered",
    growth: { importWh: 3_300, exportWh: 23, stepWh: 10 },
    rules: { generates: true },
    kinds: [],
  },
  {
    name: "export of two steps in a day",
    growth: { importWh: 3_277, exportWh: 0.04, stepWh: 1 },
    kinds: [],
  },
  {
    name: "negative power where nothing counts export",
    with: { powerW: -6_555, powerL1W: -2_185, powerL2W: -2_185, powerL3W: -2_185 },
    growth: null,
    kinds: ["export"],
  },
  { name: "growth 15 % too small", growth: { importWh: 2_790, exportWh: 0, stepWh: 1 }, kinds: [] },
  { name: "growth 17 % too small", growth: { importWh: 2_720, exportWh: 0, stepWh: 1 }, kinds: ["growth"] },
  { name: "a counter in kWh", growth: { importWh: 3, exportWh: 0, stepWh: 1 }, kinds: ["growth"] },
  { name: "a coarse counter", growth: { importWh: 0, exportWh: 0, stepWh: 10_000 }, kinds: [] },
  {
    name: "growth over five half-hours",
    readings: 6,
    growth: { importWh: 3, exportWh: 0, stepWh: 1 },
    kinds: [],
  },
  {
    name: "growth over six",
    readings: 7,
    growth: { importWh: 3, exportWh: 0, stepWh: 1 },
    kinds: ["growth"],
  },
  { name: "growth beside holes", hole: true, growth: { importWh: 3, exportWh: 0, stepWh: 1 }, kinds: [] },
  {
    name: "power that is noise",
    with: { powerW: 40, ...all("powerL", 0) },
    without: FACTORS,
    growth: { importWh: 900, exportWh: 0, stepWh: 1 },
    kinds: [],
  },
  { name: "nothing but a counter", without: Object.keys(GOOD), kinds: [] },
  { name: "no reading", readings: 0, kinds: [] },
];
for (const { name, kinds, ...day } of CASES) {
  Deno.test(`checkDevice() on ${name} finds ${kinds.join(", ") || "nothing"}`, () => {
    deepStrictEqual(found(day).map(({ kind }) => kind), kinds);
  });
}

Deno.test("checkDevice() says which phase is beside nominal, by how much and how often", () => {
  const [finding] = found({
    with: { voltageL1V: 412 },
    times: 44,
    without: FACTORS,
    rules: { nominalV: 230 },
  });
  strictEqual(finding?.kind, "line-to-line");
  const [lost] = found({ with: { voltageL2V: 90 }, times: 44, without: FACTORS });
  deepStrictEqual(lost, {
    kind: "voltage",
    phases: [{ phase: 2, value: 90 }],
    lowV: 207,
    highV: 253.00000000000003,
    evidence: { broken: 44, judged: 48 },
  });
});

Deno.test("checkDevice() looked at nothing where nothing was read, so that nothing is called right again", () => {
  const rules: DeviceRules = { transformer: CT, generates: false, identity: [] };
  deepStrictEqual(checkDevice({ readings: [], orders: [] }, rules), { findings: [], looked: [] });
});

Deno.test("checkDevice() makes nothing else of values that mean nothing in the profile's word order", () => {
  const newest = new Map([["powerW", { value: null, unit: "W" }]]);
  const own: OrderFit = { order: "ABCD", looked: ["powerW"], doubtful: ["powerW"], newest };
  const orders = [own, { ...own, order: "CDAB", doubtful: [] }];
  const reads = { readings: dayOf({ with: { frequencyHz: 0 } }), orders };
  const { findings, looked } = checkDevice(reads, { transformer: null, generates: false, identity: [] });
  deepStrictEqual(findings.map(({ kind }) => kind), ["word-order"]);
  strictEqual(looked.includes("frequency"), true, "what was found of such values before is over");
});

Deno.test("checkDevice() looked at every rule of a meter that has everything", () => {
  const rules: DeviceRules = { transformer: CT, generates: false, identity: [] };
  const own: OrderFit = { order: "ABCD", looked: ["powerW"], doubtful: [], newest: new Map() };
  const { looked } = checkDevice({ readings: dayOf({}), orders: [own] }, rules);
  const identity: readonly FindingKind[] = ["meter-changed", "settings-changed", "firmware-changed"];
  deepStrictEqual(looked.toSorted(), FINDING_KINDS.filter((kind) => !identity.includes(kind)).toSorted());
});

const KEYS: readonly {
  readonly name: string;
  readonly one: Day;
  readonly other: Day;
  readonly same: boolean;
}[] = [
  {
    name: "another voltage of the same phase",
    one: { with: { voltageL1V: 90 } },
    other: { with: { voltageL1V: 95 } },
    same: true,
  },
  {
    name: "another phase",
    one: { with: { voltageL1V: 90 } },
    other: { with: { voltageL2V: 90 } },
    same: false,
  },
  {
    name: "a little more growth",
    one: { growth: { importWh: 3, exportWh: 0, stepWh: 1 } },
    other: { growth: { importWh: 3.2, exportWh: 0, stepWh: 1 } },
    same: true,
  },
  {
    name: "ten times the growth",
    one: { growth: { importWh: 3, exportWh: 0, stepWh: 1 } },
    other: { growth: { importWh: 30, exportWh: 0, stepWh: 1 } },
    same: false,
  },
];
for (const { name, one, other, same } of KEYS) {
  Deno.test(`findingKey() ${same ? "stays" : "changes"} with ${name}`, () => {
    const [a, b] = [one, other].map((day) => found({ without: FACTORS, ...day }).map(findingKey).join());
    strictEqual(a === b, same, `${a} and ${b}`);
  });
}
