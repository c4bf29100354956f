/**
 * A device profile as far as the life of a device depends on it: which channels it brings, how its counters count, and
 * what words that were kept mean to it. Pure.
 *
 * @module
 */

import type { Channel } from "../domain/channel.ts";
import type { CountingProfile, FindCounting, Rating } from "../domain/device_life.ts";
import type { Meter } from "../domain/site.ts";
import { counterRulesOf, type DeviceChannel, scaleGauge } from "./counter_rules.ts";
import { decode } from "./decode.ts";
import type { DeviceProfile, RegisterSpec } from "./profile.ts";

/** The counting side of a profile. */
export function countingProfile(profile: DeviceProfile): CountingProfile {
  const specOf = (quantity: string) => profile.registers[quantity];
  const counterOf = (quantity: string) => specOf(quantity)?.counter ?? null;
  return {
    id: profile.id,
    version: profile.version,
    channels: Object.entries(profile.registers).map(([quantity, spec]) => ({
      quantity,
      kind: spec.kind,
      unit: spec.unit,
      decimals: spec.decimals ?? 0,
      register: registerText(spec, profile),
      coding: codingText(spec, profile),
    })),
    rulesOf: (quantity, rating, value) => {
      const spec = specOf(quantity);
      return spec?.kind === "counter"
        ? counterRulesOf(deviceChannel(profile, { quantity, spec, rating }), value)
        : null;
    },
    valueOf: (quantity, rating, words) => {
      const spec = specOf(quantity);
      return spec ? valueOfWords(profile, { quantity, spec, rating, words }) : null;
    },
    countsOf: (quantity, shown) => {
      const counter = counterOf(quantity);
      const counts = counter && Math.round(shown * counter.denominator / counter.numerator);
      return counts !== null && Number.isSafeInteger(counts) && counts >= 0 ? counts : null;
    },
    shownOf: (quantity, counts) => {
      const counter = counterOf(quantity);
      return counter && counts * counter.numerator / counter.denominator;
    },
  };
}

/** Finds the counting side of profiles. */
export function countingFinder(find: (profileId: string) => DeviceProfile | undefined): FindCounting {
  const known = new WeakMap<DeviceProfile, CountingProfile>();
  return (profileId) => {
    const profile = find(profileId);
    if (!profile) return undefined;
    const found = known.get(profile) ?? countingProfile(profile);
    known.set(profile, found);
    return found;
  };
}

/** The transport of a quantity: which registers bring its words. */
function registerText(spec: RegisterSpec, profile: DeviceProfile): string {
  const { address, encoding, words = null, plus = [] } = spec;
  return JSON.stringify([
    spec.functionCode ?? profile.functionCode,
    address,
    lengthOf(encoding),
    words,
    plus,
  ]);
}

function lengthOf(encoding: RegisterSpec["encoding"]): string {
  return /64/.test(encoding) ? "64" : /32/.test(encoding) ? "32" : /16|bit/.test(encoding) ? "16" : encoding;
}

function codingText(spec: RegisterSpec, profile: DeviceProfile): string {
  const { encoding, bit = null, scale = 1, offset = 0, counter = null } = spec;
  return JSON.stringify([encoding, spec.wordOrder ?? profile.wordOrder, bit, scale, offset, counter]);
}

interface Asked {
  readonly quantity: string;
  readonly spec: RegisterSpec;
  readonly rating: Rating;
}

function valueOfWords(
  profile: DeviceProfile,
  { words, ...asked }: Asked & { readonly words: string },
): number | null {
  const list = words.match(/.{4}/g)?.map((word) => parseInt(word, 16)) ?? [];
  try {
    const value = decode(list, asked.spec, profile.wordOrder);
    if (!value.ok || value.value.kind === "text") return null;
    return asked.spec.kind === "counter"
      ? value.value.value
      : scaleGauge(deviceChannel(profile, asked), value.value.value);
  } catch (error) {
    if (error instanceof RangeError) return null; // so many words are not its own
    throw error;
  }
}

/** Rules depend on the kind of channel and the ratings alone: the rest is of no device in particular. */
function deviceChannel(profile: DeviceProfile, { quantity, spec, rating }: Asked): DeviceChannel {
  const channel: Channel = {
    id: 0,
    siteId: 0,
    meterId: 0,
    quantity,
    kind: spec.kind,
    unit: spec.unit,
    decimals: spec.decimals ?? 0,
    since: 0,
    until: null,
  };
  const meter: Meter = {
    id: 0,
    endpointId: 0,
    unitId: 1,
    profileId: profile.id,
    name: "",
    endUse: null,
    wholeSite: false,
    ...rating,
  };
  return { channel, meter, profile, spec };
}
