/**
 * Half-hours of others: before a file, proved, shifted, scaled, not understood.
 *
 * @module
 */

import { type ForeignStatement, statedUnits } from "../../lib/domain/foreign_intervals.ts";
import { type Amounts, proveShift } from "../../lib/domain/foreign_proof.ts";
import { halfHourOf } from "../../lib/domain/half_hour.ts";
import { ForeignPage } from "../../lib/ui/pages/ForeignPage.tsx";
import { type Compared, foreignPage, type ForeignShown } from "../../lib/web/pages/foreign_view.ts";
import { framed, type Specimen } from "./frame.tsx";

const FROM = halfHourOf(Date.UTC(2026, 10, 16));
const COUNT = 7 * 48;
const COUNTER = { channelId: 71, quantity: "importWh", unit: "Wh" } as const;
const SITE: ForeignShown = {
  siteId: 1,
  meterId: 7,
  meter: {
    name: "Incomer",
    siteName: "Corbridge Primary School",
    zone: "Europe/London",
    counters: [COUNTER, { channelId: 72, quantity: "exportWh", unit: "Wh" }],
  },
};
const unit = statedUnits("Wh")[0] ?? { id: "kWh", label: "kWh", kind: "amount", factor: 1000 };
const STATEMENT: ForeignStatement = {
  stamp: "start",
  clock: "local",
  zone: "Europe/London",
  periodMin: 30,
  unit,
};

/** A school: little at night and at the weekend, a hump by day. */
function load(i: number): number {
  const [day, slot] = [Math.floor(i / 48), i % 48];
  const open = day < 5 && slot >= 14 && slot < 34;
  return Math.round(
    2600 + (open ? 11_000 * Math.sin((slot - 13) / 22 * Math.PI) : 0) + 500 * Math.sin(i * 2.3),
  );
}

const OURS = Array.from({ length: COUNT }, (_, i) => i > 150 && i < 170 ? null : load(i));

function compared({ late = 0, factor = 1 }: { readonly late?: number; readonly factor?: number }): Compared {
  const theirs: Amounts = {
    from: FROM + late,
    amounts: Array.from({ length: COUNT - 4 }, (_, i) => Math.round(load(i) * 1.004 * factor)),
  };
  const held = { channelId: 71, from: FROM, amounts: OURS, reasons: [] };
  const quality = OURS.map((amount) => amount === null ? "x" : "m").join("");
  return {
    counter: COUNTER,
    statement: STATEMENT,
    outcome: {
      kind: "compared",
      told: { ...theirs, ambiguous: 0, fell: 0 },
      proof: proveShift(theirs, { from: FROM, amounts: OURS }),
    },
    held: { ...held, quality },
  };
}

const CELLS: Compared = {
  counter: COUNTER,
  statement: STATEMENT,
  held: null,
  outcome: {
    kind: "cells",
    faults: [
      { row: 14, field: "figure", value: "=SUM(B2:B13)", expected: "a number such as 12.5, or nothing" },
      {
        row: 131,
        field: "stamp",
        value: "2026-03-29 01:30",
        expected: "a time that clocks showed: they were put forward over this one",
      },
    ],
  },
};

/** All of them. */
export function foreignSpecimens(): readonly Specimen[] {
  const specimen = (name: string, more: Partial<ForeignShown>): Specimen => ({
    name: `half-hours-${name}`,
    title: "Half-hours of others",
    body: framed("sites", <ForeignPage {...foreignPage({ ...SITE, ...more })} />),
  });
  return [
    specimen("begin", {}),
    specimen("proved", { compared: compared({}) }),
    specimen("shifted", { compared: compared({ late: 1 }) }),
    specimen("scaled", { compared: compared({ factor: 1000 }) }),
    specimen("cells", { compared: CELLS }),
    specimen("no-counter", { meter: { ...SITE.meter, counters: [] } }),
    specimen("faults", {
      faults: {
        profile: "The file has more than 900 kB: split it by months",
        periodMin: "Expected 15 or 30 minutes",
      },
    }),
  ];
}
