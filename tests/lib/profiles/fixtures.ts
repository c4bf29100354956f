/**
 * The register dumps by profile, imported so that tests of them stay pure.
 *
 * @module
 */

import b23 from "../../fixtures/abb-b23.json" with { type: "json" };
import smartUps from "../../fixtures/apc-smart-ups.json" with { type: "json" };
import em24 from "../../fixtures/carlo-gavazzi-em24.json" with { type: "json" };
import em340 from "../../fixtures/carlo-gavazzi-em340.json" with { type: "json" };
import sdm120 from "../../fixtures/eastron-sdm120.json" with { type: "json" };
import sdm630 from "../../fixtures/eastron-sdm630.json" with { type: "json" };
import genericCounter from "../../fixtures/generic-counter.json" with { type: "json" };
import genericPulse from "../../fixtures/generic-pulse.json" with { type: "json" };
import umg96 from "../../fixtures/janitza-umg96.json" with { type: "json" };
import e1242 from "../../fixtures/moxa-iologik-e1242.json" with { type: "json" };
import iem3000 from "../../fixtures/schneider-iem3000.json" with { type: "json" };
import iem3x50 from "../../fixtures/schneider-iem3x50.json" with { type: "json" };
import pro3em from "../../fixtures/shelly-pro3em.json" with { type: "json" };
import pac2200 from "../../fixtures/siemens-pac2200.json" with { type: "json" };
import rut9xx from "../../fixtures/teltonika-rut9xx.json" with { type: "json" };
import rutx from "../../fixtures/teltonika-rutx.json" with { type: "json" };

/** A register dump and what it says. */
export interface Dump {
  /** Id of the profile. */
  readonly profile: string;
  /** Where the words come from. */
  readonly wordsFrom: string;
  /** Function code with which they are read. */
  readonly functionCode: number;
  /** Runs of registers, 4 hex digits each. */
  readonly dump: readonly { readonly address: number; readonly words: string }[];
  /** What they mean, as kept: counts, whole 10^-decimals, states, texts. */
  readonly values: Readonly<Record<string, number | string | undefined>>;
}

/** Every dump. */
export const DUMPS: readonly Dump[] = [
  b23,
  smartUps,
  em24,
  em340,
  sdm120,
  sdm630,
  genericCounter,
  genericPulse,
  umg96,
  e1242,
  iem3000,
  iem3x50,
  pro3em,
  pac2200,
  rut9xx,
  rutx,
];

/** The words of a dump by address. */
export function wordsByAddress(dump: Dump): ReadonlyMap<number, number> {
  const words = new Map<number, number>();
  for (const run of dump.dump) {
    run.words.split(" ").forEach((digits, i) => words.set(run.address + i, parseInt(digits, 16)));
  }
  return words;
}
