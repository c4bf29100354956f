/**
 * One site and one of its devices, with made-up but believable data.
 *
 * @module
 */

import { END_USES } from "../../lib/domain/end_use.ts";
import { HalfHourStrip } from "../../lib/ui/charts/HalfHourStrip.tsx";
import { HeatMap } from "../../lib/ui/charts/HeatMap.tsx";
import { LoadStack } from "../../lib/ui/charts/LoadStack.tsx";
import { SignalChart } from "../../lib/ui/charts/SignalChart.tsx";
import { SparkLine } from "../../lib/ui/charts/SparkLine.tsx";
import type { HalfHourCell, HeatDay, LoadByUse } from "../../lib/ui/charts/types.ts";
import { endUseName } from "../../lib/ui/Words.tsx";
import { ReadNowPage } from "../../lib/ui/pages/ReadNowPage.tsx";
import { SitePage } from "../../lib/ui/pages/SitePage.tsx";
import type { DeviceRow, RouterModel, SiteHead } from "../../lib/ui/site_model.ts";
import { halfHoursOf, OFFICE, seeded, useKw } from "./estate.ts";
import { KESTREL } from "./fleet.tsx";

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

/** The page of one site. */
export function sitePage() {
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
      routerHref="/sites/1/router"
      timeline={[
        {
          label: "Today",
          events: [
            {
              id: 1,
              timeLabel: "07:42",
              at: "2026-11-23T07:42:00Z",
              state: "warn",
              icon: "backup",
              what: "Wired path lost, reached through 4G on SIM 2",
              more: "Readings complete since, 340 ms slower.",
            },
            {
              id: 2,
              timeLabel: "07:30",
              at: "2026-11-23T07:30:00Z",
              state: "stale",
              what: "Car park lighting last answered",
              more: "Gateway exception 11. Other units behind it answer.",
            },
            {
              id: 3,
              timeLabel: "04:36",
              at: "2026-11-23T04:36:00Z",
              state: "estimated",
              what: "Recovered 04:00–04:30",
              more: "5.8 kWh from the counter, shared out over the gap. 03:00–04:00 has no reading.",
            },
          ],
        },
      ]}
      csrf="token"
    />
  );
}

/** A site that was registered a few minutes ago. */
export function newSitePage() {
  return (
    <SitePage
      head={{
        ...HEAD,
        name: "Corbridge Primary",
        town: "Corbridge",
        state: "loading",
        stateWord: "Waiting for its first half-hour",
        lastHalfHourLabel: null,
        lastAgeS: null,
        complete24h: { have: 0, expected: 0 },
        complete30d: null,
        path: { kind: "unknown", label: "not known yet", backup: false },
        signal: null,
        devicesHeard: 0,
        devices: 0,
        waiting: { devices: 1, fromLabel: "16:00" },
        localTimeLabel: "15:41",
      }}
      figures={[
        { label: "Newest half-hour", figure: null, reason: "no energy yet" },
        { label: "Yesterday", figure: null, reason: "not registered then" },
        { label: "Baseload", figure: null, reason: "needs a day of measured half-hours" },
      ]}
      devices={[]}
      router={null}
    />
  );
}

/** The site of the device that is read. */
export const READ_SITE = { name: "Kestrel House", href: "/sites/3" } as const;

/** A device that answered, with two values refused. */
export function readNowPage() {
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
