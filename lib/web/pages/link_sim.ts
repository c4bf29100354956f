/**
 * The SIM of a site in words: used, forecast, when it runs out, ours and the rest.
 *
 * @module
 */

import { addDays, localLabel } from "../../domain/local_day.ts";
import type { SimHealth } from "../../domain/sim_health.ts";
import { bytesText, countText, numberText, percentText } from "../../ui/format.ts";
import type { SimCard, Standing } from "../../ui/link_model.ts";
import { dayMonth } from "./axis.ts";
import { causeText } from "./link_words.ts";

/** Causes that are named at most: the largest that fits, and what is next to it. */
const CAUSES_SHOWN = 3;

/** Bytes that may have been more. */
export function atLeastText(bytes: number, atLeast: boolean): string {
  return atLeast ? `at least ${bytesText(bytes)}` : bytesText(bytes);
}

/** How a SIM stands, in a few words. */
export function simStanding({ usedUp, over, forecast, allowanceB, use }: SimHealth): Standing {
  if (use.untilS === null) return { state: "missing", word: "Not read this month" };
  if (allowanceB === null) return { state: "info", word: "Allowance not registered" };
  if (usedUp.kind === "already") return { state: "critical", word: "Allowance used up" };
  if (usedUp.kind === "on") return { state: "critical", word: `Used up on ${dayMonth(usedUp.date)}` };
  if (over) return { state: "critical", word: "Over its allowance by forecast" };
  if (forecast.kind === "too-early") return { state: "info", word: "Too early to tell" };
  const close = forecast.highB > allowanceB;
  return close ? { state: "warn", word: "May run out" } : { state: "good", word: "Within its allowance" };
}

/** The card of a SIM. */
export function simCardOf(
  sim: SimHealth,
  { zone, tail }: { readonly zone: string; readonly tail: string | null },
): SimCard {
  const { slot, month, use, forecast, allowanceB, parts } = sim;
  const until = use.untilS === null ? "" : `, read at ${localLabel(zone, use.untilS * 1000)}`;
  const share = allowanceB === null
    ? ""
    : `, ${percentText(use.bytes / allowanceB)} of ${bytesText(allowanceB)}`;
  return {
    title: tail === null ? `SIM ${slot}` : `SIM ${slot}, … ${tail}`,
    monthLabel: `${dayMonth(month.from)} to ${dayMonth(addDays(month.to, -1))}`,
    standing: simStanding(sim),
    sentence: use.untilS === null
      ? "Its counters were not read in this month yet."
      : `${capital(atLeastText(use.bytes, use.atLeast))} used${share}${until}.`,
    bar: {
      ownB: parts?.wholeMonth ? parts.ownB : 0,
      usedB: use.bytes,
      forecastB: forecast.kind === "known" ? forecast.bytes : null,
      allowanceB,
    },
    facts: simFacts(sim),
    method: methodOf(sim),
    causes: parts?.other.causes.slice(0, CAUSES_SHOWN).map(causeText) ?? [],
  };
}

/** From one size to another in brackets, what both are counted in said once; empty: both read the same. */
function rangeText(low: number, high: number): string {
  const [from, to] = [bytesText(low), bytesText(high)];
  if (from === to) return "";
  const unit = to.slice(to.indexOf(" "));
  return ` (${from.endsWith(unit) ? from.slice(0, -unit.length) : from} to ${to})`;
}

function simFacts(sim: SimHealth): SimCard["facts"] {
  const { forecast, allowanceB, use, parts, otherSlotB, usedUp } = sim;
  const facts = [{
    label: "By the month’s end",
    value: forecast.kind === "too-early"
      ? `too early to tell, ${countText(forecast.days, "whole day")} known`
      : `${atLeastText(forecast.bytes, forecast.atLeast)}${rangeText(forecast.lowB, forecast.highB)}`,
  }];
  if (forecast.kind === "known") facts.push({ label: "A day", value: bytesText(forecast.dayB) });
  if (allowanceB !== null) {
    facts.push({
      label: "Left",
      value: use.bytes >= allowanceB ? "nothing" : bytesText(allowanceB - use.bytes),
    });
  }
  if (usedUp.kind === "on") facts.push({ label: "Used up", value: `on ${dayMonth(usedUp.date)}` });
  if (parts) {
    const over = parts.wholeMonth ? "" : ` in ${numberText(parts.days, 1)} days`;
    facts.push({ label: "Wattpost", value: `~ ${bytesText(parts.ownB)}${over}` });
    facts.push({
      label: "Other traffic",
      value: parts.other.bytes < 0
        ? `less than ours by ${bytesText(-parts.other.bytes)}`
        : bytesText(parts.other.bytes),
    });
  }
  if (otherSlotB !== null) facts.push({ label: `SIM ${3 - sim.slot}`, value: bytesText(otherSlotB) });
  return facts;
}

function methodOf({ forecast, use, parts }: SimHealth): string {
  const sentences = ["From the router’s own counters, read once a day."];
  if (use.atLeast) {
    sentences.push("They began again meanwhile, or a day was not read: it may have been more.");
  }
  if (forecast.kind === "known") {
    sentences.push(
      `Forecast: so far, plus the mean of the last ${
        numberText(forecast.days)
      } whole days for each day left; the range is twice their spread.`,
    );
  }
  if (parts) {
    sentences.push(
      "Wattpost’s part is its bytes, plus 156 a request and 380 a connection for what TCP adds.",
    );
  }
  return sentences.join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
