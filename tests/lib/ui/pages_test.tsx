/**
 * Pages: what is not there is said or absent, forms work without JavaScript, and nothing needs an inline style.
 *
 * @module
 */

import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import type { VNode } from "preact";
import { render } from "preact-render-to-string";
import { DevicesPanel } from "../../../lib/ui/DevicesPanel.tsx";
import type { DeviceRow } from "../../../lib/ui/site_model.ts";
import { errorKindOf, ErrorPage } from "../../../lib/ui/pages/ErrorPage.tsx";
import { ReadNowPage } from "../../../lib/ui/pages/ReadNowPage.tsx";
import { SetupPage } from "../../../lib/ui/pages/SetupPage.tsx";
import { SignInPage } from "../../../lib/ui/pages/SignInPage.tsx";
import { SitesPage } from "../../../lib/ui/pages/SitesPage.tsx";
import { TodayPage, type TodayPageProps } from "../../../lib/ui/pages/TodayPage.tsx";
import { ALL_SITES } from "../../../lib/ui/sites_query.ts";
import { documentOf } from "../../gallery/frame.tsx";
import { partsSpecimen } from "../../gallery/parts.tsx";
import { pageSpecimens } from "../../gallery/pages.tsx";

function textOf(node: VNode): string {
  return render(node).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ").replace(/ ([.,])/g, "$1").trim();
}

