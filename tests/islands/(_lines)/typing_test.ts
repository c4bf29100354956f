import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { refusalWords } from "../../../islands/(_lines)/follow.ts";
import { testKey, type Typing, whatNow } from "../../../islands/(_lines)/typing.ts";

const WHOLE = { profileId: "eastron-sdm630", endpointId: "1", unitId: "3", appliedBy: "" };
const keyOf = (over: Readonly<Record<string, string>> = {}) =>
  testKey(new URLSearchParams({ ...WHOLE, ...over }));

Deno.test("testKey() is the same whatever a device is called, another for another unit, model or ratio", () => {
  strictEqual(keyOf({ name: "Incomer", serial: "1" }), keyOf());
  for (const over of [{ unitId: "4" }, { profileId: "eastron-sdm120" }, { endpointId: "2" }]) {
    notStrictEqual(keyOf(over), keyOf());
  }
  const ratio = { appliedBy: "meter", ctPrimaryA: "400", ctSecondaryA: "5" };
  notStrictEqual(keyOf(ratio), keyOf({ ...ratio, ctPrimaryA: "200" }));
});

for (
  const [name, over] of [
    ["a model is chosen", { profileId: "" }],
    ["an endpoint is", { endpointId: "" }],
    ["a unit is typed", { unitId: " " }],
    ["a unit is a number", { unitId: "1a" }],
    ["the ratios are typed that were promised", {
      appliedBy: "wattpost",
      ctPrimaryA: "400",
      ctSecondaryA: "",
    }],
  ] as const
) {
  Deno.test(`testKey() is none before ${name}`, () => strictEqual(keyOf(over), null));
}

const TYPING: Typing = { on: true, seen: true, key: "new", asked: "old", running: false };
const CASES: readonly [string, Partial<Typing>, boolean, boolean][] = [
  ["waits for what is complete and new", {}, false, true],
  ["stops the older test first", { running: true }, true, true],
  ["leaves a test of the same alone", { asked: "new", running: true }, false, false],
  ["does not test the same twice", { asked: "new" }, false, false],
  ["stops what is not complete any more", { key: null, running: true }, true, false],
  ["asks nothing while nobody looks", { seen: false }, false, false],
  ["stops even the right test while nobody looks", { asked: "new", running: true, seen: false }, true, false],
  ["is switched off", { on: false }, false, false],
];
for (const [name, over, stop, wait] of CASES) {
  Deno.test(`whatNow() ${name}`, () => deepStrictEqual(whatNow({ ...TYPING, ...over }), { stop, wait }));
}

Deno.test("refusalWords() says when it helps to ask again", () => {
  match(refusalWords(429, "130"), /in 3 minutes/);
  match(refusalWords(429, null), /in a minute/);
  match(refusalWords(404, null), /removed in another window/);
  match(refusalWords(401, null), /sign in/);
  match(refusalWords(503, null), /answer 503/);
});
