import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type Fix,
  isUsableFix,
  judgeFixes,
  metresBetween,
  type Position,
} from "../../../lib/domain/geofence.ts";

const HOME: Position = { latitude: 51.5, longitude: -0.12 };
const NOW = 1_000;

/** Degrees north of home for some metres. */
function north(metres: number): Position {
  return { latitude: HOME.latitude + metres / 111_195, longitude: HOME.longitude };
}

function fix(halfHour: number, at: Position, more: Partial<Fix> = {}): Fix {
  return { halfHour, ...at, satellites: 9, accuracyM: null, ...more };
}

const DISTANCES: readonly [string, Position, Position, number][] = [
  ["nowhere", HOME, HOME, 0],
  ["a degree of latitude", { latitude: 0, longitude: 0 }, { latitude: 1, longitude: 0 }, 111_195],
  [
    "a degree of longitude at 60° north",
    { latitude: 60, longitude: 10 },
    { latitude: 60, longitude: 11 },
    55_597,
  ],
  ["across the date line", { latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 }, 111_195],
  ["pole to pole", { latitude: 90, longitude: 0 }, { latitude: -90, longitude: 0 }, 20_015_115],
];
for (const [name, a, b, want] of DISTANCES) {
  Deno.test(`metresBetween() of ${name}`, () =>
    ok(Math.abs(metresBetween(a, b) - want) < Math.max(1, want * 1e-4)));
}

const USABLE: readonly [string, Fix, boolean][] = [
  ["nine satellites", fix(1, HOME), true],
  ["four satellites", fix(1, HOME, { satellites: 4 }), true],
  ["three satellites", fix(1, HOME, { satellites: 3 }), false],
  ["satellites not said", fix(1, HOME, { satellites: null }), true],
  ["0,0, which is no fix", fix(1, { latitude: 0, longitude: 0 }), false],
  ["the equator, which is one", fix(1, { latitude: 0, longitude: 30 }), true],
  ["latitude 91", fix(1, { latitude: 91, longitude: 0 }), false],
  ["no number", fix(1, { latitude: NaN, longitude: 0 }), false],
  ["as sharp as the fence", fix(1, HOME, { accuracyM: 300 }), true],
  ["blunter than the fence", fix(1, HOME, { accuracyM: 301 }), false],
];
for (const [name, one, want] of USABLE) {
  Deno.test(`isUsableFix() of ${name}`, () => strictEqual(isUsableFix(one, 300), want));
}

const AWAY = north(2_000);
const POOR = { satellites: 3 };
const WALKS: readonly [string, readonly Fix[], string, readonly string[]][] = [
  ["no fix at all", [], "no-fix", []],
  ["at home", [fix(998, HOME), fix(999, north(100))], "at-home", []],
  ["one fix outside proves nothing", [fix(998, HOME), fix(999, AWAY)], "at-home", []],
  ["two fixes outside: moved, since the first", [fix(997, HOME), fix(998, AWAY), fix(999, AWAY)], "moved", [
    "moved 998",
  ]],
  [
    "a poor fix between two outside is passed over",
    [fix(996, AWAY), fix(997, HOME, POOR), fix(999, AWAY)],
    "moved",
    ["moved 996"],
  ],
  ["a poor fix is not the second one", [fix(998, AWAY), fix(999, AWAY, POOR)], "at-home", []],
  ["outside, inside, outside", [fix(997, AWAY), fix(998, HOME), fix(999, AWAY)], "at-home", []],
  ["back with one fix inside", [fix(996, AWAY), fix(997, AWAY), fix(999, HOME)], "at-home", [
    "moved 996",
    "returned 999",
  ]],
  ["away twice", [fix(990, AWAY), fix(991, AWAY), fix(992, HOME), fix(993, AWAY), fix(994, AWAY)], "moved", [
    "moved 990",
    "returned 992",
    "moved 993",
  ]],
  ["299 m is at home", [fix(998, north(299)), fix(999, north(299))], "at-home", []],
  ["301 m is not", [fix(998, north(301)), fix(999, north(301))], "moved", ["moved 998"]],
  ["a fix of the day before yesterday says nothing", [fix(900, HOME)], "no-fix", []],
  ["moved and silent since stays moved", [fix(800, AWAY), fix(801, AWAY)], "moved", ["moved 800"]],
];
for (const [name, fixes, state, events] of WALKS) {
  Deno.test(`judgeFixes(): ${name}`, () => {
    const view = judgeFixes(fixes, { home: HOME, radiusM: 300 }, NOW);
    strictEqual(view.state, state);
    deepStrictEqual(view.events.map(({ kind, at }) => `${kind} ${at}`), events);
  });
}

Deno.test("judgeFixes() of a site without a registered place shows the fix and judges nothing", () => {
  const view = judgeFixes([fix(998, AWAY), fix(999, AWAY)], { home: null, radiusM: 300 }, NOW);
  deepStrictEqual([view.state, view.distanceM, view.events, view.fix?.halfHour], [
    "not-registered",
    null,
    [],
    999,
  ]);
});

Deno.test("judgeFixes() with a wider fence finds the same router at home", () =>
  strictEqual(
    judgeFixes([fix(998, AWAY), fix(999, AWAY)], { home: HOME, radiusM: 5_000 }, NOW).state,
    "at-home",
  ));
