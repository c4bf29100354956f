/**
 * When each running cycle last moved: looked at the ledger, tried the database, began or ended a visit. A cycle may
 * take as long as its half-hour and wait as long as the database is away, and moves all the while; one that does not
 * hangs.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { HalfHour } from "../lib/domain/half_hour.ts";

/** Remembers when cycles moved. */
export interface Moves {
  /** Notes that a cycle moved; its first move begins it. */
  note(halfHour: HalfHour): void;
  /** Notes that all of them did: what they brought home is being stored. */
  noteAll(): void;
  /** Forgets a cycle that ended. */
  end(halfHour: HalfHour): void;
  /** Milliseconds since the cycle that moved least recently did so; `null`: none runs. */
  stuckMs(): number | null;
}

/** Starts with no cycle. */
export function createMoves(clock: Clock): Moves {
  const moved = new Map<HalfHour, number>();
  return {
    note: (halfHour) => void moved.set(halfHour, clock.monotonicMs()),
    noteAll() {
      for (const halfHour of moved.keys()) moved.set(halfHour, clock.monotonicMs());
    },
    end: (halfHour) => void moved.delete(halfHour),
    stuckMs: () => moved.size === 0 ? null : clock.monotonicMs() - Math.min(...moved.values()),
  };
}
