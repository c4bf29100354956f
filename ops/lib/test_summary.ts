/**
 * What the suites of a test run said, added up into the one line that people and machines read.
 *
 * @module
 */

/** Tests counted. */
export interface Tally {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed; a suite that could not even say so counts as one. */
  readonly failed: number;
  /** Tests skipped by name. */
  readonly ignored: number;
}

/** How a suite ended. */
export interface SuiteEnd {
  /** What it printed, without colours. */
  readonly output: string;
  /** Exit code; anything but 0 is at least one failure. */
  readonly code: number;
}

/** Reads the last line that `deno test` ends with; a suite that fails without one counts as one failure. */
export function tallyOf({ output, code }: SuiteEnd): Tally {
  const last = output.split("\n").findLast((line) => /^(ok|FAILED) \| \d+ passed/.test(line)) ?? "";
  const count = (word: string) => Number(new RegExp(`\\| (\\d+) ${word}`).exec(last)?.[1] ?? 0);
  const failed = count("failed");
  return {
    passed: count("passed"),
    failed: code !== 0 ? Math.max(1, failed) : failed,
    ignored: count("ignored"),
  };
}

/** Adds up. */
export function sumOf(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    ignored: sum.ignored + one.ignored,
  }), { passed: 0, failed: 0, ignored: 0 });
}

/** In CI nothing may be skipped: what was ignored counts as failed. */
export function strictly(tally: Tally): Tally {
  return { passed: tally.passed, failed: tally.failed + tally.ignored, ignored: 0 };
}

/** What of a failed suite's output is worth reading: from its errors on, at most `limit` characters from the end. */
export function troubleOf(output: string, limit: number): string {
  const from = output.indexOf("\n ERRORS \n");
  const trouble = from < 0 ? output : output.slice(from + 1);
  return trouble.length > limit ? `…${trouble.slice(-limit)}` : trouble;
}

/** The closing line. */
export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
