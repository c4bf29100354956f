import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type CounterInput,
  type CounterJudgement,
  type CounterReading,
  type CounterRules,
  judgeReading,
} from "../../../lib/domain/counter.ts";
import { endSOf, type HalfHour } from "../../../lib/domain/half_hour.ts";
import type { LoadShape } from "../../../lib/domain/load_shape.ts";
import type { Series } from "../../../lib/domain/series.ts";
import type { AcceptedReading, CounterContext } from "../../../lib/domain/visit.ts";

const CHANNEL = 5;
const H: HalfHour = 1_000_000;

/** A 100 kW supply behind a register that counts Wh. */
const WH: CounterRules = {
  numerator: 1,
  denominator: 1,
  modulus: null,
  maxPerHour: 100_000,
  step: 1,
  forgetsWithoutPower: false,
};
const SIX_DIGITS: CounterRules = { ...WH, modulus: 1_000_000 };

function seriesOf(rules: CounterRules, origin = 0): Series {
  const { numerator, denominator, modulus } = rules;
  return { id: 1, channelId: CHANNEL, sinceS: 0, numerator, denominator, origin, modulus };
}

function lastAt(
  read: { halfHour?: HalfHour; lateS?: number; value: number; boundary?: number | null },
): AcceptedReading {
  const halfHour = read.halfHour ?? H - 1;
  const { value } = read;
  return {
    halfHour,
    atS: endSOf(halfHour) + (read.lateS ?? 0),
    value,
    words: "0000",
    seriesId: 1,
    boundary: read.boundary === undefined ? value : read.boundary,
  };
}

interface Scene {
  rules?: CounterRules;
  series?: Series | null;
  last?: AcceptedReading | null;
  inGap?: boolean;
  candidate?: CounterContext["candidate"];
  value: number | null;
  lateS?: number;
  shape?: LoadShape;
}

function judge(scene: Scene): CounterJudgement {
  const rules = scene.rules ?? WH;
  const reading: CounterReading | null = scene.value === null
    ? null
    : { atS: endSOf(H) + (scene.lateS ?? 0), value: scene.value, words: "0001" };
  const last = scene.last ?? null;
  const input: CounterInput = {
    halfHour: H,
    channelId: CHANNEL,
    rules,
    series: scene.series === undefined ? (last ? seriesOf(rules) : null) : scene.series,
    context: { channelId: CHANNEL, last, inGap: scene.inGap ?? false, candidate: scene.candidate ?? null },
    reading,
    shape: scene.shape ?? null,
  };
  return judgeReading(input);
}

const NOTHING: CounterJudgement = {
  boundary: null,
  amount: null,
  quality: "missing",
  amountReason: "implausible",
  accepted: false,
  recovered: [],
  newSeries: null,
  spendsGap: false,
  opensGap: null,
};

const LAST = lastAt({ value: 500_000 });

