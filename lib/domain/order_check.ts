/**
 * Is the order of words and bytes the right one: values that mean nothing in the profile's order, and something in
 * another. Pure.
 *
 * @module
 */

import type { OrderFit } from "./device_reads.ts";
import { type Finding, NAMED_MAX, type OrderExample } from "./finding.ts";

/** Doubtful quantities at least before another word order is thought of, where fewer are not most of them. */
const DOUBTS_MIN = 3;

/** Another order must have this many times fewer doubtful quantities. */
const DOUBTS_FACTOR = 3;

/** Quantities that show a wrong order best, the best first. */
const TELLING = ["frequencyHz", "voltageL1V", "voltageL2V", "voltageL3V", "powerW", "importWh"];

/** Whether the values mean nothing, and in which order they would; `null`: they do, or nothing is known. */
export function checkOrders([own, ...others]: readonly OrderFit[]): Finding | null {
  if (!own || own.doubtful.length === 0) return null;
  const doubtful = own.doubtful.length;
  const looked = own.looked.length;
  const best = others.toSorted((one, other) => one.doubtful.length - other.doubtful.length)[0];
  const most = 2 * doubtful > looked;
  if (best && (most || doubtful >= DOUBTS_MIN) && best.doubtful.length * DOUBTS_FACTOR <= doubtful) {
    return {
      kind: "word-order",
      order: lettersOf(best, others),
      now: own.order,
      example: exampleOf(own, best),
      doubtful,
      looked,
    };
  }
  if (!most || doubtful < DOUBTS_MIN || !isMeaningless(own)) return null;
  return { kind: "unreadable", quantities: own.doubtful.slice(0, NAMED_MAX), doubtful, looked };
}

/** The best order, and any that is as good and reads otherwise: nothing here tells which of them it is. */
function lettersOf(best: OrderFit, others: readonly OrderFit[]): string {
  const alike = others.filter((each) =>
    each !== best && each.doubtful.length === best.doubtful.length && differs(each, best)
  );
  return [best, ...alike].map(({ order }) => order).join(" or ");
}

function differs(one: OrderFit, other: OrderFit): boolean {
  return [...one.newest].some(([quantity, { value }]) => other.newest.get(quantity)?.value !== value);
}

/** Whether values are doubtful because they are no values: a voltage beside the rule has a finding of its own. */
function isMeaningless({ doubtful, newest }: OrderFit): boolean {
  return 2 * doubtful.filter((quantity) => newest.get(quantity)?.value == null).length > doubtful.length;
}

function exampleOf(own: OrderFit, best: OrderFit): OrderExample | null {
  const cured = own.doubtful.filter((quantity) => !best.doubtful.includes(quantity));
  const quantity = TELLING.find((name) => cured.includes(name)) ?? cured[0];
  const would = quantity === undefined ? undefined : best.newest.get(quantity);
  if (quantity === undefined || would == null || would.value === null) return null;
  const was = own.newest.get(quantity)?.value ?? null;
  return { quantity, unit: would.unit, was, would: would.value };
}
