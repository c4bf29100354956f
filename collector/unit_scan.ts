/**
 * Looks for the units of an endpoint: one small question to each. Whoever else wants the endpoint, such as a
 * half-hourly visit, has it between two units: a scan takes minutes, and lateness costs truth.
 *
 * @module
 */
import {
  type ProbePlace,
  type ScanEnd,
  type ScannedUnit,
  type ScanOptions,
  scanUnits,
  type UnitRange,
} from "../lib/domain/probe.ts";
import { isAnswer, scannedUnit } from "../lib/domain/probe_words.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import type { EndpointQueues } from "./endpoint_queue.ts";
import { reasonOf } from "./read_error.ts";
import { openSession, type ProbeTools } from "./probe_run.ts";
import type { Session } from "./session.ts";

/** What a scan works with. */
export interface ScanTools extends Pick<ProbeTools, "clock" | "rules"> {
  /** One queue for each endpoint. */
  readonly queues: EndpointQueues;
}

/** A scan under way. */
export interface ScanWork extends Pick<ScanOptions, "onUnit"> {
  /** Where to look. */
  readonly place: ProbePlace;
  /** Units to look for. */
  readonly range: UnitRange;
  /** The endpoint's queue. */
  readonly key: string;
  /** Ends the wait for the first turn. */
  readonly firstTurn: AbortSignal;
  /** Ends it all: told to stop, or the time is over. */
  readonly signal: AbortSignal;
}

/** How a scan ended, as far as it knows itself. */
export interface ScanSeen extends Omit<ScanEnd, "state" | "tookMs"> {
  /** `cut`: its signal aborted. */
  readonly state: "done" | "cut" | "busy" | "lost";
}

/** Units in a row that cut the connection, or answer with nonsense, before it is given up. */
const BROKEN_MAX = 5;

/** Connections in a row that do not come about before it is given up. */
const UNCONNECTED_MAX = 2;

interface Scan {
  readonly tools: ScanTools;
  readonly work: ScanWork;
  readonly units: readonly number[];
  asked: number;
  bytes: number;
  /** Failures in a row of the connection, and of frames. */
  unconnected: number;
  broken: number;
  lost: ReadingReason | null;
}

/** Scans. Never throws for what the world does. */
export async function scanEndpoint(tools: ScanTools, work: ScanWork): Promise<ScanSeen> {
  const units = scanUnits(work.range, work.place.endpoint.kind);
  const scan: Scan = { tools, work, units, asked: 0, bytes: 0, unconnected: 0, broken: 0, lost: null };
  const { key, signal } = work;
  const end = (state: ScanSeen["state"]): ScanSeen => {
    const { asked, bytes, lost: reason } = scan;
    return { state, asked, of: units.length, bytes, reason };
  };
  for (let turns = 0; scan.asked < units.length; turns++) {
    if (signal.aborted) return end("cut");
    const turnSignal = turns === 0 ? AbortSignal.any([signal, work.firstTurn]) : signal;
    const turn = await tools.queues.run({ key, signal: turnSignal }, () => takeTurn(scan));
    if (!turn.ok) return end(signal.aborted ? "cut" : "busy");
    if (scan.lost !== null) return end("lost");
  }
  return end("done");
}

/** Asks until somebody else wants the endpoint, the connection breaks, or all are asked. */
async function takeTurn(scan: Scan): Promise<void> {
  const { tools, work: { place, signal, key }, units } = scan;
  const session = openSession(tools, place, signal);
  try {
    const connected = await session.connect();
    if (!connected.ok) {
      if (signal.aborted) return;
      scan.unconnected++;
      const reason = reasonOf(connected.error);
      if (scan.unconnected >= UNCONNECTED_MAX || reason === "address-not-allowed") scan.lost = reason;
      return;
    }
    scan.unconnected = 0;
    while (scan.asked < units.length && !signal.aborted) {
      const holds = await askNext(scan, session);
      if (!holds || tools.queues.isWanted(key)) return;
    }
  } finally {
    for (const { bytes } of session.end().attempts) scan.bytes += bytes;
  }
}

/** Asks one unit; false: the connection cannot be used any more. */
async function askNext(scan: Scan, session: Session): Promise<boolean> {
  const unitId = scan.units[scan.asked] ?? 0;
  const { unit, reason } = await askUnit(scan, { session, unitId });
  if (reason === "visit-deadline") return false;
  scan.asked++;
  scan.work.onUnit(unit);
  const isBroken = reason === "closed" || reason === "bad-frame";
  scan.broken = isBroken ? scan.broken + 1 : 0;
  if (scan.broken >= BROKEN_MAX) scan.lost = reason;
  return !isBroken;
}

/** Function 3; a unit that answers with an exception is asked with function 4 too. */
async function askUnit(
  { work: { place: { endpoint: { pauseMs } } } }: Scan,
  { session, unitId }: { readonly session: Session; readonly unitId: number },
): Promise<{ readonly unit: ScannedUnit; readonly reason: ReadingReason | null }> {
  const ask = async (functionCode: 3 | 4): Promise<ReadingReason | null> => {
    const read = await session.ask({ unitId, functionCode, address: 0, count: 1, pauseMs });
    return read.ok ? null : reasonOf(read.error);
  };
  const holding = await ask(3);
  if (holding === null || !isAnswer(holding)) {
    return { unit: scannedUnit({ unitId, functionCode: 3, reason: holding }), reason: holding };
  }
  const input = await ask(4);
  if (input === null) return { unit: scannedUnit({ unitId, functionCode: 4, reason: null }), reason: null };
  return { unit: scannedUnit({ unitId, functionCode: 3, reason: holding }), reason: input };
}
