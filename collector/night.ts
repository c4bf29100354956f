/**
 * What is done at night, step by step. A step that fails is said and tried again the next night; the others do not wait
 * for it, so that days are packed although links cannot be kept.
 *
 * @module
 */

import type { Log } from "../lib/log.ts";
import type { ProfileBook } from "../lib/profiles/book.ts";
import type { Database } from "../lib/store/db.ts";
import { forgetKeptAnswers } from "../lib/store/kept_answers.ts";
import { keepLinks } from "../lib/store/link_night.ts";
import { forgetMailLinks } from "../lib/store/mail_links.ts";
import { runNightly } from "../lib/store/nightly.ts";
import { checkDevices } from "./nightly_checks.ts";

/** What a night works with. */
export interface NightOptions {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Ends the work between two batches. */
  readonly signal: AbortSignal;
  /** Chance, 0 to below 1. */
  readonly random: () => number;
  /** Where it says what it did, and what failed. */
  readonly log: Log;
  /** Finds device profiles. */
  readonly profiles: ProfileBook;
}

/** Milliseconds after which a link that is used or over is forgotten: 30 days. */
const LINKS_KEPT_MS = 30 * 24 * 3_600_000;

/** Does the work of a night. Repeatable; what is ended early or fails goes on the next night. */
export async function runNight(db: Database, options: NightOptions): Promise<void> {
  const { nowMs, log } = options;
  const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
    // Before ledger and tries are packed and forgotten.
    ["keep the links of sites", () => keepLinks(db, options)],
    ["pack days and forget what is old", () => runNightly(db, options)],
    ["check devices", () => checkDevices(db, options)],
    ["forget answers to writes", () => forgetKeptAnswers(db, nowMs)],
    ["forget links in e-mails", () => forgetMailLinks(db, nowMs - LINKS_KEPT_MS)],
  ];
  for (const [what, step] of steps) {
    try {
      await step();
    } catch (error) {
      log.error(`Cannot ${what}: tried again the next night`, { error });
    }
  }
}
