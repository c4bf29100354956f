/**
 * What load has come to: durations, failures and what was held back by the product's own limits, by what was asked and
 * by when. Bounded, however long it goes on.
 *
 * @module
 */

import { type Histogram, histogram } from "./histogram.ts";

/** How something ended. */
export type Ending =
  /** As it should. */
  | { readonly kind: "ok" }
  /** It did not come, or not as it should. */
  | { readonly kind: "failed"; readonly why: string }
  /** A limit of the product's own held it back: 429. */
  | { readonly kind: "held-back" };

/** Kinds of what is asked: each has its own line in the budget. */
export type LoadKind = "page" | "file" | "API" | "stream";

/** Something that was asked and has ended. */
export interface Done {
  readonly kind: LoadKind;
  /** Names it, such as `Today`. */
  readonly what: string;
  readonly tookMs: number;
  readonly ending: Ending;
  /** When it ended, in milliseconds since the start. */
  readonly atMs: number;
}

/** What one thing that is asked came to. */
export interface LoadRow {
  readonly kind: LoadKind;
  readonly what: string;
  /** Of those that went well. */
  readonly took: Histogram;
  failed: number;
  heldBack: number;
}

/** A stretch of time. */
export interface LoadSlot {
  /** Answers as they should be, streams left out. */
  readonly took: Histogram;
  failed: number;
  heldBack: number;
}

/** How live streams fared. */
export interface StreamTally {
  /** Open at this moment. */
  open: number;
  /** Most that were open at once. */
  mostOpen: number;
  /** Half-hours that they were told of. */
  told: number;
  /** Times that the product said good-bye and they came back. */
  movedOver: number;
  /** Times that one broke off without a good-bye. */
  brokenOff: number;
}

/** Everything that is counted. */
export interface LoadTally {
  readonly rows: ReadonlyMap<string, LoadRow>;
  readonly slots: readonly LoadSlot[];
  /** Milliseconds of a slot. */
  readonly slotMs: number;
  /** Why things failed, and how often. */
  readonly whys: ReadonlyMap<string, number>;
  readonly streams: StreamTally;
  add(done: Done): void;
}

/** Stretches of time at most. */
export const SLOTS_MAX = 120;

/** Different things that are asked, at most; the rest is counted as others. */
const ROWS_MAX = 40;

/** Different reasons at most; the rest is counted as others. */
const WHYS_MAX = 30;

/** Makes an empty one for load of so many milliseconds. */
export function loadTally(durationMs: number): LoadTally {
  const slotMs = Math.max(1_000, Math.ceil(durationMs / SLOTS_MAX / 1_000) * 1_000);
  const slots = Array.from(
    { length: Math.max(1, Math.ceil(durationMs / slotMs)) },
    (): LoadSlot => ({ took: histogram(), failed: 0, heldBack: 0 }),
  );
  const rows = new Map<string, LoadRow>();
  const whys = new Map<string, number>();
  const rowOf = ({ kind, what }: Done): LoadRow => {
    const name = rows.has(`${kind} ${what}`) || rows.size < ROWS_MAX ? what : "others";
    const row = rows.get(`${kind} ${name}`) ??
      { kind, what: name, took: histogram(), failed: 0, heldBack: 0 };
    rows.set(`${kind} ${name}`, row);
    return row;
  };
  return {
    rows,
    slots,
    slotMs,
    whys,
    streams: { open: 0, mostOpen: 0, told: 0, movedOver: 0, brokenOff: 0 },
    add(done) {
      const { kind, what, tookMs, ending, atMs } = done;
      const row = rowOf(done);
      // What ends after the time is over belongs to the last stretch.
      const slot = slots[Math.min(slots.length - 1, Math.floor(Math.max(0, atMs) / slotMs))];
      switch (ending.kind) {
        case "ok":
          row.took.add(tookMs);
          if (kind !== "stream") slot?.took.add(tookMs);
          break;
        case "failed": {
          row.failed += 1;
          if (slot) slot.failed += 1;
          const why = `${what}: ${ending.why}`.slice(0, 200);
          const name = whys.has(why) || whys.size < WHYS_MAX ? why : "other reasons";
          whys.set(name, (whys.get(name) ?? 0) + 1);
          break;
        }
        case "held-back":
          row.heldBack += 1;
          if (slot) slot.heldBack += 1;
          break;
      }
    },
  };
}
