/**
 * The pages of registering a site: the drafts, each step as it begins, half filled, at fault and done, and a device
 * under test and scan.
 *
 * @module
 */

import type { VNode } from "preact";
import { CheckStepPage, type CheckStepPageProps } from "../../lib/ui/pages/register/CheckStepPage.tsx";
import { DevicesStepPage } from "../../lib/ui/pages/register/DevicesStepPage.tsx";
import { type DraftRow, DraftsPage } from "../../lib/ui/pages/register/DraftsPage.tsx";
import { HoursStepPage, type HoursStepPageProps } from "../../lib/ui/pages/register/HoursStepPage.tsx";
import { RouterStepPage, type RouterStepPageProps } from "../../lib/ui/pages/register/RouterStepPage.tsx";
import { SiteStepPage, type SiteStepPageProps } from "../../lib/ui/pages/register/SiteStepPage.tsx";
import { framed, type Specimen } from "./frame.tsx";
import {
  AT,
  DEVICES,
  DEVICES_PAGE,
  frameOf,
  NEW_DEVICE,
  SCAN_FAILED,
  SCANNING,
  SILENT,
} from "./register_devices.ts";

const FILLED = frameOf("site", ["done", "done", "todo", "todo", "todo"]);

/** The step of the site, half filled. */
export const SITE: SiteStepPageProps = {
  frame: FILLED,
  action: `${AT}/site`,
  version: 3,
  faults: {},
  values: {
    name: "Corbridge Primary",
    group: "1",
    address: "St Helen's Street",
    town: "Corbridge",
    zone: "Europe/London",
    latitude: "54.9748",
    longitude: "-2.0185",
    contacts: [{
      name: "Alison Reed, caretaker",
      phone: "+44 1434 632 000",
      email: "office@corbridge.example",
    }],
  },
  groups: [{ value: "", label: "No group" }, { value: "1", label: "North" }, {
    value: "2",
    label: "Cold stores",
  }],
  zones: ["Asia/Kolkata", "Europe/Berlin", "Europe/London"],
  place: { latitude: 54.9748, longitude: -2.0185 },
  zoneOffsetMin: 0,
};

const EMPTY_SITE: SiteStepPageProps = {
  ...SITE,
  frame: frameOf("site", [], { siteName: "", savedLabel: null }),
  values: { name: "", group: "", address: "", town: "", zone: "", latitude: "", longitude: "", contacts: [] },
  place: null,
  zoneOffsetMin: null,
};

const FAULTY_SITE: SiteStepPageProps = {
  ...SITE,
  frame: frameOf("site", ["faulty", "done"]),
  values: {
    ...SITE.values,
    zone: "Asia/Kathmandu",
    latitude: "154.97",
    contacts: [{ name: "", phone: "extension 12 of the switchboard", email: "office" }],
  },
  place: null,
  zoneOffsetMin: 345,
  faults: {
    name: "Another site is called “Corbridge Primary”",
    zone: "Asia/Kathmandu is 5 h 45 min ahead: a zone of whole half-hours is expected",
    latitude: "154.97 is not on the earth: −90 to 90 is expected",
    contact1Name: "Who is it?",
    contact1Email: "An address such as name@example.org is expected",
  },
};

/** The step of the router, filled. */
export const ROUTER: RouterStepPageProps = {
  frame: frameOf("router", ["done", "done"]),
  action: `${AT}/router`,
  version: 4,
  faults: {},
  values: {
    model: "Teltonika RUT956",
    serial: "1116802345",
    profileId: "teltonika-rutos",
    unitId: "1",
    paths: [{ kind: "cellular", host: "10.84.3.17" }, {
      kind: "wired",
      host: "corbridge.vpn.northfold.example",
    }],
    endpoints: [
      { id: "1", kind: "router", port: "502", pauseMs: "0", responseTimeoutMs: "" },
      { id: "2", kind: "gateway", port: "503", pauseMs: "50", responseTimeoutMs: "1500" },
    ],
    iccid: "8944110068812345678",
    simNumber: "+44 7700 900 123",
    operator: "Vodafone",
    apn: "m2m.northfold",
    allowanceMB: "100",
    user: "wattpost",
  },
  profiles: [{ value: "", label: "Not read" }, { value: "teltonika-rutos", label: "Teltonika RutOS" }],
  passwordKept: true,
  responseTimeoutDefaultMs: 3000,
  warnings: [],
};

