/**
 * Testing a device before it is registered: path by path, connection, unit, registers, plausibility, each with
 * milliseconds and words. The web asks through this contract and does not know the collector; nothing of a target is
 * stored, and nothing is ever written to a device.
 *
 * @module
 */

import type { LiveValue } from "./live.ts";
import type { ReadingReason } from "./reading.ts";
import type { Endpoint, Path, Transformer } from "./site.ts";
import type { WiringFinding } from "./wiring.ts";
import type { Result } from "../result.ts";

/** An address of a router, as it was typed. */
export type ProbePath = Pick<Path, "kind" | "host">;

/** A port behind it, as it was typed. */
export type ProbeEndpoint = Pick<Endpoint, "port" | "kind" | "pauseMs" | "responseTimeoutMs">;

/** Where to ask. */
export interface ProbePlace {
  /** Addresses of the router in order of rank, at least one. */
  readonly paths: readonly ProbePath[];
  /** The port. */
  readonly endpoint: ProbeEndpoint;
}

/** A device as it is about to be registered. */
export interface ProbeTarget extends ProbePlace {
  /** Modbus unit identifier, 0 to 247 or 255. */
  readonly unitId: number;
  /** Id of its device profile. */
  readonly profileId: string;
  /** Its transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Line-to-neutral voltage of the supply before any VT, in V; absent: a usual one near what is read. */
  readonly nominalV?: number;
  /** Other units of the endpoint, asked only when this one is silent; the first three count. */
  readonly neighbours: readonly number[];
}

/** What is tried, in this order. */
export type ProbeStepKind = "path" | "connect" | "unit" | "block" | "plausible";

/** How a step went. */
export type ProbeState = "good" | "warn" | "critical" | "skipped";

/** How a step went, in words. */
export interface ProbeWords {
  /** How it went. */
  readonly state: ProbeState;
  /** What was seen, one short sentence without full stop. */
  readonly seen: string;
  /** What to do; `null`: nothing. */
  readonly advice: string | null;
}

/** One step of a test. */
export interface ProbeStep extends ProbeWords {
  /** What was tried. */
  readonly kind: ProbeStepKind;
  /** Milliseconds after the start. A path that is only connected comes after what is asked over the one in use. */
  readonly beginsMs: number;
  /** Milliseconds it took. */
  readonly tookMs: number;
}

/** What a test saw. */
export interface ProbeReport {
  /** Epoch milliseconds of the start. */
  readonly atMs: number;
  /** Milliseconds of all of it, without waiting for the endpoint. */
  readonly tookMs: number;
  /** Bytes sent and received on TCP payload level. */
  readonly bytes: number;
  /** One `path` step for each path, then each other kind once. */
  readonly steps: readonly ProbeStep[];
  /** The quantities of the profile as they were read; empty: the unit was not read. */
  readonly values: readonly LiveValue[];
  /** What the wiring checks found. */
  readonly findings: readonly WiringFinding[];
}

/** Registers to read once. */
export interface ProbeWindow {
  /** 1 coils, 2 discrete inputs, 3 holding, 4 input registers. */
  readonly functionCode: 1 | 2 | 3 | 4;
  /** First register or coil, 0-based as on the wire, 0 to 65,535. */
  readonly address: number;
  /** Registers or coils, 1 to 125. */
  readonly count: number;
}

/** Registers that were read once. */
export interface WindowRead {
  /** The registers, as many as asked for; each coil is a word, 0 or 1. */
  readonly words: readonly number[];
  /** Milliseconds from the question to its answer. */
  readonly tookMs: number;
  /** Bytes sent and received on TCP payload level, connecting included. */
  readonly bytes: number;
}

/** Units to look for. */
export interface UnitRange {
  /** First unit identifier, 0 to 255. */
  readonly from: number;
  /** Last unit identifier, 0 to 255. */
  readonly to: number;
}

/** A unit that was asked. */
export interface ScannedUnit {
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** `answers`, if only with an exception; `silent`; `garbled`: what came was no Modbus TCP. */
  readonly state: "answers" | "silent" | "garbled";
  /** The same in words. */
  readonly words: string;
}

/** How a scan ended. */
export interface ScanEnd {
  /**
   * `done`: every unit was asked; `stopped`: told to; `late`: {@link SCAN_MS} were over; `busy`: others use the
   * endpoint; `lost`: no connection, or no Modbus TCP.
   */
  readonly state: "done" | "stopped" | "late" | "busy" | "lost";
  /** Units asked. */
  readonly asked: number;
  /** Units there were to ask. */
  readonly of: number;
  /** Why it was lost; `null`: it was not. */
  readonly reason: ReadingReason | null;
  /** Bytes sent and received on TCP payload level. */
  readonly bytes: number;
  /** Milliseconds it took, waiting for the endpoint included. */
  readonly tookMs: number;
}

