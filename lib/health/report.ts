/**
 * What the process says of itself: what is missing for work, how every part is, and its metrics.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Kv } from "../kv/mod.ts";
import type { Database } from "../store/db.ts";
import { backupMetrics, backupVerdict, seeBackups } from "./backup.ts";
import { certificateMetrics, certificateVerdict, seeCertificate } from "./certificate.ts";
import {
  completenessVerdict,
  cronVerdict,
  databaseVerdict,
  kvVerdict,
  lagVerdict,
  type PasswordsSeen,
  passwordsVerdict,
} from "./checks.ts";
import { diskMetrics, diskVerdict, isDiskFull, seeDisk } from "./disk.ts";
import { FINDING_KINDS } from "../domain/finding.ts";
import { collectionFacts, openFindings, pingSessions, pingStore } from "./gather.ts";
import { type Histogram, histogramSamples, type Metric } from "./prometheus.ts";
import { releaseMetrics, releaseVerdict, seeReleases } from "./release.ts";
import { restoreMetrics, restoreVerdict, seeRestores } from "./restore.ts";
import type { Verdict } from "./verdict.ts";

/** The collector as health sees it. */
export interface CollectorSeen {
  /** Whether this release is the promoted one; `null`: not known yet. */
  readonly promoted: boolean | null;
  /** What waits for the database. */
  readonly held: { readonly visits: number; readonly values: number; readonly full: boolean };
  /** Why they cannot be stored; `null`: they are stored in a moment. */
  readonly databaseAway: { readonly error: string } | null;
  /** Counted since the start. */
  readonly metrics: CollectorCounts;
}

/** What the collector counts. */
export interface CollectorCounts {
  /** Tries by result: `ok`, or the reason. */
  readonly attempts: Readonly<Record<string, number>>;
  /** Requests answered. */
  readonly requests: number;
  /** Bytes exchanged. */
  readonly bytes: number;
  /** Visits stored. */
  readonly visitsStored: number;
  /** Visits lost to another process. */
  readonly visitsLost: number;
  /** Seconds a cycle took. */
  readonly cycleSeconds: Histogram;
  /** Seconds from the boundary to the read of a site's counters. */
  readonly latenessSeconds: Histogram;
}

/** What runs once the process has started. */
export interface Working {
  /** The database. */
  readonly db: Database;
  /** Sessions. */
  readonly kv: Kv;
  /** Checks passwords. */
  readonly passwords: { readonly state: () => PasswordsSeen };
  /** Open event streams. */
  readonly streams: number;
  /** The collector. */
  readonly collector: CollectorSeen;
}

/** The process at this moment. */
export interface ProcessState {
  /** The time. */
  readonly clock: Clock;
  /** Folder in which the host tells how it stands. */
  readonly hostDir: string;
  /** Folder of what the app writes. */
  readonly dataDir: string;
  /** The release that answers. */
  readonly release: string;
  /** Version of the runtime. */
  readonly runtime: string;
  /** Whether half-hours are collected here. */
  readonly collect: boolean;
  /** Whether it is told to stop. */
  readonly stopping: boolean;
  /** What the start waits for, in words; `null`: it is over. */
  readonly waitingFor: string | null;
  /** Epoch milliseconds of the last half-hourly tick; `null`: none yet. */
  readonly tickedMs: number | null;
  /** What runs; `null`: still starting. */
  readonly working: Working | null;
}

/** Something that is missing for work. */
export interface Missing {
  /** For whoever asks; nothing of the inside. */
  readonly words: string;
  /** What the part itself said of it, for the log alone. */
  readonly detail?: string;
}

/**
 * What waits in memory because the database is away; `null`: nothing. While a cycle runs some visits always wait for a
 * moment, so as to share a transaction: that is no trouble, and no reason to call the process not ready.
 */
export function heldWords(
  { held, databaseAway }: Pick<CollectorSeen, "held" | "databaseAway">,
): string | null {
  if (held.visits === 0 || databaseAway === null) return null;
  return `${held.visits} visits (${held.values} values) wait in memory for the database`;
}

/** What is missing for work; empty: the process is ready. */
export async function missingFor(state: ProcessState): Promise<readonly Missing[]> {
  const { clock, working, waitingFor } = state;
  if (state.stopping) return [{ words: "Stopping" }];
  if (waitingFor !== null) return [{ words: `Waiting for ${outside(waitingFor)}`, detail: waitingFor }];
  if (!working) return [{ words: "Starting" }];
  const [database, kv] = await Promise.all([pingStore(working.db, clock), pingSessions(working.kv, clock)]);
  const lines: Missing[] = [];
  if (database.kind === "away") lines.push({ words: "Database away: no answer", detail: database.why });
  const waits = heldWords(working.collector);
  if (waits !== null) lines.push({ words: waits });
  if (working.collector.held.full) {
    lines.push({ words: "Memory for waiting visits is full: nothing more is read" });
  }
  if (isDiskFull(await seeDisk(state.dataDir))) {
    lines.push({ words: "The disk where readings are kept is full" });
  }
  if (kv.kind === "away") lines.push({ words: "Sessions away: no answer", detail: kv.why });
  return lines;
}

/** What the start waits for without what the database said of it. */
function outside(waitingFor: string): string {
  return waitingFor.replace(/^the database:.*$/s, "the database");
}

