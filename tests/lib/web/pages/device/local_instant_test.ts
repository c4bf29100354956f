import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { instantOf, instantText, localTexts } from "../../../../../lib/web/pages/device/local_instant.ts";

const CASES = [
  { zone: "Europe/London", date: "2026-11-12", time: "10:10", want: "2026-11-12T10:10:00Z" },
  { zone: "Europe/Helsinki", date: "2026-07-01", time: "00:05", want: "2026-06-30T21:05:00Z" },
  { zone: "Asia/Kolkata", date: "2026-07-01", time: "9:59", want: "2026-07-01T04:29:00Z" },
  { zone: "Europe/London", date: "2026-10-25", time: "01:15", want: "2026-10-25T00:15:00Z" },
  { zone: "Europe/London", date: "2026-03-29", time: "01:15", want: null },
  { zone: "Europe/London", date: "2026-02-30", time: "01:15", want: null },
  { zone: "Europe/London", date: "2026-11-12", time: "24:00", want: null },
  { zone: "Europe/London", date: "12.11.2026", time: "10:10", want: null },
];
for (const { zone, date, time, want } of CASES) {
  Deno.test(`instantOf() takes ${date} ${time} in ${zone} for ${want ?? "nothing"}`, () => {
    const at = instantOf(zone, { date, time });
    strictEqual(at.ok ? at.value : null, want === null ? null : Date.parse(want) / 1000);
  });
}

Deno.test("localTexts() and instantText() say it by the clock on the wall", () => {
  const atS = Date.UTC(2026, 5, 30, 21, 5) / 1000;
  deepStrictEqual(localTexts("Europe/Helsinki", atS), { date: "2026-07-01", time: "00:05" });
  strictEqual(instantText("Europe/Helsinki", atS), "1 Jul 2026 00:05");
});
