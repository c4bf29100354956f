/**
 * A draft as the text that is kept of it. What a change was made from is kept beside what it is to become; devices that
 * nobody has touched stand there once, so that a large site fits.
 *
 * @module
 */

import {
  type ChangedSite,
  type DeviceStep,
  EMPTY_REGISTRATION,
  type Registration,
} from "../domain/registration.ts";
import { isSame } from "../domain/site_change.ts";

/** A device that a change was made from: its number where it is as the draft has it. */
type KeptDevice = DeviceStep | number;

interface KeptChange extends Omit<ChangedSite, "base"> {
  readonly base: Omit<ChangedSite["base"], "devices"> & { readonly devices: readonly KeptDevice[] };
}

/** What is kept of a draft; what an earlier release wrote may lack what came since. */
type KeptDraft = Partial<Omit<Registration, "change">> & { readonly change?: KeptChange };

/** The text of a draft. */
export function draftText(registration: Registration): string {
  const { change, ...rest } = registration;
  if (!change) return JSON.stringify(rest);
  const drafted = new Map(rest.devices.map((one) => [one.id, one]));
  const devices = change.base.devices.map((one): KeptDevice =>
    isSame(one, drafted.get(one.id)) ? one.id : one
  );
  const kept: KeptDraft = { ...rest, change: { ...change, base: { ...change.base, devices } } };
  return JSON.stringify(kept);
}

/** The draft of a text. */
export function draftOfText(text: string): Registration {
  const { change, ...rest } = JSON.parse(text) as KeptDraft;
  const registration = { ...EMPTY_REGISTRATION, ...rest };
  if (!change) return registration;
  const drafted = new Map(registration.devices.map((one) => [one.id, one]));
  const devices = change.base.devices.flatMap((one) =>
    typeof one === "number" ? drafted.get(one) ?? [] : [one]
  );
  return { ...registration, change: { ...change, base: { ...change.base, devices } } };
}
