/**
 * Asks every part how it is and gathers the verdicts and metrics.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { closedHalfHourAt, type HalfHour } from "../domain/half_hour.ts";
import { ALL_SITES } from "../domain/permission.ts";
import { retriesEndMs } from "../domain/schedule.ts";
import { type Kv, pingKv } from "../kv/mod.ts";
import { type Database, pingDatabase } from "../store/db.ts";
import { countLedger } from "../store/ledger.ts";
import { countExpectedSites, firstExpected } from "../store/expected.ts";
import { countFindings } from "../store/findings.ts";
import type { FindingKind } from "../domain/finding.ts";
import { type CollectionFacts, LOOK_BACK, type Ping } from "./checks.ts";
import { shareLook } from "./share.ts";

/** Milliseconds that a part may take to give a sign of life. */
const PING_MS = 3_000;

/** Whether something answers within 3 s. */
export async function pingOf(clock: Clock, ask: () => Promise<unknown>): Promise<Ping> {
  const startMs = clock.monotonicMs();
  const over = new AbortController();
  const late = clock.sleep(PING_MS, over.signal).then((): Ping => ({
    kind: "away",
    why: `none in ${PING_MS} ms`,
  }));
  const answered = ask().then(
    (): Ping => ({ kind: "answered", tookMs: clock.monotonicMs() - startMs }),
    (error: unknown): Ping => ({ kind: "away", why: error instanceof Error ? error.message : "failed" }),
  );
  const ping = await Promise.race([answered, late]);
  over.abort();
  return ping;
}

/** Asks the database, unless it was asked a moment ago. */
export function pingStore(db: Database, clock: Clock): Promise<Ping> {
  const look = { of: db, name: "ping", isGood };
  return shareLook<Ping>(clock, look, () => pingOf(clock, () => pingDatabase(db)));
}

/** Asks the key-value store, unless it was asked a moment ago. */
export function pingSessions(kv: Kv, clock: Clock): Promise<Ping> {
  const look = { of: kv, name: "ping", isGood };
  return shareLook<Ping>(clock, look, () => pingOf(clock, () => pingKv(kv)));
}

function isGood({ kind }: Ping): boolean {
  return kind === "answered";
}

/** What only the process itself knows of its collection. */
export type OwnFacts = Pick<CollectionFacts, "collects" | "tickedMs">;

/** Looks up where the collection stands, unless somebody has just done so. */
export async function collectionFacts(db: Database, clock: Clock, own: OwnFacts): Promise<CollectionFacts> {
  const look = { of: db, name: "collection" };
  const stored = await shareLook(clock, look, () => storedFacts(db, clock.nowMs()));
  return { ...own, nowMs: clock.nowMs(), ...stored };
}

/** Counts open findings of the nightly check, unless somebody has just done so. */
export function openFindings(db: Database, clock: Clock): Promise<ReadonlyMap<FindingKind, number>> {
  const look = { of: db, name: "findings" };
  const query = { reaches: [ALL_SITES], nowMs: clock.nowMs(), state: "open" as const };
  return shareLook(clock, look, () => countFindings(db, query));
}

type StoredFacts = Omit<CollectionFacts, keyof OwnFacts | "nowMs">;

async function storedFacts(db: Database, nowMs: number): Promise<StoredFacts> {
  const due = closedHalfHourAt(nowMs);
  const over = nowMs >= retriesEndMs(due) ? due : due - 1;
  const [counts, since, registered, newest] = await Promise.all([
    countLedger(db, over),
    firstExpected(db),
    countExpectedSites(db, { halfHour: over, reaches: [ALL_SITES] }),
    newestStored(db, due),
  ]);
  const reported = counts.complete + counts.partial;
  const opened = reported + counts.failed + counts.open + counts.claimed;
  return { newestStored: newest, since, reported, expected: Math.max(opened, registered) };
}

async function newestStored(db: Database, due: HalfHour): Promise<HalfHour | null> {
  for (let halfHour = due; halfHour > due - LOOK_BACK; halfHour--) {
    const counts = await countLedger(db, halfHour);
    if (counts.complete + counts.partial > 0) return halfHour;
  }
  return null;
}
