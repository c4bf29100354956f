/**
 * The link of a site: well, over its line with a moved router and a SIM that runs out, and nothing known yet.
 *
 * @module
 */

import { FIX_KEPT } from "../../lib/domain/geofence.ts";
import { type LinkFacts, linkHealth, type LinkReading } from "../../lib/domain/link_health.ts";
import { addDays, localDateOf, localDaysBetween } from "../../lib/domain/local_day.ts";
import type { SiteLink } from "../../lib/store/link_facts.ts";
import { LinkPage } from "../../lib/ui/pages/LinkPage.tsx";
import { LinksPage } from "../../lib/ui/pages/LinksPage.tsx";
import type { ListedLink } from "../../lib/store/link_list.ts";
import { linksView } from "../../lib/web/pages/links_view.ts";
import type { LinkPageProps } from "../../lib/ui/link_model.ts";
import { type LinkRange, linkView } from "../../lib/web/pages/link_view.ts";
import { seeded } from "./estate.ts";
import { framed, type Specimen } from "./frame.tsx";

const ZONE = "Europe/London";
const NOW = Math.floor(Date.UTC(2026, 10, 23, 10, 30) / 1_800_000) - 1;
const HOME = { latitude: 53.79648, longitude: -1.54785 };

interface Made {
  readonly days: number;
  /** Metres north of home in the last half-hours. */
  readonly awayM: number;
  /** Letters at the end. */
  readonly end: string;
  readonly dayB: number;
  readonly allowanceMb: number | null;
}

function readingsOf(from: number, { awayM }: Made): readonly LinkReading[] {
  const next = seeded(3);
  return Array.from({ length: NOW + 1 - from }, (_, i): LinkReading => {
    const halfHour = from + i;
    const north = halfHour > NOW - FIX_KEPT / 8 ? awayM : 14;
    return {
      halfHour,
      atS: (halfHour + 1) * 1800,
      uptimeS: halfHour < NOW - 300 ? 900_000 + i * 1800 : (halfHour - NOW + 301) * 1800,
      registration: "Registered (home)",
      operator: "EE",
      simSlot: 1,
      imsi: "234304001124211",
      signalDbm: Math.round(-74 - 9 * next() - (halfHour % 48 > 16 && halfHour % 48 < 30 ? 9 : 0)),
      networkType: "LTE",
      temperatureC: 38.4,
      latitude: HOME.latitude + north / 111_195,
      longitude: HOME.longitude,
      satellites: 9,
    };
  });
}

function linkOf(made: Made, readings = true): SiteLink {
  const today = localDateOf(ZONE, NOW);
  const back = (count: number) => localDaysBetween(ZONE, { from: addDays(today, 1 - count), to: today });
  const days = back(made.days);
  const dataDays = back(Math.max(46, made.days));
  const from = days[0]?.first ?? NOW;
  const next = seeded(9);
  const length = NOW + 1 - from;
  const ways = `${"C".repeat(Math.max(0, length - made.end.length))}${made.end}`.slice(-length);
  let total = 0;
  const reads = dataDays.map(({ first }) => {
    total = first === dataDays.find(({ date }) => date === "2026-11-01")?.first
      ? 0.3 * made.dayB
      : total + made.dayB * (0.7 + 0.6 * next());
    return { atS: (first + 16) * 1800, receivedB: Math.round(total * 0.6), sentB: Math.round(total * 0.4) };
  });
  const facts: LinkFacts = {
    zone: ZONE,
    now: NOW,
    from,
    ways: readings ? ways : ".".repeat(length),
    readings: readings ? readingsOf(from, made) : [],
    dataReads: [readings ? reads : [], []],
    days,
    dataDays,
    own: readings ? dataDays.map(({ date }) => ({ date, bytes: 410_000, cellularB: 402_000 })) : [],
    fence: { home: HOME, radiusM: 300 },
    billingDay: 1,
    allowanceB: made.allowanceMb === null ? null : made.allowanceMb * 1e6,
  };
  const site = {
    id: 7,
    name: "Kestrel House",
    town: "Leeds",
    zone: ZONE,
    ...HOME,
    hours: null,
    collected: true,
  };
  const paths = [
    { id: 1, rank: 0, kind: "cellular" as const, host: "198.51.100.7" },
    { id: 2, rank: 1, kind: "wifi" as const, host: "198.51.100.8" },
    { id: 3, rank: 2, kind: "wired" as const, host: "198.51.100.9" },
  ];
  return {
    plan: { site, paths, endpoints: [], meters: [], channels: [], since: 0 } as unknown as SiteLink["plan"],
    router: null,
    label: { model: "RUT956", serial: null, sim: null },
    settings: { radiusM: 300, billingDay: 1, version: 2 },
    facts,
    made: [],
  };
}

