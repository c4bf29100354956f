/**
 * Which backups stay: the newest of each of the last days, weeks and months in which there was one. Pure.
 *
 * @module
 */

/** How many stay. */
export interface Keep {
  /** Days of which the newest backup stays, 1 to 366. */
  readonly daily: number;
  /** Weeks (from Monday, UTC), 0 to 520. */
  readonly weekly: number;
  /** Months (UTC), 0 to 240. */
  readonly monthly: number;
}

/** What stays where nothing is said. */
export const USUAL_KEEP: Keep = { daily: 7, weekly: 5, monthly: 12 };

/** Hours for which every backup stays: those before today's deploys too. */
const ALL_HOURS = 24;

/** Anything with an instant. */
interface Dated {
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Splits backups into those that stay and those that go; the newest one always stays. Order is kept. */
export function keptOf<T extends Dated>(
  backups: readonly T[],
  keep: Keep,
): { readonly stay: readonly T[]; readonly go: readonly T[] } {
  const newestFirst = [...backups].sort((one, other) => other.atMs - one.atMs);
  const newestMs = newestFirst[0]?.atMs ?? 0;
  const stay = new Set<T>(newestFirst.filter(({ atMs }) => newestMs - atMs < ALL_HOURS * 3_600_000));
  const rules: readonly (readonly [number, (atMs: number) => string])[] = [
    [keep.daily, dayOf],
    [keep.weekly, weekOf],
    [keep.monthly, monthOf],
  ];
  for (const [count, periodOf] of rules) {
    const seen = new Set<string>();
    for (const backup of newestFirst) {
      const period = periodOf(backup.atMs);
      if (seen.has(period) || seen.size >= count) continue;
      seen.add(period);
      stay.add(backup);
    }
  }
  return { stay: backups.filter((one) => stay.has(one)), go: backups.filter((one) => !stay.has(one)) };
}

const DAY_MS = 86_400_000;

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** 1970-01-01 was a Thursday. */
function weekOf(atMs: number): string {
  return String(Math.floor((Math.floor(atMs / DAY_MS) + 3) / 7));
}

function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}
