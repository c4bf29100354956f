/**
 * Numbers of a chart: kilowatts from watt-hours, axes that begin at 0 and have round ticks, numbers as text that
 * are the same on server and phone.
 *
 * @module
 */

import { numberText, powerText } from "../format.ts";

/** A value axis from 0. */
export interface ValueAxis {
  /** The largest tick, at least the largest value; never 0. */
  readonly max: number;
  /** From 0 to `max`, evenly spaced. */
  readonly ticks: readonly number[];
}

/** The steps between ticks that read easily, times a power of ten. */
const NICE_STEPS: readonly number[] = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The smallest easy step, from a list that ends with 10, that is not below the one wanted. */
export function niceStep(wanted: number, steps: readonly number[] = NICE_STEPS): number {
  if (!(wanted > 0) || !Number.isFinite(wanted)) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = steps.find((each) => each * power >= wanted * 0.999_999) ?? 10;
  return Number((step * power).toPrecision(6));
}

/** Ticks from 0 in about `count` even steps that reach the largest value. */
export function axisTo(largest: number, count = 3): ValueAxis {
  const step = niceStep(Math.max(largest, 0) / count);
  const steps = Math.max(1, Math.ceil(largest / step - 1e-9));
  const ticks = Array.from(
    { length: Math.min(steps, 20) + 1 },
    (_, index) => Number((index * step).toPrecision(6)),
  );
  return { ticks, max: ticks[ticks.length - 1] ?? step };
}

/** Average power in kW of an amount in Wh of a half-hour: twice the kWh. */
export function kwOf(amountWh: number): number {
  return amountWh / 500;
}

/** A tick as text, with as many decimals as it has. */
export function tickText(value: number): string {
  const decimals = (String(Math.abs(value)).split(".")[1] ?? "").length;
  return numberText(value, Math.min(decimals, 3));
}

/** Power of a half-hour as text with its unit, from its amount. */
export function kwText(amountWh: number): string {
  return powerText(amountWh * 2);
}

/** A share of the width as an SVG length, such as `12.5%`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}

/** A coordinate with at most two decimals. */
export function coordinate(value: number): number {
  return Math.round(value * 100) / 100;
}
