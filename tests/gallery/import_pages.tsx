/**
 * The pages that bring in many sites at once: the upload as it begins and after a refusal, an import under way,
 * judged, registered and taken back, and the questions before.
 *
 * @module
 */

import type { VNode } from "preact";
import { SHEET_COLUMNS } from "../../lib/domain/site_sheet.ts";
import { AskRegisterPage, AskUndoPage } from "../../lib/ui/pages/imports/ImportAskPages.tsx";
import { ImportPage, type ImportPageProps } from "../../lib/ui/pages/imports/ImportPage.tsx";
import type { ShownRow } from "../../lib/ui/pages/imports/ImportRows.tsx";
import { ImportsPage, type ImportsPageProps } from "../../lib/ui/pages/imports/ImportsPage.tsx";
import { UploadForm } from "../../lib/ui/pages/imports/UploadForm.tsx";
import { WorkPanel } from "../../lib/ui/pages/imports/WorkPanel.tsx";
import { framed, type Specimen } from "./frame.tsx";

const AT = "/sites/import/12";
const FILE = "Northfold schools 2026, second half.xlsx";

const IMPORTS: ImportsPageProps = {
  upload: <UploadForm action="/sites/import" fault={null} />,
  columns: SHEET_COLUMNS,
  told: null,
  imports: [
    {
      id: 12,
      fileName: FILE,
      href: AT,
      state: "judged",
      rows: 5_000,
      sites: 1_000,
      whenLabel: "29 Nov 2026, 10:46 GMT",
      removeAction: `${AT}/remove`,
    },
    {
      id: 9,
      fileName: "pilot.csv",
      href: AT,
      state: "committed",
      rows: 24,
      sites: 6,
      whenLabel: "3 Nov 2026, 16:02 GMT",
      removeAction: null,
    },
    {
      id: 8,
      fileName: "pilot.csv",
      href: AT,
      state: "undone",
      rows: 24,
      sites: 6,
      whenLabel: "3 Nov 2026, 15:40 GMT",
      removeAction: `${AT}/remove`,
    },
  ],
};

const row = (over: Partial<ShownRow> & Pick<ShownRow, "row" | "site" | "device">): ShownRow => ({
  siteHref: null,
  state: "good",
  outcome: null,
  notes: [],
  heldBy: null,
  test: null,
  ...over,
});

const ROWS: readonly ShownRow[] = [
  row({
    row: 2,
    site: "Corbridge Primary",
    device: "Incomer",
    test: { state: "good", words: "18 of 18 plausible" },
  }),
  row({
    row: 3,
    site: "Corbridge Primary",
    device: "Kitchen",
    test: { state: "critical", words: "no answer" },
  }),
  row({
    row: 4,
    site: "Hexham Library",
    device: "Incomer",
    state: "warn",
    notes: [
      {
        heading: "Path 1 host",
        value: "10.84.3.17",
        words: "Port 503 of this address is of “Hexham Depot” too",
        state: "warn",
      },
      {
        heading: "Longitude",
        value: "-2,1018",
        words: "Read as -2.1018: a comma separates decimals",
        state: "warn",
      },
    ],
  }),
  row({
    row: 5,
    site: '=HYPERLINK("http://example.org","Mill")',
    device: "Incomer",
    state: "refused",
    notes: [{
      heading: "Site",
      value: '=HYPERLINK("http://example.org","Mill")',
      words: "Begins like a formula, which a spreadsheet would execute: a plain text is expected",
      state: "refused",
    }],
  }),
  row({
    row: 6,
    site: "Power ⚡ House",
    device: "Chiller",
    state: "refused",
    notes: [
      {
        heading: "Site",
        value: "Power ⚡ House",
        words: "Has the emoji ⚡: letters, digits and punctuation are expected",
        state: "refused",
      },
      {
        heading: "Profile",
        value: "eastron-smd630",
        words:
          "Is no profile of a device: an id such as eastron-sdm630 is expected; did you mean eastron-sdm630?",
        state: "refused",
      },
      {
        heading: "Unit",
        value: "250",
        words: "Unit 250 is nobody's: 1 to 247, or 0 and 255 for a device reached directly",
        state: "refused",
      },
    ],
  }),
  row({ row: 7, site: "Power ⚡ House", device: "Lighting", state: "held", heldBy: 6 }),
];

const ZERO = { registered: 0, refused: 0, removed: 0, stopped: 0, changed: 0, read: 0 };

