/**
 * Boxes of a form that are named after what they tick, such as `site-7`: as many as there are sites.
 *
 * @module
 */

import { err, ok } from "../result.ts";
import type { Field } from "./form.ts";

/** Fields for all boxes of some kinds that a form was sent with, for reading it besides its other fields. */
export function tickFields(
  form: URLSearchParams,
  kinds: readonly string[],
): Readonly<Record<string, Field<boolean>>> {
  const fields: Record<string, Field<boolean>> = {};
  for (const name of form.keys()) {
    if (kinds.some((kind) => tickedId(name, kind) !== null)) fields[name] = ticked;
  }
  return fields;
}

/** What is ticked of one kind, in the order in which it was sent, each once. */
export function tickedIds(form: URLSearchParams, kind: string): readonly number[] {
  return [...new Set([...form.keys()].flatMap((name) => tickedId(name, kind) ?? []))];
}

const ticked: Field<boolean> = (text) => text === "on" ? ok(true) : err("Expected a tick");

const ID_MAX = 2_147_483_647;

function tickedId(name: string, kind: string): number | null {
  const digits = name.startsWith(`${kind}-`) ? name.slice(kind.length + 1) : "";
  return /^[1-9]\d{0,9}$/.test(digits) && Number(digits) <= ID_MAX ? Number(digits) : null;
}
