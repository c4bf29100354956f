import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Amounts, type ProofVerdict, proveShift } from "../../../lib/domain/foreign_proof.ts";

const FROM = 1_000_000;
const WEEK = 7 * 48;

/** A smooth load of a site with mornings, and meters' rounding: neighbours are much alike. */
const load = (i: number) =>
  Math.round(5000 + 4000 * Math.sin(i / 48 * 2 * Math.PI) + 700 * Math.sin(i * 1.7));
const held: Amounts = { from: FROM, amounts: Array.from({ length: WEEK }, (_, i) => load(i)) };

/** The same as a file says it: moved, scaled, with holes. */
function file(
  { late = 0, factor = 1, noise = 0 }: {
    readonly late?: number;
    readonly factor?: number;
    readonly noise?: number;
  } = {},
): Amounts {
  const amounts = held.amounts.map((amount, i) => (amount ?? 0) * factor + noise * Math.sin(i * 7.3));
  return { from: FROM + late, amounts };
}

const CASES: readonly [string, Amounts, Amounts, ProofVerdict][] = [
  ["proves what was stated", file(), held, { kind: "proved" }],
  ["proves it in spite of another meter's noise", file({ noise: 120 }), held, { kind: "proved" }],
  ["finds stamps of the end taken for the start", file({ late: 1 }), held, { kind: "shifted", shift: -1 }],
  ["finds stamps of the start taken for the end", file({ late: -1 }), held, { kind: "shifted", shift: 1 }],
  ["finds an hour of summer time", file({ late: 2 }), held, { kind: "shifted", shift: -2 }],
  ["finds kWh taken for Wh", file({ factor: 0.001 }), held, { kind: "scaled", factor: 0.001 }],
  ["finds MWh taken for kWh", file({ factor: 1000 }), held, { kind: "scaled", factor: 1000 }],
  ["finds kW taken for kWh", file({ factor: 2 }), held, { kind: "scaled", factor: 2 }],
  ["finds the other sign", file({ factor: -1 }), held, { kind: "scaled", factor: -1 }],
  ["says that sums differ where no usual mistake explains it", file({ factor: 1.3 }), held, {
    kind: "scaled",
    factor: null,
  }],
  ["says that it is something else", file({ noise: 9000 }), held, { kind: "different" }],
  ["cannot prove it where nothing is held", file(), { from: FROM, amounts: held.amounts.map(() => null) }, {
    kind: "unprovable",
    why: "nothing-held",
  }],
  ["cannot prove it where less than a day is held", file(), {
    from: FROM,
    amounts: held.amounts.slice(0, 40),
  }, {
    kind: "unprovable",
    why: "nothing-held",
  }],
  ["cannot prove it where the file is of another year", { ...file(), from: FROM + 17_520 }, held, {
    kind: "unprovable",
    why: "nothing-held",
  }],
  ["cannot prove it where the load never changes", { from: FROM, amounts: held.amounts.map(() => 500) }, {
    from: FROM,
    amounts: held.amounts.map(() => 500),
  }, { kind: "unprovable", why: "too-flat" }],
  [
    "cannot prove it where rounding is all that changes",
    {
      from: FROM,
      amounts: held.amounts.map((_, i) => 500 + i * 7919 % 3),
    },
    { from: FROM, amounts: held.amounts.map((_, i) => 500 + i * 104_729 % 5 % 2) },
    {
      kind: "unprovable",
      why: "too-flat",
    },
  ],
  [
    "cannot tell a slow ramp from itself an hour later",
    {
      from: FROM,
      amounts: held.amounts.map((_, i) => i * 10),
    },
    { from: FROM, amounts: held.amounts.map((_, i) => i * 10) },
    { kind: "unprovable", why: "too-flat" },
  ],
];
for (const [name, theirs, ours, want] of CASES) {
  Deno.test(`proveShift() ${name}`, () => deepStrictEqual(proveShift(theirs, ours).verdict, want));
}

Deno.test("proveShift() gives each shift with its figures", () => {
  const { fits, best } = proveShift(file({ late: 1 }), held);
  deepStrictEqual(fits.map(({ shift }) => shift), [-4, -3, -2, -1, 0, 1, 2, 3, 4]);
  strictEqual(best?.shift, -1);
  strictEqual(best.correlation, 1);
  strictEqual(best.ratio, 1);
  strictEqual(best.difference, 0);
  ok((fits[4]?.correlation ?? 1) < 1);
});

Deno.test("proveShift() notices that summer wants another shift than winter", () => {
  const half = WEEK / 2;
  const seasonOf = (halfHour: number) => halfHour < FROM + half ? 0 : 3_600_000;
  const theirs = {
    from: FROM,
    amounts: held.amounts.map((amount, i) => i < half ? amount : held.amounts[i - 2] ?? null),
  };
  const { verdict } = proveShift(theirs, held, seasonOf);
  deepStrictEqual(verdict, { kind: "seasons", shifts: [0, -2] });
});
