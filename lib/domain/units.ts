/**
 * From amounts of a half-hour to what engineers speak of: demand, apparent power, power factor. Numbers only; how
 * they are written is the page's business.
 *
 * @module
 */

/** Half-hours in an hour: the mean power of a half-hour is twice its energy. */
const HALF_HOURS_AN_HOUR = 2;

/** Mean power of a half-hour in W: 2 × its Wh; `null` stays unknown. */
export function powerWOf(energyWh: number | null): number | null {
  return energyWh === null ? null : energyWh * HALF_HOURS_AN_HOUR;
}

/** Energy in Wh that a power in W makes in a half-hour; not rounded. */
export function halfHourWhOf(powerW: number): number {
  return powerW / HALF_HOURS_AN_HOUR;
}

/** Energy of a half-hour, active and reactive. */
export interface HalfHourEnergy {
  /** Active energy in Wh; `null`: unknown. */
  readonly energyWh: number | null;
  /** Reactive energy in varh, either sign; `null`: unknown or not metered. */
  readonly reactiveVarh: number | null;
}

/** Mean apparent power of a half-hour in VA: 2 × sqrt(Wh² + varh²); `null` unless both are known. */
export function apparentVaOf({ energyWh, reactiveVarh }: HalfHourEnergy): number | null {
  if (energyWh === null || reactiveVarh === null) return null;
  return HALF_HOURS_AN_HOUR * Math.hypot(energyWh, reactiveVarh);
}

/**
 * Power factor of a half-hour, 0 to 1: Wh / VAh. From the metered VAh if there are any, else from varh.
 *
 * @returns `null` when it is unknown or nothing flowed.
 */
export function powerFactorOf(
  energy: HalfHourEnergy & { readonly apparentVah?: number | null },
): number | null {
  const { energyWh, apparentVah } = energy;
  const vah = apparentVah ?? halve(apparentVaOf(energy));
  if (energyWh === null || vah === null || vah <= 0) return null;
  return Math.min(1, Math.abs(energyWh) / vah); // rounded counters may pass 1 by a step
}

/** kWh of a number of Wh. */
export function kwhOf(energyWh: number): number {
  return energyWh / 1000;
}

/** Whole Wh of a number of kWh, rounded to the nearest. */
export function whOf(energyKwh: number): number {
  return Math.round(energyKwh * 1000);
}

/**
 * The sum of counters that are read together, such as tariff 1 and tariff 2; one part missing, all missing.
 *
 * @param parts `null`: not read; no parts at all are missing too.
 */
export function sumOfParts(parts: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return parts.length > 0 && Number.isSafeInteger(sum) ? sum : null;
}

function halve(number: number | null): number | null {
  return number === null ? null : number / HALF_HOURS_AN_HOUR;
}
