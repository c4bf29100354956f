/**
 * The pages of changing registered sites: one by a draft, step by step, with its differences; another like it; and many
 * alike.
 *
 * @module
 */

import type { VNode } from "preact";
import type { BulkChoice, BulkDone, BulkDryRun, BulkSiteLink } from "../../lib/ui/bulk_model.ts";
import { BulkPage } from "../../lib/ui/pages/BulkPage.tsx";
import { BeginPage } from "../../lib/ui/pages/register/BeginPage.tsx";
import { ChangeCheckPage, type ChangeCheckPageProps } from "../../lib/ui/pages/register/ChangeCheckPage.tsx";
import { DevicesStepPage } from "../../lib/ui/pages/register/DevicesStepPage.tsx";
import { DraftsPage } from "../../lib/ui/pages/register/DraftsPage.tsx";
import { RouterStepPage } from "../../lib/ui/pages/register/RouterStepPage.tsx";
import { SiteStepPage } from "../../lib/ui/pages/register/SiteStepPage.tsx";
import { framed, type Specimen } from "./frame.tsx";
import { AT, DEVICES_PAGE, frameOf } from "./register_devices.ts";
import { LIST, ROUTER, SITE } from "./register_pages.tsx";

const CHANGE = { siteName: "Corbridge Primary", siteHref: "/sites/12" };
const DONE = ["done", "done", "done", "done"] as const;

const CHECK: ChangeCheckPageProps = {
  frame: frameOf("check", DONE, { change: CHANGE }),
  action: `${AT}/check`,
  version: 9,
  parts: [
    {
      step: "site",
      device: null,
      href: `${AT}/site`,
      rows: [
        { what: "Town", before: "Corbridge", after: "Hexham" },
        { what: "Time zone", before: "Europe/London", after: "Europe/Berlin" },
        {
          what: "Contacts",
          before: null,
          after: "Alison Reed, caretaker, +44 1434 632 000, office@corbridge.example",
        },
      ],
    },
    {
      step: "router",
      device: null,
      href: `${AT}/router`,
      rows: [
        { what: "Main path", before: "10.84.3.17, cellular", after: "10.84.3.71, cellular" },
        { what: "Path 2", before: "corbridge.vpn.northfold.example, wired", after: null },
        {
          what: "Port 503",
          before: "serial gateway at port 503",
          after: "serial gateway at port 1503, pause 50 ms, wait 1500 ms",
        },
        { what: "Password of its pages", before: "as it is kept", after: "a new one" },
      ],
    },
    {
      step: "devices",
      device: "Kitchen",
      href: `${AT}/devices/12`,
      rows: [
        { what: "Name", before: "Kitchen and dining hall", after: "Kitchen" },
        { what: "Part of", before: null, after: "Main incomer" },
      ],
    },
    {
      step: "devices",
      device: "Heat pump",
      href: `${AT}/devices/23`,
      rows: [{
        what: "New device",
        before: null,
        after: "Heat pump, Eastron SDM630, unit 4 through the serial gateway at port 1503",
      }],
    },
  ],
  faults: [],
  warnings: [{
    title: "The time zone changes",
    words:
      "From Europe/London to Europe/Berlin: half-hours stay as they are, but its days, operating hours and " +
      "reports are drawn anew for all of its history, and a day may begin at another half-hour.",
  }],
  takeOverAction: null,
  removeAction: `${AT}/remove`,
  nextLabel: "11:00",
};

const NAMES = [
  "Alnwick Castle Shop",
  "Bellingham Co-op",
  "Corbridge Primary",
  "Hexham Middle School",
  "The Old Mill Business Centre, Conference Hall and Visitors' Restaurant",
  "Morpeth Depot",
  "Ponteland Library",
];

const links = (count: number): readonly BulkSiteLink[] =>
  Array.from({ length: count }, (_, i) => ({
    name: i < NAMES.length ? NAMES[i] ?? "" : `Shop ${String(i + 1).padStart(3, "0")}`,
    href: `/sites/${i + 1}`,
  }));

const CHOICE: BulkChoice = {
  kind: "choice",
  sites: "1-1-1",
  chosen: links(7),
  away: 0,
  values: { group: "keep", collected: "keep", hours: "keep", days: Array(7).fill(""), sameAsMonday: true },
  faults: {},
  groups: [{ value: "keep", label: "As it is" }, { value: "none", label: "No group" }, {
    value: "1",
    label: "North",
  }],
};

