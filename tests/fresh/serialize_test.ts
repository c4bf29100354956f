import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { deserialize, type Reviver } from "../../lib/fresh/deserialize.ts";
import { type Replacer, serialize } from "../../lib/fresh/serialize.ts";

const VALUES: Readonly<Record<string, unknown>> = {
  text: 'a "b" \\ \u2028 \u0000 \ud83d\ude00',
  "a lone surrogate": "\ud800",
  "text that looks like a tag": ["@Date", "0"],
  "text that ends a script": "</script><!--",
  number: 1.5e300,
  "minus zero": -0,
  "not a number": NaN,
  infinity: [Infinity, -Infinity],
  undefined: undefined,
  null: null,
  booleans: [true, false],
  "negative numbers, which are also places": [-1, -2, -3, -4, -5, -6, 0, 1],
  bigint: -(2n ** 70n),
  date: new Date(1e12),
  "invalid date": new Date(NaN),
  url: new URL("https://example.test/a?b#c"),
  bytes: new Uint8Array([0, 1, 254, 255]),
  map: new Map<unknown, unknown>([["a", 1], [{ key: true }, new Map()], [NaN, undefined]]),
  set: new Set([1, "1", [1]]),
  "nested and empty things": { a: [{}, [], { b: { c: [[null]] } }], "": { "0": 1 } },
  "a list with holes": Object.assign(new Array(4), { 1: undefined, 2: "x" }),
  "a property named __proto__": JSON.parse('{"__proto__":{"admin":true},"constructor":1}'),
};
for (const [name, value] of Object.entries(VALUES)) {
  Deno.test(`serialize() brings across ${name}`, () => {
    for (const given of [value, { deep: [value] }]) {
      const text = serialize(given);
      JSON.parse(text);
      deepStrictEqual(deserialize(text), given);
    }
  });
}

Deno.test("serialize() keeps holes apart from undefined, and prototypes as they are", () => {
  const list = deserialize(serialize(VALUES["a list with holes"])) as unknown[];
  deepStrictEqual([0 in list, 1 in list, 3 in list], [false, true, false]);
  const object = deserialize(serialize(VALUES["a property named __proto__"])) as object;
  strictEqual(Object.getPrototypeOf(object), Object.prototype);
  ok(!("admin" in object));
});

Deno.test("serialize() keeps what is shared and what goes in circles", () => {
  const shared = { n: 1 };
  const ring: Record<string, unknown> = { shared, again: shared, set: new Set([shared]) };
  ring.self = ring;
  ring.map = new Map([["ring", ring]]);
  const back = deserialize(serialize(ring)) as typeof ring;
  strictEqual(back.self, back);
  strictEqual(back.shared, back.again);
  ok((back.set as Set<unknown>).has(back.shared));
  strictEqual((back.map as Map<string, unknown>).get("ring"), back);
});

class Box {
  constructor(public value: unknown) {}
}
const BOXED: Record<string, Replacer> = {
  Box: (value) => value instanceof Box ? { value: value.value } : undefined,
};
const UNBOXED: Record<string, Reviver> = {
  Box: (read, made) => {
    const box = new Box(undefined);
    made(box);
    box.value = read();
    return box;
  },
};

Deno.test("serialize() hands values of other kinds to replacers, one thing staying one", () => {
  const box = new Box(undefined);
  box.value = { box };
  const back = deserialize(serialize([box, box], BOXED), UNBOXED) as Box[];
  ok(back[0] instanceof Box);
  strictEqual(back[0], back[1]);
  strictEqual((back[0]?.value as { box: Box }).box, back[0]);
});

for (const [name, value] of [["function", () => 1], ["symbol", Symbol("s")]] as const) {
  Deno.test(`serialize() refuses a ${name} and says where it is`, () => {
    throws(() => serialize({ props: [{ onSave: value }] }), new RegExp(`"props\\.0\\.onSave": a ${name}`));
  });
}

Deno.test("deserialize() refuses what it does not know", () => {
  for (const text of ['[["@Nothing",1],1]', '[["@constructor",1],1]', "[", ""]) {
    throws(() => deserialize(text));
  }
});