function pageOf(link: SiteLink, range: LinkRange, over: Partial<LinkPageProps> = {}): LinkPageProps {
  return {
    ...linkView({ link, health: linkHealth(link.facts) }, range),
    csvHref: "/sites/7/link.csv",
    form: { action: "/sites/7/link", radius: "300", billingDay: "1", version: "2", faults: {}, saved: false },
    ...over,
  };
}

const GOOD: Made = {
  days: 14,
  awayM: 14,
  end: `${"C".repeat(80)}--eeeeee${"C".repeat(150)}${"C?C".repeat(2)}${"C".repeat(60)}`,
  dayB: 6.1e6,
  allowanceMb: 500,
};
const BAD: Made = { ...GOOD, awayM: 2_140, end: `CCeCeCeC${"C".repeat(30)}--${"w".repeat(7)}`, dayB: 21e6 };

const LISTED: ListedLink = {
  siteId: 1,
  name: "Kestrel House",
  town: "Leeds",
  path: "cellular",
  backup: false,
  movedM: null,
  signalDbm: -71,
  weak: false,
  usedB: 138e6,
  forecastB: 186e6,
  allowanceB: 500e6,
  changes: 2,
  asksSim: false,
  atMs: NOW * 1_800_000 - 6 * 3_600_000,
};

const LISTED_ALL: readonly ListedLink[] = [
  { ...LISTED, siteId: 2, name: "Mill Lane Depot", movedM: 2_140, backup: true, path: "wifi", changes: 31 },
  { ...LISTED, siteId: 3, name: "Canal Street Annexe", usedB: 477e6, forecastB: 642e6 },
  { ...LISTED, siteId: 4, name: "Old Foundry", asksSim: true, signalDbm: -84 },
  {
    ...LISTED,
    siteId: 5,
    name: "Harbour View",
    backup: true,
    path: "wired",
    signalDbm: null,
    usedB: null,
    forecastB: null,
  },
  {
    ...LISTED,
    siteId: 6,
    name: "Quarry Road Pumping Station",
    weak: true,
    signalDbm: -96,
    allowanceB: null,
    forecastB: null,
  },
];

/** All of them. */
export function linkSpecimens(): readonly Specimen[] {
  const faults = {
    radius: '"12" is no whole number from 50 to 100,000',
    "": "Somebody else changed this meanwhile: look and save again",
  };
  const good = pageOf(linkOf(GOOD), "14");
  return [
    { name: "link", title: "Link", body: framed("sites", <LinkPage {...good} />) },
    {
      name: "link-trouble",
      title: "Link",
      body: framed(
        "sites",
        <LinkPage
          {...pageOf(linkOf({ ...BAD, days: 2 }), "2")}
          form={good.form && { ...good.form, radius: "12", faults }}
        />,
      ),
    },
    {
      name: "link-sixty",
      title: "Link",
      body: framed(
        "sites",
        <LinkPage {...pageOf(linkOf({ ...BAD, days: 60 }), "60")} form={null} csvHref={null} />,
      ),
    },
    {
      name: "links",
      title: "Links",
      body: framed(
        "sites",
        <LinksPage
          {...linksView({ links: LISTED_ALL, total: 5, needy: 5, sites: 412 }, {
            onlyNeedy: true,
            page: 1,
            nowMs: NOW * 1_800_000,
          })}
        />,
      ),
    },
    {
      name: "links-none",
      title: "Links",
      body: framed(
        "sites",
        <LinksPage
          {...linksView({ links: [], total: 0, needy: 0, sites: 412 }, {
            onlyNeedy: true,
            page: 1,
            nowMs: 0,
          })}
        />,
      ),
    },
    {
      name: "link-new",
      title: "Link",
      body: framed("sites", <LinkPage {...pageOf(linkOf({ ...GOOD, allowanceMb: null }, false), "14")} />),
    },
  ];
}
