/**
 * What the product's own health says, as outcomes of a check: the same limits, with what to do apart from what was seen.
 *
 * @module
 */

import type { Verdict } from "../../../lib/health/verdict.ts";
import type { Outcome } from "../trial/verdict.ts";

/** A verdict of the product's health as an outcome. `seen` says what was measured, `remedy` what else to do. */
export function outcomeOf(
  { status, output, detail }: Verdict,
  { seen, remedy }: { readonly seen: string; readonly remedy: string },
): Outcome {
  if (status === "pass") return { verdict: "pass", evidence: seen };
  const [what = "", does] = splitAdvice(output ?? "");
  const evidence = [seen, what, ...(detail === undefined ? [] : [detail])].filter((part) => part !== "")
    .join("; ");
  return { verdict: status, evidence, remedy: does ?? remedy };
}

/** What is wrong and what to do, where a verdict says both: `It is not renewed: deno task certificates renew …`. */
function splitAdvice(output: string): readonly [what: string, does: string | undefined] {
  const [, what, does] = /^(.*?): (deno task .*|see .*|is its .*)$/.exec(output) ?? [];
  return what === undefined || does === undefined ? [output, undefined] : [what, does];
}

/** Seconds as people say them. */
export function agoText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.max(0, Math.round(ms / 1_000))} s ago`;
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}

/** Bytes as people say them. */
export function bytesText(bytes: number): string {
  if (bytes < 10_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  if (bytes < 10_000_000_000) return `${Math.round(bytes / 1_000_000).toLocaleString("en-US")} MB`;
  return `${Math.round(bytes / 1_000_000_000).toLocaleString("en-US")} GB`;
}
