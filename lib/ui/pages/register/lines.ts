/**
 * What a test and a scan say while they go on, one JSON value a line: written by the server, read by islands.
 *
 * @module
 */

import type { TestOutcome, TestStep } from "./LiveTest.tsx";
import type { ScanModel } from "./ScanPanel.tsx";

/** The kind of answer that an island asks for instead of a page. */
export const LINES_TYPE = "application/x-ndjson";

/** A line of a test. */
export type TestLine =
  /** It begins: the names of the steps that there will be. */
  | { readonly kind: "begun"; readonly labels: readonly string[] }
  /** A step is known, or known better. */
  | { readonly kind: "step"; readonly place: number; readonly step: TestStep }
  /** It has ended. */
  | {
    readonly kind: "ended";
    readonly outcome: TestOutcome;
    /** Version of the draft, to be sent with its form. */
    readonly version: number;
  };

/** A line of a scan: how it stands; the last one of a line of answers has ended. */
export interface ScanLine {
  /** How it stands. */
  readonly scan: ScanModel;
}

/** A test that goes on, from its lines so far. */
export type RunningTest = Extract<TestOutcome, { readonly kind: "running" }>;

/** With one more line; what has ended is an outcome of its own. */
export function withLine(running: RunningTest, line: Exclude<TestLine, { kind: "ended" }>): RunningTest {
  switch (line.kind) {
    case "begun":
      return { ...running, labels: line.labels };
    case "step":
      return { ...running, steps: { ...running.steps, [line.place]: line.step } };
  }
}
