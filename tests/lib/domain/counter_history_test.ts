import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type CounterJudgement, type CounterRules, judgeReading } from "../../../lib/domain/counter.ts";
import { endSOf, type HalfHour } from "../../../lib/domain/half_hour.ts";
import type { LoadShape } from "../../../lib/domain/load_shape.ts";
import type { Series } from "../../../lib/domain/series.ts";
import type { CounterContext } from "../../../lib/domain/visit.ts";

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

Deno.test("judgeReading() takes the worked case: a late read moves no energy", () => {
  const atS = (clock: string) => Date.parse(`2026-11-25T${clock}Z`) / 1000;
  const reads = [["09:30:40", 964_000], ["10:00:40", 1_000_000], ["10:31:50", 1_037_400], [
    "11:00:30",
    1_071_800,
  ]] as const;
  const history = replay(
    WH,
    reads.map(([clock, value]) => ({
      halfHour: Math.floor(atS(clock) / 1800) - 1,
      atS: atS(clock),
      value,
    })),
  );
  deepStrictEqual(history.map(({ boundary }) => boundary), [null, 999_200, 1_035_200, 1_071_200]);
  deepStrictEqual(history.map(({ amount }) => amount), [null, null, 36_000, 36_000]);
  deepStrictEqual(history.map(({ quality }) => quality), ["missing", "missing", "recovered", "recovered"]);
});

interface Read {
  halfHour: HalfHour;
  atS: number;
  value: number | null;
}

type Told = Pick<CounterJudgement, "boundary" | "amount" | "quality"> & { halfHour: HalfHour };

/** Plays the store: keeps the last accepted reading, gaps and series, and puts recovered amounts where they belong. */
function replay(
  rules: CounterRules | ((read: Read) => CounterRules),
  reads: readonly Read[],
  shape?: LoadShape,
) {
  const told = new Map<HalfHour, Told>();
  const series: Series[] = [];
  let context: CounterContext = { channelId: CHANNEL, last: null, inGap: false, candidate: null };
  for (const read of reads) {
    const { halfHour, atS, value } = read;
    const reading = value === null ? null : { atS, value, words: "" };
    const judged = judgeReading({
      halfHour,
      channelId: CHANNEL,
      rules: typeof rules === "function" ? rules(read) : rules,
      series: series.at(-1) ?? null,
      context,
      reading,
      shape: shape ?? null,
    });
    strictEqual(
      judged.spendsGap,
      judged.accepted && context.inGap,
      "a gap is spent by the next good reading",
    );
    told.set(halfHour, { halfHour, ...pick(judged) });
    for (const found of judged.recovered) told.set(found.halfHour, found);
    if (judged.newSeries) series.push({ ...judged.newSeries, id: series.length + 1 });
    const accepted = judged.accepted && reading
      ? { halfHour, ...reading, seriesId: series.length, boundary: judged.boundary }
      : null;
    context = {
      channelId: CHANNEL,
      last: accepted ?? context.last,
      inGap: accepted === null && context.last !== null,
      candidate: accepted === null ? reading : null,
    };
  }
  return [...told.values()];
}

function pick({ boundary, amount, quality }: CounterJudgement) {
  return { boundary, amount, quality };
}

/** Mulberry32: whole histories from one seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 200 half-hours of a counter that never stands still for long, read late, not at all, or wrongly. */
function historyFrom(seed: number, modulus: number | null): readonly Read[] {
  const random = randomFrom(seed);
  let total = Math.floor(random() * 900_000);
  let powerW = 0;
  let seenS = endSOf(H);
  return Array.from({ length: 200 }, (_, i) => {
    const halfHour = H + i;
    const edge = i === 0 || i === 199;
    const lateS = edge || random() < 0.2 ? 0 : Math.floor(random() < 0.8 ? random() * 50 : random() * 1500);
    const atS = endSOf(halfHour) + lateS;
    if (random() < 0.3) powerW = Math.floor(random() * 90_000);
    total += Math.floor(powerW * (atS - seenS) / 3600);
    seenS = atS;
    const dark = !edge && random() < 0.25;
    const value = modulus === null ? total : total % modulus;
    return { halfHour, atS, value: dark ? null : !edge && random() < 0.03 ? 0 : value };
  });
}

