/**
 * How sure a device profile is, in words that carry their icon.
 *
 * @module
 */

import type { JSX } from "preact";
import { StateBadge, StateWord } from "./Words.tsx";

/** Whether two sources agree on a profile. */
export interface ConfidenceProps {
  /** Whether the vendor's document and a second source agree. */
  readonly verified: boolean;
}

const words = (verified: boolean) => verified ? "Verified" : "Check on site";
const stateOf = (verified: boolean) => verified ? "good" as const : "info" as const;

/** In a list. */
export function ConfidenceWord({ verified }: ConfidenceProps): JSX.Element {
  return <StateWord state={stateOf(verified)}>{words(verified)}</StateWord>;
}

/** Beside a title. */
export function ConfidenceBadge({ verified }: ConfidenceProps): JSX.Element {
  return <StateBadge state={stateOf(verified)}>{words(verified)}</StateBadge>;
}

/** What it means, a sentence. */
export function confidenceSentence(verified: boolean): string {
  return verified
    ? "The vendor's document and a second source agree. Nothing here was read from a device of ours."
    : "Not confirmed by a second source: compare what is read with the device's display when you register it.";
}
