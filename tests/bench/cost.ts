/**
 * What a piece of work costs: beside seconds, which others on the machine stretch, the processor's time, and how long
 * the event loop did not turn, by the clock and by the processor.
 *
 * @module
 */

import type { KyselyPlugin } from "kysely";
import process from "node:process";
import type { Database } from "../../lib/store/db.ts";

/** What a piece of work cost. */
export interface Cost {
  /** By the clock. */
  readonly seconds: number;
  /** Processor time of all threads, those that collect garbage among them. */
  readonly cpuSeconds: number;
  /** Longest time in which the loop did not turn, by the clock. */
  readonly longestPauseMs: number;
  /** The same by the processor: what the work itself did without a pause. */
  readonly longestWorkMs: number;
}

/** Runs a piece of work and says what it cost. */
export async function measured(run: () => Promise<unknown>): Promise<Cost> {
  let [longestPauseMs, longestWorkMs] = [0, 0];
  let [lastMs, lastCpuMs] = [performance.now(), cpuMs()];
  const timer = setInterval(() => {
    const [nowMs, nowCpuMs] = [performance.now(), cpuMs()];
    longestPauseMs = Math.max(longestPauseMs, nowMs - lastMs);
    longestWorkMs = Math.max(longestWorkMs, nowCpuMs - lastCpuMs);
    [lastMs, lastCpuMs] = [nowMs, nowCpuMs];
  }, 1);
  const [startMs, startCpuMs] = [lastMs, lastCpuMs];
  await run();
  clearInterval(timer);
  return {
    seconds: (performance.now() - startMs) / 1_000,
    cpuSeconds: (cpuMs() - startCpuMs) / 1_000,
    longestPauseMs,
    longestWorkMs,
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A cost as a line of a report. */
export function costWords({ seconds, cpuSeconds, longestPauseMs, longestWorkMs }: Cost): string {
  return `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of processor), longest pause ` +
    `${Math.round(longestPauseMs)} ms (${Math.round(longestWorkMs)} ms of processor)`;
}

/** A database whose statements are counted, those of the reader among them. */
export function countedDatabase(db: Database): { readonly db: Database; readonly statements: () => number } {
  let statements = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const counted = { kysely: db.kysely.withPlugin(counter), reader: db.reader.withPlugin(counter) };
  return { db: { ...db, ...counted }, statements: () => statements };
}
