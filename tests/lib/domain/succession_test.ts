import { ok as assert, strictEqual } from "node:assert/strict";
import { counterOf } from "../../../lib/domain/boundary.ts";
import { type CounterRules, judgeReading } from "../../../lib/domain/counter.ts";
import { type CounterAround, counterTroubles } from "../../../lib/domain/device_life.ts";
import { endSOf } from "../../../lib/domain/half_hour.ts";
import type { Series } from "../../../lib/domain/series.ts";
import { standingOf, successorOf } from "../../../lib/domain/succession.ts";
import type { AcceptedReading } from "../../../lib/domain/visit.ts";

const H = 900_000;
const FROM_S = H * 1800;
const HALF_HOURS = 120;

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Number of a register that begins at `start` when it is hung up at `sinceS`. */
interface Hung {
  readonly sinceS: number;
  readonly start: number;
  readonly rules: CounterRules;
  readonly told: { readonly final: boolean; readonly first: boolean };
}

/** What half-hours came to, with a constant flow: whoever puts energy into the wrong one is seen at once. */
interface Outcome {
  readonly halfHour: number;
  readonly amount: number;
  readonly quality: string;
}

function simulate(seed: number): {
  readonly wh: (atS: number) => number;
  readonly found: readonly Outcome[];
  readonly step: number;
  readonly anyUntold: boolean;
} {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const whPerS = 1 + random() * 5;
  const wh = (atS: number) => Math.floor((atS - FROM_S) * whPerS);
  const meter = (sinceS: number): Hung => {
    const numerator = pick([1, 10, 100]);
    const modulus = pick([null, null, 10_000_000]);
    const start = modulus !== null && random() < 0.3
      ? modulus - Math.floor(random() * 800)
      : pick([0, 7, 40_000]);
    return {
      sinceS,
      start,
      rules: {
        numerator,
        denominator: 1,
        modulus,
        maxPerHour: whPerS * 3600 * 1.5,
        step: 1,
        forgetsWithoutPower: false,
      },
      told: { final: random() < 0.75, first: random() < 0.75 },
    };
  };
  const swaps = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const halfHour = H + 3 + Math.floor(random() * (HALF_HOURS - 6));
    return halfHour * 1800 + pick([0, 0, 1, 600, 1799, Math.floor(random() * 1800)]);
  });
  if (random() < 0.5) swaps.push((swaps[0] ?? 0) + 1 + Math.floor(random() * 2_000));
  const hung = [meter(FROM_S), ...[...new Set(swaps)].sort((a, b) => a - b).map(meter)];
  const shown = ({ sinceS, start, rules }: Hung, atS: number) => {
    const counts = start + Math.floor((wh(atS) - wh(sinceS)) / rules.numerator);
    return rules.modulus === null ? counts : counts % rules.modulus;
  };
  const silentFrom = H + Math.floor(random() * HALF_HOURS);
  const silentTo = silentFrom + Math.floor(random() * 30);
  let series: Series[] = [];
  let last: AcceptedReading | null = null;
  let candidate: { readonly halfHour: number; readonly atS: number; readonly value: number } | null = null;
  let next = 1;
  const found: Outcome[] = [];
  for (let halfHour = H; halfHour < H + HALF_HOURS; halfHour++) {
    const readS = pick([0, 7, 7, 7, 45, 200, 1_500]);
    const atS = endSOf(halfHour) + readS;
    for (let it = hung[next]; it && it.sinceS <= atS; it = hung[++next]) {
      const old = hung[next - 1] as Hung;
      const read = {
        quantity: "importWh",
        final: it.told.final ? shown(old, it.sinceS) : null,
        first: it.told.first ? it.start : null,
      };
      const around: CounterAround = {
        read,
        last: standingOf({ series, last }),
        since: null,
        rules: old.rules,
      };
      strictEqual(counterTroubles(it.sinceS, around).length, 0, `${seed}: ${JSON.stringify(around)}`);
      const began = successorOf({ series, last }, { channelId: 1, atS: it.sinceS, rules: it.rules, read });
      series = [...series, { ...began, id: series.length + 1 }];
    }
    const silent = random() < 0.15 || (halfHour >= silentFrom && halfHour < silentTo);
    const now = hung[next - 1] as Hung;
    const reading = silent ? null : { atS, value: shown(now, atS), words: "" };
    const judged = judgeReading({
      halfHour,
      channelId: 1,
      rules: now.rules,
      series: series.at(-1) ?? null,
      context: {
        channelId: 1,
        last,
        inGap: last !== null && last.halfHour < halfHour - 1,
        candidate: candidate?.halfHour === halfHour - 1 ? candidate : null,
      },
      reading,
      shape: null,
    });
    if (judged.newSeries) series = [...series, { ...judged.newSeries, id: series.length + 1 }];
    found.push(
      ...judged.recovered.map(({ halfHour: at, amount, quality }) => ({ halfHour: at, amount, quality })),
    );
    if (judged.amount !== null) found.push({ halfHour, amount: judged.amount, quality: judged.quality });
    candidate = judged.amountReason === "implausible" && reading ? { halfHour, ...reading } : null;
    const own = series.at(-1);
    if (judged.accepted && reading && own) {
      const counter = counterOf(reading.value, own);
      last = {
        halfHour,
        ...reading,
        seriesId: own.id,
        boundary: judged.boundary,
        ...(counter === null ? {} : { counter }),
      };
    }
  }
  return { wh, found, step: 100, anyUntold: hung.slice(1).some(({ told }) => !told.final || !told.first) };
}

Deno.test("whenever meters are replaced and whatever people read of them, no half-hour has more than flowed", () => {
  for (let seed = 1; seed <= 3_000; seed++) {
    const { wh, found, step } = simulate(seed);
    const seen = new Set<number>();
    for (const { halfHour, amount, quality } of found) {
      const flowed = wh(endSOf(halfHour)) - wh(halfHour * 1800);
      // Every meter rounds down by up to one of its steps, at each end.
      const tolerance = 6 * step;
      assert(!seen.has(halfHour), `${seed}: ${halfHour} twice`);
      seen.add(halfHour);
      assert(amount >= 0 && amount <= flowed + tolerance, `${seed}: ${quality} ${amount} of ${flowed}`);
      if (quality !== "estimated") {
        assert(amount >= flowed - tolerance, `${seed}: ${quality} ${amount} of ${flowed}`);
      }
    }
  }
});
