import { ok, strictEqual } from "node:assert/strict";
import { END_USES } from "../../../lib/domain/end_use.ts";
import type { WeekHours } from "../../../lib/domain/site.ts";
import { createLoad, sumOf } from "../../../lib/simulator/load.ts";

const WEEKDAYS = [{ fromMin: 480, toMin: 1080 }];
const HOURS: WeekHours = [WEEKDAYS, WEEKDAYS, WEEKDAYS, WEEKDAYS, WEEKDAYS, [], []];
const ZONE = "Europe/London";
/** Wednesday of the week in which British clocks go forward on Sunday. */
const WEDNESDAY_MS = Date.UTC(2026, 2, 25);
const HOUR_MS = 3_600_000;

function loadOf(endUse: (typeof END_USES)[number], seed = 1) {
  return createLoad({ endUse, maxPowerW: 10_000, hours: HOURS, zone: ZONE, seed });
}

for (const endUse of END_USES) {
  Deno.test(`createLoad() never counts ${endUse} backwards, week ends included, and stays below its largest power`, () => {
    const load = loadOf(endUse);
    let before = load.energyWhAt(WEDNESDAY_MS);
    for (let minute = 5; minute < 16 * 1440; minute += 5) {
      const instantMs = WEDNESDAY_MS + minute * 60_000;
      const now = load.energyWhAt(instantMs);
      const grown = now - before;
      ok(grown > 0 && grown < 10_000 / 12, `${endUse} grew ${grown} Wh in 5 minutes at ${minute}`);
      before = now;
    }
  });

  Deno.test(`createLoad() has ${endUse} power that is the slope of its energy`, () => {
    const load = loadOf(endUse, 4);
    for (let i = 0; i < 50; i++) {
      const instantMs = WEDNESDAY_MS + 60_000 + i * 7_717_000;
      const slope = (load.energyWhAt(instantMs + 500) - load.energyWhAt(instantMs - 500)) * 3600;
      const power = load.powerWAt(instantMs);
      ok(Math.abs(slope - power) < 1 + power * 0.02, `${slope} and ${power}`);
    }
  });
}

Deno.test("createLoad() says the same about an instant, asked in any order by anyone", () => {
  const first = loadOf("cooling");
  const instants = [30, 2, 17, 400, 2, 90].map((days) => WEDNESDAY_MS - days * 24 * HOUR_MS);
  const once = instants.map((instant) => first.energyWhAt(instant));
  const again = instants.toReversed().map((instant) => loadOf("cooling").energyWhAt(instant)).toReversed();
  strictEqual(JSON.stringify(once), JSON.stringify(again));
});

Deno.test("createLoad() lights a shop in its local hours, in summer time too", () => {
  const load = loadOf("lighting");
  const winter = WEDNESDAY_MS;
  const summer = WEDNESDAY_MS + 7 * 24 * HOUR_MS;
  for (const [dayMs, firstHour] of [[winter, 8], [summer, 7]] as const) {
    const asleep = load.energyWhAt(dayMs + firstHour * HOUR_MS) -
      load.energyWhAt(dayMs + (firstHour - 0.5) * HOUR_MS);
    const open = load.energyWhAt(dayMs + (firstHour + 0.5) * HOUR_MS) -
      load.energyWhAt(dayMs + firstHour * HOUR_MS);
    ok(open > 4 * asleep, `${asleep} Wh before, ${open} Wh after`);
  }
});

Deno.test("createLoad() heats more in January than in July, and cools the other way round", () => {
  const week = (endUse: "heating" | "cooling", month: number) => {
    const from = Date.UTC(2026, month, 5);
    const load = loadOf(endUse);
    return load.energyWhAt(from + 168 * HOUR_MS) - load.energyWhAt(from);
  };
  ok(week("heating", 0) > 5 * week("heating", 6));
  ok(week("cooling", 6) > 1.5 * week("cooling", 0));
});

Deno.test("sumOf() counts what its parts count", () => {
  const parts = [loadOf("server"), loadOf("water", 2)];
  strictEqual(
    sumOf(parts).energyWhAt(WEDNESDAY_MS),
    (parts[0]?.energyWhAt(WEDNESDAY_MS) ?? 0) + (parts[1]?.energyWhAt(WEDNESDAY_MS) ?? 0),
  );
});