/** How a scan is followed and stopped. */
export interface ScanOptions {
  /** Hears of each unit that was asked. */
  readonly onUnit: (unit: ScannedUnit) => void;
  /** Stops it between any two units, or while one is waited for. */
  readonly signal: AbortSignal;
}

/** A step of a test that is known before the test has ended. */
export interface SeenStep {
  /** Its place among the steps of the report, from 0. */
  readonly place: number;
  /** The step; one that comes again at the same place is known better. */
  readonly step: ProbeStep;
}

/** How a test is followed. */
export interface ProbeOptions {
  /** Hears of each step as soon as it is known. */
  readonly onStep?: (seen: SeenStep) => void;
}

/** Tests devices that are not registered, on the same queues as the half-hourly visits. */
export interface Prober {
  /** Tests a device, {@link PROBE_MS} at most. `busy`: others use the endpoint, or many are tested. */
  probe(
    target: ProbeTarget,
    signal: AbortSignal,
    options?: ProbeOptions,
  ): Promise<Result<ProbeReport, "busy">>;
  /** Reads registers of a unit once. */
  readWindow(
    target: ProbePlace & Pick<ProbeTarget, "unitId">,
    window: ProbeWindow,
    signal: AbortSignal,
  ): Promise<Result<WindowRead, ReadingReason | "busy">>;
  /** Asks unit after unit for one register. */
  scan(place: ProbePlace, range: UnitRange, options: ScanOptions): Promise<ScanEnd>;
}

/** Milliseconds that a test takes at most, waiting for the endpoint included. */
export const PROBE_MS = 60_000;

/** Milliseconds that a test, or the beginning of a scan, waits for the endpoint before it says that it is busy. */
export const PROBE_TURN_MS = 20_000;

/** Milliseconds that a scan takes at most. */
export const SCAN_MS = 600_000;

/** Units of the same endpoint that are asked when the one that is tested is silent. */
export const NEIGHBOURS_MAX = 3;

/** Largest unit identifier of a device behind a gateway. */
const UNIT_MAX = 247;

/** The unit identifier that many devices with Modbus TCP of their own answer to. */
const DIRECT_UNIT = 255;

/**
 * The units of a range that are asked: 1 to 247, and 0 and 255 only where a device is reached directly. Behind a
 * gateway 0 means everybody and 255 the gateway; 248 to 254 are nobody's.
 */
export function scanUnits({ from, to }: UnitRange, kind: Endpoint["kind"]): readonly number[] {
  const units: number[] = [];
  for (let unitId = Math.max(0, from); unitId <= Math.min(DIRECT_UNIT, to); unitId++) {
    const isDirect = unitId === 0 || unitId === DIRECT_UNIT;
    if (isDirect ? kind !== "gateway" : unitId <= UNIT_MAX) units.push(unitId);
  }
  return units;
}

/** What a scan costs. */
export interface ScanCost {
  /** Units that are asked. */
  readonly units: number;
  /** Bytes on the SIM, with everything that TCP adds. */
  readonly bytes: number;
  /** Milliseconds at most: no unit answers. */
  readonly ms: number;
}

/** Bytes of an IPv4 and a TCP header with its time stamps. */
const HEADER_BYTES = 20 + 32;

/** Bytes of a request for one register, and of its answer (Modbus TCP). */
const REQUEST_BYTES = 12;
const ANSWER_BYTES = 11;

/** Packets that open a connection and end it; they carry nothing. */
const CONNECTION_PACKETS = 3 + 4;

/** Milliseconds that an answer is waited for where neither the endpoint nor the configuration says. */
const RESPONSE_MS = 5_000;

/**
 * What a scan costs: a request of 12 bytes and an answer of 11 for each unit, each with 52 bytes of IP and TCP headers
 * and an acknowledgement of 52: 231 bytes a unit; and seven packets to connect and to end. A unit that answers
 * with an exception is asked once more, which is not counted.
 *
 * @param responseTimeoutMs Milliseconds to wait for an answer where the endpoint has no figure of its own.
 */
export function scanCost(
  { from, to, endpoint }: UnitRange & { readonly endpoint: ProbeEndpoint },
  responseTimeoutMs: number = RESPONSE_MS,
): ScanCost {
  const units = scanUnits({ from, to }, endpoint.kind).length;
  const unitBytes = REQUEST_BYTES + ANSWER_BYTES + 4 * HEADER_BYTES;
  const unitMs = endpoint.pauseMs + (endpoint.responseTimeoutMs ?? responseTimeoutMs);
  return {
    units,
    bytes: units === 0 ? 0 : units * unitBytes + CONNECTION_PACKETS * HEADER_BYTES,
    ms: Math.min(SCAN_MS, units * unitMs),
  };
}
