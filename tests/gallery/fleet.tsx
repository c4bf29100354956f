/**
 * Today and the list of sites, with made-up but believable data.
 *
 * @module
 */

import { CompletenessChart } from "../../lib/ui/charts/CompletenessChart.tsx";
import { Key } from "../../lib/ui/charts/ChartFigure.tsx";
import { MiniStrip } from "../../lib/ui/charts/HalfHourStrip.tsx";
import type { SiteRow } from "../../lib/ui/pages/SitesPage.tsx";
import { CompletenessBadge, type TodayPageProps } from "../../lib/ui/pages/TodayPage.tsx";
import { GOOD_SITES, halfHoursOf, OFFICE, seeded, type Shape } from "./estate.ts";

/** The site whose page is shown. */
export const KESTREL: Shape = {
  seed: 7,
  open: [15, 37],
  kw: [11.4, 41],
  missing: [33, 35, "router unreachable"],
  recovered: [35, 36],
};

function stripOf(name: string, shape: Shape) {
  return <MiniStrip name={name} strip={halfHoursOf(shape)} />;
}

function row(
  id: number,
  name: string,
  town: string,
  rest: Partial<SiteRow> & { readonly shape: Shape },
): SiteRow {
  const { shape, ...given } = rest;
  const cells = halfHoursOf(shape).cells;
  return {
    id,
    name,
    href: `/sites/${id}`,
    town,
    state: "good",
    stateWord: "Good",
    strip: stripOf(name, shape),
    lastLabel: "10:30",
    stale: false,
    have: cells.filter((cell) => cell.amountWh !== null).length,
    expected: 48,
    energyWh: cells.reduce((sum, cell) => sum + (cell.amountWh ?? 0), 0),
    estimated: cells.some((cell) => cell.quality !== "measured"),
    path: { kind: "wired" },
    ...given,
  };
}

/** Sites of the list, those who need someone first. */
export const ROWS: readonly SiteRow[] = [
  row(1, "Tollgate Depot", "Swindon", {
    shape: { seed: 1, open: [12, 40], kw: [3, 16], missing: [44, 48, "no answer"] },
    state: "critical",
    stateWord: "No answer",
    lastLabel: "08:30",
    stale: true,
    path: { kind: "none" },
  }),
  row(2, "Weir Lane Nursery", "Reading", {
    shape: { seed: 2, open: [0, 0], kw: [2, 2.4], missing: [17, 48, "no answer"] },
    state: "critical",
    stateWord: "No answer",
    lastLabel: "Sun 19:00",
    stale: true,
    path: { kind: "none" },
  }),
  row(3, "Kestrel House", "Leeds", {
    shape: KESTREL,
    state: "warn",
    stateWord: "Backup path",
    path: { kind: "cellular", bars: 2, label: "4G, SIM 2" },
  }),
  row(4, "Ashdown Surgery", "Crawley", {
    shape: { seed: 4, open: OFFICE, kw: [2.4, 10], missing: [33, 35, "router unreachable"] },
    state: "warn",
    stateWord: "Backup path",
    path: { kind: "cellular", bars: 3, label: "4G" },
  }),
  row(5, "Calder Mill School", "Halifax", {
    shape: { seed: 5, open: [14, 34], kw: [4, 40], recovered: [8, 20] },
    state: "stale",
    stateWord: "1 device 44 h old",
  }),
  row(6, "Orchard Court", "Evesham", {
    shape: { seed: 6, open: [15, 36], kw: [2, 10], missing: [46, 48, "maintenance"] },
    state: "maintenance",
    stateWord: "Maintenance",
    lastLabel: "09:30",
    stale: true,
    path: { kind: "wifi" },
  }),
  ...GOOD_SITES.map(([name, town, night, day], index) =>
    row(20 + index, name, town, {
      shape: { seed: 40 + index, open: index % 5 === 4 ? [0, 0] : OFFICE, kw: [night, day] },
      path: index % 3 === 0
        ? { kind: "wired" }
        : { kind: "cellular", bars: index % 3 === 1 ? 3 : 4, label: "4G" },
    })
  ),
];

/** Legend of the strips. */
export const LEGEND = (
  <ul class="legend">
    <Key mark="load">measured</Key>
    <Key mark="estimated">~ estimated</Key>
    <Key mark="hatch">missing</Key>
    <Key mark="hours">operating hours</Key>
    <li>each to its own peak</li>
  </ul>
);

/** A morning with three silent sites. */
export const TODAY: TodayPageProps = {
  nowLabel: "Monday 23 November, 10:47 GMT",
  siteCount: 412,
  registerHref: null,
  nextLabel: "11:00",
  triage: { boundaryLabel: "10:30", open: false, reported: 409, expected: 412, onBackup: 4, silent: 3 },
  silent: [
    {
      id: 1,
      name: "Tollgate Depot",
      href: "/sites/1",
      state: "critical",
      why: "Router silent",
      lastLabel: "08:30",
      ageS: 8_220,
      next: "try 7 of 12 at 10:52",
      tryAction: "/sites/1/try",
    },
    {
      id: 2,
      name: "Weir Lane Nursery",
      href: "/sites/2",
      state: "critical",
      why: "Connection refused",
      lastLabel: "Sun 19:00",
      ageS: 56_820,
      next: "try 3 of 12 at 10:49",
      tryAction: "/sites/2/try",
    },
    {
      id: 6,
      name: "Orchard Court",
      href: "/sites/6",
      state: "maintenance",
      why: "Maintenance",
      lastLabel: "09:30",
      ageS: 4_620,
      next: "window ends 12:00",
      tryAction: null,
    },
  ],
  completeness: {
    have: 19_757,
    expected: 19_776,
    state: "good",
    paths: [
      { kind: "wired", count: 228, href: "/sites?path=wired" },
      { kind: "cellular", count: 141, href: "/sites?path=cellular" },
      { kind: "wifi", count: 36, href: "/sites?path=wifi" },
      { kind: "backup", count: 4, href: "/sites?path=backup" },
      { kind: "none", count: 3, href: "/sites?path=none" },
    ],
  },
  largest: [
    ["Dunmore Leisure Centre", 2_778_000, "38% out of hours"],
    ["Marram Bay Leisure", 1_920_000, "29% out of hours"],
    ["Brackley Cold Store", 1_587_000, "always open"],
    ["Newlyn Fish Market", 1_248_000, "always open"],
    ["Jubilee Sports Hall", 1_144_000, "29% out of hours"],
    ["Millbrook Laundry", 851_000, "48% out of hours"],
  ].map(([name, energyWh, note], index) => ({
    id: 60 + index,
    name: String(name),
    href: `/sites/${60 + index}`,
    energyWh: Number(energyWh),
    estimated: index === 2,
    note: String(note),
  })),
  yesterdayWh: 148_200_000,
  csrf: "token",
};

/** The last 48 half-hours of all sites. */
export function completenessChart() {
  const next = seeded(3);
  const { cells, days } = halfHoursOf(KESTREL);
  return (
    <CompletenessChart
      id="completeness"
      sites={412}
      days={days}
      cells={cells.map(({ label }, index) => {
        const outage = index >= 33 && index < 37;
        return {
          label,
          missing: index >= 44 || index === 13 ? 2 : outage ? 2 : 0,
          recovered: outage ? 20 + Math.round(6 * next()) : Math.round(2.4 * next()),
        };
      })}
      beside={TODAY.completeness && <CompletenessBadge {...TODAY.completeness} />}
      csvHref="/completeness.csv"
    />
  );
}
