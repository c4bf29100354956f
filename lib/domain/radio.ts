/**
 * How well a router hears its cell, in classes. Pure. What the classes rest on:
 *
 * - RSSI: 3GPP TS 27.007, 8.5 (+CSQ) counts from -113 dBm ("or less") to -51 dBm; Teltonika's wiki, "Mobile Signal
 *   Strength Recommendations", calls 4G fair down to -85 and poor down to -95: weak begins between, at -90.
 * - RSRP: 3GPP TS 36.133, 9.1.4 reports from -140 to -44 dBm; the wiki's cell edge begins at -100, and LTE works
 *   with few errors to about -110: weak begins there.
 * - SINR: the wiki asks for at least 0 dB for basic operation, good begins at 13; below -20 nothing is decoded.
 *
 * @module
 */

/** What is measured. */
export type SignalKind = "rssi" | "rsrp" | "sinr";

/** How well it is heard. */
export type SignalClass = "good" | "fair" | "weak" | "none";

/** Where the classes of one measure begin. */
export interface SignalLimits {
  /** Good from here on. */
  readonly good: number;
  /** Fair from here on, weak below. */
  readonly fair: number;
  /** Nothing is heard at or below. */
  readonly none: number;
}

/** Where the classes begin: dBm, for SINR dB. */
export const SIGNAL_LIMITS: Readonly<Record<SignalKind, SignalLimits>> = {
  rssi: { good: -75, fair: -90, none: -113 },
  rsrp: { good: -95, fair: -110, none: -140 },
  sinr: { good: 13, fair: 0, none: -20 },
};

/** The class of a strength. */
export function signalClassOf(value: number, kind: SignalKind): SignalClass {
  const { good, fair, none } = SIGNAL_LIMITS[kind];
  if (value <= none) return "none";
  if (value >= good) return "good";
  return value >= fair ? "fair" : "weak";
}

/** The signal over a stretch. */
export interface SignalSpan {
  /** Half-hours with a value. */
  readonly count: number;
  /** Their mean; `null`: none. */
  readonly mean: number | null;
  /** The lowest. */
  readonly low: number | null;
  /** The highest. */
  readonly high: number | null;
  /** Half-hours that were weak or without signal. */
  readonly weak: number;
}

/** Sums up the signal of some half-hours. */
export function signalSpan(values: readonly (number | null)[], kind: SignalKind): SignalSpan {
  const known = values.flatMap((value) => value === null ? [] : [value]);
  if (known.length === 0) return { count: 0, mean: null, low: null, high: null, weak: 0 };
  const sum = known.reduce((total, value) => total + value, 0);
  const weak = known.filter((value) => ["weak", "none"].includes(signalClassOf(value, kind))).length;
  return {
    count: known.length,
    mean: sum / known.length,
    low: Math.min(...known),
    high: Math.max(...known),
    weak,
  };
}

/** Share of the half-hours of a day above which the link as a whole is called weak. */
const WEAK_SHARE = 0.25;

/** Whether a site's signal needs somebody: weak in more than a quarter of the half-hours, of at least four. */
export function isWeakSpan({ count, weak }: SignalSpan): boolean {
  return count >= 4 && weak / count > WEAK_SHARE;
}

/** Degrees Celsius from which a router is too hot: 5 below the 75 that Teltonika's data sheets of RUT and RUTX allow. */
export const HOT_C = 70;

/** Degrees Celsius at which a router is too cold: 5 above the -40 of the same data sheets. */
export const COLD_C: number = -35;

/** Whether a router is within what it is made for. */
export function temperatureClassOf(celsius: number): "right" | "hot" | "cold" {
  if (celsius >= HOT_C) return "hot";
  return celsius <= COLD_C ? "cold" : "right";
}
