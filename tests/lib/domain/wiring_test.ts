import { deepStrictEqual, match } from "node:assert/strict";
import type { Transformer } from "../../../lib/domain/site.ts";
import { checkWiring, type PhaseRead, type WiringReads, wiringWords } from "../../../lib/domain/wiring.ts";

const PHASE: PhaseRead = { voltageV: 231, currentA: 10, powerW: 2_200, powerFactor: 0.95 };
const CT: Transformer = {
  ctPrimaryA: 250,
  ctSecondaryA: 5,
  vtPrimaryV: 230,
  vtSecondaryV: 230,
  appliedBy: "meter",
};

const GOOD: WiringReads = {
  nominalV: 230,
  transformer: CT,
  generates: false,
  frequencyHz: 49.98,
  powerW: 6_600,
  phases: [PHASE, PHASE, PHASE],
  maxCurrentA: 40,
  growth: { elapsedS: 60, importWh: 110, exportWh: 0, stepWh: 10 },
};

function phasesWith(change: Partial<PhaseRead>): readonly PhaseRead[] {
  return [PHASE, { ...PHASE, ...change }, PHASE];
}

const VT: Transformer = { ...CT, vtPrimaryV: 11_000, vtSecondaryV: 110, appliedBy: "wattpost" };
const NOTHING_READ: PhaseRead = { voltageV: null, currentA: null, powerW: null, powerFactor: null };

const CASES: readonly (Partial<WiringReads> & { name: string; found: readonly string[] })[] = [
  { name: "a frequency with swapped words", frequencyHz: 1.2e-38, found: ["frequency"] },
  { name: "60 Hz", frequencyHz: 60.9, found: [] },
  { name: "a lost phase", phases: phasesWith({ voltageV: 4 }), powerW: 4_400, found: ["voltage", "growth"] },
  {
    name: "line to line voltage",
    phases: phasesWith({ voltageV: 400 }),
    found: ["line-to-line", "power-sum"],
  },
  {
    name: "secondary voltage behind a VT that we apply",
    nominalV: 6_351,
    transformer: VT,
    phases: [{ ...NOTHING_READ, voltageV: 63.5 }],
    found: [],
  },
  {
    name: "primary voltage where the secondary is expected",
    nominalV: 6_351,
    transformer: VT,
    phases: [{ ...NOTHING_READ, voltageV: 6_351 }],
    found: ["voltage"],
  },
  { name: "power in kW", powerW: 6.6, found: ["power-sum", "growth"] },
  { name: "a ratio applied twice", phases: phasesWith({ currentA: 500 }), found: ["power-sum", "over-ct"] },
  {
    name: "secondary current above the rating where we apply the ratio",
    transformer: { ...CT, appliedBy: "wattpost" },
    found: ["over-ct", "over-ct", "over-ct"],
  },
  { name: "a current that never passes 5 A", maxCurrentA: 4.2, found: ["unscaled"] },
  { name: "a current that is never there", maxCurrentA: 0, found: [] },
  { name: "a small transformer", maxCurrentA: 4.2, transformer: { ...CT, ctPrimaryA: 40 }, found: [] },
  { name: "one phase reversed", phases: phasesWith({ powerW: -2_200 }), found: ["reversed"] },
  { name: "one phase that idles backwards", phases: phasesWith({ powerW: -20 }), found: [] },
  {
    name: "export without a generator",
    growth: { elapsedS: 60, importWh: 130, exportWh: 20, stepWh: 10 },
    found: ["reversed"],
  },
  {
    name: "export with one",
    generates: true,
    growth: { elapsedS: 60, importWh: 130, exportWh: 20, stepWh: 10 },
    found: [],
  },
  {
    name: "a counter in kWh taken for Wh",
    growth: { elapsedS: 600, importWh: 1, exportWh: 0, stepWh: 1 },
    found: ["growth"],
  },
  {
    name: "a coarse counter that did not move in a minute",
    growth: { elapsedS: 60, importWh: 0, exportWh: 0, stepWh: 100 },
    found: [],
  },
  {
    name: "nothing at all",
    frequencyHz: null,
    powerW: null,
    phases: [NOTHING_READ],
    maxCurrentA: null,
    growth: null,
    found: [],
  },
  { name: "a meter that is right", found: [] },
];
for (const { name, found, ...change } of CASES) {
  Deno.test(`checkWiring() on ${name} finds ${found.join(", ") || "nothing"}`, () => {
    const findings = checkWiring({ ...GOOD, ...change });
    deepStrictEqual(findings.map(({ kind }) => kind), found);
    for (const finding of findings) match(wiringWords(finding), /^[A-Z0-9].*[^.]$/);
  });
}

Deno.test("checkWiring() names the one phase that flows against the others", () => {
  const inwards = checkWiring({ ...GOOD, phases: phasesWith({ powerW: -2_200 }) });
  deepStrictEqual(inwards, [{ kind: "reversed", phase: 2 }]);
  const others = { ...PHASE, powerW: -2_200 };
  const outwards = checkWiring({ ...GOOD, phases: [others, PHASE, others], growth: null });
  deepStrictEqual(outwards, [{ kind: "reversed", phase: 2 }]);
});

Deno.test("checkWiring() suspects the phase that flows out where only two carry load", () => {
  const idle = { ...PHASE, powerW: 0 };
  const found = checkWiring({ ...GOOD, phases: [PHASE, { ...PHASE, powerW: -2_200 }, idle], powerW: null });
  deepStrictEqual(found, [{ kind: "reversed", phase: 2 }]);
});
