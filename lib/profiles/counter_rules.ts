/**
 * What can be believed of a counter, and what stands between a register and its unit: the profile's counting, the
 * meter's transformers, the size of its breaker. Pure.
 *
 * @module
 */
import type { Channel } from "../domain/channel.ts";
import type { CounterRules } from "../domain/counter.ts";
import type { Meter } from "../domain/site.ts";
import { floatCounterStep } from "../domain/step.ts";
import { maxPerHourOf, maxPowerWOf, timesRatio, transformerRatio } from "../domain/transformer.ts";
import type { DeviceProfile, RegisterSpec } from "./profile.ts";

/** A channel with what its device's profile says of it. */
export interface DeviceChannel {
  /** The channel. */
  readonly channel: Channel;
  /** Its meter. */
  readonly meter: Meter;
  /** The meter's profile. */
  readonly profile: DeviceProfile;
  /** Its registers. */
  readonly spec: RegisterSpec;
}

/** Nominal line-to-neutral voltage that limits are reckoned with, in V: the higher of the usual ones. */
const NOMINAL_V = 240;

/** How a counter counts and what can be believed of it, at a value in register counts. */
export function counterRulesOf(
  { channel, meter, profile, spec }: DeviceChannel,
  value: number,
): CounterRules {
  const counting = spec.counter ?? { numerator: 1, denominator: 1, modulus: null };
  const factor = timesRatio(counting, transformerRatio(meter.transformer, channel.unit));
  const maxPowerW = maxPowerWOf({
    maxPowerW: meter.maxPowerW,
    transformer: meter.transformer,
    nominalV: NOMINAL_V,
    phases: 3, // a single-phase meter is bounded too widely, never too narrowly
    profileMaxPowerW: profile.maxPowerW,
  });
  return {
    ...factor,
    modulus: counting.modulus,
    maxPerHour: maxPerHourOf(channel.unit, maxPowerW),
    step: stepOf(spec, value),
    forgetsWithoutPower: profile.forgetsWithoutPower ?? false,
  };
}

/** A gauge's stored value with the transformers that the meter does not know of; states are left alone. */
export function scaleGauge({ channel, meter }: DeviceChannel, value: number): number {
  if (channel.kind !== "gauge") return value;
  const { numerator, denominator } = transformerRatio(meter.transformer, channel.unit);
  return Math.round(value * numerator / denominator) + 0;
}

/** Smallest change that the register can show, in counts: a float's grows with its value. */
function stepOf({ encoding, scale = 1 }: RegisterSpec, value: number): number {
  return encoding === "f32" || encoding === "f64" ? floatCounterStep({ encoding, value, scale }) : 1;
}
