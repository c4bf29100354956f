/**
 * Reads the fields of a JSON object that an operator wrote: each is checked, and everything that is wrong is named
 * with its place, its value and what was expected. Pure.
 *
 * @module
 */
import { maskSecrets } from "../../lib/domain/audit.ts";

/** What is wrong with one field. */
export interface FieldError {
  /** Where, such as `endpoints[0].meters[1].unit`. */
  readonly field: string;
  /** What it is. */
  readonly value: string;
  /** What a value looks like, in words. */
  readonly expects: string;
}

/** What stands where a value is not shown. */
const HIDDEN = "not as it should be";

/** Characters of a value that an error shows. */
const SHOWN = 60;

/** All errors as people read them in a terminal. */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  return errors.map(({ field, value, expects }) => `  ${field} is ${value}\n    expected: ${expects}`).join(
    "\n",
  );
}

/** How long a text, how large a number, how many entries. */
export interface Range<O> {
  /** At least. */
  readonly least: number;
  /** At most. */
  readonly most: number;
  /** The value without it; absent: it must be there. */
  readonly otherwise?: O;
}

/** The fields of an object. What does not fit is refused and read as `null`. */
export interface Fields {
  /** A text, spaces around it left out. */
  text(name: string, range: Range<string>): string | null;
  /** A text with every character of it. Its value is not shown where its name sounds like a secret. */
  secret(name: string, range: Range<string>): string | null;
  /** A number. */
  number(name: string, range: Range<null>): number | null;
  /** A whole number. */
  whole(name: string, range: Range<null>): number | null;
  /** True or false; not given: false. */
  flag(name: string): boolean;
  /** One of some words. */
  choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T;
  /** One of some words; `null`: not given. */
  optionalChoice<T extends string>(name: string, choices: readonly T[]): T | null;
  /** A list of objects. */
  list(name: string, range: Range<never>): readonly Fields[];
  /** A list of so many texts; `null`: not given, or refused. */
  texts(name: string, range: { readonly count: number; readonly most: number }): readonly string[] | null;
  /** An object; `null`: not given. Where it `hides`, no value in it is ever shown. */
  inner(name: string, shows?: "hides"): Fields | null;
  /** `at`: the entry of a list that is meant. */
  refuse(name: string, expects: string, at?: number): void;
  /** Refuses every other name. */
  onlyKnown(names: readonly string[]): void;
}

/** The fields of an object; `place` is where it stands, empty for the outermost. What is wrong goes into `errors`. */
export function fieldsOf(errors: FieldError[], place: string, json: unknown): Fields {
  return makeFields(errors, { place, json, shown });
}

/** Texts and numbers of an object; what does not fit is refused. */
function valuesIn(
  object: Record<string, unknown>,
  refuse: (name: string, expects: string) => void,
): Pick<Fields, "text" | "secret" | "number" | "whole"> {
  const number = (name: string, range: Range<null>, kind: NumberKind) => {
    const value = numberIn(object[name], range, kind);
    if (value === undefined) refuse(name, `${kind} from ${range.least} to ${range.most}`);
    return value ?? null;
  };
  return {
    text(name, { least, most, otherwise }) {
      const value = typeof object[name] === "string" ? object[name].trim() : object[name];
      if (isAbsent(value) && otherwise !== undefined) return otherwise;
      const fits = typeof value === "string" && value.length >= least && value.length <= most;
      if (!fits) refuse(name, `a text of ${least} to ${most} characters`);
      else if (hasControl(value)) refuse(name, "a text without control characters");
      return fits ? value : null;
    },
    secret(name, { least, most, otherwise }) {
      const value = object[name];
      if (isAbsent(value) && otherwise !== undefined) return otherwise;
      if (isSecretText(value, { least, most })) return value;
      refuse(name, `a text of ${least} to ${most} characters, none of them a control character`);
      return null;
    },
    number: (name, range) => number(name, range, "a number"),
    whole: (name, range) => number(name, range, "a whole number"),
  };
}

/** Where the object stands, what it is, and how a value of it is shown. */
interface Source {
  readonly place: string;
  readonly json: unknown;
  readonly shown: (value: unknown) => string;
}

