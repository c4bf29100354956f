/**
 * Reads what `serialize()` wrote, in the browser.
 *
 * @module
 */

import { CONSTANTS, HOLE } from "./serialize.ts";

/** Makes the value of a tag; `read` gives what was written for it, `made` is told of a value still empty. */
export type Reviver = (read: () => unknown, made: (value: unknown) => void) => unknown;

/** Reads one entry; `at` reads another by its place. */
interface Reading {
  readonly at: (place: unknown) => unknown;
  readonly made: (value: unknown) => void;
}

/** Reads a value back, equal in everything that the text keeps. */
export function deserialize(text: string, revivers: Readonly<Record<string, Reviver>> = {}): unknown {
  const parsed: unknown = JSON.parse(text);
  const constants = new Map(CONSTANTS);
  if (typeof parsed === "number") return constants.get(parsed);
  const entries = parsed as readonly unknown[];
  const values = new Map<number, unknown>();

  function at(place: unknown): unknown {
    const index = Number(place);
    if (index < 0) return constants.get(index);
    if (values.has(index)) return values.get(index);
    const made = (value: unknown) => values.set(index, value);
    const value = read(entries[index], { at, made });
    values.set(index, value);
    return value;
  }

  function read(entry: unknown, reading: Reading): unknown {
    if (typeof entry !== "object" || entry === null) return entry;
    if (!Array.isArray(entry)) return readObject(entry, reading);
    if (typeof entry[0] !== "string") return readList(entry, reading);
    const name = entry[0].slice(1);
    const reviver = Object.hasOwn(revivers, name) ? revivers[name] : undefined;
    if (reviver === undefined) return readTagged(name, entry.slice(1), reading);
    return reviver(() => at(entry[1]), reading.made);
  }

  return at(0);
}

function readObject(entry: object, { at, made }: Reading): unknown {
  const object: Record<string, unknown> = {};
  made(object);
  for (const [key, place] of Object.entries(entry)) {
    // A property named __proto__ is one like any other.
    const field = { writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, key, { ...field, value: at(place) });
  }
  return object;
}

function readList(entry: readonly unknown[], { at, made }: Reading): unknown {
  const list: unknown[] = [];
  made(list);
  list.length = entry.length;
  entry.forEach((place, index) => {
    if (place !== HOLE) list[index] = at(place);
  });
  return list;
}

function readTagged(tag: string, rest: readonly unknown[], { at, made }: Reading): unknown {
  switch (tag) {
    case "BigInt":
      return BigInt(String(rest[0]));
    case "Date":
      return new Date(Number(at(rest[0])));
    case "URL":
      return new URL(String(rest[0]));
    case "Uint8Array":
      return Uint8Array.from(atob(String(rest[0])), (letter) => letter.charCodeAt(0));
    case "Set": {
      const set = new Set<unknown>();
      made(set);
      for (const place of rest) set.add(at(place));
      return set;
    }
    case "Map": {
      const map = new Map<unknown, unknown>();
      made(map);
      for (let index = 0; index < rest.length; index += 2) map.set(at(rest[index]), at(rest[index + 1]));
      return map;
    }
  }
  throw new Error(`Unknown kind of value: ${tag}`);
}
