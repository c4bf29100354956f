/**
 * Room where readings are kept: said before it ends, because a full disk stops the database and not the meters.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import type { Metric } from "./prometheus.ts";
import type { Verdict } from "./verdict.ts";

/** Room on the disk of the data folder. */
export interface DiskSeen {
  /** Bytes that the app may still write. */
  readonly freeBytes: number;
  /** Bytes in all. */
  readonly totalBytes: number;
}

/** Bytes under which the next half-hour may not be stored. */
export const FULL_BYTES = 8_000_000;

/** Share under which it is said, and bytes above which no share is too small. */
const LOW_SHARE = 0.1;
const PLENTY_BYTES = 10_000_000_000;

/** Looks at the disk of a folder; `null`: it cannot be looked at. */
export async function seeDisk(folder: string): Promise<DiskSeen | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null; // there is no folder yet, or the process may not ask
  }
}

/** Whether so little is left that the next half-hour may not be stored. */
export function isDiskFull(seen: DiskSeen | null): boolean {
  return seen !== null && seen.freeBytes < FULL_BYTES;
}

/** How much room there is. */
export function diskVerdict({ freeBytes, totalBytes }: DiskSeen): Verdict {
  const observed = Math.round(freeBytes / 1_000_000);
  const facts = { name: "disk:free", observed, unit: "MB" } as const;
  if (freeBytes < FULL_BYTES) {
    return {
      ...facts,
      status: "fail",
      output: "The disk is full: nothing can be stored until there is room",
    };
  }
  if (freeBytes < totalBytes * LOW_SHARE && freeBytes < PLENTY_BYTES) {
    return { ...facts, status: "warn", output: "The disk is nearly full: make room" };
  }
  return { ...facts, status: "pass" };
}

/** Room as metrics; none where it cannot be looked at. */
export function diskMetrics(seen: DiskSeen | null): readonly Metric[] {
  if (seen === null) return [];
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    type: "gauge",
    samples: [{ labels: {}, value }],
  });
  return [
    gauge(
      "wattpost_data_free_bytes",
      "Bytes that may still be written where readings are kept",
      seen.freeBytes,
    ),
    gauge("wattpost_data_size_bytes", "Bytes in all where readings are kept", seen.totalBytes),
  ];
}
