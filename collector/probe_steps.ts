/**
 * The steps of a test that lead to the device: each path, the connection, the unit. Pure.
 *
 * @module
 */

import type { ProbePath, ProbeStep, ProbeStepKind, ProbeTarget, ProbeWords } from "../lib/domain/probe.ts";
import {
  connectWords,
  type Neighbour,
  type PathSeen,
  pathWords,
  type UnitSeen,
  unitWords,
} from "../lib/domain/probe_words.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";

/** When a step began and how long it took, in milliseconds. */
export interface Span {
  /** After the start of the test. */
  readonly beginsMs: number;
  /** How long it took. */
  readonly tookMs: number;
}

/** A path that was tried. */
export interface TriedPath extends Span {
  /** What was seen of it. */
  readonly seen: PathSeen;
}

/** A unit that was asked, and its neighbours where it is silent. */
export interface AskedUnit extends Span {
  /** How it answered. */
  readonly seen: UnitSeen;
  /** Others of the endpoint. */
  readonly neighbours: readonly Neighbour[];
}

/** The connection of a test. */
export interface Connected extends Span {
  /** Rank of the path over which it opened; `null`: over none. */
  readonly rank: number | null;
}

/** A step with its words. */
export function stepOf(
  kind: ProbeStepKind,
  { state, seen, advice }: ProbeWords,
  { beginsMs, tookMs }: Span,
): ProbeStep {
  return { kind, state, seen, advice, beginsMs, tookMs };
}

/** How a path did. */
export function pathStep(path: ProbePath, { seen, ...span }: TriedPath): ProbeStep {
  return stepOf("path", pathWords(path, seen), span);
}

/** How the connection did, with why the paths that were tried before did not. */
export function connectStep(
  { paths, endpoint: { port } }: Pick<ProbeTarget, "paths" | "endpoint">,
  { rank, ...span }: Connected,
  tried: readonly TriedPath[],
): ProbeStep {
  const reasons = tried.map(({ seen }): ReadingReason | null => {
    if (seen.kind === "quiet") return "response-timeout";
    return seen.kind === "failed" ? seen.reason : null;
  });
  if (rank === null) {
    const first = reasons.find((reason) => reason !== null) ?? null;
    return stepOf("connect", connectWords({ path: null, port, first }), span);
  }
  const first = rank === 0 ? null : reasons[0] ?? null;
  return stepOf("connect", connectWords({ path: paths[rank] ?? null, port, first }), span);
}

/** How the unit did. */
export function unitStep(
  { unitId, endpoint: { kind } }: Pick<ProbeTarget, "unitId" | "endpoint">,
  { seen, neighbours, ...span }: AskedUnit,
): ProbeStep {
  return stepOf("unit", unitWords({ unitId, seen, neighbours, kind }), span);
}
