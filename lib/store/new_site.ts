/**
 * A site with everything that stands there as it is registered.
 *
 * @module
 */

import type { ChannelKind, Unit } from "../domain/channel.ts";
import type { EndUse } from "../domain/end_use.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import type { Contact, SimStep } from "../domain/registration.ts";
import type { EndpointKind, PathKind, Transformer, WeekHours } from "../domain/site.ts";
import type { SecretBox } from "./secret_box.ts";

/** A site as it is registered. */
export interface SiteDraft {
  /** Unique, whatever its case; 1 to 80 characters. */
  readonly name: string;
  /** For people; may be empty. */
  readonly town: string;
  /** IANA zone. */
  readonly zone: string;
  /** Degrees north; `null`: not given. */
  readonly latitude: number | null;
  /** Degrees east; `null`: not given. */
  readonly longitude: number | null;
  /** When it is meant to run; `null`: not given. */
  readonly hours: WeekHours | null;
  /** Addresses in the order in which they are tried, at least one. */
  readonly paths: readonly PathDraft[];
  /** Ports and the meters behind them. */
  readonly endpoints: readonly EndpointDraft[];
  /** First half-hour that is expected. */
  readonly since: HalfHour;
  /** Group it lies in; default: none. */
  readonly groupId?: number | null;
  /** Street and number, at most 160 characters; default: not known. */
  readonly address?: string | null;
  /** Whom to call; default: nobody. */
  readonly contacts?: readonly Contact[];
  /** Whether half-hours are collected; default true. */
  readonly collected?: boolean;
  /** The router as its label says, and who signs in to it; default: not known. */
  readonly router?: RouterDraft;
}

/** A router as it is registered; `null`: not known. */
export interface RouterDraft {
  /** As its label says. */
  readonly model: string | null;
  /** As its label says. */
  readonly serial: string | null;
  /** Name of the user that signs in to it, at most 64 characters; its password is kept apart, sealed. */
  readonly user?: string | null;
  /** Its SIM; default: not known. */
  readonly sim?: SimStep;
}

/** The password of a router, to be sealed. */
export interface RouterPassword {
  /** Seals it. */
  readonly box: SecretBox;
  /** What must not be seen. */
  readonly plain: string;
}

/** An address of a router as it is registered. */
export interface PathDraft {
  /** Kind of WAN behind the address. */
  readonly kind: PathKind;
  /** IPv4 or IPv6 address or host name. */
  readonly host: string;
}

/** A port as it is registered. */
export interface EndpointDraft {
  /** TCP port. */
  readonly port: number;
  /** What answers there. */
  readonly kind: EndpointKind;
  /** Milliseconds between two requests; default 0. */
  readonly pauseMs?: number;
  /** Milliseconds to wait for a response; default: the configured one. */
  readonly responseTimeoutMs?: number;
  /** Meters behind it. */
  readonly meters: readonly MeterDraft[];
}

/** A meter as it is registered. */
export interface MeterDraft {
  /** What people call it. */
  readonly name: string;
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** Id of its device profile. */
  readonly profileId: string;
  /** Version of that profile, at least 1. */
  readonly profileVersion: number;
  /** What its load is for; `null` for a router or an I/O module. */
  readonly endUse: EndUse | null;
  /** Whether it measures the whole site. */
  readonly wholeSite: boolean;
  /** Largest believable power in W; `null`: the profile's. */
  readonly maxPowerW: number | null;
  /** Ratios of transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Its channels, made of its profile. */
  readonly channels: readonly ChannelDraft[];
  /** Names it within the draft, for what is part of it; default: nothing is. */
  readonly ref?: number;
  /** The meter of the draft whose load its own is part of; default: none. */
  readonly parentRef?: number | null;
  /** As its label says; default: not known. */
  readonly serial?: string | null;
  /** What stands on it at the site; default: nothing. */
  readonly label?: string | null;
  /** Where it hangs; default: not known. */
  readonly location?: string | null;
}

/** A channel as it is registered. */
export interface ChannelDraft {
  /** Name of the quantity in the profile. */
  readonly quantity: string;
  /** How its values may be used. */
  readonly kind: ChannelKind;
  /** Base unit. */
  readonly unit: Unit;
  /** Decimals of a gauge. */
  readonly decimals: number;
}
