/**
 * What a tested device's registers show: values for people, and what the wiring checks look at. Pure.
 *
 * @module
 */
import type { LiveValue } from "../lib/domain/live.ts";
import type { ProbeTarget } from "../lib/domain/probe.ts";
import { stepInBase } from "../lib/domain/step.ts";
import { checkWiring, type CounterGrowth, type WiringFinding } from "../lib/domain/wiring.ts";
import { wiringReadsOf } from "../lib/domain/wiring_reads.ts";
import { counterRulesOf } from "../lib/profiles/counter_rules.ts";
import { decode } from "../lib/profiles/decode.ts";
import type { WordOrder } from "../lib/profiles/profile.ts";
import { ALL_ORDERS, ORDER_LETTERS, ORDER_WORDS } from "../lib/profiles/words.ts";
import { wordsIn } from "./block.ts";
import type { Task, TaskOutcome } from "./endpoint_visit.ts";
import { liveValueOf } from "./live_value.ts";
import { reasonOf } from "./read_error.ts";
import type { ChannelOutcome } from "./visit.ts";
import type { PlannedChannel } from "./visit_plan.ts";

/** The answers of a device to the requests of its profile. */
export interface DeviceAnswers {
  /** The quantities of its profile. */
  readonly channels: readonly PlannedChannel[];
  /** What its requests ended with. */
  readonly outcomes: ReadonlyMap<Task, TaskOutcome>;
}

/** Doubts at least before another word order is thought of. */
const DOUBTS_MIN = 3;

/** The values of a device for people, in the profile's order. */
export function valuesOf(answers: DeviceAnswers): readonly LiveValue[] {
  return answers.channels.map((entry) =>
    liveValueOf(entry, outcomeOf(answers, entry, entry.profile.wordOrder))
  );
}

/** What the wiring checks find. */
export function findingsOf(
  answers: DeviceAnswers,
  target: Pick<ProbeTarget, "transformer" | "nominalV">,
  growth: CounterGrowth | null,
): readonly WiringFinding[] {
  const own = answers.channels[0]?.profile.wordOrder ?? "big";
  return findingsIn(meterValues(answers, own), { target, growth });
}

/** The word order in which clearly more values would be believable, in words; `null`: none. */
export function betterOrderOf(
  answers: DeviceAnswers,
  target: Pick<ProbeTarget, "transformer" | "nominalV">,
): string | null {
  const own = answers.channels[0]?.profile.wordOrder ?? "big";
  const doubts = (order: WordOrder): number => {
    const values = meterValues(answers, order);
    const lost = [...values.values()].filter((value) => value === null).length;
    return lost + findingsIn(values, { target, growth: null }).length;
  };
  const now = doubts(own);
  const others = ALL_ORDERS.filter((order) => order !== own)
    .map((order) => ({ order, doubts: doubts(order) })).sort((a, b) => a.doubts - b.doubts);
  const best = others[0];
  return best && now >= DOUBTS_MIN && best.doubts * 3 <= now
    ? `${ORDER_LETTERS[best.order]} (${ORDER_WORDS[best.order]})`
    : null;
}

/** How far the counters went between two reads; `null`: it cannot be said. */
export function growthOf(
  first: DeviceAnswers,
  second: DeviceAnswers,
): { readonly growth: CounterGrowth | null; readonly fell: readonly string[] } {
  const fell: string[] = [];
  const grown = new Map<string, number>();
  let elapsedS = 0;
  let stepWh = 1;
  for (const entry of first.channels) {
    const [before, after] = [first, second].map((answers) => countOf(answers, entry));
    if (!before || !after) continue;
    if (after.value < before.value) fell.push(entry.channel.quantity);
    elapsedS = (after.atMs - before.atMs) / 1000;
    const rules = counterRulesOf(withoutTransformer(entry), after.value);
    if (entry.channel.unit === "Wh") stepWh = Math.max(stepWh, stepInBase(rules.step, rules));
    grown.set(entry.channel.quantity, (after.value - before.value) * rules.numerator / rules.denominator);
  }
  const importWh = grown.get("importWh") ?? null;
  if (importWh === null || elapsedS <= 0 || fell.length > 0) return { growth: null, fell };
  return { growth: { elapsedS, importWh, exportWh: grown.get("exportWh") ?? null, stepWh }, fell };
}

/** A counter's reading in register counts; `null`: none. */
function countOf(
  answers: DeviceAnswers,
  entry: PlannedChannel,
): { readonly value: number; readonly atMs: number } | null {
  if (entry.channel.kind !== "counter") return null;
  const outcome = outcomeOf(answers, entry, entry.profile.wordOrder);
  if (outcome.kind !== "read" || !outcome.value.ok || outcome.value.value.kind !== "counter") return null;
  return { value: outcome.value.value.value, atMs: outcome.atMs };
}

function outcomeOf(
  { outcomes }: DeviceAnswers,
  { channel, spec }: PlannedChannel,
  order: WordOrder,
): ChannelOutcome {
  for (const [{ span }, outcome] of outcomes) {
    if (!span.quantities.includes(channel.quantity)) continue;
    if (!outcome.ok) return { kind: "missing", reason: reasonOf(outcome.error) };
    const { atMs, tookMs } = outcome.value;
    const words = wordsIn(span, outcome.value.words, spec);
    return { kind: "read", atMs, tookMs, words, value: decode(words, spec, order) };
  }
  return { kind: "missing", reason: "visit-deadline" };
}

/** What the meter itself shows, before any ratio that we apply; `null`: words came that mean nothing. */
function meterValues(answers: DeviceAnswers, order: WordOrder): ReadonlyMap<string, number | null> {
  const values = new Map<string, number | null>();
  for (const entry of answers.channels) {
    const { value, words } = liveValueOf(withoutTransformer(entry), outcomeOf(answers, entry, order));
    if (words === "" || entry.channel.kind === "text") continue;
    values.set(entry.channel.quantity, value.ok && typeof value.value === "number" ? value.value : null);
  }
  return values;
}

function withoutTransformer(entry: PlannedChannel): PlannedChannel {
  return { ...entry, meter: { ...entry.meter, transformer: null } };
}

function findingsIn(
  values: ReadonlyMap<string, number | null>,
  { target, growth }: {
    readonly target: Pick<ProbeTarget, "transformer" | "nominalV">;
    readonly growth: CounterGrowth | null;
  },
): readonly WiringFinding[] {
  return checkWiring(wiringReadsOf(values, target, { growth }));
}
