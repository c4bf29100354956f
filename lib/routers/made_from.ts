/**
 * What a router's file was made from, as short texts that can be kept and compared: never a secret, which no file holds.
 *
 * @module
 */

import type { RouterFacts } from "./facts.ts";

/** Texts by what they are of. */
export type MadeFrom = Readonly<Record<string, string>>;

/** A text that is another one now. */
export interface MadeDifference {
  /** What it is of. */
  readonly what: string;
  /** As the file has it; `null`: it was not asked for then. */
  readonly before: string | null;
  /** As it is registered now; `null`: it is asked for no more. */
  readonly now: string | null;
}

const NONE = "not registered";

/** What a file made now would be made from; the day is left out, as it changes nothing. */
export function madeFrom(facts: RouterFacts): MadeFrom {
  const { siteName, model, serial, paths, ports, unitId, sim, ownAddresses, ntpServers, lanAddress } = facts;
  return {
    "Site": siteName,
    "Model": model ?? NONE,
    "Serial": serial ?? NONE,
    "Paths": paths.map(({ kind, host }) => `${kind} ${host}`).join(", ") || "none",
    "Ports": ports.map(({ port, kind }) => `${port} ${kind}`).join(", ") || "none",
    "Unit id": String(unitId),
    "APN": sim?.apn ?? NONE,
    "SIM number": sim?.number ?? NONE,
    "Data a month": sim?.allowanceMb == null ? NONE : `${sim.allowanceMb} MB`,
    "Admitted addresses": ownAddresses.join(", ") || "nobody",
    "Time servers": ntpServers.join(", ") || "none",
    "LAN address": lanAddress ?? "left as it is",
  };
}

/** What differs between then and now. */
export function madeDifferences(before: MadeFrom, now: MadeFrom): readonly MadeDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((what) => {
    const [old, fresh] = [before[what] ?? null, now[what] ?? null];
    return old === fresh ? [] : [{ what, before: old, now: fresh }];
  });
}
