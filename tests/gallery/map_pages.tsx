/**
 * The pages of register maps: an editor with rows read, at fault, empty and as long as it may be, its smaller pages, and
 * the workbench in each of its answers.
 *
 * @module
 */

import { profileOf, PROFILES } from "../../lib/profiles/mod.ts";
import { mapOfProfile } from "../../lib/profiles/register_map.ts";
import { DiffPage, PublishPage, RemoveMapPage, VersionPage } from "../../lib/ui/pages/maps/MapPages.tsx";
import { type DiffModel } from "../../lib/ui/pages/maps/DiffTable.tsx";
import { ImportPage, NewMapPage } from "../../lib/ui/pages/maps/ImportPages.tsx";
import { MapEditorPage, type MapEditorPageProps } from "../../lib/ui/pages/maps/MapEditorPage.tsx";
import { MapForm, type MapFormProps } from "../../lib/ui/pages/maps/MapForm.tsx";
import { type EditorRow, EMPTY_ROW, type LiveCell } from "../../lib/ui/pages/maps/row_texts.ts";
import { WorkbenchPage, type WorkbenchPageProps } from "../../lib/ui/pages/maps/WorkbenchPage.tsx";
import { textsOfMap } from "../../lib/web/pages/maps/map_form.ts";
import { profileView } from "../../routes/(web)/(signed-in)/profiles/(_view)/profile_view.ts";
import { framed, type Specimen } from "./frame.tsx";

const PROFILE = profileOf("schneider-iem3000") ?? PROFILES[0];
if (!PROFILE) throw new Error("No profile");
const MAP = { name: "Schneider iEM3155, Corbridge", href: "/profiles/own/12" };

const VALUES: readonly (readonly [string, string, string])[] = [
  ["184,302.1", "kWh", "0000 0000 0AFC 3A25"],
  ["8,214", "W", "4103 6C8B"],
  ["238.4", "V", "436E 6666"],
  ["239.1", "V", "436F 199A"],
  ["237.7", "V", "436D B333"],
  ["11.62", "A", "4139 EB85"],
  ["12.04", "A", "4140 A3D7"],
];

const live = (index: number): LiveCell => {
  const [text, unit, words] = VALUES[index % VALUES.length] ?? ["", "", ""];
  return { words, figure: { text, unit }, reason: null, tookMs: 118 };
};

function formOf(over: Partial<MapFormProps> = {}): MapFormProps {
  const { head, rows } = textsOfMap(mapOfProfile(PROFILE ?? PROFILES[0] as never), "0-based");
  return {
    action: MAP.href,
    tryAction: `${MAP.href}/try`,
    version: 7,
    head: { ...head, name: MAP.name },
    headFaults: {},
    rows: rows.map((row, i): EditorRow => ({ ...row, faults: {}, live: i < 12 ? live(i) : null })),
    notation: "0-based",
    places: [
      { value: "", label: "nowhere" },
      { value: "device-3", label: "Corbridge Primary: Lighting board, unit 3" },
    ],
    place: "device-3",
    find: null,
    unsaved: false,
    read: {
      state: "good",
      words: "12 of 12 values",
      detail: "10:47:02, 3 requests in 412 ms",
      findings: [],
    },
    ...over,
  };
}

function faulty(): MapFormProps {
  const { rows } = formOf();
  const [first, second, third] = rows;
  if (!first || !second || !third) throw new Error("No rows");
  return formOf({
    unsaved: true,
    read: {
      state: "warn",
      words: "10 of 12 values",
      detail: "10:47:02, 3 requests in 1.6 s",
      findings: ["Phase 2 flows against the others: CT reversed or on the wrong phase?"],
    },
    headFaults: { requestMs: "“0”: expected a whole number from 1 to 60000" },
    rows: [
      {
        ...first,
        texts: { ...first.texts, address: "70000" },
        faults: { address: "“70000”: expected a whole number from 0 to 65535" },
        live: {
          words: "3A25 0AFC 0000 0000",
          figure: { text: "4.2 × 10¹⁵", unit: "kWh" },
          reason: "too large",
          tookMs: 118,
        },
      },
      {
        ...second,
        texts: { ...second.texts, low: "5" },
        faults: { high: "Expected both the smallest and the largest value, or neither" },
        live: {
          words: "",
          figure: null,
          reason: "unit 3 does not know the address (exception 2)",
          tookMs: 96,
        },
      },
      ...rows.slice(2),
      { id: 99, texts: EMPTY_ROW, faults: {}, live: null },
    ],
  });
}

