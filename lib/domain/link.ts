/**
 * The link of a site: which way its answers came in, half-hour by half-hour, when it changed over to another path and
 * back, and what the router's registers say against it. Pure.
 *
 * A way is one letter, so that a local day is one short text: `C`, `W`, `E` for cellular, Wi-Fi and wired (Ethernet)
 * where it is the site's main path, the same in lower case where it is another; `?` where the router contradicts the
 * path that answered; `-` where nobody answered; `a` where somebody answered and the path was not kept; `.` where
 * nothing was expected.
 *
 * @module
 */

import type { HalfHour } from "./half_hour.ts";
import type { PathKind } from "./site.ts";

/** Letters of the ways that are known. */
export type WayLetter = "C" | "W" | "E" | "c" | "w" | "e";

/** What a half-hour can be. */
export type Way = WayLetter | "?" | "-" | "a" | ".";

const LETTERS: Readonly<Record<PathKind, readonly [WayLetter, WayLetter]>> = {
  cellular: ["C", "c"],
  wifi: ["W", "w"],
  wired: ["E", "e"],
};

const KINDS: Readonly<Record<string, PathKind>> = {
  c: "cellular",
  w: "wifi",
  e: "wired",
};

/** The letter of a path. */
export function letterOfPath({ kind, rank }: Pick<LinkPath, "kind" | "rank">): WayLetter {
  return LETTERS[kind][rank === 0 ? 0 : 1];
}

/** A path that is known, out of its letter; `null`: the letter is of none. */
export function wayOf(letter: string): { readonly kind: PathKind; readonly main: boolean } | null {
  const kind = letter === "a" ? undefined : KINDS[letter.toLowerCase()];
  return kind === undefined ? null : { kind, main: letter !== letter.toLowerCase() };
}

/** A path as far as links are concerned. */
export interface LinkPath {
  /** Kind of WAN. */
  readonly kind: PathKind;
  /** 0: the main path. */
  readonly rank: number;
  /** Address or host name. */
  readonly host: string;
}

/** What the router said in the same half-hour; `null` where it said nothing of it. */
export interface WanWords {
  /** Its WAN address. */
  readonly wanAddress: string | null;
  /** Registration with the mobile network. */
  readonly registration: string | null;
}

/** Whether the router's registers bear out the path that answered. */
export type WanCheck = "agrees" | "not-said" | "other-address" | "not-registered";

/** The way of a half-hour, and what it rests on. */
export interface WanInUse {
  /** The way; `?` when the router contradicts it. */
  readonly way: Way;
  /** What the router says to it. */
  readonly check: WanCheck;
}

/** The WAN in use: the path that answered, checked against what the router says. */
export function wanInUse(
  answered: LinkPath,
  { paths, said }: { readonly paths: readonly LinkPath[]; readonly said: WanWords | null },
): WanInUse {
  const way = letterOfPath(answered);
  const address = said?.wanAddress ?? null;
  const registration = registrationOf(said?.registration ?? null);
  const cut = registration === "searching" || registration === "denied" || registration === "none";
  if (answered.kind === "cellular" && cut) return { way: "?", check: "not-registered" };
  if (address === null) return { way, check: "not-said" };
  if (address === answered.host) return { way, check: "agrees" };
  const other = paths.some(({ host, rank }) => host === address && rank !== answered.rank);
  return other ? { way: "?", check: "other-address" } : { way, check: "not-said" };
}

/** How a router stands with the mobile network. */
export type Registration = "home" | "roaming" | "searching" | "denied" | "none" | "unknown";

/** Registration out of the router's words, which differ by firmware: `Registered (home)`, `registered, roaming`. */
export function registrationOf(words: string | null): Registration {
  const text = (words ?? "").toLowerCase();
  if (/denied/.test(text)) return "denied";
  if (/search/.test(text)) return "searching";
  if (/not registered|unregistered/.test(text)) return "none";
  if (/roam/.test(text)) return "roaming";
  if (/regist|home/.test(text)) return "home";
  return "unknown";
}

