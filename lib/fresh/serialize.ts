/**
 * Writes the props of islands as text: what JSON cannot say too, with shared and circular references kept.
 *
 * The text is a JSON list. A negative number is a constant, any other the place of a value in the list; a
 * value is a string, number, boolean or null as JSON has it, a list of places, an object of places, or for
 * the rest `["@Tag", …]`. The first entry is the value itself.
 *
 * @module
 */

/** The values that JSON lacks, by the number that stands for them. */
export const CONSTANTS: readonly (readonly [code: number, value: unknown])[] = [
  [-1, undefined],
  [-2, NaN],
  [-3, Infinity],
  [-4, -Infinity],
  [-5, -0],
];

/** Stands for a place of a list that was never filled. */
export const HOLE = -6;

/** Turns a value that needs a tag of its own into what is written for it; undefined: it is not of the kind. */
export type Replacer = (value: object) => { readonly value: unknown } | undefined;

/** Writes a value; throws, naming the property, where it holds a function or symbol. */
export function serialize(value: unknown, replacers: Readonly<Record<string, Replacer>> = {}): string {
  const entries: string[] = [];
  const places = new Map<unknown, number>();
  const path: string[] = [];

  function place(value: unknown): number {
    const constant = CONSTANTS.find(([, known]) => Object.is(known, value));
    if (constant !== undefined) return constant[0];
    const known = places.get(value);
    if (known !== undefined) return known;
    const index = entries.push("") - 1;
    places.set(value, index);
    entries[index] = write(value);
    return index;
  }

  function at(name: string, value: unknown): number {
    path.push(name);
    const index = place(value);
    path.pop();
    return index;
  }

  function write(value: unknown): string {
    if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `["@BigInt","${value}"]`;
    if (typeof value !== "object") {
      const where = path.length === 0 ? "the value" : `"${path.join(".")}"`;
      throw new Error(`Cannot give an island ${where}: a ${typeof value} does not reach the browser`);
    }
    return writeObject(value);
  }

  function writeObject(value: object): string {
    for (const [tag, replacer] of Object.entries(replacers)) {
      const replaced = replacer(value);
      if (replaced !== undefined) return `["@${tag}",${at(tag, replaced.value)}]`;
    }
    if (Array.isArray(value)) return writeList(value);
    if (value instanceof Date) return `["@Date",${at("date", value.getTime())}]`;
    if (value instanceof URL) return `["@URL",${JSON.stringify(value.href)}]`;
    if (value instanceof Uint8Array) return `["@Uint8Array","${value.toBase64()}"]`;
    if (value instanceof Set) {
      return `["@Set"${[...value].map((item, index) => `,${at(String(index), item)}`).join("")}]`;
    }
    if (value instanceof Map) {
      const pairs = [...value].map(([key, item]) => `,${at("key", key)},${at(String(key), item)}`);
      return `["@Map"${pairs.join("")}]`;
    }
    const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${at(key, item)}`);
    return `{${fields.join(",")}}`;
  }

  function writeList(list: readonly unknown[]): string {
    const items: number[] = [];
    for (let index = 0; index < list.length; index++) {
      items.push(index in list ? at(String(index), list[index]) : HOLE);
    }
    return `[${items.join(",")}]`;
  }

  const first = place(value);
  return first < 0 ? String(first) : `[${entries.join(",")}]`;
}
