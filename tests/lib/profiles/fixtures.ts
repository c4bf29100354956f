/**
 * The register dumps by profile, imported so that tests of them stay pure.
 *
 * @module
 */

import b23 from "../../fixtures/abb-b23.json" with { type: "json" };
import adam6050 from "../../fixtures/advantech-adam-6050.json" with { type: "json" };
import nmc2 from "../../fixtures/apc-nmc2.json" with { type: "json" };
import smartUps from "../../fixtures/apc-smart-ups.json" with { type: "json" };
import em111 from "../../fixtures/carlo-gavazzi-em111.json" with { type: "json" };
import em24 from "../../fixtures/carlo-gavazzi-em24.json" with { type: "json" };
import em24Ethernet from "../../fixtures/carlo-gavazzi-em24-e1.json" with { type: "json" };
import em340 from "../../fixtures/carlo-gavazzi-em340.json" with { type: "json" };
import em540 from "../../fixtures/carlo-gavazzi-em540.json" with { type: "json" };
import coolMasterNet from "../../fixtures/coolautomation-coolmasternet.json" with { type: "json" };
import sdm120 from "../../fixtures/eastron-sdm120.json" with { type: "json" };
import sdm230 from "../../fixtures/eastron-sdm230.json" with { type: "json" };
import sdm630 from "../../fixtures/eastron-sdm630.json" with { type: "json" };
import sdm72 from "../../fixtures/eastron-sdm72dm-v2.json" with { type: "json" };
import genericCounter from "../../fixtures/generic-counter.json" with { type: "json" };
import genericPulse from "../../fixtures/generic-pulse.json" with { type: "json" };
import ycjA002 from "../../fixtures/haier-ycj-a002.json" with { type: "json" };
import pro380 from "../../fixtures/inepro-pro380.json" with { type: "json" };
import inmbs from "../../fixtures/intesis-inmbs.json" with { type: "json" };
import inmbsPanasonic from "../../fixtures/intesis-inmbspan.json" with { type: "json" };
import umg96 from "../../fixtures/janitza-umg96.json" with { type: "json" };
import e1214 from "../../fixtures/moxa-iologik-e1214.json" with { type: "json" };
import e1240 from "../../fixtures/moxa-iologik-e1240.json" with { type: "json" };
import e1242 from "../../fixtures/moxa-iologik-e1242.json" with { type: "json" };
import iem3000 from "../../fixtures/schneider-iem3000.json" with { type: "json" };
import iem3x50 from "../../fixtures/schneider-iem3x50.json" with { type: "json" };
import pm5000 from "../../fixtures/schneider-pm5000.json" with { type: "json" };
import pro3em from "../../fixtures/shelly-pro3em.json" with { type: "json" };
import pac2200 from "../../fixtures/siemens-pac2200.json" with { type: "json" };
import pac3200 from "../../fixtures/siemens-pac3200.json" with { type: "json" };
import countisE from "../../fixtures/socomec-countis-e.json" with { type: "json" };
import dirisA20 from "../../fixtures/socomec-diris-a20.json" with { type: "json" };
import dirisB30 from "../../fixtures/socomec-diris-b30.json" with { type: "json" };
import meter211 from "../../fixtures/sunspec-211.json" with { type: "json" };
import meter213 from "../../fixtures/sunspec-213.json" with { type: "json" };
import rut9xx from "../../fixtures/teltonika-rut9xx.json" with { type: "json" };
import rutx from "../../fixtures/teltonika-rutx.json" with { type: "json" };
import wago879 from "../../fixtures/wago-879-30xx.json" with { type: "json" };

/** A register dump and what it says. */
export interface Dump {
  /** Id of the profile. */
  readonly profile: string;
  /** Where the words come from. */
  readonly wordsFrom: string;
  /** Function code with which they are read, where a run says no other. */
  readonly functionCode: number;
  /** Runs of registers, 4 hex digits each. */
  readonly dump: readonly DumpRun[];
  /** What they mean, as kept: counts, whole 10^-decimals, states, texts. */
  readonly values: Readonly<Record<string, number | string | undefined>>;
  /** Words that mean "no value". */
  readonly noValue?: readonly NoValue[];
}

/** Neighbouring registers of a dump. */
export interface DumpRun {
  /** The first one, 0-based as on the wire. */
  readonly address: number;
  /** Their words, 4 hex digits each. */
  readonly words: string;
  /** Function code, where it differs from the dump's. */
  readonly functionCode?: number;
}

/** What a quantity reads when the device cannot tell it. */
export interface NoValue {
  /** Name of the quantity in the profile. */
  readonly quantity: string;
  /** All its words, 4 hex digits each; those of `plus` follow. */
  readonly words: string;
}

/** Every dump. */
export const DUMPS: readonly Dump[] = [
  b23,
  adam6050,
  nmc2,
  smartUps,
  em111,
  em24,
  em24Ethernet,
  em340,
  em540,
  coolMasterNet,
  sdm120,
  sdm230,
  sdm630,
  sdm72,
  genericCounter,
  genericPulse,
  ycjA002,
  pro380,
  inmbs,
  inmbsPanasonic,
  umg96,
  e1214,
  e1240,
  e1242,
  iem3000,
  iem3x50,
  pm5000,
  pro3em,
  pac2200,
  pac3200,
  countisE,
  dirisA20,
  dirisB30,
  meter211,
  meter213,
  rut9xx,
  rutx,
  wago879,
];

/** The words of a dump by address, of those that are read with a function code. */
export function wordsByAddress(dump: Dump, functionCode = dump.functionCode): ReadonlyMap<number, number> {
  const words = new Map<number, number>();
  for (const run of dump.dump) {
    if ((run.functionCode ?? dump.functionCode) !== functionCode) continue;
    run.words.split(" ").forEach((digits, i) => words.set(run.address + i, parseInt(digits, 16)));
  }
  return words;
}
