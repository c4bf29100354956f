/**
 * How much one address may ask of each part of the product: the request zones of nginx, made from the described limits.
 *
 * @module
 */

import type { LimitsDescription } from "./description.ts";

/** Names of the zones, as the error log says them. */
export type ZoneName = "sign_in" | "api" | "pages" | "streams" | "exports" | "assets";

/** A zone. */
export interface Zone {
  /** What the error log calls it. */
  readonly name: ZoneName;
  /** What is counted: every request of an address, or only those that send something. */
  readonly counts: "all" | "sent";
  /** How many, as nginx writes it: `20r/s`. */
  readonly rate: string;
  /** How many may come at once before the rate counts. */
  readonly burst: number;
  /** Seconds after which one more is let in. */
  readonly waitS: number;
  /** Requests at once from one address; `null`: those of all zones together. */
  readonly atOnce: number | null;
}

/** Exports of one address at once: each keeps the database busy. */
const EXPORTS_AT_ONCE = 3;

/** Sign-ins of one address at once: each costs a password hash. */
const SIGN_INS_AT_ONCE = 8;

/** Files that one page may load. */
const ASSETS_A_PAGE = 10;

/** The zones in the order in which the text has them. */
export function zonesOf(limits: LimitsDescription): Readonly<Record<ZoneName, Zone>> {
  const { signInsPerMinute, apiPerSecond, pagesPerSecond, exportsPerMinute, streamsPerAddress } = limits;
  const assets = pagesPerSecond * ASSETS_A_PAGE;
  return {
    sign_in: { ...perMinute("sign_in", signInsPerMinute), counts: "sent", atOnce: SIGN_INS_AT_ONCE },
    api: perSecond("api", apiPerSecond),
    pages: perSecond("pages", pagesPerSecond),
    // A page that is opened opens a stream.
    streams: { ...perSecond("streams", pagesPerSecond), waitS: 5, atOnce: streamsPerAddress },
    exports: { ...perMinute("exports", exportsPerMinute), atOnce: EXPORTS_AT_ONCE },
    assets: perSecond("assets", assets),
  };
}

function perMinute(name: ZoneName, rate: number): Zone {
  return { name, counts: "all", rate: `${rate}r/m`, burst: rate, waitS: Math.ceil(60 / rate), atOnce: null };
}

function perSecond(name: ZoneName, rate: number): Zone {
  return { name, counts: "all", rate: `${rate}r/s`, burst: 2 * rate, waitS: 1, atOnce: null };
}

/** Zones with a limit of requests at once. */
export function zonesAtOnce(zones: Readonly<Record<ZoneName, Zone>>): readonly Zone[] {
  return Object.values(zones).filter(({ atOnce }) => atOnce !== null);
}