for (const specimen of [...pageSpecimens(), partsSpecimen()]) {
  Deno.test(`${specimen.name} needs neither inline style nor inline script, and has one h1`, () => {
    const html = render(documentOf(specimen, "system"));
    doesNotMatch(html, /\sstyle=/);
    doesNotMatch(html, /<script|\son[a-z]+=|javascript:/);
    strictEqual(html.match(/<h1/g)?.length, 1);
    strictEqual(html.match(/<main/g)?.length, 1);
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    strictEqual(ids.length, new Set(ids).size, "an id is used twice");
    for (const form of html.match(/<form[^>]*method="post"[^>]*>/g) ?? []) match(form, /action="\//);
  });
}

const TODAY: TodayPageProps = {
  nowLabel: "Monday 23 November, 10:47 GMT",
  siteCount: 43,
  registerHref: null,
  nextLabel: "11:00",
  triage: { boundaryLabel: "10:30", open: false, reported: 42, expected: 43, onBackup: 1, silent: 1 },
  silent: [],
  completeness: null,
  largest: [],
  yesterdayWh: null,
};

const SENTENCES: readonly (readonly [string, Partial<TodayPageProps>, string])[] = [
  [
    "one silent, one on backup",
    {},
    "42 of 43 sites reported 10:30. 1 is on its backup path, and 1 is silent.",
  ],
  [
    "all well",
    { triage: { boundaryLabel: "10:30", open: false, reported: 43, expected: 43, onBackup: 0, silent: 0 } },
    "All 43 sites reported 10:30.",
  ],
  [
    "still coming in",
    { triage: { boundaryLabel: "10:30", open: true, reported: 40, expected: 43, onBackup: 0, silent: 0 } },
    "40 of 43 sites have reported 10:30 so far.",
  ],
  ["before the first half-hour", { triage: null }, "43 sites wait for the first half-hour, due 11:00."],
  [
    "one site before the first",
    { triage: null, siteCount: 1 },
    "1 site waits for the first half-hour, due 11:00.",
  ],
  ["no sites", { triage: null, siteCount: 0 }, "Nothing to watch yet."],
];

for (const [name, given, want] of SENTENCES) {
  Deno.test(`TodayPage says in one sentence: ${name}`, () => {
    const html = render(<TodayPage {...TODAY} {...given} />);
    const heading = /<h1[^]*<\/h1>/.exec(html)?.[0] ?? "";
    strictEqual(heading.replace(/<[^>]+>/g, "").replace(/\s+/g, " ").trim(), want);
  });
}

Deno.test("TodayPage is silent about money, incidents and waste", () => {
  for (const { name, body } of pageSpecimens()) {
    if (name.startsWith("today") || name === "sites" || name === "site") {
      doesNotMatch(textOf(body), /£|€|\$|[Ii]ncident|[Ww]aste/);
    }
  }
});

Deno.test("SignInPage keeps the address, never the password, and says not which was wrong", () => {
  const html = render(
    <SignInPage
      email="a@b.example"
      fault={{ kind: "wrong" }}
      back="/sites"
      keepDays={null}
      keep={false}
      organisation=""
    />,
  );
  match(html, /value="a@b.example"/);
  doesNotMatch(/<input[^>]*type="password"[^>]*>/.exec(html)?.[0] ?? "value", /value/);
  match(html, /E-mail or password/);
  match(html, /autocomplete="current-password"/);
  match(html, /role="alert"/);
});

Deno.test("SetupPage ties every fault to its field and keeps what was typed", () => {
  const html = render(
    <SetupPage
      kind="form"
      token="t"
      name="Ana"
      email="ana"
      faults={{ email: "An address has an @", "": 'Unknown field "nmae"' }}
      passwordMinLength={12}
      emailMaxLength={190}
    />,
  );
  match(html, /id="email"[^>]*aria-invalid="true"[^>]*aria-describedby="email-fault"/);
  match(html, /id="email-fault"[^]*An address has an @/);
  match(html, /id="email"[^>]*maxlength="190"/i);
  match(html, /2 things to put right[^]*Unknown field &quot;nmae&quot;/);
  match(html, /value="Ana"/);
});

Deno.test("SitesPage says what was searched for when nothing fits", () => {
  const node = (
    <SitesPage
      query={{ ...ALL_SITES, q: "kestrl" }}
      siteCount={412}
      found={0}
      rows={[]}
      pageSize={50}
      spanLabel=""
      registerHref={null}
    />
  );
  match(textOf(node), /No site fits.*“kestrl”/);
  match(textOf(node), /0 of 412 sites/);
});

Deno.test("ReadNowPage shows why each value was refused beside its words", () => {
  const node = (
    <ReadNowPage
      device="Board"
      model="iEM3155, unit 3"
      site={{ name: "Kestrel", href: "/sites/3" }}
      readAction="/read"
      outcome={{
        kind: "read",
        atLabel: "10:47:02",
        pathLabel: "through 4G",
        tookMs: 900,
        values: [
          {
            label: "Energy",
            address: 1,
            words: "7FC0 0000",
            figure: null,
            reason: "not a number",
            tookMs: 90,
          },
          {
            label: "Power",
            address: 2,
            words: "4103 6C8B",
            figure: { text: "8.2", unit: "kW" },
            reason: null,
            tookMs: 90,
          },
        ],
      }}
    />
  );
  match(textOf(node), /1 of 2 values taken/);
  match(textOf(node), /7FC0 0000.*not a number/);
});

const KINDS = [
  [400, "bad-request"],
  [401, "sign-in-needed"],
  [403, "forbidden"],
  [404, "not-found"],
  [405, "not-found"],
  [
    422,
    "bad-request",
  ],
  [429, "too-many"],
  [500, "broken"],
  [503, "not-ready"],
] as const;

for (const [status, kind] of KINDS) {
  Deno.test(`ErrorPage of ${status} says the request's id and nothing of the inside`, () => {
    strictEqual(errorKindOf(status), kind);
    const text = textOf(
      <ErrorPage kind={kind} requestId="01JD-7Q2M" atLabel="10:47:02" retryAfterS={null} />,
    );
    ok(text.includes("01JD-7Q2M"));
    doesNotMatch(text, /[Ee]xception|stack|SQL|undefined/);
  });
}

Deno.test("DevicesPanel says how far a power may be off, and that it is about right", () => {
  const device: DeviceRow = {
    id: 1,
    name: "Pump",
    model: "Carlo Gavazzi EM340, unit 1",
    endUse: "water",
    wholeSite: false,
    powerW: 400,
    uncertaintyW: 200,
    estimated: true,
    counterWh: 1_000,
    ageS: 60,
    stale: false,
    reason: null,
    complete24h: { have: 48, expected: 48 },
    readAction: null,
  };
  match(textOf(<DevicesPanel devices={[device]} csrf={undefined} />), /~ about 0\.4 kW ± 0\.2 kW/);
});