const LOOK: BulkDryRun = {
  kind: "look",
  changes: [
    { words: "Into group North; half-hours are not collected any more", sites: links(212) },
    { words: "Half-hours are not collected any more", sites: links(6) },
  ],
  same: links(3),
  away: 2,
  hidden: [["sites", "1-1"], ["marks", "3.abc"]],
  nextLabel: "11:00",
};

const OUTCOME: BulkDone = {
  kind: "done",
  changed: 216,
  same: 3,
  stale: ["Hexham Middle School", "Morpeth Depot"],
  gone: 1,
  groupGone: false,
  left: null,
};

const BULK = { action: "/sites/bulk", sitesHref: "/sites", told: null };
const FAULTY_CHOICE: BulkChoice = {
  ...CHOICE,
  chosen: links(212),
  away: 2,
  values: {
    ...CHOICE.values,
    hours: "set",
    days: ["08:00-18:00", "", "", "", "", "9:10-12", "closed"],
  },
  faults: { day5: "09:10 is not on a half-hour", group: "Choose one of the groups" },
};

function specimen(name: string, page: VNode): Specimen {
  return { name, title: "Change sites", body: framed("sites", page) };
}

/** All of them. */
export function changeSpecimens(): readonly Specimen[] {
  const begin = {
    siteName: CHANGE.siteName,
    siteHref: CHANGE.siteHref,
    action: "/sites/12/change",
    draftHref: null,
    told: null,
  };
  const fixed = {
    facts: [
      { label: "Profile", value: "Schneider iEM3155" },
      { label: "Unit", value: "3" },
      { label: "Through", value: "serial gateway at port 503" },
      { label: "Transformers", value: "CT 250 : 5 A, the display shows primary kWh" },
    ],
    href: "/sites/12/devices/44",
  };
  const [first] = LIST.drafts;
  return [
    specimen("change-begin", <BeginPage kind="change" {...begin} />),
    specimen("clone-begin", <BeginPage kind="clone" {...begin} />),
    specimen(
      "change-site",
      <SiteStepPage
        {...SITE}
        frame={frameOf("site", DONE, { change: CHANGE })}
        values={{ ...SITE.values, collected: true, zone: "Europe/Berlin" }}
        zoneWarning={CHECK.warnings[0]?.words}
      />,
    ),
    specimen(
      "change-router",
      <RouterStepPage
        {...ROUTER}
        frame={frameOf("router", DONE, { change: CHANGE })}
        fixed={{ words: "Teltonika RUT9xx, unit 1", href: "/sites/12/devices/40" }}
      />,
    ),
    specimen(
      "change-device",
      <DevicesStepPage
        {...DEVICES_PAGE}
        frame={frameOf("devices", DONE, { change: CHANGE })}
        device={{ ...DEVICES_PAGE.device, removeAction: null, fixed }}
      />,
    ),
    specimen("change-check", <ChangeCheckPage {...CHECK} />),
    specimen("change-check-none", <ChangeCheckPage {...CHECK} parts={[]} warnings={[]} />),
    specimen(
      "change-check-meanwhile",
      <ChangeCheckPage {...CHECK} warnings={[]} takeOverAction={`${AT}/take-over`} />,
    ),
    specimen(
      "change-drafts",
      <DraftsPage
        {...LIST}
        drafts={[
          ...(first
            ? [
              { ...first, id: 8, href: "/sites/register/8/check", change: { differences: 9 } },
              { ...first, id: 9, name: "", town: "", href: null, change: { differences: 0 } },
            ]
            : []),
          ...LIST.drafts,
        ]}
      />,
    ),
    specimen("bulk-choose", <BulkPage {...BULK} shown={CHOICE} />),
    specimen("bulk-choose-faults", <BulkPage {...BULK} shown={FAULTY_CHOICE} />),
    specimen("bulk-none", <BulkPage {...BULK} shown={{ ...CHOICE, chosen: [], sites: "" }} />),
    specimen("bulk-look", <BulkPage {...BULK} shown={LOOK} />),
    specimen("bulk-look-nothing", <BulkPage {...BULK} shown={{ ...LOOK, changes: [], away: 0 }} />),
    specimen("bulk-done", <BulkPage {...BULK} shown={OUTCOME} />),
    specimen(
      "bulk-to-go",
      <BulkPage
        {...BULK}
        shown={{ ...OUTCOME, stale: [], gone: 0, changed: 3_200, left: { count: 1_800, hidden: [] } }}
      />,
    ),
  ];
}
