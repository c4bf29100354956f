/**
 * Today: one sentence that says who needs you, then the sites that are silent, then how complete the day is. What
 * the data cannot say is absent.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { RankedList } from "../Data.tsx";
import { ageText, completenessText, countText, energyText, numberText } from "../format.ts";
import { LinkButton, PostButton } from "../Input.tsx";
import { NoSites } from "../NoSites.tsx";
import { Column, Panel, Split } from "../Page.tsx";
import type { State } from "../state.ts";
import { DataTable, type TableColumn } from "../Table.tsx";
import { Count, EstimatedSign, IconWord, StateBadge, StateWord, Triage } from "../Words.tsx";

/** The newest half-hour over all sites. */
export interface TriageModel {
  /** The boundary that closed it in the reader's zone, such as `10:30`. */
  readonly boundaryLabel: string;
  /** Whether sites may still report it. */
  readonly open: boolean;
  /** Sites that reported it. */
  readonly reported: number;
  /** Sites expected. */
  readonly expected: number;
  /** Sites that answered on another path than their main one. */
  readonly onBackup: number;
  /** Sites without a reading for longer than an hour. */
  readonly silent: number;
}

/** A site that is silent now. */
export interface SilentSite {
  /** Unique. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
  /** How it is. */
  readonly state: State;
  /** Why, in words: `Router silent`. */
  readonly why: string;
  /** Local time of the last reading; `null`: there never was one. */
  readonly lastLabel: string | null;
  /** Seconds since then; `null`: there never was one. */
  readonly ageS: number | null;
  /** What is tried next: `try 7 of 12 at 10:52`. */
  readonly next: string;
  /** Where a try at once is posted; `null`: it is not offered. */
  readonly tryAction: string | null;
}

/** How complete the last 48 half-hours are. */
export interface CompletenessModel {
  /** Half-hours of sites with a value. */
  readonly have: number;
  /** Half-hours of sites expected. */
  readonly expected: number;
  /** How it is. */
  readonly state: State;
  /** Sites by the path that answered last, largest first. */
  readonly paths: readonly PathCount[];
}

/** Sites by the path that answered last. */
export interface PathCount {
  /** Which. */
  readonly kind: "wired" | "cellular" | "wifi" | "backup" | "none";
  /** Sites. */
  readonly count: number;
  /** The list of them. */
  readonly href: string;
}

/** One of the largest users of yesterday. */
export interface LargeUser {
  /** Unique. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
  /** Wh of yesterday. */
  readonly energyWh: number;
  /** Whether part of it was estimated. */
  readonly estimated: boolean;
  /** A line about it, from data only. */
  readonly note?: string | undefined;
}

