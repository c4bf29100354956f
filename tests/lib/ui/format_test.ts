/**
 * Numbers as people read them.
 *
 * @module
 */

import { strictEqual } from "node:assert/strict";
import {
  ageText,
  bytesText,
  changeText,
  completenessText,
  counterFigure,
  countText,
  durationText,
  energyText,
  figureText,
  initialsOf,
  listText,
  numberText,
  percentText,
  powerText,
  signalBars,
  signalText,
  signalWord,
  temperatureText,
} from "../../../lib/ui/format.ts";

interface Case {
  readonly name: string;
  readonly got: () => unknown;
  readonly want: unknown;
}

const CASES: readonly Case[] = [
  { name: "numberText() separates thousands", got: () => numberText(1_284_302), want: "1,284,302" },
  { name: "numberText() uses a true minus", got: () => numberText(-104), want: "−104" },
  { name: "numberText() gives no sign to what rounds to 0", got: () => numberText(-0.04, 1), want: "0.0" },
  { name: "energyText() calls nothing 0 kWh", got: () => energyText(0), want: "0 kWh" },
  { name: "energyText() keeps Wh below 1 kWh", got: () => energyText(640), want: "640 Wh" },
  { name: "energyText() never says 1,000 Wh", got: () => energyText(999.6), want: "1.0 kWh" },
  { name: "energyText() has one decimal below 100 kWh", got: () => energyText(99_940), want: "99.9 kWh" },
  { name: "energyText() never says 100.0 kWh", got: () => energyText(99_960), want: "100 kWh" },
  { name: "energyText() has whole kWh above", got: () => energyText(1_587_400), want: "1,587 kWh" },
  { name: "energyText() goes to MWh at 100 MWh", got: () => energyText(148_240_000), want: "148.2 MWh" },
  { name: "energyText() says exports as minus", got: () => energyText(-12_300), want: "−12.3 kWh" },
  { name: "powerText() keeps W below 100 W", got: () => powerText(62.4), want: "62 W" },
  { name: "powerText() says kW from there", got: () => powerText(600), want: "0.6 kW" },
  { name: "powerText() never says 100.0 kW", got: () => powerText(99_960), want: "100 kW" },
  { name: "powerText() has whole kW above 100 kW", got: () => powerText(1_240_300), want: "1,240 kW" },
  {
    name: "counterFigure() is what a display shows",
    got: () => figureText(counterFigure(1_284_302_420)),
    want: "1,284,302.4 kWh",
  },
  {
    name: "figureText() joins a percent sign",
    got: () => figureText({ text: "43", unit: "%" }),
    want: "43%",
  },
  {
    name: "figureText() leaves a bare number bare",
    got: () => figureText({ text: "0.987", unit: "" }),
    want: "0.987",
  },
  { name: "temperatureText() has one decimal", got: () => temperatureText(-19.24), want: "−19.2 °C" },
  { name: "signalText() says dBm", got: () => signalText(-104), want: "−104 dBm" },
  { name: "signalWord() RSRP −95 is good", got: () => signalWord(-95, "rsrp"), want: "good" },
  { name: "signalWord() RSRP −104 is fair", got: () => signalWord(-104, "rsrp"), want: "fair" },
  { name: "signalWord() RSRP −111 is weak", got: () => signalWord(-111, "rsrp"), want: "weak" },
  { name: "signalWord() RSSI −91 is weak", got: () => signalWord(-91, "rssi"), want: "weak" },
  { name: "signalBars() has four for the best", got: () => signalBars(-70, "rsrp"), want: 4 },
  { name: "signalBars() has none for nothing", got: () => signalBars(-140, "rsrp"), want: 0 },
  { name: "durationText() counts seconds", got: () => durationText(14.9), want: "14 s" },
  { name: "durationText() counts minutes", got: () => durationText(1_020), want: "17 min" },
  { name: "durationText() adds minutes to hours", got: () => durationText(11_820), want: "3 h 17 min" },
  { name: "durationText() leaves 0 minutes out", got: () => durationText(7_200), want: "2 h" },
  { name: "durationText() adds hours to days", got: () => durationText(187_200), want: "2 d 4 h" },
  { name: "durationText() has only days from ten", got: () => durationText(41.6 * 86_400), want: "41 d" },
  { name: "durationText() knows no negative age", got: () => durationText(-3), want: "0 s" },
  { name: "ageText() says old", got: () => ageText(1_020), want: "17 min old" },
  { name: "percentText() rounds", got: () => percentText(0.4349), want: "43%" },
  {
    name: "completenessText() is never rounded up",
    got: () => completenessText(19_775, 19_776, 2),
    want: "99.99%",
  },
  { name: "completenessText() floors", got: () => completenessText(47, 48), want: "97%" },
  { name: "completenessText() is 100% only if complete", got: () => completenessText(48, 48), want: "100%" },
  { name: "completenessText() is 0% only if empty", got: () => completenessText(1, 1_440), want: "under 1%" },
  { name: "completenessText() is 0% if empty", got: () => completenessText(0, 48), want: "0%" },
  { name: "completenessText() expects nothing", got: () => completenessText(0, 0), want: "—" },
  { name: "changeText() says plus", got: () => changeText(0.412), want: "+41%" },
  { name: "changeText() says minus", got: () => changeText(-0.04), want: "−4%" },
  { name: "changeText() has a sign for no change", got: () => changeText(-0.002), want: "±0%" },
  { name: "bytesText() keeps bytes", got: () => bytesText(999), want: "999 B" },
  { name: "bytesText() counts as tariffs do", got: () => bytesText(189_000_000), want: "189 MB" },
  { name: "bytesText() never says 1,000 MB", got: () => bytesText(999_600_000), want: "1.0 GB" },
  { name: "countText() knows one", got: () => countText(1, "site"), want: "1 site" },
  { name: "countText() knows many", got: () => countText(10_000, "half-hour"), want: "10,000 half-hours" },
  { name: "countText() takes another plural", got: () => countText(2, "is", "are"), want: "2 are" },
  { name: "listText() joins with and", got: () => listText(["a", "b", "c"]), want: "a, b and c" },
  { name: "listText() leaves one alone", got: () => listText(["a"]), want: "a" },
  { name: "listText() says nothing of nothing", got: () => listText([]), want: "" },
  { name: "initialsOf() takes first and last", got: () => initialsOf("Priya Anand Nair"), want: "PN" },
  { name: "initialsOf() takes one name", got: () => initialsOf(" ana "), want: "A" },
  { name: "initialsOf() has a sign for no name", got: () => initialsOf("  "), want: "?" },
];

for (const { name, got, want } of CASES) {
  Deno.test(name, () => strictEqual(got(), want));
}
