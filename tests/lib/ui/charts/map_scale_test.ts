/**
 * The scale of the small map.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { distanceM, gridLines, offsetM, scaleBarM } from "../../../../lib/ui/charts/map_scale.ts";

Deno.test("distanceM() of a minute of latitude is a nautical mile", () => {
  const away = distanceM({ latitude: 50, longitude: 8 }, { latitude: 50 + 1 / 60, longitude: 8 });
  ok(Math.abs(away - 1855) < 5, `${away}`);
});

Deno.test("offsetM() takes the short way over the date line", () => {
  const { eastM } = offsetM({ latitude: 0, longitude: 179.999 }, { latitude: 0, longitude: -179.999 });
  ok(Math.abs(eastM - 222.6) < 1, `${eastM}`);
});

Deno.test("scaleBarM() is round and no wider than allowed", () => {
  for (const metresPx of [0.5, 0.9, 3.3, 40, 1234]) {
    const bar = scaleBarM(metresPx, 110);
    ok(bar / metresPx <= 110 && bar / metresPx >= 30, `${metresPx}: ${bar}`);
    strictEqual(/^[125]0*$/.test(String(bar)), true, `${bar}`);
  }
});

Deno.test("gridLines() stay few and in order, near a pole too", () => {
  for (const latitude of [0, 53.8, -89.9]) {
    const lines = gridLines({ latitude, longitude: -1.54 }, {
      metresPx: 1,
      reachPx: 480,
      along: "longitude",
    });
    ok(lines.length >= 2 && lines.length <= 40, `${latitude}: ${lines.length}`);
    lines.slice(1).forEach((line, index) => ok(line.px > (lines[index]?.px ?? 0)));
  }
});
