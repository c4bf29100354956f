import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { figureText } from "../../../../lib/ui/format.ts";
import { figureOf, quantityName } from "../../../../lib/web/pages/read_now.ts";

const FIGURES = [
  [1_234_567, { kind: "counter", unit: "Wh", quantity: "importWh" }, "1,234.6 kWh"],
  [1_234_567, { kind: "counter", unit: "varh", quantity: "importVarh" }, "1,234.6 kvarh"],
  [1_234_567, { kind: "counter", unit: "VAh", quantity: "importVAh" }, "1,234.6 kVAh"],
  [0, { kind: "counter", unit: "varh", quantity: "importVarh" }, "0.0 kvarh"],
  [230.5, { kind: "gauge", unit: "V", quantity: "voltageV" }, "230.5 V"],
  [-104, { kind: "gauge", unit: "dBm", quantity: "signalDbm" }, "−104 dBm"],
  [7_200, { kind: "counter", unit: "s", quantity: "uptimeS" }, "2 h"],
  ["", { kind: "text", unit: "", quantity: "operator" }, "empty"],
  ["v1.2", { kind: "text", unit: "", quantity: "firmware" }, "v1.2"],
] as const;
for (const [value, of, want] of FIGURES) {
  Deno.test(`figureOf() writes ${of.quantity} ${value} as ${want}`, () => {
    strictEqual(figureText(figureOf(value, of)), want);
  });
}

const NAMES = [
  ["importWh", "Import"],
  ["importVarh", "Import reactive"],
  ["importVAh", "Import apparent"],
  ["voltageL1V", "Voltage L1"],
  ["powerFactor", "Power factor"],
  ["powerW", "Power"],
  ["frequencyHz", "Frequency"],
] as const;
Deno.test("quantityName() names quantities for people", () => {
  deepStrictEqual(NAMES.map(([quantity]) => [quantity, quantityName(quantity)]), NAMES);
});