const REFUSED: readonly (Scene & { name: string })[] = [
  { name: "a sudden 0", last: LAST, value: 0 },
  {
    name: "a sudden 0 just before the digits end",
    rules: SIX_DIGITS,
    last: lastAt({ value: 999_999 }),
    value: 0,
  },
  {
    name: "a sudden 0 of a counter that forgets",
    rules: { ...WH, forgetsWithoutPower: true },
    last: LAST,
    value: 0,
  },
  { name: "a counter that fell by one count", last: LAST, value: 499_999 },
  { name: "more than the breaker carries", last: LAST, value: 500_000 + 60_003 },
  {
    name: "a fall without a modulus however near the digits end",
    last: lastAt({ value: 999_999 }),
    value: 5,
  },
  {
    name: "a turn of the digits that would need a hundred times the breaker",
    rules: SIX_DIGITS,
    last: LAST,
    value: 5,
  },
  {
    name: "a turn of the digits while no largest power is known",
    rules: { ...SIX_DIGITS, maxPerHour: null },
    last: lastAt({ value: 999_990 }),
    value: 5,
  },
  { name: "a value below 0", last: LAST, value: -1 },
  { name: "a fraction of a count", last: LAST, value: 500_000.5 },
  { name: "a number beyond 53 bits", last: LAST, value: 2 ** 60, rules: { ...WH, maxPerHour: null } },
  { name: "more than 32 bits in a half-hour", last: LAST, value: 3e9, rules: { ...WH, maxPerHour: null } },
  { name: "a clock that ran backwards", last: lastAt({ value: 5, lateS: 1900 }), value: 6, lateS: 10 },
  { name: "a reading before its boundary", last: LAST, value: 500_010, lateS: -5 },
  {
    name: "a forgetful counter that shows more than it can have counted since",
    rules: { ...WH, forgetsWithoutPower: true },
    last: LAST,
    value: 400_000,
  },
  {
    name: "two zeros, which a dead gateway answers too",
    last: LAST,
    value: 0,
    candidate: { atS: endSOf(H - 1) + 5, value: 0 },
  },
  {
    name: "two that fell one after the other",
    last: LAST,
    value: 90,
    candidate: { atS: endSOf(H - 1) + 5, value: 100 },
  },
  {
    name: "two that jumped each by more than the breaker",
    last: LAST,
    value: 9_000_000,
    candidate: { atS: endSOf(H - 1) + 5, value: 7_000_000 },
  },
];
for (const { name, ...scene } of REFUSED) {
  Deno.test(`judgeReading() does not believe ${name}`, () => {
    deepStrictEqual(judge(scene), { ...NOTHING, opensGap: scene.last ?? null });
    deepStrictEqual(judge({ ...scene, inGap: true }), NOTHING, "a gap that is open stays as it is");
  });
}

Deno.test("judgeReading() does not take an absurd first reading", () => {
  deepStrictEqual(judge({ value: 2 ** 53 }), NOTHING);
});

const MISSING: readonly (Scene & { name: string; reason: CounterJudgement["amountReason"] })[] = [
  { name: "nothing was ever read", value: null, reason: "first-reading" },
  { name: "a later reading will bring it", value: null, last: LAST, reason: "no-later-reading-yet" },
  {
    name: "only one reading came so far, just before",
    value: null,
    last: lastAt({ value: 7, lateS: 9, boundary: null }),
    reason: "first-reading",
  },
  {
    name: "only one reading came so far, long before",
    value: null,
    last: lastAt({ halfHour: H - 4, value: 7, lateS: 9, boundary: null }),
    reason: "no-later-reading-yet",
  },
];
for (const { name, reason, ...scene } of MISSING) {
  Deno.test(`judgeReading() says ${reason} without a reading when ${name}`, () => {
    deepStrictEqual(judge(scene), { ...NOTHING, amountReason: reason, opensGap: scene.last ?? null });
    strictEqual(judge({ ...scene, inGap: true }).opensGap, null);
  });
}

Deno.test("judgeReading() begins a series with the first reading and knows no amount", () => {
  const newSeries = { ...seriesOf(WH), id: 0, sinceS: endSOf(H) + 7 };
  deepStrictEqual(judge({ value: 1234, lateS: 7 }), {
    ...NOTHING,
    amountReason: "first-reading",
    accepted: true,
    newSeries,
  });
});

Deno.test("judgeReading() knows the boundary of a first reading on the boundary at once", () => {
  const first = judge({ value: 1234, lateS: 0, rules: { ...WH, numerator: 100 } });
  deepStrictEqual([first.boundary, first.amount, first.amountReason], [123_400, null, "first-reading"]);
});

Deno.test("judgeReading() knows no amount for the half-hour after a first reading that came late", () => {
  const second = judge({ value: 1300, lateS: 10, last: lastAt({ value: 1000, lateS: 10, boundary: null }) });
  deepStrictEqual(
    [second.boundary, second.amount, second.quality, second.amountReason, second.accepted],
    [1298, null, "missing", "first-reading", true],
  );
});

Deno.test("judgeReading() measures when both boundaries were read within 60 s", () => {
  for (const [lastS, lateS, quality] of [[60, 60, "measured"], [61, 7, "recovered"], [7, 61, "recovered"]]) {
    const last = lastAt({ value: 1000, lateS: Number(lastS), boundary: 990 });
    strictEqual(judge({ last, value: 2000, lateS: Number(lateS) }).quality, quality);
  }
});

