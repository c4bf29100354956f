/**
 * Reads the fields of a description: each knows its place, and everything that is wrong is collected with its place,
 * its value and what was expected. Pure.
 *
 * @module
 */

import { nearestOf } from "../../../lib/domain/site_sheet.ts";
import type { FieldError } from "../fields.ts";

/** Characters of a value that an error shows. */
const SHOWN = 60;

/** A value and where it stands. */
export interface Field {
  /** Where, such as `ssh.keys[2]`; empty for the outermost. */
  readonly place: string;
  readonly value: unknown;
  /** Everything that is wrong anywhere. */
  readonly errors: FieldError[];
}

/** From, to, and what it is where it is not given; absent: it must be given. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly otherwise?: number;
}

/** Says that a value does not fit; `null` stands for it from then on. */
export function refuse({ place, value, errors }: Field, expects: string): null {
  errors.push({ field: place || "the description", value: shown(value), expects });
  return null;
}

/** Whether a field is not given. */
export function isAbsent({ value }: Field): boolean {
  return value === undefined || value === null;
}

/** A field of an object. */
export function inner({ place, value, errors }: Field, name: string): Field {
  const object = isObject(value) ? value : {};
  return { place: place === "" ? name : `${place}.${name}`, value: object[name], errors };
}

/** The fields of an object that may have these; every other name is refused. Not given counts as empty. */
export function fieldsOf<N extends string>(field: Field, names: readonly N[]): Readonly<Record<N, Field>> {
  const { value, errors } = field;
  if (!isAbsent(field) && !isObject(value)) refuse(field, "an object");
  if (field.place === "" && isAbsent(field)) refuse(field, "an object");
  for (const name of Object.keys(isObject(value) ? value : {})) {
    if (names.some((known) => known === name)) continue;
    const near = nearestOf(name, names);
    const known = near === null ? `known are ${names.join(", ")}` : `did you mean "${near}"?`;
    errors.push({
      field: inner(field, name).place.slice(0, 100),
      value: shown(inner(field, name).value),
      expects: `no such field; ${known}`,
    });
  }
  return Object.fromEntries(names.map((name) => [name, inner(field, name)])) as Record<N, Field>;
}

/** A text, spaces around it left out; `null`: it is refused. */
export function textOf(field: Field, expects: string): string | null {
  const { value } = field;
  if (typeof value !== "string" || value.trim() === "") return refuse(field, expects);
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(value.trim())) return refuse(field, `${expects}, on one line`);
  return value.trim();
}

/** A whole number; `null`: it is refused. */
export function wholeOf(field: Field, { least, most, otherwise }: Bounds): number | null {
  const { value } = field;
  if (isAbsent(field) && otherwise !== undefined) return otherwise;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(field, `a whole number from ${least} to ${most}`);
}

/** True or false; not given: false. */
export function flagOf(field: Field): boolean {
  if (isAbsent(field)) return false;
  if (typeof field.value !== "boolean") refuse(field, "true or false");
  return field.value === true;
}

/** The entries of a list; not given counts as empty. */
export function entriesOf(
  field: Field,
  { least, most, of }: { readonly least: number; readonly most: number; readonly of: string },
): readonly Field[] {
  const value = isAbsent(field) ? [] : field.value;
  const expects = least === 0 ? `a list of at most ${most} ${of}` : `a list of ${least} to ${most} ${of}`;
  if (!Array.isArray(value) || value.length < least || value.length > most) {
    refuse(field, expects);
    return [];
  }
  return value.map((entry, at) => ({ place: `${field.place}[${at}]`, value: entry, errors: field.errors }));
}

/** The entries of a list as they are read; what is there twice is refused. */
export function distinct<T>(
  fields: readonly Field[],
  read: (field: Field) => T | null,
): readonly T[] {
  const found = new Map<string, { readonly value: T; readonly place: string }>();
  for (const field of fields) {
    const value = read(field);
    if (value === null) continue;
    const same = found.get(JSON.stringify(value));
    if (same) refuse(field, `another one: ${same.place} says the same`);
    else found.set(JSON.stringify(value), { value, place: field.place });
  }
  return [...found.values()].map(({ value }) => value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as an error shows it: shortened, and never a private key. */
function shown(value: unknown): string {
  if (value === undefined) return "not given";
  const text = JSON.stringify(value) ?? String(value);
  if (/PRIVATE KEY|OPENSSH PRIV/i.test(text)) return "a private key (not shown)";
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
