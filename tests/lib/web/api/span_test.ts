import { deepStrictEqual } from "node:assert/strict";
import { HALF_HOUR_MS } from "../../../../lib/domain/half_hour.ts";
import { closedPart, spanOf } from "../../../../lib/web/api/span.ts";

const at = (iso: string) => Date.parse(iso) / HALF_HOUR_MS;
const zone = "Europe/Helsinki";

const SPANS = [
  { from: "2026-03-29", to: "2026-03-30", start: "2026-03-28T22:00Z", count: 46 },
  { from: "2026-10-25", to: "2026-10-26", start: "2026-10-24T21:00Z", count: 50 },
  { from: "2026-11-02T10:30:00Z", to: "2026-11-02T12:00:00+01:00", start: "2026-11-02T10:30Z", count: 1 },
  { from: "2026-01-01", to: "2027-02-05", start: "2025-12-31T22:00Z", count: 400 * 48 },
];
for (const { from, to, start, count } of SPANS) {
  Deno.test(`spanOf() reads ${from} to ${to} as ${count} half-hours`, () => {
    const want = { from: at(start), to: at(start) + count };
    deepStrictEqual(spanOf({ from, to, zone, daysMax: 400 }), { ok: true, value: want });
  });
}

const REFUSED = [
  { from: "2026-02-30", to: "2026-03-01", error: { from: "Is no date of the years 2000 to 2050" } },
  {
    from: "2026-02-30T00:00:00Z",
    to: "2026-03-01",
    error: { from: "Is no date of the years 2000 to 2050" },
  },
  {
    from: "0001-01-01",
    to: "9999-12-31",
    error: {
      from: "Is no date of the years 2000 to 2050",
      to: "Is no date of the years 2000 to 2050",
    },
  },
  { from: "2026-01-01T10:15:00Z", to: "2026-01-02", error: { from: "Must lie on :00 or :30" } },
  { from: "2026-01-01T99:00:00Z", to: "2026-01-02", error: { from: "Is no instant" } },
  { from: "2026-01-02", to: "2026-01-02", error: { to: "Must be later than from" } },
  { from: "2026-01-02", to: "2026-01-01", error: { to: "Must be later than from" } },
  { from: "2026-01-01", to: "2027-02-06", error: { to: "At most 400 days after from" } },
];
for (const { from, to, error } of REFUSED) {
  Deno.test(`spanOf() refuses ${from} to ${to}`, () => {
    deepStrictEqual(spanOf({ from, to, zone, daysMax: 400 }), { ok: false, error });
  });
}

Deno.test("closedPart() leaves out what is not over", () => {
  const nowMs = Date.parse("2026-11-02T10:31:00Z");
  const now = at("2026-11-02T10:30Z");
  deepStrictEqual(closedPart({ from: now - 2, to: now + 2 }, nowMs), { from: now - 2, to: now });
  deepStrictEqual(closedPart({ from: now + 2, to: now + 4 }, nowMs), { from: now + 2, to: now + 2 });
});
