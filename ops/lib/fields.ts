/**
 * Reads the fields of a JSON object that an operator wrote: each is checked, and everything that is wrong is named
 * with its place, its value and what was expected. Pure.
 *
 * @module
 */

/** What is wrong with one field. */
export interface FieldError {
  /** Where, such as `endpoints[0].meters[1].unit`. */
  readonly field: string;
  /** What it is. */
  readonly value: string;
  /** What a value looks like, in words. */
  readonly expects: string;
}

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
  /** An object; `null`: not given. */
  inner(name: string): Fields | null;
  /** `at`: the entry of a list that is meant. */
  refuse(name: string, expects: string, at?: number): void;
  /** Refuses every other name. */
  onlyKnown(names: readonly string[]): void;
}

/** The fields of an object; `place` is where it stands, empty for the outermost. What is wrong goes into `errors`. */
export function fieldsOf(errors: FieldError[], place: string, json: unknown): Fields {
  const object = isObject(json) ? json : {};
  if (!isObject(json)) {
    errors.push({ field: place || "the site", value: shown(json), expects: "an object" });
  }
  const refuse = (name: string, expects: string, entry?: number) => {
    const [value, index] = valueAt(object, name, entry);
    errors.push({ field: `${join(place, name)}${index}`, value: shown(value), expects });
  };
  const number = (name: string, range: Range<null>, kind: NumberKind) => {
    const value = numberIn(object[name], range, kind);
    if (value === undefined) refuse(name, `${kind} from ${range.least} to ${range.most}`);
    return value ?? null;
  };
  const entries = (name: string, { least, most }: Range<never>): readonly unknown[] | null => {
    const value = object[name];
    const fits = Array.isArray(value) && value.length >= least && value.length <= most;
    if (!fits) refuse(name, `a list of ${least === most ? least : `${least} to ${most}`}`);
    return fits ? value : null;
  };
  const fields: Fields = {
    text(name, { least, most, otherwise }) {
      const value = typeof object[name] === "string" ? object[name].trim() : object[name];
      if (isAbsent(value) && otherwise !== undefined) return otherwise;
      const fits = typeof value === "string" && value.length >= least && value.length <= most;
      if (!fits) refuse(name, `a text of ${least} to ${most} characters`);
      return fits ? value : null;
    },
    number: (name, range) => number(name, range, "a number"),
    whole: (name, range) => number(name, range, "a whole number"),
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
    inner: (name) => isAbsent(object[name]) ? null : fieldsOf(errors, join(place, name), object[name]),
    refuse,
    onlyKnown(names) {
      for (const name of Object.keys(object)) {
        if (!names.includes(name)) refuse(name, `no such field; known are ${names.join(", ")}`);
      }
    },
  };
  return fields;
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

function shown(value: unknown): string {
  if (value === undefined) return "not given";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
