/**
 * The page of a device, the forms of what happens to it, and maintenance of a site.
 *
 * @module
 */

import { DeviceActPage, type DeviceActPageProps } from "../../lib/ui/pages/device/DeviceActPage.tsx";
import { DevicePage, type DevicePageProps } from "../../lib/ui/pages/device/DevicePage.tsx";
import { MaintenancePage, type MaintenancePageProps } from "../../lib/ui/pages/device/MaintenancePage.tsx";
import { framed, type Specimen } from "./frame.tsx";

const SITE = { name: "Kestrel House", href: "/sites/7" };
const HREF = "/sites/7/devices/31";

const DEVICE: DevicePageProps = {
  name: "Main incomer",
  model: "Eastron SDM630 v2. Unit 11, through a gateway, port 503",
  site: SITE,
  standing: null,
  readAction: `${HREF}/read`,
  acts: [
    { label: "Replace", href: `${HREF}/replace` },
    { label: "Counters of the replacement", href: `${HREF}/counters` },
    { label: "Move", href: `${HREF}/move` },
    { label: "Transformers", href: `${HREF}/transformer` },
    { label: "Device profile", href: `${HREF}/profile` },
    { label: "Retire", href: `${HREF}/retire` },
  ],
  withdrawAction: null,
  seen: 3,
  facts: [
    { label: "Model", value: "Eastron SDM630 v2" },
    { label: "Serial number", value: "2209417" },
    { label: "Reached as", value: "Unit 11, through a gateway, port 503" },
    { label: "Transformers", value: "CT 200/5 A; the display shows primary kWh" },
    { label: "Largest power", value: "138.6 kW" },
    { label: "Part of", value: "nothing" },
    { label: "Location", value: "Plant room, board DB-1" },
    { label: "Registered from", value: "3 Mar 2025 09:30" },
    { label: "Last reading", value: "29 Nov 2026 10:30, 17 min ago" },
  ],
  series: [
    {
      id: "9-2",
      counter: "Import",
      since: "12 Nov 2026 10:10",
      until: null,
      factor: "1 Wh",
      begins: "Goes on from the counter before, as read at that moment",
    },
    {
      id: "9-1",
      counter: "Import",
      since: "3 Mar 2025 09:30",
      until: "12 Nov 2026 10:10",
      factor: "100 Wh",
      begins: "Its first reading",
    },
    {
      id: "10-1",
      counter: "Export",
      since: "12 Nov 2026 10:10",
      until: null,
      factor: "1 Wh",
      begins: "Where the new counter began nobody read",
    },
  ],
  days: [
    {
      label: "19 Nov 2026",
      events: [{
        id: 3,
        timeLabel: "14:02",
        at: "2026-11-19T14:02:00Z",
        state: "info",
        icon: "next",
        what: "Moved",
        more: "Unit 11, through a gateway, port 503; before, unit 4. Noted by Noor Haddad.",
      }],
    },
    {
      label: "12 Nov 2026",
      events: [{
        id: 2,
        timeLabel: "10:10",
        at: "2026-11-12T10:10:00Z",
        state: "info",
        icon: "meter",
        what: "Replaced by another meter",
        more:
          "Serial 1188030 became 2209417. Import ended at 964,120.4 kWh and began at 0.0 kWh. 4 amounts derived again. Noted by Noor Haddad.",
        quote: "Display dark after the storm",
      }],
    },
  ],
  told: { state: "good", title: "The move is noted", words: "The next reading goes there." },
};

const RETIRED: DevicePageProps = {
  ...DEVICE,
  standing: { state: "missing", words: "Retired since 20 Nov 2026 08:00" },
  readAction: null,
  acts: [{ label: "Take it back", href: `${HREF}/retire` }],
  series: [],
  days: [],
  told: null,
};

const ACT: Omit<DeviceActPageProps, "title" | "lead" | "form"> = {
  device: { name: DEVICE.name, href: HREF },
  site: SITE,
  facts: DEVICE.facts.slice(0, 4),
  faults: {},
  told: null,
};

const number = (name: string, label: string, value: string) => ({
  name,
  label,
  value,
  suffix: "kWh",
  keys: "decimal" as const,
  span: 6 as const,
});

const ENDING =
  "No energy will be measured here any more: Import, Export, Import reactive, Export reactive end";

const REPLACE: DeviceActPageProps = {
  ...ACT,
  title: "Replace",
  lead:
    "The history stays on the same channels. With both counters, no energy is lost or counted twice; it can be noted up to a week ahead, and up to a month afterwards.",
  faults: {
    "final-importWh": "More than can have flowed since it was last read, at most 964,188.0 kWh",
    ends: "Tick this to go on, or choose another model",
  },
  form: {
    action: `${HREF}/replace`,
    hidden: { seen: "1" },
    confirm: "The old counter is right: I have read it again",
    ticks: [{
      name: "ends",
      value: "coolautomation-coolmasternet",
      checked: false,
      warning: ENDING,
      words: "I know, go on",
    }],
    submit: "Note the replacement",
    kind: "primary",
    sections: [
      {
        title: "When",
        hint: "By the clock on the wall there, Europe/London.",
        fields: [
          { name: "date", label: "Date", type: "date", value: "2026-11-12", required: true, span: 6 },
          { name: "time", label: "Time", type: "time", value: "10:10", required: true, span: 6 },
        ],
      },
      {
        title: "Old counters at their end",
        hint: "As its display showed at last. Unknown: leave empty, and the half-hour says so.",
        fields: [number("final-importWh", "Import", "966 120,4"), number("final-exportWh", "Export", "")],
      },
      {
        title: "New counters at their beginning",
        hint: "Many new meters begin at 0.",
        fields: [number("first-importWh", "Import", "0"), number("first-exportWh", "Export", "0")],
      },
      {
        title: "New meter",
        fields: [
          { name: "serial", label: "Serial number", value: "2209417", span: 6 },
          { name: "unitId", label: "Unit", value: "11", keys: "numeric", span: 6 },
          {
            name: "profileId",
            label: "Model",
            value: "a",
            options: [{ value: "a", label: "Eastron SDM630 v2" }],
            span: 12,
          },
        ],
      },
      { fields: [{ name: "note", label: "Note", value: "Display dark after the storm", span: 12 }] },
    ],
  },
};

