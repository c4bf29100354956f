/**
 * A believable estate for the gallery: half-hours made from a few shapes and a fixed seed, so that two runs draw
 * the same.
 *
 * @module
 */

import type { EndUse } from "../../lib/domain/end_use.ts";
import type { HalfHourCell, HalfHours } from "../../lib/ui/charts/types.ts";

/** Numbers from 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a made-up day of a site looks like. */
export interface Shape {
  /** Seed of its noise. */
  readonly seed: number;
  /** Half-hours a day starts and ends with, local; equal: always open. */
  readonly open: readonly [number, number];
  /** kW at night and by day. */
  readonly kw: readonly [number, number];
  /** Indexes from the start that are missing, and why. */
  readonly missing?: readonly [number, number, string];
  /** Indexes from the start that are recovered. */
  readonly recovered?: readonly [number, number];
}

function clockLabel(slot: number): string {
  const halfHour = ((slot % 48) + 48) % 48;
  return `${String(Math.floor(halfHour / 2)).padStart(2, "0")}:${halfHour % 2 === 0 ? "00" : "30"}`;
}

/** `count` half-hours that begin at 10:30 on Sunday 22 November. */
export function halfHoursOf(shape: Shape, count = 48): HalfHours {
  const next = seeded(shape.seed);
  const cells = Array.from({ length: count }, (_, index): HalfHourCell => {
    const slot = 21 + index;
    const [from, to] = shape.open;
    const inHours = from === to || (slot % 48 >= from && slot % 48 < to && (slot >= 48 || from === to));
    const kw = (inHours ? shape.kw[1] : shape.kw[0]) * (0.9 + 0.2 * next());
    const label = clockLabel(slot);
    const [missingFrom, missingTo, reason] = shape.missing ?? [0, 0, ""];
    if (index >= missingFrom && index < missingTo) {
      return { label, amountWh: null, quality: "missing", reason, open: inHours };
    }
    const [recoveredFrom, recoveredTo] = shape.recovered ?? [0, 0];
    const recovered = index >= recoveredFrom && index < recoveredTo;
    return {
      label,
      amountWh: Math.round(kw * 500),
      quality: recovered ? "recovered" : "measured",
      open: inHours,
    };
  });
  return {
    cells,
    days: [{ from: 0, label: "Sun 22", long: "Sun 22 Nov" }, {
      from: 27,
      label: "Mon 23",
      long: "Mon 23 Nov",
    }],
  };
}

/** Operating hours of an office: half-hours of the local day. */
export const OFFICE = [15, 37] as const;

/** Names for sites that are good. */
export const GOOD_SITES: readonly (readonly [string, string, number, number])[] = [
  ["Aldgate Print Works", "London", 12, 55],
  ["Barrow Road Library", "Bristol", 2, 17],
  ["Crossways Pharmacy", "Hexham", 2, 8],
  ["Eastgate Parade, unit 4", "Lincoln", 6, 22],
  ["Fenwick Primary", "Durham", 4, 24],
  ["Glebe Farm Stores", "Ludlow", 22, 28],
  ["Holt Street Surgery", "Wrexham", 3, 12],
  ["Inverleith Offices", "Edinburgh", 8, 42],
  ["Jubilee Sports Hall", "Corby", 30, 64],
  ["Larch Grove Care Home", "Perth", 18, 38],
  ["Millbrook Laundry", "Preston", 5, 70],
  ["Newlyn Fish Market", "Newlyn", 44, 58],
  ["Oakfield Dental", "Stockport", 1, 7],
];

/** kW of an end use in a half-hour of a working day. */
export function useKw(use: EndUse, slot: number, weekend: boolean): number {
  const day = slot >= 14 && slot < 37 && !weekend;
  switch (use) {
    case "server":
      return 4.3;
    case "ups":
      return 1.7;
    case "other":
      return day ? 4.3 : 1.2;
    case "water":
      return day && slot % 7 < 3 ? 3 : 0.4;
    case "lighting":
      return day ? 8.2 : 0.5;
    case "cooling":
      return day ? 3.1 : 1.6;
    case "heating":
      return slot >= 11 && slot < 35 && !weekend ? 14 : 0.8;
  }
}
