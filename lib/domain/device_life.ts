/**
 * What may happen to a device after it was registered: replaced, moved, its transformers or its profile changed, retired,
 * taken back. The channel is the measuring place: its history goes on whatever meter stands there. Pure.
 *
 * @module
 */

import type { Channel, ChannelKind, Unit } from "./channel.ts";
import type { CounterRules } from "./counter.ts";
import { HALF_HOUR_S } from "./half_hour.ts";
import type { EndpointKind, Transformer } from "./site.ts";

/** What happened; `counted`: what the counters showed at a replacement became known afterwards. */
export type DeviceEventKind =
  | "replaced"
  | "moved"
  | "transformer"
  | "profile"
  | "retired"
  | "taken-back"
  | "counted";

/** Announced and still to come, done, or taken back before it came. */
export type DeviceEventState = "announced" | "done" | "withdrawn";

/** A quantity as far as channels and series depend on its profile. */
export interface ProfileChannel {
  /** Name of the quantity. */
  readonly quantity: string;
  /** How its values may be used. */
  readonly kind: ChannelKind;
  /** Base unit. */
  readonly unit: Unit;
  /** Decimals of a gauge. */
  readonly decimals: number;
  /** What is asked of the device for it: two profiles with the same text here get the same words. */
  readonly register: string;
  /** How these words are turned into a number: two profiles with the same text here get the same number. */
  readonly coding: string;
}

/** What of a meter decides how its counters count. */
export interface Rating {
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Largest believable power in W; `null`: the profile's. */
  readonly maxPowerW: number | null;
}

/** A device profile as far as the life of a device depends on it; made by `countingProfile` of lib/profiles. */
export interface CountingProfile {
  /** Its id. */
  readonly id: string;
  /** Its version. */
  readonly version: number;
  /** Its quantities. */
  readonly channels: readonly ProfileChannel[];
  /** How a counter of it counts at a value in register counts; `null`: it has no such counter. */
  rulesOf(quantity: string, rating: Rating, value: number): CounterRules | null;
  /** Number of kept words as a row has it; `null`: they have no meaning. */
  valueOf(quantity: string, rating: Rating, words: string): number | null;
  /** Register counts of what its display shows in base units; `null`: it has no such counter, or the number no meaning. */
  countsOf(quantity: string, shown: number): number | null;
  /** What its display shows, in base units, of register counts; `null`: it has no such counter. */
  shownOf(quantity: string, counts: number): number | null;
}

/** Finds a profile; `undefined`: there is none with this id. */
export type FindCounting = (profileId: string) => CountingProfile | undefined;

/** What the counters of a quantity showed, in register counts. */
export interface CountersRead {
  /** Name of the quantity. */
  readonly quantity: string;
  /** The old counter at its end; `null`: nobody knows. */
  readonly final: number | null;
  /** The new counter at its beginning; `null`: nobody knows. */
  readonly first: number | null;
}

/** Why an act on a device was refused. */
export type LifeRefusal =
  /** There is none such at this site. */
  | { readonly kind: "no-such-device" }
  /** Something happened to it since the page was opened. */
  | { readonly kind: "changed-meanwhile" }
  /** It is retired. */
  | { readonly kind: "retired" }
  /** It is not retired. */
  | { readonly kind: "not-retired" }
  /** Everything would be as it is. */
  | { readonly kind: "nothing-changes" }
  /** There is no such profile. */
  | { readonly kind: "no-such-profile"; readonly profileId: string }
  /** There is no such endpoint at this site. */
  | { readonly kind: "no-such-endpoint" }
  /** The unit may not be used at this endpoint. */
  | { readonly kind: "unit-refused"; readonly unitId: number }
  /** Another device answers there. */
  | { readonly kind: "unit-taken"; readonly unitId: number; readonly by: string }
  /** Before the last change of its series, before it was registered, or longer ago than can be put right. */
  | { readonly kind: "too-early"; readonly notBeforeS: number }
  /** Later than can be announced, or in the future where it may not be. */
  | { readonly kind: "too-late"; readonly notAfterS: number }
  /** Something is announced already. */
  | { readonly kind: "already-announced"; readonly atS: number }
  /** The old counter ends below what was read before, in register counts. */
  | { readonly kind: "below-last"; readonly quantity: string; readonly last: number }
  /** The new counter begins above what was read since, in register counts. */
  | { readonly kind: "above-since"; readonly quantity: string; readonly since: number }
  /** More than can have flowed since it was last read; may be confirmed. */
  | { readonly kind: "implausible"; readonly quantity: string; readonly most: number };

/** Seconds that a replacement may be announced ahead. */
export const AHEAD_S = 7 * 86_400;

/** Seconds that an act may lie in the past: what was derived since is derived again. */
export const BACK_S = 31 * 86_400;

/** What becomes of the channels of a device when another profile reads it. */
export interface ChannelChanges {
  /** Go on, in the same series. */
  readonly same: readonly Channel[];
  /** Go on, counters in a new series. */
  readonly changed: readonly Channel[];
  /** End: the new profile does not know them. */
  readonly ended: readonly Channel[];
  /** Begin. */
  readonly begun: readonly ProfileChannel[];
}