const AROUND: MapEditorPageProps = {
  ...MAP,
  editable: true,
  standing: "2 changes since version 3",
  unpublished: true,
  versions: [
    {
      version: 3,
      href: "/v/3",
      note: "Word order as the gateway sends it",
      published: "2 Nov 2026, 10:12, by Priya Nair",
      diffHref: "/d",
    },
    {
      version: 2,
      href: "/v/2",
      note: "Power factor, digital input",
      published: "28 Oct 2026, 16:40, by Bo Lindqvist",
      diffHref: "/d",
    },
    {
      version: 1,
      href: "/v/1",
      note: "First",
      published: "27 Oct 2026, 09:05, by Priya Nair",
      diffHref: null,
    },
  ],
  users: [
    { name: "Lighting board", site: "Corbridge Primary", siteHref: "/s", version: 3, changeHref: "/c" },
    { name: "Kitchen", site: "Corbridge Primary", siteHref: "/s", version: 2, changeHref: "/c" },
    { name: "Cold store 4", site: "Kestrel House", siteHref: "/s", version: 2, changeHref: null },
  ],
  usedBy: 5,
  newest: 3,
  placeQuery: "?at=device-3",
  told: null,
};

const DIFF: DiffModel = {
  fromLabel: "Version 3",
  toLabel: "Working copy",
  summary: "2 differences change what readings mean",
  sentences: [
    "importWh: word order was big, is little",
    "powerFactor is new: address 3083, function 3, f32, big, scale 1",
  ],
  rows: [
    { id: "1", kind: "changed", what: "importWh", field: "word order", before: "big", after: "little" },
    { id: "2", kind: "added", what: "powerFactor", field: "", before: "", after: "3083, f32, big" },
    { id: "3", kind: "removed", what: "inputA", field: "", before: "8904, u16", after: "" },
  ],
};

const WORKBENCH: WorkbenchPageProps = {
  map: MAP,
  version: 7,
  values: {
    at: "device-3",
    functionCode: "3",
    start: "3200",
    notation: "0-based",
    count: "20",
    display: "184 302.1 kWh",
    againS: "20",
    power: "8.2 kW",
  },
  faults: {},
  places: formOf().places,
  outcome: { kind: "none" },
  findings: [],
  told: null,
};

const lines = [
  { address: "3200", words: "0000 0000 0000 3A25 0AFC 0000 0000 0001" },
  { address: "3208", words: "4103 6C8B 436E 6666 436F 199A 436D B333" },
  { address: "3216", words: "4139 EB85 4140 A3D7" },
];

const FOUND: WorkbenchPageProps["outcome"] = {
  kind: "read",
  verdict: "found",
  title: "i64 at 3203, low word first, × 1 Wh",
  words: "It is what the display shows to the last digit, and it grew as the power says it must.",
  candidates: [
    ["i64 at 3203, low word first, × 1 Wh", 98, [
      "Shows it to the last digit",
      "grew 0.046 kWh in 20 s, power says 0.046",
    ]],
    ["u32 at 3203, low word first, × 1 Wh", 1.4, [
      "Shows it to the last digit",
      "the words beside are zero: more likely part of a longer number",
    ]],
    ["u32 at 3203, low word first, × 10 Wh", 0.3, [
      "5 steps beside the display",
      "grew ten times what power says",
    ]],
    ["f32 at 3215, high word first, × 1000 Wh", 0.1, ["Stood still between the two reads"]],
  ].map(([way, score, because]) => ({
    value: String(way),
    way: String(way),
    figure: { text: "184,302.117", unit: "kWh" },
    words: "3A25 0AFC 0000 0000",
    because: because as readonly string[],
    score: Number(score),
    alike: false,
  })),
  quantity: "importWh",
  tookMs: 254,
  bytes: 412,
  lines,
  seen: "",
  reads: 1,
};

