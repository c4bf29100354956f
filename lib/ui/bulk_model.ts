/**
 * What the pages show that change many sites alike: chosen, looked at, done.
 *
 * @module
 */

import type { FieldOption } from "./Input.tsx";

/** What is wanted, as typed. */
export interface BulkTexts {
  /** `keep`, `none`, or the id of a group. */
  readonly group: string;
  /** `keep`, `on` or `off`. */
  readonly collected: string;
  /** `keep`, `none` or `set`. */
  readonly hours: string;
  /** Texts of the seven days, Monday first. */
  readonly days: readonly string[];
  /** Whether Tuesday to Friday are as Monday. */
  readonly sameAsMonday: boolean;
}

/** A site in a list of them. */
export interface BulkSiteLink {
  /** Its name. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
}

/** Sites for which the same is true. */
export interface BulkSites {
  /** What: `Group: North becomes South`, or why nothing. */
  readonly words: string;
  /** The sites, by name. */
  readonly sites: readonly BulkSiteLink[];
}

/** Choosing what is to change. */
export interface BulkChoice {
  /** Which of the three it is. */
  readonly kind: "choice";
  /** Ids of the sites as one text; empty: none is chosen. */
  readonly sites: string;
  /** The sites, by name. */
  readonly chosen: readonly BulkSiteLink[];
  /** Sites of the choice that are not there, or out of reach. */
  readonly away: number;
  /** What was typed. */
  readonly values: BulkTexts;
  /** What was wrong, by field. */
  readonly faults: Readonly<Record<string, string>>;
  /** Groups to choose from, `keep` first. */
  readonly groups: readonly FieldOption[];
}

/** What it would do. */
export interface BulkDryRun {
  /** Which of the three it is. */
  readonly kind: "look";
  /** Sites that would change, those with the same change together. */
  readonly changes: readonly BulkSites[];
  /** Sites that are so already. */
  readonly same: readonly BulkSiteLink[];
  /** Sites that are not there, or out of reach. */
  readonly away: number;
  /** Sent along, so that what is applied is what was looked at. */
  readonly hidden: readonly (readonly [string, string])[];
  /** The next reading, such as `11:00`. */
  readonly nextLabel: string;
}

/** What came of it. */
export interface BulkDone {
  /** Which of the three it is. */
  readonly kind: "done";
  /** Sites changed. */
  readonly changed: number;
  /** Sites that were so already. */
  readonly same: number;
  /** Names of sites that somebody has changed since they were looked at. */
  readonly stale: readonly string[];
  /** Sites that are gone, or out of reach by now. */
  readonly gone: number;
  /** Whether it ended because the group is not there any more. */
  readonly groupGone: boolean;
  /** Sites that are still to be changed, with what is sent to go on; `null`: none. */
  readonly left: { readonly count: number; readonly hidden: readonly (readonly [string, string])[] } | null;
}
