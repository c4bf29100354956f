/**
 * All device profiles, and what the rest asks of them.
 *
 * @module
 */

import type { ChannelKind, Unit } from "../domain/channel.ts";
import { b23 } from "./abb.ts";
import { adam6050 } from "./advantech.ts";
import { nmc2, smartUps } from "./apc.ts";
import { em111, em24, em24Ethernet, em340, em540 } from "./carlo_gavazzi.ts";
import { sdm120, sdm230, sdm630, sdm72 } from "./eastron.ts";
import { genericCounter, genericPulse } from "./generic.ts";
import { coolMasterNet, inmbs, inmbsPanasonic, ycjA002 } from "./hvac.ts";
import { pro380, wago879 } from "./inepro.ts";
import { umg96 } from "./janitza.ts";
import { e1214, e1240, e1242 } from "./moxa.ts";
import type { DeviceProfile } from "./profile.ts";
import { iem3150, iem3155, pm5000 } from "./schneider.ts";
import { pro3em } from "./shelly.ts";
import { pac2200, pac3200 } from "./siemens.ts";
import { countisE, dirisA20, dirisB30 } from "./socomec.ts";
import { meter211, meter213 } from "./sunspec.ts";
import { rut9xx, rutx } from "./teltonika.ts";

/** Every profile, by vendor. */
export const PROFILES: readonly DeviceProfile[] = [
  b23,
  adam6050,
  smartUps,
  nmc2,
  em340,
  em540,
  em24,
  em24Ethernet,
  em111,
  coolMasterNet,
  sdm630,
  sdm72,
  sdm230,
  sdm120,
  ycjA002,
  inmbs,
  inmbsPanasonic,
  pro380,
  umg96,
  e1214,
  e1240,
  e1242,
  iem3155,
  iem3150,
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
  genericPulse,
  genericCounter,
];

const BY_ID: ReadonlyMap<string, DeviceProfile> = new Map(PROFILES.map((profile) => [profile.id, profile]));

/** The profile with the id; `undefined`: there is none. */
export function profileOf(id: string): DeviceProfile | undefined {
  return BY_ID.get(id);
}

/** What a channel of a quantity is like. */
export interface ChannelShape {
  /** Name of the quantity in the profile. */
  readonly quantity: string;
  /** How its values may be used. */
  readonly kind: ChannelKind;
  /** Base unit. */
  readonly unit: Unit;
  /** A gauge's value is `stored / 10^decimals`; 0 for the other kinds. */
  readonly decimals: number;
}

/** The channels that a meter with this profile has, in the profile's order. */
export function channelsOf(profile: DeviceProfile): readonly ChannelShape[] {
  return Object.entries(profile.registers).map(([quantity, spec]) => ({
    quantity,
    kind: spec.kind,
    unit: spec.unit,
    decimals: spec.kind === "gauge" ? spec.decimals ?? 0 : 0,
  }));
}

/** Names of the profile's quantities, counters before the others. */
export function countersFirst(profile: DeviceProfile): readonly string[] {
  const entries = Object.entries(profile.registers);
  const counters = entries.filter(([, spec]) => spec.kind === "counter");
  const others = entries.filter(([, spec]) => spec.kind !== "counter");
  return [...counters, ...others].map(([quantity]) => quantity);
}