const page = (name: string, body: Parameters<typeof framed>[1]): Specimen => ({
  name: `map-${name}`,
  title: "Register map",
  body: framed("sites", body),
});

const editor = (name: string, form: MapFormProps, around: Partial<MapEditorPageProps> = {}): Specimen =>
  page(name, <MapEditorPage {...AROUND} {...around}>{<MapForm {...form} />}</MapEditorPage>);

/** All of them. */
export function mapSpecimens(): readonly Specimen[] {
  const found = FOUND.kind === "read" ? FOUND : null;
  if (!found || !PROFILE) return [];
  const options = [{ value: "", label: "Choose" }, { value: "eastron-sdm630", label: "Eastron SDM630" }];
  const rows = profileView(PROFILE, 0).rows;
  return [
    editor("editor", formOf()),
    editor("faulty", faulty(), {
      told: {
        state: "warn",
        title: "This map was changed in another window meanwhile",
        words: "What you typed is still here.",
      },
    }),
    editor("empty", formOf({ rows: [], read: null, place: "" }), {
      versions: [],
      users: [],
      usedBy: 0,
      newest: null,
      standing: "Not published",
    }),
    page(
      "new",
      (
        <NewMapPage
          values={{ name: "", start: "profile", profileId: "", text: "", at: "" }}
          faults={{ profileId: "Choose the profile that is copied" }}
          fileFaults={[]}
          profiles={options}
        />
      ),
    ),
    page(
      "new-file",
      (
        <NewMapPage
          values={{
            name: "=cmd()",
            start: "file",
            profileId: "",
            text: "quantity,address\nimportWh,70000",
            at: "",
          }}
          faults={{ "": "The file holds 1 thing to put right" }}
          fileFaults={['Row 1, address "70000": expected a whole number from 0 to 65535']}
          profiles={options}
        />
      ),
    ),
    page(
      "publish",
      (
        <PublishPage
          map={MAP}
          next={4}
          version={7}
          note=""
          faults={{}}
          diff={DIFF}
          refused={null}
          told={null}
        />
      ),
    ),
    page(
      "version",
      (
        <VersionPage
          map={MAP}
          version={3}
          summary="2 Nov 2026, by Priya Nair: word order"
          rows={rows}
          diffHref="/d"
        />
      ),
    ),
    page(
      "diff",
      (
        <DiffPage
          map={MAP}
          sides={[{ value: "3", label: "Version 3" }, { value: "working", label: "Working copy" }]}
          from="3"
          to="working"
          diff={DIFF}
        />
      ),
    ),
    page(
      "import",
      (
        <ImportPage
          map={MAP}
          version={7}
          text=""
          faults={{}}
          fileFaults={[]}
          found={{ diff: DIFF, json: "{}" }}
          told={null}
        />
      ),
    ),
    page("remove", <RemoveMapPage map={MAP} versions="3 versions" refused={null} />),
    page("workbench", <WorkbenchPage {...WORKBENCH} />),
    page(
      "workbench-found",
      <WorkbenchPage
        {...WORKBENCH}
        outcome={FOUND}
        findings={["Phase 2 flows against the others: CT reversed or on the wrong phase?"]}
      />,
    ),
    page(
      "workbench-torn",
      (
        <WorkbenchPage
          {...WORKBENCH}
          outcome={{
            ...found,
            verdict: "cannot-tell",
            title: "Cannot tell: 2 ways fit as well",
            words:
              "Wait until the display has moved, type what it shows then, and read again: only the right way moves with it.",
            candidates: found.candidates.map((way, i) => ({
              ...way,
              alike: i < 2,
              score: i < 2 ? 44 : way.score,
            })),
          }}
        />
      ),
    ),
    page(
      "workbench-none",
      (
        <WorkbenchPage
          {...WORKBENCH}
          faults={{ display: 'unit "foo" is not known, expected one such as kWh, kW, V, A or none' }}
          outcome={{
            ...found,
            verdict: "none",
            title: "Nothing in these registers gives it",
            words: "Try other registers, the other function code, or the value of another moment.",
            candidates: [],
          }}
        />
      ),
    ),
  ];
}
