/**
 * From the values of a meter by their names to what the wiring checks look at: for the test of a device before it is
 * registered and for the nightly check of every device, so that both say the same. Pure.
 *
 * @module
 */

import type { Transformer } from "./site.ts";
import type { CounterGrowth, PhaseRead, WiringReads } from "./wiring.ts";

/** What is known of how a meter is connected. */
export interface Supply {
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Line-to-neutral voltage before any VT, in V; absent: a usual one near what is read. */
  readonly nominalV?: number | undefined;
}

/** What else the checks look at. */
export interface ReadsAround {
  /** Between two reads; `null`: there was one only. */
  readonly growth?: CounterGrowth | null;
  /** Largest current of the last day in A; `null`: not known. */
  readonly maxCurrentA?: number | null;
  /** Whether a generator is registered. */
  readonly generates?: boolean;
}

/** Line-to-neutral voltages that are usual at 50 Hz, at 60 Hz, and at either, in V. */
const USUAL_V = { 50: [230], 60: [120, 220, 277], unknown: [230, 120, 220, 277] } as const;

/** Below this a mains has 50 Hz, in Hz. */
const BETWEEN_HZ = 55;

const SQRT_3 = Math.sqrt(3);

const OF_PHASES = [1, 2, 3].flatMap((
  phase,
) => [`voltageL${phase}V`, `currentL${phase}A`, `powerL${phase}W`, `powerFactorL${phase}`]);

/** Names of the values that the checks look at: nobody needs to decode others for them. */
export const WIRING_QUANTITIES: ReadonlySet<string> = new Set([
  ...OF_PHASES,
  "frequencyHz",
  "powerW",
  "powerFactor",
]);

/**
 * What the checks look at.
 *
 * @param values What the meter itself shows in base units, before any ratio that we apply; `null`: words came that
 * mean nothing.
 */
export function wiringReadsOf(
  values: ReadonlyMap<string, number | null>,
  supply: Supply,
  { growth = null, maxCurrentA = null, generates = false }: ReadsAround = {},
): WiringReads {
  const get = (quantity: string) => values.get(quantity) ?? null;
  const frequencyHz = get("frequencyHz");
  const single = !values.has("voltageL2V") && !values.has("currentL2A");
  const phases: readonly PhaseRead[] = (single ? [1] : [1, 2, 3]).map((phase) => ({
    voltageV: get(`voltageL${phase}V`),
    currentA: get(`currentL${phase}A`),
    powerW: get(`powerL${phase}W`) ?? (single ? get("powerW") : null),
    powerFactor: get(`powerFactorL${phase}`) ?? (single ? get("powerFactor") : null),
  }));
  return {
    nominalV: supply.nominalV ?? nominalOf({ frequencyHz, voltageV: phases[0]?.voltageV ?? null }, supply),
    transformer: supply.transformer,
    generates,
    frequencyHz,
    powerW: get("powerW"),
    phases,
    maxCurrentA,
    growth,
  };
}

/** Line-to-neutral voltage of the supply in V: that of the voltage transformer, else the usual one near what is read. */
export function nominalOf(
  { frequencyHz, voltageV }: { readonly frequencyHz: number | null; readonly voltageV: number | null },
  { transformer }: Pick<Supply, "transformer">,
): number {
  // A VT is rated line to line.
  if (transformer !== null && transformer.vtPrimaryV > transformer.vtSecondaryV) {
    return transformer.vtPrimaryV / SQRT_3;
  }
  const usual = USUAL_V[frequencyHz === null ? "unknown" : frequencyHz > BETWEEN_HZ ? 60 : 50];
  if (voltageV === null) return usual[0];
  return [...usual].sort((a, b) => Math.abs(a - voltageV) - Math.abs(b - voltageV))[0] ?? usual[0];
}
