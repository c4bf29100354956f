/**
 * What was read of a quantity, as a person sees it: its words, and its value in its base unit or why there is none. Pure.
 *
 * @module
 */
import type { LiveValue } from "../lib/domain/live.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import { hexOf } from "../lib/domain/visit.ts";
import { counterRulesOf, scaleGauge } from "../lib/profiles/counter_rules.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { ChannelOutcome } from "./visit.ts";
import type { PlannedChannel } from "./visit_plan.ts";

/** What a channel's outcome shows a person. */
export function liveValueOf(entry: PlannedChannel, outcome: ChannelOutcome | undefined): LiveValue {
  const { channel, spec } = entry;
  const { quantity, kind, unit } = channel;
  const base = { quantity, address: spec.address, kind, unit };
  if (outcome?.kind !== "read") {
    return { ...base, words: "", value: err(outcome?.reason ?? "visit-deadline"), tookMs: 0 };
  }
  const words = outcome.words.map((word) => hexOf([word])).join(" ");
  return { ...base, words, value: shownValue(entry, outcome), tookMs: Math.round(outcome.tookMs) };
}

/** The value in its base unit: a counter times its factor, a gauge with its decimals. */
function shownValue(
  entry: PlannedChannel,
  { value }: Extract<ChannelOutcome, { kind: "read" }>,
): Result<number | string, ReadingReason> {
  if (!value.ok) return value;
  const decoded = value.value;
  switch (decoded.kind) {
    case "text":
      return ok(decoded.text);
    case "state":
      return ok(decoded.value);
    case "gauge":
      return ok(scaleGauge(entry, decoded.value) / 10 ** entry.channel.decimals);
    case "counter": {
      const { numerator, denominator } = counterRulesOf(entry, decoded.value);
      return ok(decoded.value * numerator / denominator);
    }
  }
}