const NO_ROUTER: RouterStepPageProps = {
  ...ROUTER,
  frame: frameOf("router", ["done"]),
  passwordKept: false,
  values: {
    model: "",
    serial: "",
    profileId: "",
    unitId: "1",
    paths: [],
    endpoints: [{ id: "", kind: "router", port: "502", pauseMs: "0", responseTimeoutMs: "" }],
    iccid: "",
    simNumber: "",
    operator: "",
    apn: "",
    allowanceMB: "",
    user: "",
  },
};

const FAULTY_ROUTER: RouterStepPageProps = {
  ...ROUTER,
  frame: frameOf("router", ["done", "faulty"]),
  values: {
    ...ROUTER.values,
    paths: [{ kind: "cellular", host: "010.84.3.17" }, { kind: "wifi", host: "" }],
    endpoints: [{ id: "2", kind: "gateway", port: "70000", pauseMs: "50", responseTimeoutMs: "1500" }],
    iccid: "89441100688123456",
  },
  warnings: [
    "10.84.3.17 port 503 is also Hexham Middle School's. That is right only where both share one router",
  ],
  faults: {
    "": "Somebody else saved this draft at 10:45",
    path1Host: "010.84.3.17 begins with a 0 and may be read as octal: write 10.84.3.17",
    endpoint1Port: "70000 is no port: 1 to 65535 is expected",
    iccid: "17 digits: 18 to 20 are expected",
  },
};

const HOURS: HoursStepPageProps = {
  frame: frameOf("hours", ["done", "done", "done", "todo"]),
  action: `${AT}/hours`,
  version: 6,
  faults: {},
  days: [
    "08:00-12:00, 13:00-18:00",
    "08:00-18:00",
    "08:00-18:00",
    "08:00-18:00",
    "08:00-16:30",
    "24h",
    "closed",
  ],
  sameAsMonday: false,
  hours: [
    [{ fromMin: 480, toMin: 720 }, { fromMin: 780, toMin: 1080 }],
    ...[1080, 1080, 1080, 990].map((toMin) => [{ fromMin: 480, toMin }]),
    [{ fromMin: 0, toMin: 1440 }],
    [],
  ],
};

const CHECK: CheckStepPageProps = {
  frame: frameOf("check", ["done", "done", "done", "todo", "todo"]),
  action: `${AT}/check`,
  version: 7,
  parts: [
    {
      step: "site",
      href: `${AT}/site`,
      facts: [
        { label: "Name", value: "Corbridge Primary" },
        { label: "Group", value: "North" },
        { label: "Address", value: "St Helen's Street, Corbridge" },
        { label: "Time zone", value: "Europe/London" },
        { label: "Position", value: "54.97480° N, 2.01850° W" },
        { label: "Contacts", value: "Alison Reed, caretaker" },
      ],
    },
    {
      step: "router",
      href: `${AT}/router`,
      facts: [
        { label: "Model", value: "Teltonika RUT956, 1116802345" },
        { label: "Paths", value: "10.84.3.17 cellular, then corbridge.vpn.northfold.example wired" },
        { label: "Endpoints", value: "Router at port 502, gateway at port 503" },
        { label: "SIM", value: "Vodafone, 100 MB a month" },
      ],
    },
    {
      step: "devices",
      href: `${AT}/devices`,
      facts: [],
      devices: DEVICES.map(({ name, href, unitId, state, words }) => ({
        name,
        href,
        words: `${state === "critical" ? "Eastron SDM630 v2" : words.split(",")[0]}, unit ${unitId}`,
        state,
        tested: state === "critical" ? "no answer" : words.split(", ").at(-1) ?? "",
      })),
    },
    { step: "hours", href: `${AT}/hours`, facts: [] },
  ],
  startFaults: [],
  score: 72,
  gaps: [
    {
      what: "Operating hours",
      brings: "Shows what runs while nobody is there: most waste is found so.",
      points: 12,
      href: `${AT}/hours`,
    },
    {
      what: "A second path",
      brings: "The site stays readable when the cellular network fails.",
      points: 8,
      href: `${AT}/router`,
    },
    {
      what: "A good test of Server cabinet",
      brings: "Its first half-hours are believed without a second look.",
      points: 5,
      href: `${AT}/devices/22`,
    },
    {
      what: "Largest power of Boiler house",
      brings: "Impossible values are caught at the first reading.",
      points: 3,
      href: `${AT}/devices/11`,
    },
  ],
  beginsLabel: "11:00",
};