Deno.test("judgeReading() gives the register difference for reads on the boundary, whatever the factor", () => {
  const rules = { ...WH, numerator: 100, denominator: 3 };
  const judged = judge({ rules, last: lastAt({ value: 1000, boundary: 33_333 }), value: 1001 });
  deepStrictEqual([judged.boundary, judged.amount, judged.quality], [33_366, 33, "measured"]);
});

Deno.test("judgeReading() recovers a gap exactly, evenly without a shape, and spends it", () => {
  const last = lastAt({ halfHour: H - 4, value: 1000 });
  const judged = judge({ last, inGap: true, value: 1402 });
  deepStrictEqual(
    judged.recovered.map(({ halfHour, amount, boundary }) => [halfHour - H, amount, boundary]),
    [
      [-3, 100, 1100],
      [-2, 101, 1201],
      [-1, 100, 1301],
    ],
  );
  deepStrictEqual([judged.amount, judged.quality, judged.spendsGap], [101, "recovered", true]);
  ok(judged.recovered.every(({ quality, channelId }) => quality === "recovered" && channelId === CHANNEL));
});

Deno.test("judgeReading() recovers a gap along the channel's load shape", () => {
  // H is a Sunday half-hour; only H - 1 draws anything to speak of.
  const weights = Array.from({ length: 336 }, (_, i) => i === (H - 1 + 144) % 336 ? 8000 : 1000);
  const last = lastAt({ halfHour: H - 3, value: 1000 });
  const judged = judge({ last, inGap: true, value: 2000, shape: { weights, samples: 400, peak: 9_000 } });
  deepStrictEqual([...judged.recovered.map(({ amount }) => amount), judged.amount], [100, 800, 100]);
});

Deno.test("judgeReading() leaves out the half-hour whose start is unknown when it recovers", () => {
  const last = lastAt({ halfHour: H - 3, value: 1000, lateS: 30, boundary: null });
  const judged = judge({ last, inGap: true, value: 4000 });
  deepStrictEqual(judged.recovered.map(({ halfHour }) => halfHour - H), [-1]);
});

Deno.test("judgeReading() recovers a year of darkness and begins anew after ten", () => {
  const year = judge({ last: lastAt({ halfHour: H - 17_520, value: 0 }), inGap: true, value: 17_520_000 });
  deepStrictEqual([year.recovered.length, year.amount], [17_519, 1000]);
  const ages = judge({ last: lastAt({ halfHour: H - 175_681, value: 0 }), inGap: true, value: 17_520_000 });
  deepStrictEqual([ages.recovered.length, ages.amountReason, ages.spendsGap], [0, "new-series", true]);
});

Deno.test("judgeReading() rolls over at the modulus and its boundary counters go on", () => {
  const rules = { ...SIX_DIGITS, numerator: 10 };
  const judged = judge({
    rules,
    series: seriesOf(rules),
    last: lastAt({ value: 999_990, boundary: 9_999_900 }),
    value: 20,
  });
  deepStrictEqual([judged.amount, judged.boundary, judged.quality], [300, 10_000_200, "measured"]);
  deepStrictEqual(judged.newSeries, {
    ...seriesOf(rules, -1_000_000),
    id: 0,
    sinceS: endSOf(H),
  });
});

Deno.test("judgeReading() goes on in the series that a rollover began", () => {
  const judged = judge({
    rules: SIX_DIGITS,
    series: seriesOf(SIX_DIGITS, -1_000_000),
    last: lastAt({ value: 20, boundary: 1_000_020 }),
    value: 120,
  });
  deepStrictEqual([judged.amount, judged.boundary, judged.newSeries], [100, 1_000_120, null]);
});

Deno.test("judgeReading() says at least when a small counter may have turned once more", () => {
  const rules = { ...WH, modulus: 1000, maxPerHour: 100_000 };
  strictEqual(judge({ rules, last: lastAt({ value: 100 }), value: 200 }).quality, "estimated");
  strictEqual(
    judge({ rules: { ...rules, maxPerHour: 900 }, last: lastAt({ value: 100 }), value: 200 }).quality,
    "measured",
  );
});