/** How a device is read. */
export interface Reading {
  /** Its profile; `undefined`: it is gone. */
  readonly profile: CountingProfile | undefined;
  /** What it is rated for. */
  readonly rating: Rating;
}

/**
 * What becomes of channels. A quantity of the same kind and unit goes on on its channel; a counter of the same device goes
 * on in its series as long as register, coding, factor and modulus are the same.
 *
 * @param sameDevice Whether it is the same device, read in another way.
 */
export function channelChanges(
  channels: readonly Channel[],
  { before, after, sameDevice }: {
    readonly before: Reading;
    readonly after: Reading & { readonly profile: CountingProfile };
    readonly sameDevice: boolean;
  },
): ChannelChanges {
  const wanted = new Map(after.profile.channels.map((it) => [it.quantity, it]));
  const goesOn = (channel: Channel) => {
    const next = wanted.get(channel.quantity);
    return next !== undefined && next.kind === channel.kind && next.unit === channel.unit &&
      next.decimals === channel.decimals;
  };
  const kept = channels.filter(goesOn);
  const isSame = (channel: Channel) => sameDevice && countsAlike(channel, { before, after });
  const taken = new Set(kept.map(({ quantity }) => quantity));
  return {
    same: kept.filter(isSame),
    changed: kept.filter((channel) => !isSame(channel)),
    ended: channels.filter((channel) => !goesOn(channel)),
    begun: after.profile.channels.filter(({ quantity }) => !taken.has(quantity)),
  };
}

function countsAlike(
  { quantity, kind }: Channel,
  { before, after }: { readonly before: Reading; readonly after: Reading },
): boolean {
  const [old, next] = [before, after].map(({ profile }) =>
    profile?.channels.find((it) => it.quantity === quantity)
  );
  if (!old || !next || old.register !== next.register || old.coding !== next.coding) return false;
  if (kind !== "counter") return true;
  const [was, is] = [before, after].map(({ profile, rating }) => profile?.rulesOf(quantity, rating, 0));
  return was != null && is != null && was.numerator === is.numerator && was.denominator === is.denominator &&
    was.modulus === is.modulus;
}

/** Whether a unit may be used at an endpoint: 0 and 255 are for devices reached directly, 248 to 254 are refused. */
export function unitFits(unitId: number, kind: EndpointKind): boolean {
  if (!Number.isInteger(unitId) || unitId < 0 || unitId > 255) return false;
  if (unitId === 0 || unitId === 255) return kind !== "gateway";
  return unitId <= 247;
}

/** When an act may lie. */
export interface ActWindow {
  /** Epoch seconds of now. */
  readonly nowS: number;
  /** Epoch seconds before which it may not lie: the last change, or when the device was registered. */
  readonly notBeforeS: number;
  /** Seconds that it may be announced ahead; 0: not at all. */
  readonly aheadS: number;
}

/** What is wrong with the instant of an act; `null`: nothing. */
export function instantTrouble(atS: number, { nowS, notBeforeS, aheadS }: ActWindow): LifeRefusal | null {
  const earliestS = Math.max(notBeforeS, nowS - BACK_S);
  if (atS < earliestS) return { kind: "too-early", notBeforeS: earliestS };
  return atS > nowS + aheadS ? { kind: "too-late", notAfterS: nowS + aheadS } : null;
}

/** A counter around a replacement, in register counts of the old and the new meter. */
export interface CounterAround {
  /** What people read. */
  readonly read: CountersRead;
  /** Where the old counter stood at last, as it was read or seen to begin; `null`: nobody knows. */
  readonly last: { readonly atS: number; readonly value: number } | null;
  /** The first value that was read after it; `null`: none yet. */
  readonly since: number | null;
  /** How the old meter counts. */
  readonly rules: CounterRules;
}

/** Most register counts that a counter can show at an instant; `null`: no limit is known. */
function mostAt(
  atS: number,
  { last, rules }: { readonly last: NonNullable<CounterAround["last"]>; readonly rules: CounterRules },
): number | null {
  if (rules.maxPerHour === null) return null;
  const perCount = rules.numerator / rules.denominator;
  const growth = Math.ceil(rules.maxPerHour * 1.2 * (atS - last.atS) / 3600 / perCount);
  return last.value + growth + 2 * rules.step;
}

/** What is wrong with the counters that were read at a replacement. */
export function counterTroubles(atS: number, around: CounterAround): readonly LifeRefusal[] {
  const { read: { quantity, final, first }, last, since, rules } = around;
  const troubles: LifeRefusal[] = [];
  const most = last && mostAt(atS, { last, rules });
  if (final !== null && last !== null && final < last.value) {
    const turned = rules.modulus !== null && most !== null && final + rules.modulus <= most;
    if (!turned) troubles.push({ kind: "below-last", quantity, last: last.value });
  } else if (final !== null && most !== null && final > most) {
    troubles.push({ kind: "implausible", quantity, most });
  }
  if (first !== null && since !== null && first > since) {
    troubles.push({ kind: "above-since", quantity, since });
  }
  return troubles;
}

/** The half-hour under way at an instant in epoch seconds. */
export function underWayAt(atS: number): number {
  return Math.floor(atS / HALF_HOUR_S);
}
