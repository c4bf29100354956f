/**
 * Every page of the product with made-up but believable data.
 *
 * @module
 */

import { END_USES } from "../../lib/domain/end_use.ts";
import { CompletenessChart } from "../../lib/ui/charts/CompletenessChart.tsx";
import { Key } from "../../lib/ui/charts/ChartFigure.tsx";
import { HalfHourStrip, MiniStrip } from "../../lib/ui/charts/HalfHourStrip.tsx";
import { HeatMap } from "../../lib/ui/charts/HeatMap.tsx";
import { LoadStack } from "../../lib/ui/charts/LoadStack.tsx";
import { SignalChart } from "../../lib/ui/charts/SignalChart.tsx";
import { SparkLine } from "../../lib/ui/charts/SparkLine.tsx";
import type { HalfHourCell, HeatDay, LoadByUse } from "../../lib/ui/charts/types.ts";
import { endUseName } from "../../lib/ui/Words.tsx";
import { ErrorPage } from "../../lib/ui/pages/ErrorPage.tsx";
import { ReadNowPage } from "../../lib/ui/pages/ReadNowPage.tsx";
import { SetupPage } from "../../lib/ui/pages/SetupPage.tsx";
import { SignInPage } from "../../lib/ui/pages/SignInPage.tsx";
import { SitePage } from "../../lib/ui/pages/SitePage.tsx";
import { type SiteRow, SitesPage } from "../../lib/ui/pages/SitesPage.tsx";
import { CompletenessBadge, TodayPage, type TodayPageProps } from "../../lib/ui/pages/TodayPage.tsx";
import type { DeviceRow, RouterModel, SiteHead } from "../../lib/ui/site_model.ts";
import { ALL_SITES } from "../../lib/ui/sites_query.ts";
import { GOOD_SITES, halfHoursOf, seeded, type Shape, useKw } from "./estate.ts";
import { framed, type Specimen } from "./frame.tsx";