for (const modulus of [null, 1_000_000, 10_000_000]) {
  Deno.test(`judgeReading() adds up exactly over any run of generated histories, modulus ${modulus}`, () => {
    for (let seed = 1; seed <= 60; seed++) {
      const rules = {
        ...WH,
        modulus,
        numerator: 1 + seed % 3,
        denominator: 1 + seed % 2,
        maxPerHour: 300_000,
      };
      const shape = {
        weights: Array.from({ length: 336 }, (_, i) => 20 + (i * seed) % 3000),
        samples: 400,
        peak: 9_000,
      };
      const reads = historyFrom(seed, modulus);
      const told = replay(rules, reads, seed % 2 ? shape : undefined);
      const byHalfHour = new Map(told.map((entry) => [entry.halfHour, entry]));
      let sum = 0;
      const start = byHalfHour.get(H)?.boundary ?? NaN;
      for (let h = H + 1; h < H + 200; h++) {
        const entry = byHalfHour.get(h);
        ok(entry && entry.amount !== null && entry.amount >= 0, `seed ${seed}: ${h - H} has an amount`);
        sum += entry.amount;
        strictEqual(entry.boundary, start + sum, `seed ${seed}: the run to ${h - H} adds up`);
      }
      const turns = modulus === null ? 0 : turnsOf(reads, modulus);
      const first = reads[0]?.value ?? NaN;
      const final = (reads.at(-1)?.value ?? NaN) + turns * (modulus ?? 0);
      const counted = (raw: number) => Math.floor(raw * rules.numerator / rules.denominator);
      strictEqual(sum, counted(final) - counted(first), `seed ${seed}: last minus first read`);
    }
  });
}

/** How often the digits ended between believable reads. */
function turnsOf(reads: readonly Read[], modulus: number): number {
  const values = reads.flatMap(({ value }) => value === null || value === 0 ? [] : [value]);
  return values.filter((value, i) => i > 0 && value < (values[i - 1] ?? 0) && modulus > 0).length;
}

Deno.test("judgeReading() adds up on both sides of a factor change and bridges it with no amount", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const reads = historyFrom(seed, null);
    const change = H + 100;
    const told = replay(
      ({ halfHour }) => halfHour < change ? WH : { ...WH, numerator: 40, maxPerHour: 4e6 },
      reads,
    );
    let before: Told | undefined;
    for (const entry of [...told].sort((a, b) => a.halfHour - b.halfHour)) {
      if (entry.amount !== null) {
        ok(entry.amount >= 0);
        strictEqual(entry.amount, (entry.boundary ?? NaN) - (before?.boundary ?? NaN), `seed ${seed}`);
      }
      before = entry;
    }
    ok(told.some(({ halfHour, amount }) => halfHour >= change && amount === null));
  }
});

/** A meter that is reset or loses its value now and then, read honestly but not always. */
function resetHistoryFrom(seed: number): { readonly reads: readonly Read[]; readonly trueWh: number } {
  const random = randomFrom(seed);
  let register = 400_000;
  let trueWh = 0;
  const reads = Array.from({ length: 300 }, (_, i) => {
    if (random() < 0.04) register = 0;
    const grownWh = random() < 0.2 ? 0 : Math.floor(random() * 20_000);
    register += grownWh;
    trueWh += grownWh;
    const halfHour = H + i;
    const lateS = random() < 0.5 ? 0 : Math.floor(random() * 900);
    return { halfHour, atS: endSOf(halfHour) + lateS, value: random() < 0.2 ? null : register };
  });
  return { reads, trueWh };
}

for (const forgetsWithoutPower of [false, true]) {
  Deno.test(`judgeReading() never counts more than flowed through resets, forgets ${forgetsWithoutPower}`, () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { reads, trueWh } = resetHistoryFrom(seed);
      const told = [...replay({ ...WH, forgetsWithoutPower }, reads)].sort((a, b) => a.halfHour - b.halfHour);
      let sum = 0;
      told.forEach(({ amount, boundary }, i) => {
        if (amount === null) return;
        ok(amount >= 0, `seed ${seed}`);
        sum += amount;
        const before = told[i - 1]?.boundary ?? null;
        if (before !== null) strictEqual(amount, (boundary ?? NaN) - before, `seed ${seed}, ${i}`);
      });
      ok(sum <= trueWh, `seed ${seed}: ${sum} of ${trueWh} Wh`);
      ok(sum > trueWh * (forgetsWithoutPower ? 0.6 : 0.5), `seed ${seed}: ${sum} of ${trueWh} Wh are enough`);
    }
  });
}