Deno.test("judgeReading() counts a counter that forgets from 0 as at least, without a jump", () => {
  const rules = { ...WH, forgetsWithoutPower: true };
  const last = lastAt({ halfHour: H - 2, value: 500_000 });
  const judged = judge({ rules, series: seriesOf(rules), last, inGap: true, value: 3000 });
  deepStrictEqual([judged.recovered[0]?.amount, judged.amount, judged.boundary], [1500, 1500, 503_000]);
  deepStrictEqual([judged.recovered[0]?.quality, judged.quality], ["estimated", "estimated"]);
  strictEqual(judged.newSeries?.origin, -500_000);
});

Deno.test("judgeReading() begins a new series with two readings that agree, and keeps what they measured", () => {
  const last = lastAt({ halfHour: H - 9, value: 500_000 });
  const late = judge({
    last,
    inGap: true,
    value: 700,
    lateS: 10,
    candidate: { atS: endSOf(H - 1) + 10, value: 100 },
  });
  deepStrictEqual(
    [late.boundary, late.amount, late.amountReason, late.accepted, late.spendsGap, late.recovered],
    [696, null, "new-series", true, true, []],
  );
  deepStrictEqual(late.newSeries, { ...seriesOf(WH), id: 0, sinceS: endSOf(H - 1) + 10 });
  const sharp = judge({ last, inGap: true, value: 700, candidate: { atS: endSOf(H - 1), value: 100 } });
  deepStrictEqual([sharp.boundary, sharp.amount, sharp.quality], [700, 600, "measured"]);
});

Deno.test("judgeReading() lets a reset counter start once it grows from 0", () => {
  const judged = judge({ last: LAST, value: 5, candidate: { atS: endSOf(H - 1) + 5, value: 0 } });
  deepStrictEqual([judged.accepted, judged.newSeries?.sinceS], [true, endSOf(H - 1) + 5]);
});

Deno.test("judgeReading() prefers the old series when the reading before was the wrong one", () => {
  const last = lastAt({ halfHour: H - 2, value: 500_000 });
  const judged = judge({
    last,
    inGap: true,
    value: 502_000,
    candidate: { atS: endSOf(H - 1) + 5, value: 0 },
  });
  deepStrictEqual([judged.amount, judged.recovered[0]?.amount, judged.newSeries], [1000, 1000, null]);
});

Deno.test("judgeReading() begins a new series when factor or modulus changed", () => {
  for (const change of [{ numerator: 10 }, { denominator: 10 }, { modulus: 10_000_000 }]) {
    const rules = { ...WH, ...change };
    const judged = judge({ rules, series: seriesOf(WH), last: LAST, value: 500_100, lateS: 7 });
    deepStrictEqual([judged.amount, judged.amountReason, judged.boundary], [null, "new-series", null]);
    deepStrictEqual(judged.newSeries, { ...seriesOf(rules), id: 0, sinceS: endSOf(H) + 7 });
  }
});

Deno.test("judgeReading() uses the series that was prepared for a replaced meter", () => {
  const series = { ...seriesOf(WH), id: 9, sinceS: endSOf(H) - 600 };
  const judged = judge({ series, last: LAST, value: 40, lateS: 0 });
  deepStrictEqual(
    [judged.newSeries, judged.boundary, judged.amountReason, judged.accepted],
    [null, 40, "new-series", true],
  );
});

Deno.test("judgeReading() stays exact beyond 53 bits in between", () => {
  const rules = { ...WH, maxPerHour: null, numerator: 1_000_000_007, denominator: 1_000_000_000 };
  const from = 4_000_000_000_000_001;
  const at = (raw: number) => Number(BigInt(raw) * 1_000_000_007n / 1_000_000_000n);
  const judged = judge({ rules, last: lastAt({ value: from, boundary: at(from) }), value: from + 1000 });
  strictEqual(judged.boundary, at(from + 1000));
});