const DRAFTS: readonly DraftRow[] = [
  draft(7, {
    name: "Corbridge Primary",
    town: "Corbridge",
    done: 2,
    next: "devices",
    devices: 5,
    faults: 0,
    savedLabel: "today 10:46",
  }),
  draft(6, {
    name: "The Old Mill Business Centre, Conference Hall and Visitors' Restaurant",
    town: "Sowerby Bridge",
    done: 4,
    next: "check",
    devices: 23,
    faults: 2,
    savedLabel: "yesterday 16:20",
  }),
  draft(5, { name: "", town: "", done: 0, next: "site", devices: 0, faults: 0, savedLabel: "12 Nov" }),
];

function draft(id: number, more: Omit<DraftRow, "id" | "href" | "removeAction">): DraftRow {
  return {
    id,
    href: `/sites/register/${id}/${more.next}`,
    removeAction: `/sites/register/${id}/remove`,
    ...more,
  };
}

/** The list of drafts. */
export const LIST = { drafts: DRAFTS, beginAction: "/sites/register", draftsMax: 20, told: null };

function specimen(name: string, page: VNode): Specimen {
  return { name: `register-${name}`, title: "Register a site", body: framed("sites", page) };
}

/** All of them. */
export function registerSpecimens(): readonly Specimen[] {
  const faultyFrame = frameOf("check", ["done", "faulty", "done", "done", "todo"]);
  return [
    specimen("drafts", <DraftsPage {...LIST} />),
    specimen("drafts-none", <DraftsPage {...LIST} drafts={[]} />),
    specimen(
      "drafts-full",
      <DraftsPage
        {...LIST}
        draftsMax={3}
        told={{ state: "good", title: "The draft is removed", words: "Nothing was collected from it." }}
      />,
    ),
    specimen("site", <SiteStepPage {...SITE} />),
    specimen("site-new", <SiteStepPage {...EMPTY_SITE} />),
    specimen("site-faults", <SiteStepPage {...FAULTY_SITE} />),
    specimen("router", <RouterStepPage {...ROUTER} />),
    specimen("router-new", <RouterStepPage {...NO_ROUTER} />),
    specimen("router-faults", <RouterStepPage {...FAULTY_ROUTER} />),
    specimen("devices", <DevicesStepPage {...DEVICES_PAGE} />),
    specimen("devices-silent", <DevicesStepPage {...SILENT} />),
    specimen("devices-new", <DevicesStepPage {...NEW_DEVICE} />),
    specimen("devices-scan", <DevicesStepPage {...SCANNING} />),
    specimen("devices-refused", <DevicesStepPage {...SCAN_FAILED} />),
    specimen("hours", <HoursStepPage {...HOURS} />),
    specimen(
      "hours-faults",
      <HoursStepPage
        {...HOURS}
        sameAsMonday
        hours={null}
        days={["8-18 except bank holidays", "", "", "", "", "09:10-12", ""]}
        faults={{
          day0: "“8-18 except bank holidays” is not understood: 08:00-18:00 is expected",
          day5: "09:10 is not on a half-hour",
        }}
      />,
    ),
    specimen("check", <CheckStepPage {...CHECK} />),
    specimen(
      "check-faults",
      <CheckStepPage
        {...CHECK}
        frame={faultyFrame}
        startFaults={[
          { where: "Router", href: `${AT}/router`, words: "it has no path: at least one address is needed" },
          {
            where: "Kitchen",
            href: `${AT}/devices/12`,
            words: "unit 12 of gateway at port 503 is Boiler house's",
          },
        ]}
      />,
    ),
    specimen("check-ready", <CheckStepPage {...CHECK} score={100} gaps={[]} />),
  ];
}