function makeFields(errors: FieldError[], { place, json, shown }: Source): Fields {
  const object = isObject(json) ? json : {};
  if (!isObject(json)) {
    errors.push({ field: place || "the site", value: shown(masked(json)), expects: "an object" });
  }
  const refuse = (name: string, expects: string, entry?: number) => {
    const [value, index] = valueAt(object, name, entry);
    errors.push({ field: `${join(place, name)}${index}`, value: shown(maskedBy(name, value)), expects });
  };
  const entries = (name: string, { least, most }: Range<never>): readonly unknown[] | null => {
    const value = object[name];
    const fits = Array.isArray(value) && value.length >= least && value.length <= most;
    if (!fits) refuse(name, `a list of ${least === most ? least : `${least} to ${most}`}`);
    return fits ? value : null;
  };
  const fields: Fields = {
    ...valuesIn(object, refuse),
    flag(name) {
      const value = object[name] ?? false;
      if (typeof value !== "boolean") refuse(name, "true or false");
      return value === true;
    },
    choice: (name, choices, otherwise) => fields.optionalChoice(name, choices) ?? otherwise,
    optionalChoice(name, choices) {
      if (isAbsent(object[name])) return null;
      const choice = choices.find((one) => one === object[name]);
      if (choice === undefined) refuse(name, `one of ${choices.join(", ")}`);
      return choice ?? null;
    },
    list: (name, range) =>
      entries(name, range)?.map((entry, i) => fieldsOf(errors, `${join(place, name)}[${i}]`, entry)) ?? [],
    texts(name, { count, most }) {
      const texts = isAbsent(object[name]) ? null : entries(name, { least: count, most: count });
      const isText = (text: unknown) => typeof text === "string" && text.length <= most;
      texts?.forEach((text, i) => isText(text) || refuse(name, `a text of 0 to ${most} characters`, i));
      return texts?.every(isText) ? texts.map(String) : null;
    },
    inner(name, shows) {
      if (isAbsent(object[name])) return null;
      const inside = { place: join(place, name), json: object[name] };
      return makeFields(errors, { ...inside, shown: shows === "hides" ? hidden : shown });
    },
    refuse,
    onlyKnown(names) {
      for (const name of Object.keys(object)) {
        if (!names.includes(name)) refuse(name, `no such field; known are ${names.join(", ")}`);
      }
    },
  };
  return fields;
}

/** Whether a value is a secret that can be kept as it is. */
export function isSecretText(
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
): value is string {
  return typeof value === "string" && value.length >= least && value.length <= most && !hasControl(value);
}

function hasControl(text: string): boolean {
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);
}

type NumberKind = "a number" | "a whole number";

/** The number, or what stands for none; `undefined`: it does not fit. */
function numberIn(value: unknown, range: Range<null>, kind: NumberKind): number | null | undefined {
  if (isAbsent(value) && range.otherwise !== undefined) return range.otherwise;
  const fits = typeof value === "number" && value >= range.least && value <= range.most &&
    (kind === "a number" || Number.isInteger(value));
  return fits ? value : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that is meant, and how its place goes on. */
function valueAt(
  object: Record<string, unknown>,
  name: string,
  entry: number | undefined,
): [unknown, string] {
  const value = object[name.split(/[.[]/, 1)[0] ?? name];
  if (entry === undefined || !Array.isArray(value)) return [value, ""];
  return [value[entry], `[${entry}]`];
}

function join(place: string, name: string): string {
  return place === "" ? name : `${place}.${name}`;
}

/** A value without what sounds like a secret in it. */
function masked(value: unknown): unknown {
  return value === undefined ? value : maskSecrets(value);
}

/** A value without what sounds like a secret, in it or by its own name. */
function maskedBy(name: string, value: unknown): unknown {
  return (masked({ [name]: value }) as Record<string, unknown>)[name];
}

function hidden(value: unknown): string {
  return value === undefined ? "not given" : HIDDEN;
}

function shown(value: unknown): string {
  if (value === undefined) return "not given";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