/** What the page needs. */
export interface TodayPageProps {
  /** Day and time in the reader's zone: `Monday 23 November, 10:47 GMT`. */
  readonly nowLabel: string;
  /** Sites registered. */
  readonly siteCount: number;
  /** Where a site is registered; `null`: that is not offered here. */
  readonly registerHref: string | null;
  /** The newest half-hour; `null`: none was collected yet. */
  readonly triage: TriageModel | null;
  /** Open findings of the nightly check; absent: none. */
  readonly findings?: number | undefined;
  /** When the first or next half-hour is due: `11:00`. */
  readonly nextLabel: string;
  /** Silent sites, longest first, as many as are shown. */
  readonly silent: readonly SilentSite[];
  /** The last 48 half-hours; `null`: none was collected yet. */
  readonly completeness: CompletenessModel | null;
  /** The chart of the last 48 half-hours, a figure with its own caption and the `CompletenessBadge`. */
  readonly completenessChart?: ComponentChildren;
  /** Largest users of yesterday, largest first; empty: not known yet. */
  readonly largest: readonly LargeUser[];
  /** Wh of all sites yesterday; `null`: not known. */
  readonly yesterdayWh: number | null;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** The morning's page. */
export function TodayPage(props: TodayPageProps): JSX.Element {
  const { nowLabel, siteCount, registerHref, triage, largest, completeness } = props;
  return (
    <>
      <div class="page-head">
        <div>
          <p>{nowLabel}</p>
          <TriageSentence {...props} />
        </div>
      </div>
      {siteCount === 0 && <NoSites registerHref={registerHref} />}
      {triage && (
        largest.length > 0
          ? (
            <Split cut="2-1">
              <Column>
                <SilentPanel {...props} />
                {completeness && <CompletenessPanel {...props} completeness={completeness} />}
              </Column>
              <LargestPanel {...props} />
            </Split>
          )
          : (
            <>
              <SilentPanel {...props} />
              {completeness && <CompletenessPanel {...props} completeness={completeness} />}
            </>
          )
      )}
    </>
  );
}

function TriageSentence({ triage, siteCount, nextLabel, findings = 0 }: TodayPageProps): JSX.Element {
  if (siteCount === 0) return <Triage>Nothing to watch yet.</Triage>;
  if (!triage) {
    return (
      <Triage>
        {countText(siteCount, "site")} {siteCount === 1 ? "waits" : "wait"} for the first half-hour, due{" "}
        <b>{nextLabel}</b>.
      </Triage>
    );
  }
  const { boundaryLabel, open, reported, expected, onBackup, silent } = triage;
  const all = reported === expected;
  const verb = open && !all ? "have reported" : "reported";
  return (
    <Triage>
      <a href="/sites">
        {all
          ? (expected === 1 ? "1 site" : `All ${countText(expected, "site")}`)
          : `${numberText(reported)} of ${numberText(expected)}`}
      </a>
      {all ? ` ${verb} ${boundaryLabel}` : ` sites ${verb} ${boundaryLabel}${open ? " so far" : ""}`}
      {onBackup > 0 && (
        <>
          . <a href="/sites?path=backup" data-state="warn">{numberText(onBackup)}</a>{" "}
          {onBackup === 1 ? "is on its backup path" : "are on their backup path"}
        </>
      )}
      {silent > 0 && (
        <>
          {onBackup > 0 ? ", and " : ". "}
          <a href="/sites?state=silent" data-state="critical">{numberText(silent)}</a>{" "}
          {silent === 1 ? "is silent" : "are silent"}
        </>
      )}
      .
      {findings > 0 && (
        <>
          {" "}
          <a href="/sites/checks" data-state="warn">{countText(findings, "finding")}</a>
          {` of the nightly check ${findings === 1 ? "waits" : "wait"} for somebody.`}
        </>
      )}
    </Triage>
  );
}

function SilentPanel({ silent, triage, csrf }: TodayPageProps): JSX.Element {
  const total = triage?.silent ?? silent.length;
  if (silent.length === 0) {
    return (
      <Panel title="Silent now" id="silent" beside={<StateBadge state="good">none</StateBadge>}>
        <p class="muted">Every site has been heard within the last hour.</p>
      </Panel>
    );
  }
  return (
    <Panel
      title="Silent now"
      id="silent"
      beside={<Count>{numberText(total)}</Count>}
      flush
      foot={total > silent.length &&
        <a href="/sites?state=silent">{countText(total - silent.length, "more site")}</a>}
    >
      <DataTable
        caption="Sites without a reading for longer than an hour, longest first"
        columns={silentColumns(csrf)}
        rows={silent}
        keyOf={(site) => site.id}
      />
    </Panel>
  );
}

function silentColumns(csrf: string | undefined): readonly TableColumn<SilentSite>[] {
  return [
    { id: "site", head: "Site", place: "name", cell: (site) => <a href={site.href}>{site.name}</a> },
    {
      id: "why",
      head: "Why",
      place: "state",
      cell: (site) => <StateWord state={site.state}>{site.why}</StateWord>,
    },
    {
      id: "last",
      head: "Last reading",
      place: "detail",
      detailName: "last",
      cell: (site) => (
        <StateWord state="stale">
          {site.lastLabel === null || site.ageS === null
            ? "never"
            : `${site.lastLabel}, ${ageText(site.ageS)}`}
        </StateWord>
      ),
    },
    { id: "next", head: "Next", place: "detail", detailName: "next", spare: 3, cell: (site) => site.next },
    {
      id: "do",
      head: "What you can do",
      headUnseen: true,
      place: "do",
      cell: (site) =>
        site.tryAction === null
          ? <LinkButton row href={site.href} label={`Look at ${site.name}`}>Look</LinkButton>
          : (
            <PostButton row icon="read" action={site.tryAction} csrf={csrf} label={`Try now: ${site.name}`}>
              Try now
            </PostButton>
          ),
    },
  ];
}

/** Share and number of half-hours; the chart takes it beside its title. */
export function CompletenessBadge({ have, expected, state }: CompletenessModel): JSX.Element {
  return (
    <StateBadge state={state}>
      {completenessText(have, expected, 2)} of {countText(expected, "half-hour")}
    </StateBadge>
  );
}

function CompletenessPanel(
  { completeness, completenessChart }: TodayPageProps & { readonly completeness: CompletenessModel },
): JSX.Element {
  const foot = completeness.paths.length > 0 && (
    <>
      <span>Path in use</span>
      {completeness.paths.map((path) => <PathLink key={path.kind} path={path} />)}
    </>
  );
  if (completenessChart) return <Panel foot={foot}>{completenessChart}</Panel>;
  return <Panel title="Completeness" beside={<CompletenessBadge {...completeness} />} foot={foot} />;
}

function PathLink({ path: { kind, count, href } }: { readonly path: PathCount }): JSX.Element {
  switch (kind) {
    case "wired":
      return <IconWord icon="wired">wired {numberText(count)}</IconWord>;
    case "cellular":
      return <IconWord icon="cellular">cellular {numberText(count)}</IconWord>;
    case "wifi":
      return <IconWord icon="wifi">Wi-Fi {numberText(count)}</IconWord>;
    case "backup":
      return <StateWord state="warn" icon="backup" href={href}>backup path {numberText(count)}</StateWord>;
    case "none":
      return <StateWord state="critical" icon="offline" href={href}>none {numberText(count)}</StateWord>;
  }
}

function LargestPanel({ largest, yesterdayWh }: TodayPageProps): JSX.Element {
  const most = largest.reduce((top, user) => Math.max(top, user.energyWh), 1);
  return (
    <Panel
      title="Largest users yesterday"
      id="largest"
      summary={yesterdayWh !== null && (
        <>
          All sites together used <b>{energyText(yesterdayWh)}</b>.
        </>
      )}
      flush
    >
      <RankedList
        items={largest.map((user) => ({
          label: user.name,
          href: user.href,
          value: <>{user.estimated && <EstimatedSign />}{energyText(user.energyWh)}</>,
          share: user.energyWh / most,
          note: user.note,
        }))}
      />
    </Panel>
  );
}
