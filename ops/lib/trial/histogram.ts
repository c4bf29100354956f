/**
 * Durations in buckets that grow by two hundredths: percentiles of any number of them in little memory, never more
 * than two hundredths above the truth. Pure.
 *
 * @module
 */

/** How long things took. */
export interface Histogram {
  /** How many there are. */
  readonly count: number;
  /** The longest one, in milliseconds; 0 where there are none. */
  readonly maxMs: number;
  /** Counts by bucket. */
  readonly buckets: readonly { readonly fromMs: number; readonly toMs: number; readonly count: number }[];
  /** Takes one more, in milliseconds. */
  add(ms: number): void;
  /** The duration within which so many of a hundred lie; 0 where there are none. */
  percentile(share: number): number;
}

const GROWTH = 1.02;
const LEAST_MS = 0.1;

/** Up to ten minutes; what takes longer is counted there. */
const BUCKETS = 800;

/** Makes an empty one. */
export function histogram(): Histogram {
  const counts = new Map<number, number>();
  let count = 0;
  let maxMs = 0;
  const sorted = () => [...counts].sort(([one], [other]) => one - other);
  return {
    get count() {
      return count;
    },
    get maxMs() {
      return maxMs;
    },
    get buckets() {
      return sorted().map(([at, count]) => ({ fromMs: edgeOf(at - 1), toMs: edgeOf(at), count }));
    },
    add(ms) {
      const at = bucketOf(ms);
      counts.set(at, (counts.get(at) ?? 0) + 1);
      count += 1;
      maxMs = Math.max(maxMs, ms);
    },
    percentile(share) {
      const wanted = Math.ceil(count * share / 100);
      let seen = 0;
      for (const [at, many] of sorted()) {
        seen += many;
        if (seen >= wanted) return Math.min(edgeOf(at), maxMs);
      }
      return maxMs;
    },
  };
}

/** The bucket of a duration: the first one whose end it does not pass. */
function bucketOf(ms: number): number {
  if (!(ms > LEAST_MS)) return 0;
  return Math.min(BUCKETS, Math.ceil(Math.log(ms / LEAST_MS) / Math.log(GROWTH)));
}

/** Where a bucket ends, in milliseconds. */
function edgeOf(at: number): number {
  return at < 0 ? 0 : LEAST_MS * GROWTH ** at;
}
