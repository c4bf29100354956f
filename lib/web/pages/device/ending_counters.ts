/**
 * Counters that end when another profile reads a device, above all the last one of its energy: nobody should learn months
 * later that nothing was counted, so that it is said before and asked for a tick. The tick holds the profile it was given
 * for: for another one it is asked again.
 *
 * @module
 */

import { type ChannelChanges, channelChanges } from "../../../domain/device_life.ts";
import type { ActTick } from "../../../ui/pages/device/DeviceActPage.tsx";
import type { Field, FieldErrors } from "../../form.ts";
import { optional } from "../register/fields.ts";
import type { OpenDevice } from "./open_device.ts";
import { quantityList } from "./words.ts";

/** Name of the tick. */
export const ENDS = "ends";

/** Reads the tick: the profile that it was given for. */
export const ENDS_FIELD: Field<string | null> = optional(64);

/** What becomes of the channels of a device by another profile; `null`: there is no such profile. */
export function changesBy(open: OpenDevice, profileId: string): ChannelChanges | null {
  const profile = open.find(profileId);
  if (!profile) return null;
  const rating = open.device;
  return channelChanges(open.channels.filter(({ until }) => until === null), {
    before: { profile: open.find(open.device.profileId), rating },
    after: { profile, rating },
    sameDevice: true,
  });
}

/** What is said of counters that end by a profile; `null`: none ends. */
function endingWords(open: OpenDevice, profileId: string): string | null {
  const ended = changesBy(open, profileId)?.ended.filter(({ kind }) => kind === "counter") ?? [];
  if (ended.length === 0) return null;
  const names = quantityList(ended.map(({ quantity }) => quantity));
  const isLeft = open.find(profileId)?.channels.some(({ kind, unit }) => kind === "counter" && unit === "Wh");
  return isLeft || !ended.some(({ unit }) => unit === "Wh")
    ? `Counters end here: ${names}`
    : `No energy will be measured here any more: ${names} ${ended.length === 1 ? "ends" : "end"}`;
}

/** The ticks to ask for: one where counters end, as it was given for this very profile. */
export function endingTicks(
  open: OpenDevice,
  { profileId, given }: { readonly profileId: string; readonly given: string | undefined },
): readonly ActTick[] {
  const warning = endingWords(open, profileId);
  if (warning === null) return [];
  return [{
    name: ENDS,
    value: profileId,
    checked: given === profileId,
    warning,
    words: "I know, go on",
  }];
}

/** What is wrong where counters end and the tick was not given; empty: nothing. */
export function endingFaults(
  open: OpenDevice,
  { profileId, given }: { readonly profileId: string; readonly given: string | null },
): FieldErrors {
  if (given === profileId || endingWords(open, profileId) === null) return {};
  return { [ENDS]: "Tick this to go on, or choose another model" };
}
