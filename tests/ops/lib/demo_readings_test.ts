/**
 * What the demo keeps of a simulated answer is what the collector keeps of the same words.
 *
 * @module
 */
import assert from "node:assert/strict";
import { decode } from "../../../lib/profiles/decode.ts";
import { hexOf } from "../../../lib/domain/visit.ts";
import { demoEstate } from "../../../lib/simulator/estate.ts";
import { metersOf } from "../../../lib/simulator/site.ts";
import { broughtHome } from "../../../ops/lib/demo_readings.ts";

const AT_MS = Date.UTC(2026, 10, 25, 9, 30, 7);

Deno.test("broughtHome() keeps of every simulated answer what decode() keeps of its words", () => {
  const seen = new Set<string>();
  for (const { spec, registration } of demoEstate(24, 1)) {
    for (const { profile, readingAt } of metersOf(spec).flat()) {
      seen.add(profile.id);
      for (const [quantity, answer] of Object.entries(readingAt(AT_MS))) {
        const register = profile.registers[quantity];
        assert.ok(register);
        const near = quantity === "latitudeDeg" ? registration.latitude : registration.longitude;
        const decoded = decode(answer.words, register, profile.wordOrder, near);
        const kept = broughtHome(answer, register);
        const where = `${profile.id} ${quantity}: ${hexOf(answer.words)}`;
        assert.equal(kept.words, hexOf(answer.words), where);
        assert.equal(kept.reason, decoded.ok ? null : decoded.error, where);
        if (!decoded.ok) continue;
        if (decoded.value.kind === "text") assert.equal(kept.text, decoded.value.text, where);
        else assert.equal(kept.value, decoded.value.value, where);
      }
    }
  }
  assert.ok(seen.size >= 8, `only ${[...seen].join(", ")}`);
});
