/**
 * What the page of a site is made from: numbers with their units in the name, times as labels in the site's own
 * zone, reasons in words. The page does no arithmetic on time.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import type { EndUse } from "../domain/end_use.ts";
import type { Figure } from "./format.ts";
import type { Place } from "./charts/map_scale.ts";
import type { State } from "./state.ts";

/** The head of a site's page. */
export interface SiteHead {
  /** Its name. */
  readonly name: string;
  /** Where it is; may be empty. */
  readonly town: string;
  /** How it is. */
  readonly state: State;
  /** The state in words: `On its backup path since 07:42`, `Good`. */
  readonly stateWord: string;
  /** The newest half-hour stored, such as `10:00–10:30`; `null`: none. */
  readonly lastHalfHourLabel: string | null;
  /** Seconds since it was read; `null`: none. */
  readonly lastAgeS: number | null;
  /** Whether it is older than the newest one due. */
  readonly stale: boolean;
  /** Half-hours of the last 24 h with a value, and expected. */
  readonly complete24h: Completeness;
  /** Half-hours of the last 30 d with a value, and expected; `null`: not yet that old. */
  readonly complete30d: Completeness | null;
  /** The path that answered last. */
  readonly path: PathInUse;
  /** Strength of the radio; `null`: no radio, or not read. */
  readonly signal: Signal | null;
  /** Devices heard at the last visit. */
  readonly devicesHeard: number;
  /** Devices expected. */
  readonly devices: number;
  /** Where nothing was collected yet: how many devices are registered; absent: something was. */
  readonly waiting?: {
    readonly devices: number;
    /** Local time of the first reading: `16:00`; `null`: it is due already, or nothing is to be collected. */
    readonly fromLabel: string | null;
  } | undefined;
  /** Local time now, such as `10:47`. */
  readonly localTimeLabel: string;
  /** IANA name of its zone. */
  readonly zone: string;
  /** Today's operating hours: `07:30–18:30`, `closed`; `null`: not registered. */
  readonly openTodayLabel: string | null;
}

/** How much of what was expected is there. */
export interface Completeness {
  /** Half-hours with a value. */
  readonly have: number;
  /** Half-hours expected. */
  readonly expected: number;
}

/** The path that answered last. */
export interface PathInUse {
  /** Kind of WAN; `unknown` when router and address disagree, `none` when nothing answered. */
  readonly kind: "wired" | "wifi" | "cellular" | "unknown" | "none";
  /** In words: `Wired`, `4G, SIM 2`. */
  readonly label: string;
  /** Whether it is not the main one. */
  readonly backup: boolean;
}

/** Strength of a radio. */
export interface Signal {
  /** In dBm. */
  readonly dbm: number;
  /** Which measure it is. */
  readonly kind: "rsrp" | "rssi";
}

/** Key figures; a figure that its data cannot give is `null` in `figure` with a reason, or absent if no data at all
 * can give it here. */
export interface SiteFigure {
  /** Such as `Yesterday`. */
  readonly label: string;
  /** The number; `null`: none, see `reason`. */
  readonly figure: Figure | null;
  /** Whether part of it was estimated or is missing. */
  readonly estimated?: boolean | undefined;
  /** Why there is none. */
  readonly reason?: string | undefined;
  /** Comparison, age or completeness in words. */
  readonly note?: string | undefined;
  /** State of the note, where it deserves a look. */
  readonly noteState?: State | undefined;
}

/** One device of a site. */
export interface DeviceRow {
  /** Unique. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Model and unit: `Eastron SDM630 v2, unit 11`. */
  readonly model: string;
  /** What its load is for; `null`: no load, see `wholeSite`. */
  readonly endUse: EndUse | null;
  /** Whether it measures the whole site. */
  readonly wholeSite: boolean;
  /** A drawn spark line of 24 h; absent: none. */
  readonly spark?: ComponentChildren;
  /** Mean power of the newest half-hour in W; `null`: none. */
  readonly powerW: number | null;
  /** How far it may be off in W because the counter's steps are coarse; `null` and absent: not worth saying. */
  readonly uncertaintyW?: number | null | undefined;
  /** Whether that half-hour was recovered, estimated or is suspect; absent: it was measured. */
  readonly estimated?: boolean | undefined;
  /** The counter at its last reading in Wh; `null`: none. */
  readonly counterWh: number | null;
  /** Seconds since its last reading; `null`: never. */
  readonly ageS: number | null;
  /** Whether that is older than the newest visit. */
  readonly stale: boolean;
  /** Why there is no newer value, in words; `null`: there is one. */
  readonly reason: string | null;
  /** Half-hours of the last 24 h. */
  readonly complete24h: Completeness;
  /** Where "Read now" is posted; `null`: you may not, or it cannot. */
  readonly readAction: string | null;
  /** Its page; absent: it has none. */
  readonly href?: string | undefined;
}

/** The router of a site. */
export interface RouterModel {
  /** Model: `Teltonika RUTX11`. */
  readonly model: string;
  /** Seconds since it started; `null`: not read. */
  readonly uptimeS: number | null;
  /** Its addresses in the order they are tried. */
  readonly paths: readonly RouterPath[];
  /** Strength; `null`: not read. */
  readonly signal: Signal | null;
  /** A drawn chart of the strength; absent: none. */
  readonly signalChart?: ComponentChildren;
  /** Its SIM; `null`: not read. */
  readonly sim: SimModel | null;
  /** Temperature inside in °C; `null`: not read. */
  readonly temperatureC: number | null;
  /** Where it says it is; `null`: no fix. */
  readonly position: PositionModel | null;
  /** Inputs and outputs; empty: it has none. */
  readonly io: readonly IoModel[];
  /** Seconds since the last block was read from it; `null`: never. */
  readonly ageS: number | null;
  /** Why there is no newer value, in words; `null`: there is one. */
  readonly reason: string | null;
}

/** One address of a router. */
export interface RouterPath {
  /** Kind of WAN. */
  readonly kind: "wired" | "wifi" | "cellular";
  /** How it is: in use, standing by, silent since. */
  readonly state: "in-use" | "backup-in-use" | "standby" | "down" | "unknown";
  /** In words: `in use`, `down since 07:42`. */
  readonly label: string;
}

/** The SIM that is in use. */
export interface SimModel {
  /** Which slot, 1 or 2; `null`: not said. */
  readonly slot: number | null;
  /** State in words: `ready`, `PIN needed`. */
  readonly stateLabel: string;
  /** Whether the state is the good one. */
  readonly ready: boolean;
  /** Operator; `null`: not registered. */
  readonly operator: string | null;
  /** Network: `LTE`, `3G`; `null`: not said. */
  readonly network: string | null;
  /** Last digits of its number; `null`: not read. */
  readonly tail: string | null;
  /** Bytes today by the router's counter; `null`: not read. */
  readonly todayB: number | null;
  /** Bytes this month by the router's counter; `null`: not read. */
  readonly monthB: number | null;
}

/** Where a router says it is. */
export interface PositionModel {
  /** The fix. */
  readonly fix: Place;
  /** Where it was registered; `null`: not given. */
  readonly registered: Place | null;
  /** Radius in metres within which it is; `null`: not said. */
  readonly accuracyM: number | null;
  /** Seconds since the fix; `null`: not said. */
  readonly ageS: number | null;
}

/** An input or output. */
export interface IoModel {
  /** Such as `DI1 Mains`. */
  readonly label: string;
  /** In words: `on`, `21.4 °C`; `null`: not read. */
  readonly value: string | null;
  /** Whether it is on; absent for what is no switch. */
  readonly on?: boolean | undefined;
}