const KESTREL: Shape = {
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

const OFFICE = [15, 37] as const;

const ROWS: readonly SiteRow[] = [
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

const LEGEND = (
  <ul class="legend">
    <Key mark="load">measured</Key>
    <Key mark="estimated">~ estimated</Key>
    <Key mark="hatch">missing</Key>
    <Key mark="hours">operating hours</Key>
    <li>each to its own peak</li>
  </ul>
);

const TODAY: TodayPageProps = {
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

function completenessChart() {
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

const HEAD: SiteHead = {
  name: "Kestrel House",
  town: "Leeds",
  state: "warn",
  stateWord: "On its backup path since 07:42",
  lastHalfHourLabel: "10:00–10:30",
  lastAgeS: 1_020,
  stale: false,
  complete24h: { have: 46, expected: 48 },
  complete30d: { have: 14_232, expected: 14_400 },
  path: { kind: "cellular", label: "4G, SIM 2", backup: true },
  signal: { dbm: -104, kind: "rsrp" },
  devicesHeard: 8,
  devices: 9,
  localTimeLabel: "10:47",
  zone: "Europe/London",
  openTodayLabel: "07:30–18:30",
};

function load(): LoadByUse {
  const next = seeded(11);
  const count = 7 * 48;
  const cellAt = (index: number) => {
    const gap = index >= 105 && index < 112;
    const about = index >= 216 && index < 224;
    return {
      gap,
      about,
      slot: index % 48,
      weekend: Math.floor(index / 48) === 4 || Math.floor(index / 48) === 5,
    };
  };
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    firstMs: Date.UTC(2026, 10, 17),
    halfHours: indexes.map((index) => {
      const { gap, about, slot, weekend } = cellAt(index);
      return {
        label: `${String(Math.floor(slot / 2)).padStart(2, "0")}:${slot % 2 === 0 ? "00" : "30"}`,
        quality: gap ? "missing" as const : about ? "recovered" as const : "measured" as const,
        ...(gap ? { reason: "router unreachable" } : {}),
        open: !weekend && slot >= 15 && slot < 37,
      };
    }),
    uses: END_USES.map((use) => ({
      use,
      name: endUseName(use),
      amountsWh: indexes.map((index) => {
        const { gap, slot, weekend } = cellAt(index);
        return gap ? null : Math.round(useKw(use, slot, weekend) * 500 * (0.85 + 0.3 * next()));
      }),
    })),
    days: ["Tue 17", "Wed 18", "Thu 19", "Fri 20", "Sat 21", "Sun 22", "Mon 23"].map((label, index) => ({
      from: index * 48,
      label,
      long: `${label} Nov`,
    })),
    baseloadKw: 11.4,
  };
}

function heatDays(): readonly HeatDay[] {
  const next = seeded(5);
  const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  return Array.from({ length: 84 }, (_, index): HeatDay => {
    const date = new Date(Date.UTC(2026, 7, 31 + index));
    const name = names[index % 7] ?? "";
    const day = `${date.getUTCDate()} ${
      ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][date.getUTCMonth()]
    }`;
    const cells = Array.from({ length: index === 83 ? 21 : 48 }, (_, slot): HalfHourCell => {
      const label = `${String(Math.floor(slot / 2)).padStart(2, "0")}:${slot % 2 === 0 ? "00" : "30"}`;
      const open = index % 7 < 5 && slot >= 15 && slot < 37;
      if (index === 23 && slot > 17 && slot < 42) {
        return { label, amountWh: null, quality: "missing", reason: "router unreachable", open };
      }
      const kw = (open ? 30 + index / 8 : slot > 11 && slot < 40 && index % 7 < 5 ? 16 : 9) *
        (0.8 + 0.4 * next());
      return { label, amountWh: Math.round(kw * 500), quality: "measured", open };
    });
    return {
      label: `${name} ${date.getUTCDate()}`,
      dayMonth: day,
      weekStart: index % 7 === 0,
      halfHours: 48,
      cells,
    };
  });
}

function device(
  id: number,
  name: string,
  model: string,
  rest: Partial<DeviceRow> & { readonly kw: number },
): DeviceRow {
  const { kw, ...given } = rest;
  const { cells } = halfHoursOf({ seed: id, open: OFFICE, kw: [kw / 3, kw] });
  return {
    id,
    name,
    model,
    endUse: "other",
    wholeSite: false,
    spark: <SparkLine name={name} cells={cells} />,
    powerW: kw * 1000,
    counterWh: 1e6 * (40 + id * 17.3) + kw * 100,
    ageS: 1_020 + id,
    stale: false,
    reason: null,
    complete24h: { have: 48, expected: 48 },
    readAction: `/sites/3/meters/${id}/read-now`,
    ...given,
  };
}

const DEVICES: readonly DeviceRow[] = [
  device(1, "Main incomer", "Schneider iEM3255, unit 1", {
    kw: 39.5,
    wholeSite: true,
    counterWh: 1_284_302_400,
  }),
  device(2, "Heat pump 1", "Eastron SDM630 v2, unit 11", { kw: 9.6, endUse: "heating" }),
  device(3, "Heat pump 2", "Eastron SDM630 v2, unit 12", { kw: 7.8, endUse: "heating" }),
  device(4, "Split units, floors 1–3", "Carlo Gavazzi EM340, unit 13", {
    kw: 3.1,
    endUse: "cooling",
    complete24h: { have: 47, expected: 48 },
  }),
  device(5, "Calorifier", "Eastron SDM120, unit 14", { kw: 0.6, endUse: "water" }),
  device(6, "Lighting board L1", "Schneider iEM3155, unit 3", { kw: 8.2, endUse: "lighting" }),
  device(7, "Car park lighting", "Eastron SDM120, unit 15", {
    kw: 1.1,
    endUse: "lighting",
    powerW: null,
    ageS: 11_820,
    stale: true,
    reason: "the gateway says the unit does not respond",
    complete24h: { have: 42, expected: 48 },
  }),
  device(8, "UPS output", "Janitza UMG 96, unit 21", { kw: 1.7, endUse: "ups" }),
  device(9, "Server room", "Eastron SDM120, unit 22", { kw: 4.3, endUse: "server" }),
];

function router(): RouterModel {
  const next = seeded(9);
  const { cells, days } = halfHoursOf(KESTREL);
  return {
    model: "Teltonika RUTX11",
    uptimeS: 41 * 86_400,
    paths: [
      { kind: "wired", state: "down", label: "down since 07:42" },
      { kind: "wifi", state: "unknown", label: "not set up" },
      { kind: "cellular", state: "backup-in-use", label: "in use, SIM 2" },
    ],
    signal: { dbm: -104, kind: "rsrp" },
    signalChart: (
      <SignalChart
        weakDbm={-110}
        days={days}
        cells={cells.map(({ label }, index) =>
          index === 33 || index === 34
            ? { label, dbm: null, reason: "router unreachable" }
            : { label, dbm: Math.round(-90 - (index > 40 ? 14 : 4) - 6 * next()) }
        )}
      />
    ),
    sim: {
      slot: 2,
      stateLabel: "ready",
      ready: true,
      operator: "EE",
      network: "LTE",
      tail: "9026",
      todayB: 4_210_000,
      monthB: 189_000_000,
    },
    temperatureC: 38.4,
    position: {
      fix: { latitude: 53.79212, longitude: -1.54093 },
      registered: { latitude: 53.7922, longitude: -1.5409 },
      accuracyM: 18,
      ageS: 240,
    },
    io: [
      { label: "DI1 Mains", value: "on", on: true },
      { label: "DI2 Door", value: "closed", on: false },
      { label: "DI3 Flood", value: "dry", on: false },
      { label: "DO1 Boiler", value: "on", on: true },
      { label: "AI1 Plant", value: "21.4 °C" },
      { label: "AI2 Tank", value: null },
    ],
    ageS: 1_016,
    reason: null,
  };
}

function site() {
  return (
    <SitePage
      head={HEAD}
      figures={[
        {
          label: "Now",
          figure: { text: "39.5", unit: "kW" },
          note: "peak today 48.9 kW at 07:00",
        },
        {
          label: "Yesterday",
          figure: { text: "454", unit: "kWh" },
          note: "+41% on a usual Sunday",
          noteState: "warn",
        },
        {
          label: "Last 7 days",
          figure: { text: "4,812", unit: "kWh" },
          estimated: true,
          note: "99% complete",
        },
        { label: "Out of hours, 7 d", figure: { text: "43", unit: "%" }, note: "of 4,812 kWh" },
        { label: "Baseload", figure: { text: "11.4", unit: "kW" }, note: "median of 7 nights" },
        { label: "Month so far", figure: null, reason: "registered 9 days ago" },
      ]}
      strip={<HalfHourStrip id="strip" strip={halfHoursOf(KESTREL)} csvHref="/sites/3/half-hours.csv" />}
      load={
        <LoadStack
          id="load"
          load={load()}
          phoneFrom={240}
          ranges={[
            { label: "Day", href: "?range=day", current: false },
            { label: "7 days", href: "?range=week", current: true },
            { label: "30 days", href: "?range=month", current: false },
          ]}
          csvHref="/sites/3/load.csv"
        />
      }
      heat={
        <HeatMap
          id="heat"
          days={heatDays()}
          title="Every half-hour since September"
          csvHref="/sites/3/heat.csv"
        />
      }
      devices={DEVICES}
      router={router()}
      csrf="token"
    />
  );
}

const READ_SITE = { name: "Kestrel House", href: "/sites/3" } as const;

function readNow() {
  const value = (label: string, address: number, words: string, text: string, unit: string) => ({
    label,
    address,
    words,
    figure: { text, unit },
    reason: null,
    tookMs: 254,
  });
  return (
    <ReadNowPage
      device="Lighting board L1"
      model="Schneider iEM3155, unit 3 through port 502"
      site={READ_SITE}
      readAction="/sites/3/meters/6/read-now"
      csrf="token"
      outcome={{
        kind: "read",
        atLabel: "10:47:02",
        pathLabel: "through 4G",
        tookMs: 1_600,
        values: [
          {
            label: "Energy import",
            address: 3203,
            words: "3A25 0AFC 0000 0000",
            figure: null,
            reason: "out of range: no meter of 40 kW counts this far",
            tookMs: 786,
          },
          value("Power total", 3059, "4103 6C8B", "8,214", "W"),
          value("Voltage L1–N", 3027, "436E 6666", "238.4", "V"),
          value("Voltage L2–N", 3029, "436F 199A", "239.1", "V"),
          value("Current L1", 2999, "4139 EB85", "11.62", "A"),
          value("Power factor", 3083, "3F7C AC08", "0.987", ""),
          {
            label: "Tariff in use",
            address: 4188,
            words: "",
            figure: null,
            reason: "illegal address: exception 2",
            tookMs: 61,
          },
        ],
      }}
    />
  );
}

const sitesProps = {
  query: ALL_SITES,
  siteCount: 412,
  found: 412,
  rows: ROWS,
  pageSize: ROWS.length,
  spanLabel: "Sun 10:30 to Mon 10:30",
  legend: LEGEND,
  registerHref: null,
};

const signIn = {
  fault: null,
  back: "/",
  keepDays: 14,
  keep: true,
  organisation: "Northfold Estates",
  csrf: "token",
};

/** All pages in the order of the navigation. */
export function pageSpecimens(): readonly Specimen[] {
  return [
    {
      name: "today",
      title: "Today",
      body: framed("today", <TodayPage {...TODAY} completenessChart={completenessChart()} />),
    },
    {
      name: "today-first",
      title: "Today",
      body: framed(
        "today",
        <TodayPage
          {...TODAY}
          triage={null}
          silent={[]}
          completeness={null}
          largest={[]}
          yesterdayWh={null}
        />,
      ),
    },
    {
      name: "today-empty",
      title: "Today",
      body: framed(
        "today",
        <TodayPage
          {...TODAY}
          siteCount={0}
          registerHref="/sites/new"
          triage={null}
          silent={[]}
          completeness={null}
          largest={[]}
        />,
      ),
    },
    {
      name: "today-good",
      title: "Today",
      body: framed(
        "today",
        <TodayPage
          {...TODAY}
          triage={{
            boundaryLabel: "10:30",
            open: false,
            reported: 412,
            expected: 412,
            onBackup: 0,
            silent: 0,
          }}
          silent={[]}
          completenessChart={completenessChart()}
        />,
      ),
    },
    { name: "sites", title: "Sites", body: framed("sites", <SitesPage {...sitesProps} />) },
    {
      name: "sites-none",
      title: "Sites",
      body: framed(
        "sites",
        <SitesPage
          {...sitesProps}
          query={{ ...ALL_SITES, q: "kestrl", state: "silent" }}
          found={0}
          rows={[]}
        />,
      ),
    },
    { name: "site", title: "Kestrel House", body: framed("sites", site()) },
    { name: "read-now", title: "Read now", body: framed("sites", readNow()) },
    {
      name: "read-failed",
      title: "Read now",
      body: framed(
        "sites",
        <ReadNowPage
          device="Heat pump 2"
          model="Eastron SDM630 v2, unit 12 through port 502"
          site={READ_SITE}
          readAction="/read"
          outcome={{
            kind: "failed",
            atLabel: "10:47:02",
            what: "No answer from unit 12 in 5 s",
            next:
              "The gateway answered, the device behind it did not. It is tried again at 11:00. Look whether it has power and whether its bus wires hold.",
          }}
        />,
      ),
    },
    {
      name: "sign-in",
      title: "Sign in",
      body: <SignInPage {...signIn} email="priya.nair@northfold.example" />,
    },
    {
      name: "sign-in-wrong",
      title: "Sign in",
      body: <SignInPage {...signIn} email="priya.nair@northfold.example" fault={{ kind: "wrong" }} />,
    },
    {
      name: "setup",
      title: "Set up",
      body: (
        <SetupPage
          kind="form"
          token="secret"
          name="Priya Nair"
          email="priya.nair"
          faults={{ email: "An address has an @ in it", password: "9 characters are too few, 12 are needed" }}
          passwordMinLength={12}
          csrf="token"
        />
      ),
    },
    { name: "setup-spent", title: "Set up", body: <SetupPage kind="spent" /> },
    {
      name: "error",
      title: "Error",
      body: <ErrorPage kind="broken" requestId="01JD-7Q2M-XK4T" atLabel="10:47:02" retryAfterS={null} />,
    },
    {
      name: "not-found",
      title: "Not found",
      body: <ErrorPage kind="not-found" requestId="01JD-7Q2M-XK4V" atLabel="10:47:09" retryAfterS={null} />,
    },
  ];
}
