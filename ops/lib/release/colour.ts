/**
 * The two places in which a release of an installation runs, and how releases are called.
 *
 * @module
 */

/** Both colours: one serves, the other is where the next release comes up. */
export const COLOURS = ["blue", "green"] as const;

/** A place in which a release runs. */
export type Colour = typeof COLOURS[number];

/** The other one. */
export function otherThan(colour: Colour): Colour {
  return colour === "blue" ? "green" : "blue";
}

/** What the name of a release says. */
export interface ReleaseName {
  /** Number of the deploy that brought it, from 1 on. */
  readonly number: number;
  /** Where its code is from: a short git commit, or 7 hexadecimal digits of its sources. */
  readonly source: string;
}

const NAME = /^r([1-9]\d{0,5})-([0-9a-f]{7,12})$/;

/** Its name, `r17-63e2c47`. */
export function releaseName({ number, source }: ReleaseName): string {
  return `r${number}-${source}`;
}

/** Reads a name; `null`: no release is called so. */
export function parseReleaseName(text: string): ReleaseName | null {
  const [, number, source] = NAME.exec(text) ?? [];
  return number === undefined || source === undefined ? null : { number: Number(number), source };
}
