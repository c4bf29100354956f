/**
 * Who holds how many of something that is there for everybody, such as connections.
 *
 * @module
 */

import { originOf } from "../auth/origin.ts";

/** Counts what is held, by the holder of an address: an IPv6 network is one. */
export interface Shares {
  /** How many the holder of an address has. */
  of(address: string): number;
  /** Counts one more. */
  add(address: string): void;
  /** Counts one less. */
  remove(address: string): void;
}

/** Starts counting. */
export function createShares(): Shares {
  const held = new Map<string, number>();
  const of = (address: string) => held.get(originOf(address)) ?? 0;
  return {
    of,
    add: (address) => void held.set(originOf(address), of(address) + 1),
    remove(address) {
      const left = of(address) - 1;
      if (left > 0) held.set(originOf(address), left);
      else held.delete(originOf(address));
    },
  };
}
