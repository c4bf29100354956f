import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isDailyQuantity, isExpectedIn } from "../../../lib/domain/daily.ts";
import { PROFILES } from "../../../lib/profiles/mod.ts";

Deno.test("isDailyQuantity() agrees with every device profile", () => {
  const wrong = PROFILES.flatMap((profile) =>
    Object.entries(profile.registers).flatMap(([quantity, spec]) => {
      const daily = spec.daily === true && spec.kind !== "counter";
      return daily === isDailyQuantity(quantity) ? [] : [`${profile.id} ${quantity}`];
    })
  );
  deepStrictEqual(wrong, []);
});

Deno.test("isExpectedIn() expects a serial number once a day and a voltage always", () => {
  const count = (quantity: string) =>
    Array.from({ length: 48 }, (_, i) => i).filter((i) => isExpectedIn({ siteId: 7, quantity }, 48_000 + i))
      .length;
  strictEqual(count("serial"), 1);
  strictEqual(count("voltageV"), 48);
});
