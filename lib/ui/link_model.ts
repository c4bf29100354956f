/**
 * What the page of a link is made from: words and numbers with their units, times as labels in the site's own zone.
 *
 * @module
 */

import type { SignalDay } from "./charts/SignalDays.tsx";
import type { MapDotProps } from "./charts/MapDot.tsx";
import type { DataBarProps } from "./charts/DataBar.tsx";
import type { DayMark, SignalCell } from "./charts/types.ts";
import type { WayLanesProps } from "./charts/WayLanes.tsx";
import type { KeyFigure } from "./Data.tsx";
import type { TimelineDay } from "./Flow.tsx";
import type { Choice } from "./Input.tsx";
import type { State } from "./state.ts";

/** A state in words. */
export interface Standing {
  /** Chooses icon and colour. */
  readonly state: State;
  /** The words. */
  readonly word: string;
}

/** The signal over the range. */
export type SignalView =
  | {
    readonly kind: "half-hours";
    /** Half-hours. */
    readonly cells: readonly SignalCell[];
    /** The days they lie in. */
    readonly days: readonly DayMark[];
  }
  | { readonly kind: "days"; /** Days, oldest first. */ readonly days: readonly SignalDay[] };

/** The SIM's card. */
export interface SimCard {
  /** `SIM 1, … 4211`. */
  readonly title: string;
  /** The month in words: `1 to 30 Nov`. */
  readonly monthLabel: string;
  /** How it stands. */
  readonly standing: Standing;
  /** Whether a sum may have been more. */
  readonly sentence: string;
  /** The bar. */
  readonly bar: DataBarProps;
  /** Facts as name and value. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** How the forecast is made. */
  readonly method: string;
  /** What the other traffic may be, each a sentence. */
  readonly causes: readonly string[];
}

/** A day of the table. */
export interface LinkDayRow {
  /** `Mon 23 Nov`. */
  readonly label: string;
  /** Half-hours answered over the main path, over another, and not at all. */
  readonly main: number;
  /** Over another path. */
  readonly backup: number;
  /** Not answered. */
  readonly unanswered: number;
  /** Changes of path. */
  readonly changes: number;
  /** Restarts. */
  readonly restarts: number;
  /** Mean signal in words; `null`: not read. */
  readonly signalLabel: string | null;
  /** Data of the SIM; `null`: not read. */
  readonly simLabel: string | null;
  /** Ours; `null`: not kept. */
  readonly ownLabel: string | null;
}

/** The form of what the link is judged by. */
export interface LinkForm {
  /** Where it is posted. */
  readonly action: string;
  /** Metres, as typed or stored. */
  readonly radius: string;
  /** Day of the month, as typed or stored. */
  readonly billingDay: string;
  /** The version that was seen. */
  readonly version: string;
  /** A message for each field that is wrong. */
  readonly faults: Readonly<Record<string, string>>;
  /** Whether it was just saved. */
  readonly saved: boolean;
}

/** What the page of a link needs. */
export interface LinkPageProps {
  /** Name of the site. */
  readonly siteName: string;
  /** Its page. */
  readonly siteHref: string;
  /** Where the router's files are. */
  readonly routerHref: string;
  /** Where the daily figures are as CSV; `null`: whoever looks may not take them. */
  readonly csvHref: string | null;
  /** How the link stands. */
  readonly standing: Standing;
  /** The same in a sentence. */
  readonly summary: string;
  /** Key figures. */
  readonly figures: readonly KeyFigure[];
  /** Ranges to choose from. */
  readonly ranges: readonly Choice[];
  /** The paths over the range. */
  readonly ways: WayLanesProps;
  /** The signal over the range; `null`: no radio is read here. */
  readonly signal: SignalView | null;
  /** The signal in a sentence. */
  readonly signalSentence: string;
  /** RSSI below which it is weak, in dBm. */
  readonly weakDbm: number;
  /** What happened, newest first. */
  readonly events: readonly TimelineDay[];
  /** Where the router is. */
  readonly place: Standing & {
    /** The map; `null`: no fix. */
    readonly map: MapDotProps | null;
    /** A sentence. */
    readonly sentence: string;
  };
  /** The SIM; `null`: the router counts none. */
  readonly sim: SimCard | null;
  /** Days, newest first. */
  readonly days: readonly LinkDayRow[];
  /** What it is judged by; `null`: whoever looks may not change it. */
  readonly form: LinkForm | null;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}