/** How every part is. */
export async function verdictsOf(state: ProcessState): Promise<readonly Verdict[]> {
  const { clock, working, waitingFor, tickedMs } = state;
  if (!working) {
    const output = `Waiting for ${outside(waitingFor ?? "the start")}`;
    return [{ name: "process:start", status: "fail", output, ...(waitingFor ? { detail: waitingFor } : {}) }];
  }
  const { db, kv, collector, passwords } = working;
  const [database, sessions, certificate, backup, restore, deployed, disk] = await Promise.all([
    pingStore(db, clock),
    pingSessions(kv, clock),
    seeCertificate(state.hostDir, clock).then((seen) => certificateVerdict(seen, clock.nowMs())),
    seeBackups(state.hostDir, clock).then((seen) => backupVerdict(seen, clock.nowMs())),
    seeRestores(state.hostDir, clock).then((seen) => restoreVerdict(seen, clock.nowMs())),
    seeReleases(state.hostDir, clock).then((seen) => releaseVerdict(seen, clock.nowMs())),
    seeDisk(state.dataDir),
  ]);
  const reachable = [
    databaseVerdict(database),
    kvVerdict(sessions),
    passwordsVerdict(passwords.state()),
    heldVerdict(collector),
    ...(disk ? [diskVerdict(disk)] : []),
    ...(certificate ? [certificate] : []),
    ...(backup ? [backup] : []),
    ...(restore ? [restore] : []),
    ...(deployed ? [deployed] : []),
  ];
  if (database.kind === "away") return reachable;
  const facts = await collectionFacts(db, clock, {
    collects: state.collect && collector.promoted === true,
    tickedMs,
  });
  return [...reachable, cronVerdict(facts), lagVerdict(facts), completenessVerdict(facts)];
}

function heldVerdict({ held }: CollectorSeen): Verdict {
  const name = "collector:heldVisits";
  if (held.visits === 0) return { name, status: "pass", observed: 0 };
  const output = held.full
    ? "Memory is full: nothing more is read"
    : "They are stored when the database is back";
  return { name, status: held.full ? "fail" : "warn", observed: held.visits, output };
}

/** The metrics of the process. */
export async function metricsOf(state: ProcessState): Promise<readonly Metric[]> {
  const { clock, working, tickedMs } = state;
  const build: Metric = {
    name: "wattpost_build_info",
    help: "The release that answers",
    type: "gauge",
    samples: [{ labels: { release: state.release, deno: state.runtime }, value: 1 }],
  };
  if (!working) return [build, gauge("wattpost_ready", "Whether the process can work", 0)];
  const { db, collector, streams } = working;
  const database = await pingStore(db, clock);
  const ready = gauge("wattpost_ready", "Whether the process can work", database.kind === "answered" ? 1 : 0);
  const certificate = certificateMetrics(await seeCertificate(state.hostDir, clock), clock.nowMs());
  const backups = backupMetrics(await seeBackups(state.hostDir, clock), clock.nowMs());
  const restores = restoreMetrics(await seeRestores(state.hostDir, clock), clock.nowMs());
  const releases = releaseMetrics(await seeReleases(state.hostDir, clock), clock.nowMs());
  const streaming = gauge("wattpost_event_streams", "Open pages that follow live", streams);
  const disk = diskMetrics(await seeDisk(state.dataDir));
  const own = [build, ready, streaming, ...certificate, ...backups, ...restores, ...releases, ...disk];
  if (database.kind === "away") return [...own, ...collectorMetrics(collector)];
  const facts = await collectionFacts(db, clock, { collects: state.collect, tickedMs });
  const { expected, reported } = facts;
  const found = await openFindings(db, clock);
  return [
    ...own,
    ...collectorMetrics(collector),
    gauge("wattpost_sites_expected", "Sites expected in the newest half-hour that is over", expected),
    gauge("wattpost_sites_reported", "Sites that reported it", reported),
    gauge("wattpost_completeness_ratio", "Share of them", expected === 0 ? 1 : reported / expected),
    {
      name: "wattpost_findings_open",
      help: "Findings of the nightly check that nobody has put aside",
      type: "gauge",
      samples: FINDING_KINDS.map((kind) => ({ labels: { kind }, value: found.get(kind) ?? 0 })),
    },
  ];
}

function collectorMetrics({ metrics: counted, held, promoted }: CollectorSeen): readonly Metric[] {
  const attempts = Object.entries(counted.attempts).map(([reason, value]) => ({
    labels: { result: reason === "ok" ? "ok" : "failed", reason: reason === "ok" ? "" : reason },
    value,
  }));
  return [
    gauge("wattpost_promoted", "Whether this release is the one that works", promoted ? 1 : 0),
    {
      name: "wattpost_attempts_total",
      help: "Tries to reach an endpoint",
      type: "counter",
      samples: attempts,
    },
    counter("wattpost_modbus_requests_total", "Modbus requests answered", counted.requests),
    counter("wattpost_modbus_bytes_total", "Bytes exchanged with routers, TCP payload", counted.bytes),
    counter("wattpost_visits_stored_total", "Visits stored", counted.visitsStored),
    counter(
      "wattpost_visits_lost_total",
      "Visits whose claim had gone to another process",
      counted.visitsLost,
    ),
    histogram("wattpost_cycle_duration_seconds", "Duration of a half-hour's cycle", counted.cycleSeconds),
    histogram(
      "wattpost_counter_lateness_seconds",
      "Seconds from the boundary to the read of a site's counters",
      counted.latenessSeconds,
    ),
    gauge("wattpost_held_visits", "Visits that wait in memory for the database", held.visits),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: "gauge", samples: [{ value }] };
}

function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: "counter", samples: [{ value }] };
}

function histogram(name: string, help: string, values: Histogram): Metric {
  return { name, help, type: "histogram", samples: histogramSamples(values) };
}
