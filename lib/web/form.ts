/**
 * Reads a posted form: with a limit and a deadline, every field once, no field that was not asked for, and all
 * errors at once beside their fields.
 *
 * @module
 */

import { HttpError } from "fresh";
import { EMAIL_MAX_LENGTH } from "../auth/email.ts";
import { normalPassword } from "../auth/password.ts";
import { judgePassword, type PasswordOwner } from "../auth/password_policy.ts";
import type { Clock } from "../clock.ts";
import { err, ok, type Result } from "../result.ts";
import type { State } from "./state.ts";
import { type BytesTrouble, readText } from "./body.ts";
import { requireStillThere } from "./still_there.ts";

/** Turns the text of one field into a value, or into what is expected; `undefined`: the field was not sent. */
export type Field<T> = (text: string | undefined) => Result<T, string>;

/** A field for each name of the draft. */
export type Fields<T> = { readonly [Name in keyof T]: Field<T[Name]> };

/** A message for each field that is wrong; `""` holds what belongs to no field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Largest form body in bytes. */
export const FORM_MAX_BYTES = 64 * 1024;

/** Why a body could not be read; `broken-off`: the client went away. */
export type BodyTrouble = BytesTrouble | "not-a-form";

/** Reads the body of a form; uploads are not accepted. */
export async function readBody(
  request: Request,
  clock: Clock,
): Promise<Result<URLSearchParams, BodyTrouble>> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.toLowerCase().startsWith("application/x-www-form-urlencoded")) return err("not-a-form");
  const text = await readText(request, { clock, maxBytes: FORM_MAX_BYTES });
  return text.ok ? ok(new URLSearchParams(text.value)) : text;
}

/** The body of a form that was posted; 413 or 400 where it cannot be read, 401 where its sender has left meanwhile. */
export async function requireBody(
  { req, state }: { readonly req: Request; readonly state: State },
): Promise<URLSearchParams> {
  const body = await readBody(req, state.base.clock);
  if (!body.ok) throw new HttpError(body.error === "too-large" ? 413 : 400);
  await requireStillThere(state);
  return body.value;
}

/** Checks a form against its fields. */
export function readForm<T extends object>(form: URLSearchParams, fields: Fields<T>): Result<T, FieldErrors> {
  const errors: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    if (!Object.hasOwn(fields, name)) errors[""] = `Unknown field "${printable(name)}"`;
    else if (form.getAll(name).length > 1) errors[name] = "Sent more than once";
  }
  for (const [name, field] of Object.entries<Field<unknown>>(fields)) {
    const read = field(form.get(name) ?? undefined);
    if (read.ok) values[name] = read.value;
    else errors[name] ??= read.error;
  }
  return Object.keys(errors).length > 0 ? err(errors) : ok(values as T);
}

/** What a person typed, for showing it again: the first 200 characters of each field that was asked for. */
export function typed(form: URLSearchParams, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, (form.get(name) ?? "").slice(0, 200)]));
}

// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/;

/** A line of text without control and direction characters, trimmed. */
export function line({ min, max }: { readonly min: number; readonly max: number }): Field<string> {
  return (text) => {
    const value = (text ?? "").trim();
    if (UNPRINTABLE.test(value)) return err("Contains characters that cannot be shown");
    if (value.length < min) return err(min === 1 ? "Is missing" : `Needs at least ${min} characters`);
    if (value.length > max) return err(`Has ${value.length} characters, at most ${max} are accepted`);
    return ok(value);
  };
}

/** A password: kept as typed, only its length is judged here, as {@link normalPassword} makes it. */
export function password({ min, max }: { readonly min: number; readonly max: number }): Field<string> {
  return (text) => {
    const value = text ?? "";
    const { length } = normalPassword(value);
    if (length < min) return err(min === 1 ? "Is missing" : `Needs at least ${min} characters`);
    return length > max ? err(`At most ${max} characters are accepted`) : ok(value);
  };
}

/** A new password of somebody: kept as typed, judged as {@link judgePassword} does. */
export function newPasswordOf(owner?: PasswordOwner): Field<string> {
  return (text) => judgePassword(text ?? "", owner);
}

/** An e-mail address as RFC 5321 allows it without quoting, lower case, at most {@link EMAIL_MAX_LENGTH} characters. */
export const email: Field<string> = (text) => {
  const value = (text ?? "").trim().toLowerCase();
  if (value === "") return err("Is missing");
  const shaped = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(value);
  return shaped && value.length <= EMAIL_MAX_LENGTH
    ? ok(value)
    : err(`"${printable(value)}" is no e-mail address, expected name@example.org`);
};

/** One of the choices. */
export function choice<T extends string>(choices: readonly T[]): Field<T> {
  return (text) => {
    const found = choices.find((one) => one === text);
    return found ? ok(found) : err(`Expected one of ${choices.join(", ")}`);
  };
}

function printable(text: string): string {
  return text.slice(0, 60).replaceAll(new RegExp(UNPRINTABLE, "g"), "?");
}