const PROFILE: DeviceActPageProps = {
  ...ACT,
  title: "Device profile",
  lead:
    "The same device, read by another register map or another version of it, from the half-hour under way on.",
  choose: {
    field: {
      name: "profile",
      label: "Device profile",
      value: "b",
      options: [{ value: "b", label: "Schneider Electric iEM3155" }],
      span: 12,
    },
    submit: "Show what changes",
  },
  changes: [
    { label: "From", value: "Eastron SDM630 v2" },
    { label: "To", value: "Schneider Electric iEM3155, version 2" },
    { label: "Go on as they are", value: "4 quantities" },
    { label: "Counters that begin a new series", value: "Import, Export" },
    { label: "End", value: "Voltage L1–L2, Import apparent" },
    { label: "Begin", value: "none" },
  ],
  form: {
    action: `${HREF}/profile`,
    hidden: {},
    confirm: null,
    submit: "Read it as Schneider Electric iEM3155",
    kind: "primary",
    sections: [{ fields: [{ name: "note", label: "Note", value: "", span: 12 }] }],
  },
};

const RETIRE: DeviceActPageProps = {
  ...ACT,
  title: "Retire",
  lead:
    "It is no longer read and counts in no completeness. Its history and this page stay, and it can be taken back.",
  form: {
    action: `${HREF}/retire`,
    hidden: {},
    confirm: null,
    submit: "Retire it",
    kind: "danger",
    sections: [{
      fields: [
        {
          name: "when",
          label: "From when on",
          value: "next",
          options: [{ value: "next", label: "From the next half-hour on" }],
          span: 12,
        },
        { name: "note", label: "Note", value: "", span: 12 },
      ],
    }],
  },
};

const at = (name: "from" | "to", label: string, date: string, time: string) =>
  [
    { name: `${name}Date`, label: `${label}, date`, type: "date" as const, value: date, span: 6 as const },
    { name: `${name}Time`, label: `${label}, time`, type: "time" as const, value: time, span: 6 as const },
  ] as const;

const MAINTENANCE: MaintenancePageProps = {
  site: SITE,
  windows: [
    {
      id: 3,
      what: "The whole site",
      from: "29 Nov 2026 10:00",
      to: "29 Nov 2026 16:00",
      why: "The switchgear is cleaned",
      by: "Set by Noor Haddad, not visited",
      standing: { state: "maintenance", words: "Now" },
      endAction: "/sites/7/maintenance/3/end",
    },
    {
      id: 2,
      what: "Chiller 2",
      from: "4 Dec 2026 08:00",
      to: "4 Dec 2026 12:00",
      why: "Yearly service",
      by: "Set by Noor Haddad",
      standing: { state: "loading", words: "To come" },
      endAction: "/sites/7/maintenance/2/end",
    },
    {
      id: 1,
      what: "The whole site",
      from: "12 Nov 2026 09:30",
      to: "12 Nov 2026 11:00",
      why: "Main meter replaced",
      by: "Set by Ola Nygård, ended early",
      standing: { state: "info", words: "Over" },
      endAction: null,
    },
  ],
  action: "/sites/7/maintenance",
  fields: [
    { name: "meterId", label: "Of", value: "", options: [{ value: "", label: "The whole site" }], span: 12 },
    ...at("from", "From", "2026-11-29", "10:30"),
    ...at("to", "Until", "2026-11-29", "12:30"),
    { name: "why", label: "Why", value: "", maxLength: 200, span: 12 },
  ],
  unvisited: false,
  faults: { toTime: "Half-hours begin at :00 and :30" },
  told: null,
};

const NONE: MaintenancePageProps = { ...MAINTENANCE, windows: [], faults: {} };

/** The pages about the life of devices. */
export function deviceSpecimens(): readonly Specimen[] {
  return [
    { name: "device", title: DEVICE.name, body: framed("sites", <DevicePage {...DEVICE} />) },
    { name: "device-retired", title: DEVICE.name, body: framed("sites", <DevicePage {...RETIRED} />) },
    { name: "device-replace", title: "Replace", body: framed("sites", <DeviceActPage {...REPLACE} />) },
    {
      name: "device-profile",
      title: "Device profile",
      body: framed("sites", <DeviceActPage {...PROFILE} />),
    },
    { name: "device-retire", title: "Retire", body: framed("sites", <DeviceActPage {...RETIRE} />) },
    {
      name: "maintenance",
      title: "Maintenance",
      body: framed("sites", <MaintenancePage {...MAINTENANCE} />),
    },
    { name: "maintenance-none", title: "Maintenance", body: framed("sites", <MaintenancePage {...NONE} />) },
  ];
}