const JUDGED: ImportPageProps = {
  fileName: FILE,
  state: "judged",
  whenLabel: "29 Nov 2026, 10:46 GMT",
  sites: 1_000,
  counts: { good: 4_792, warn: 20, refused: 150, held: 38 },
  outcomes: ZERO,
  work: null,
  ended: null,
  told: null,
  actions: {
    registerHref: `${AT}/register`,
    testAllAction: `${AT}/test`,
    refusedHref: `${AT}/refused.csv`,
    undoHref: null,
  },
  rows: {
    rows: ROWS,
    filter: "all",
    filters: [
      { label: "All 5,000", href: AT, current: true },
      { label: "Refused 188", href: AT, current: false },
      { label: "Worth a look 20", href: AT, current: false },
      { label: "Good 4,812", href: AT, current: false },
    ],
    pager: { first: 1, last: 100, total: 5_000, previousHref: null, nextHref: `${AT}?page=2` },
    testAction: `${AT}/test`,
  },
};

const NO_ACTIONS = { registerHref: null, testAllAction: null, refusedHref: null, undoHref: null };

const JUDGING: ImportPageProps = {
  ...JUDGED,
  state: "judging",
  counts: { good: 0, warn: 0, refused: 0, held: 0 },
  actions: NO_ACTIONS,
  rows: null,
  work: <WorkPanel work={{ kind: "judge", done: 3_140, of: 5_000, stopAction: null, href: AT }} />,
};

const REGISTERED_ROWS = ROWS.map((one): ShownRow =>
  one.state === "good" || one.state === "warn"
    ? { ...one, siteHref: "/sites/7", outcome: { state: "good", words: "registered" } }
    : one
);

const REGISTERING: ImportPageProps = {
  ...JUDGED,
  state: "committing",
  outcomes: { ...ZERO, registered: 412 },
  actions: { ...NO_ACTIONS, refusedHref: `${AT}/refused.csv` },
  rows: JUDGED.rows && { ...JUDGED.rows, rows: REGISTERED_ROWS, testAction: null },
  work: <WorkPanel work={{ kind: "register", done: 412, of: 962, stopAction: `${AT}/stop`, href: AT }} />,
};

const REGISTERED: ImportPageProps = {
  ...REGISTERING,
  state: "committed",
  outcomes: { ...ZERO, registered: 960, refused: 2 },
  work: null,
  actions: { ...NO_ACTIONS, refusedHref: `${AT}/refused.csv`, undoHref: `${AT}/undo` },
};

const BROKEN_OFF: ImportPageProps = {
  ...REGISTERING,
  work: null,
  ended: {
    state: "warn",
    title: "Registering was stopped before its end",
    words: "Whole sites are registered or none of it. Go on: nothing is registered twice.",
  },
  actions: { ...NO_ACTIONS, registerHref: `${AT}/register`, undoHref: `${AT}/undo` },
};

const FAULT = `No column is called "Zones": did you mean "Zone"? The column "Path 1 host" is missing.`;

const ASK = { fileName: FILE, href: AT };

const page = (name: string, title: string, body: VNode): Specimen => ({
  name: `import-${name}`,
  title,
  body: framed("sites", body),
});

/** The pages of imports. */
export function importSpecimens(): readonly Specimen[] {
  return [
    page("sites", "Import sites", <ImportsPage {...IMPORTS} />),
    page(
      "sites-refused",
      "Import sites",
      <ImportsPage
        {...IMPORTS}
        imports={[]}
        upload={
          <UploadForm
            action="/sites/import"
            fault={FAULT}
          />
        }
      />,
    ),
    page(
      "sites-uploading",
      "Import sites",
      <ImportsPage
        {...IMPORTS}
        upload={<UploadForm action="/sites/import" fault={null} progress={{ share: 0.43 }} />}
      />,
    ),
    page("judging", FILE, <ImportPage {...JUDGING} />),
    page("judged", FILE, <ImportPage {...JUDGED} />),
    page("registering", FILE, <ImportPage {...REGISTERING} />),
    page("registered", FILE, <ImportPage {...REGISTERED} />),
    page("broken-off", FILE, <ImportPage {...BROKEN_OFF} />),
    page(
      "ask-register",
      "Register?",
      <AskRegisterPage
        {...ASK}
        action={`${AT}/register`}
        rows={4_812}
        sites={962}
        already={412}
        left={188}
        beginsLabel="11:00"
      />,
    ),
    page(
      "ask-undo",
      "Take back?",
      <AskUndoPage
        {...ASK}
        action={`${AT}/undo`}
        removed={955}
        read={["Corbridge Primary", "Hexham Library", "Mill Lane Depot"].map((name) => ({
          name,
          href: `/sites/${name}`,
        }))}
        readCount={104}
        changed={[{ name: "Allendale Hall", href: "/sites/9" }]}
        changedCount={1}
      />,
    ),
  ];
}