/** A change from one path to another. */
export interface PathChange {
  /** The first half-hour of the new path. */
  readonly at: HalfHour;
  /** The path before. */
  readonly from: WayLetter;
  /** The new path. */
  readonly to: WayLetter;
  /** The first half-hour of the path after it; `null`: it lasts. */
  readonly until: HalfHour | null;
  /** Half-hours that nobody answered just before, which say that the main path was lost before the other took over. */
  readonly unanswered: number;
}

/** The changes of path among half-hours. Half-hours without a known path are passed over, so they are no change. */
export function pathChanges(ways: string, from: HalfHour): readonly PathChange[] {
  const changes: PathChange[] = [];
  let known: WayLetter | null = null;
  let unanswered = 0;
  [...ways].forEach((letter, index) => {
    if (letter === "-") unanswered += 1;
    if (wayOf(letter) === null) return;
    const to = letter as WayLetter;
    if (known !== null && to !== known) {
      const last = changes.pop();
      if (last) changes.push({ ...last, until: from + index });
      changes.push({ at: from + index, from: known, to, until: null, unanswered });
    }
    known = to;
    unanswered = 0;
  });
  return changes;
}

/** Changes of path a day above which they are told as one: it flaps. */
export const FLAPPING_ABOVE = 4;

/** One thing to tell about paths. */
export type PathEvent =
  | { readonly kind: "failover" | "back"; readonly change: PathChange }
  | {
    readonly kind: "flapping";
    /** The first change. */
    readonly at: HalfHour;
    /** The last one. */
    readonly last: HalfHour;
    /** How many. */
    readonly changes: number;
    /** The path that was left at the end. */
    readonly to: WayLetter;
  };

/** Changes as events: those of a local day with more than four are one. */
export function pathEvents(
  changes: readonly PathChange[],
  dayOf: (halfHour: HalfHour) => string,
): readonly PathEvent[] {
  const byDay = Map.groupBy(changes, ({ at }) => dayOf(at));
  return [...byDay.values()].flatMap((own): readonly PathEvent[] => {
    const [first] = own;
    const last = own.at(-1);
    if (first && last && own.length > FLAPPING_ABOVE) {
      return [{ kind: "flapping", at: first.at, last: last.at, changes: own.length, to: last.to }];
    }
    return own.map((change) => ({ kind: wayOf(change.to)?.main ? "back" : "failover", change }));
  });
}

/** The path in use at the end of some half-hours, and since when; `null`: none is known. */
export function latestWay(
  ways: string,
  from: HalfHour,
): { readonly way: WayLetter; readonly since: HalfHour; readonly wholeSpan: boolean } | null {
  const changes = pathChanges(ways, from);
  const last = changes.at(-1);
  if (last) return { way: last.to, since: last.at, wholeSpan: false };
  const index = [...ways].findIndex((letter) => wayOf(letter) !== null);
  const way = ways[index];
  return way === undefined ? null : { way: way as WayLetter, since: from + index, wholeSpan: true };
}

/** How the half-hours of a stretch were spent. */
export interface WayCounts {
  /** On the main path. */
  readonly main: number;
  /** On another path. */
  readonly backup: number;
  /** Answered, the path unknown or contradicted. */
  readonly unknown: number;
  /** Not answered. */
  readonly unanswered: number;
}

/** Counts half-hours by way; those not expected are left out. */
export function countWays(ways: string): WayCounts {
  const counts = { main: 0, backup: 0, unknown: 0, unanswered: 0 };
  for (const letter of ways) {
    const way = wayOf(letter);
    if (way) counts[way.main ? "main" : "backup"] += 1;
    else if (letter === "-") counts.unanswered += 1;
    else if (letter === "?" || letter === "a") counts.unknown += 1;
  }
  return counts;
}
