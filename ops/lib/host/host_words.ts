/**
 * What `deno task host` prints: a plan with every diff and command, what is not as described, and the same as JSON.
 * Pure.
 *
 * @module
 */

import type { Leftover } from "./applied.ts";
import { driftText, type Looked } from "./engine.ts";

/** What of a host is not as described. */
interface Found {
  readonly looked: readonly Looked[];
  readonly leftovers: readonly Leftover[];
}

const AS_DESCRIBED = "Nothing to change: the host is as described";

/** The plan: each step with its reason, what it changes and how; a count at the end. */
export function formatPlan({ looked, leftovers }: Found): string {
  const all = looked.length;
  const blocks = looked.flatMap(({ step: { name, why }, drift }, at) => {
    if (drift.length === 0) return [];
    const things = drift.map(({ what, is, expected, does }) =>
      [`  ${what} is ${is}; expected: ${expected}`, ...does.map((line) => `    ${line}`)].join("\n")
    );
    return [`${count(at, all)} ${name}\n  ${why}\n${things.join("\n")}`];
  });
  const gone = leftovers.length === 0
    ? []
    : [`Taken away, because the description no longer has it:\n${
      leftovers.map(({ name }) => `  ${name}`).join("\n")
    }`];
  const things = looked.reduce((sum, { drift }) => sum + drift.length, leftovers.length);
  if (things === 0) return `${AS_DESCRIBED} (${all} steps)`;
  const end = `${things} ${
    things === 1 ? "thing" : "things"
  } to change in ${blocks.length} of ${all} steps. Nothing was changed`;
  return [...blocks, ...gone, end].join("\n\n");
}

/** A line a step, then all that is not as described. */
export function endText({ looked, leftovers }: Found): string {
  const all = looked.length;
  const lines = looked.flatMap(({ step: { name }, drift }, at) => {
    const state = drift.length === 0 ? "as described" : `${drift.length} not as described`;
    return [`${count(at, all)} ${name}: ${state}`, ...drift.map(driftText)];
  });
  const gone = leftovers.map(({ name }) => `  ${name} is still there; the description no longer has it`);
  const things = looked.reduce((sum, { drift }) => sum + drift.length, leftovers.length);
  const end = things === 0
    ? AS_DESCRIBED
    : `${thingsText(things)} not as described; deno task host plan says more`;
  return [...lines, ...gone, end].join("\n");
}

function thingsText(things: number): string {
  return things === 1 ? "1 thing is" : `${things} things are`;
}

/** What still lacks after an apply, and without which the host goes on; behind `as described`. */
export function lackingText(lacking: readonly Looked[]): string {
  if (lacking.length === 0) return "";
  const lines = lacking.flatMap(({ step: { name }, drift }) => [`  ${name}`, ...drift.map(driftText)]);
  return [", but for this, which others have to do first:", ...lines].join("\n");
}

/** The steps that are not as described, for JSON. */
export function looksText({ looked, leftovers }: Found): Record<string, unknown> {
  const steps = looked.filter(({ drift }) => drift.length > 0)
    .map(({ step: { name, why }, drift }) => ({ name, why, drift }));
  return { steps, ...leftoverLines(leftovers) };
}

/** What the description no longer has, for JSON. */
export function leftoverLines(leftovers: readonly Leftover[]): Record<string, unknown> {
  return { leftovers: leftovers.map(({ name }) => name) };
}

/** One JSON object. */
export function asJson(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value, null, 2);
}

function count(at: number, all: number): string {
  return `[${String(at + 1).padStart(String(all).length)}/${all}]`;
}
