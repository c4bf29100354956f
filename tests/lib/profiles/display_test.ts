import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { parseDisplay } from "../../../lib/profiles/display.ts";

const READ = [
  ["12 345.6 kWh", 12345.6, 1, "Wh", 1000],
  ["12\u202f345,6 kWh", 12345.6, 1, "Wh", 1000],
  ["12.345,6kWh", 12345.6, 1, "Wh", 1000],
  ["12,345.60 kwh", 12345.6, 2, "Wh", 1000],
  ["1'234'567 Wh", 1234567, 0, "Wh", 1],
  ["0012345.6 kWh", 12345.6, 1, "Wh", 1000],
  ["1,234,567 kWh", 1234567, 0, "Wh", 1000],
  ["1.234.567 kWh", 1234567, 0, "Wh", 1000],
  ["-3.2 kW", -3.2, 1, "W", 1000],
  ["\u22123,2 kW", -3.2, 1, "W", 1000],
  ["230,5 V", 230.5, 1, "V", 1],
  ["12.345 kWh", 12.345, 3, "Wh", 1000],
  ["0,987", 0.987, 3, "", 1],
  ["49.98 Hz", 49.98, 2, "Hz", 1],
  ["18.4 m3", 18.4, 1, "L", 1000],
  ["21,5 °C", 21.5, 1, "°C", 1],
  ["7", 7, 0, "", 1],
] as const;

for (const [text, value, decimals, unit, factor] of READ) {
  Deno.test(`parseDisplay() reads "${text}" as ${value}`, () => {
    const read = parseDisplay(text);
    strictEqual(read.ok, true);
    if (!read.ok) return;
    deepStrictEqual([read.value.value, read.value.decimals, read.value.unit, read.value.factor], [
      value,
      decimals,
      unit,
      factor,
    ]);
  });
}

const REFUSED = [
  ["", /expected a number/],
  ["kWh", /expected a number/],
  ["12 345 apples", /unit "apples" is not known/],
  ["12,345 kWh", /may be 12345 or 12\.345/],
  ["1.2.3,4,5", /two decimal points/],
  ["1234567890123456789 kWh", /at most 15 digits/],
  ["9".repeat(5_000), /at most 15 digits/],
] as const;

for (const [text, why] of REFUSED) {
  Deno.test(`parseDisplay() refuses "${text.slice(0, 30)}"`, () => {
    const read = parseDisplay(text);
    strictEqual(read.ok, false);
    if (!read.ok) strictEqual(why.test(read.error), true, read.error);
  });
}
