/**
 * What the nightly check found: all of it by site, one kind, what was put aside, nothing; one finding open, typed
 * wrong, put aside and for whoever may only look.
 *
 * @module
 */

import type { Finding } from "../../lib/domain/finding.ts";
import { FINDING_KINDS } from "../../lib/domain/finding.ts";
import { findingTitle } from "../../lib/domain/finding_words.ts";
import type { FindingRecord } from "../../lib/domain/finding_record.ts";
import type { FoundOnDevice } from "../../lib/store/findings.ts";
import { FindingsPanel } from "../../lib/ui/FindingsPanel.tsx";
import { ChecksPage, type ChecksPageProps } from "../../lib/ui/pages/ChecksPage.tsx";
import { FindingPage } from "../../lib/ui/pages/FindingPage.tsx";
import { findingPageOf, foundSites } from "../../lib/web/pages/checks_view.ts";
import { framed, type Specimen } from "./frame.tsx";

const NOW_MS = Date.UTC(2026, 10, 23, 10, 47);
const NIGHT_MS = Date.UTC(2026, 10, 23, 1, 20);
const DAY_MS = 86_400_000;
const EVIDENCE = { broken: 44, judged: 48 };

interface Place {
  readonly siteId: number;
  readonly siteName: string;
  readonly groupName: string | null;
  readonly meterId: number;
  readonly meterName: string;
  readonly unitId: number;
}

const CHILLER: Place = {
  siteId: 1,
  siteName: "Corbridge Primary",
  groupName: "North",
  meterId: 3,
  meterName: "Chiller 2",
  unitId: 4,
};
const INCOMER: Place = { ...CHILLER, meterId: 4, meterName: "Main incomer", unitId: 1 };
const COLD_STORE: Place = {
  siteId: 2,
  siteName: "Kestrel Court Distribution and Cold Storage, North Building",
  groupName: null,
  meterId: 9,
  meterName: "Compressor rack of the northern deep-freeze hall",
  unitId: 11,
};

function found(place: Place, finding: Finding, more: Partial<FindingRecord> = {}): FoundOnDevice {
  return {
    ...place,
    zone: "Europe/London",
    profileId: "eastron-sdm630",
    asideBy: more.aside ? "Alison Reed" : null,
    finding,
    firstMs: NIGHT_MS - 11 * DAY_MS,
    lastMs: NIGHT_MS,
    clearedMs: null,
    aside: null,
    ...more,
  };
}

const REVERSED = found(CHILLER, { kind: "reversed", phases: [2], evidence: EVIDENCE });
const ASIDE = found(INCOMER, { kind: "export", exportWh: 18_450, powerW: null, evidence: EVIDENCE }, {
  aside: {
    atMs: NIGHT_MS - 4 * DAY_MS,
    userId: 3,
    reason: "PV on the gym roof, 8 kW",
    untilMs: null,
    key: "counter",
  },
});

const OPEN: readonly FoundOnDevice[] = [
  found(CHILLER, {
    kind: "word-order",
    order: "CDAB",
    now: "ABCD",
    doubtful: 15,
    looked: 18,
    example: { quantity: "frequencyHz", unit: "Hz", was: null, would: 50.02 },
  }, { firstMs: NIGHT_MS }),
  REVERSED,
  found(INCOMER, {
    kind: "meter-changed",
    quantity: "serial",
    read: "1204418",
    known: "1204417",
    registered: true,
  }),
  found(COLD_STORE, {
    kind: "voltage",
    phases: [{ phase: 1, value: 412 }],
    lowV: 207,
    highV: 253,
    evidence: EVIDENCE,
  }),
  found(COLD_STORE, { kind: "unscaled", maxCurrentA: 4.2, secondaryA: 5, primaryA: 250, evidence: EVIDENCE }),
  found(COLD_STORE, {
    kind: "firmware-changed",
    changes: [{ quantity: "firmware", read: "2.04", known: "2.01" }],
  }),
];

const LIST: ChecksPageProps = {
  show: "open",
  kind: "",
  kinds: FINDING_KINDS.filter((kind) => OPEN.some(({ finding }) => finding.kind === kind))
    .map((kind) => ({ value: kind, label: `${findingTitle(kind)} (1)` })),
  sites: foundSites(OPEN, NOW_MS),
  open: OPEN.length,
  aside: 1,
  isChecked: true,
  pager: null,
  told: null,
};

const AROUND = { nowMs: NOW_MS, model: "Eastron SDM630-Modbus V2", mayPutAside: true, mayRead: true };

function page(name: string, body: Specimen["body"]): Specimen {
  return { name, title: "Checks", body: framed("sites", body) };
}

/** All of them. */
export function checkSpecimens(): readonly Specimen[] {
  const one = findingPageOf(REVERSED, AROUND);
  const none = { ...LIST, sites: [], kinds: [], open: 0, aside: 0 };
  const told = { state: "good" as const, title: "Put aside", words: "It comes back when it changes." };
  return [
    page("checks", <ChecksPage {...LIST} />),
    page(
      "checks-many",
      <ChecksPage
        {...LIST}
        open={317}
        pager={{ first: 101, last: 200, total: 317, previousHref: "#", nextHref: "#" }}
      />,
    ),
    page("checks-none", <ChecksPage {...none} />),
    page("checks-first-day", <ChecksPage {...none} isChecked={false} />),
    page(
      "checks-aside",
      <ChecksPage {...LIST} show="aside" sites={foundSites([ASIDE], NOW_MS)} told={told} />,
    ),
    page("checks-kind", <ChecksPage {...LIST} kind="growth" sites={[]} />),
    page("checks-at-a-site", <FindingsPanel findings={LIST.sites[0]?.findings ?? []} />),
    page("finding", <FindingPage {...one} />),
    page(
      "finding-faults",
      <FindingPage
        {...one}
        values={{ reason: "", until: "month" }}
        faults={{ reason: "Is missing" }}
      />,
    ),
    page("finding-aside", <FindingPage {...findingPageOf(ASIDE, AROUND)} />),
    page(
      "finding-seen",
      <FindingPage
        {...findingPageOf(OPEN[0] ?? REVERSED, { ...AROUND, mayPutAside: false, mayRead: false })}
      />,
    ),
  ];
}
