/**
 * The page of a device: what it is, what may be done with it, its counters with all their series, and what happened to
 * it since it was registered.
 *
 * @module
 */

import type { JSX } from "preact";
import { type Fact, Facts } from "../../Data.tsx";
import { Timeline, type TimelineDay } from "../../Flow.tsx";
import { LinkButton, PostButton } from "../../Input.tsx";
import { Empty } from "../../Over.tsx";
import { Column, PageHead, Panel, Split } from "../../Page.tsx";
import type { State } from "../../state.ts";
import { DataTable, type TableColumn } from "../../Table.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";
import { StateBadge } from "../../Words.tsx";

/** A stretch of a counter. */
export interface SeriesRow {
  /** Unique. */
  readonly id: string;
  /** Which counter: `Import`. */
  readonly counter: string;
  /** From when: `12 Nov 2026 10:10`. */
  readonly since: string;
  /** Until when; `null`: it goes on. */
  readonly until: string | null;
  /** What a count is worth: `100 Wh`. */
  readonly factor: string;
  /** How it goes on from the one before, in words. */
  readonly begins: string;
}

/** Something that can be done with the device. */
export interface DeviceLink {
  /** Its name. */
  readonly label: string;
  /** Where. */
  readonly href: string;
}

/** What the page needs. */
export interface DevicePageProps {
  /** Its name. */
  readonly name: string;
  /** Model and how it is reached. */
  readonly model: string;
  /** Its site. */
  readonly site: { readonly name: string; readonly href: string };
  /** How it stands: `Retired since …`; `null`: it is read. */
  readonly standing: { readonly state: State; readonly words: string } | null;
  /** Where "Read now" is posted; `null`: you may not. */
  readonly readAction: string | null;
  /** What can be done; empty: nothing by you. */
  readonly acts: readonly DeviceLink[];
  /** Where an announcement is withdrawn; `null`: nothing is announced, or not by you. */
  readonly withdrawAction: string | null;
  /** Sent with it: the newest event that is shown. */
  readonly seen: number;
  /** What it is. */
  readonly facts: readonly Fact[];
  /** Its counters. */
  readonly series: readonly SeriesRow[];
  /** What happened, by day. */
  readonly days: readonly TimelineDay[];
  /** What was just done; `null`: nothing. */
  readonly told: Told | null;
}

const COLUMNS: readonly TableColumn<SeriesRow>[] = [
  {
    id: "counter",
    head: "Counter",
    place: "name",
    cell: ({ counter, begins }) => (
      <>
        {counter}
        <span class="sub">{begins}</span>
      </>
    ),
  },
  { id: "since", head: "Since", place: "detail", detailName: "Since", cell: ({ since }) => since },
  {
    id: "until",
    head: "Until",
    place: "detail",
    detailName: "Until",
    cell: ({ until }) => until ?? "goes on",
  },
  {
    id: "factor",
    head: "A count is",
    place: "detail",
    detailName: "A count is",
    cell: ({ factor }) => factor,
  },
];

/** The page. */
export function DevicePage(props: DevicePageProps): JSX.Element {
  const { name, model, site, standing, readAction, facts, series, days, told } = props;
  return (
    <>
      <PageHead
        title={name}
        crumbs={[{ label: "Sites", href: "/sites" }, { label: site.name, href: site.href }, { label: name }]}
        summary={model}
        badges={standing && <StateBadge state={standing.state}>{standing.words}</StateBadge>}
        actions={readAction !== null && <PostButton action={readAction} icon="read">Read now</PostButton>}
      />
      <ToldNotice told={told} />
      <Split cut="2-1">
        <Column>
          <Panel title="Counters" flush>
            {series.length === 0
              ? (
                <Empty icon="meter" title="No counter was read yet">
                  The first reading begins the series of each counter.
                </Empty>
              )
              : (
                <DataTable
                  caption="Series of its counters"
                  columns={COLUMNS}
                  rows={series}
                  keyOf={({ id }) => id}
                />
              )}
          </Panel>
          <Panel title="What happened to it">
            {days.length === 0
              ? (
                <Empty icon="calendar" title="Nothing since it was registered">
                  Replacements and moves stand here.
                </Empty>
              )
              : <Timeline days={days} />}
          </Panel>
        </Column>
        <Column>
          <Panel title="Device">
            <Facts facts={facts} />
          </Panel>
          <Acts {...props} />
        </Column>
      </Split>
    </>
  );
}

function Acts({ acts, withdrawAction, seen }: DevicePageProps): JSX.Element | null {
  if (acts.length === 0 && withdrawAction === null) return null;
  return (
    <Panel title="Change">
      <div class="acts">
        {acts.map(({ label, href }) => <LinkButton key={href} href={href}>{label}</LinkButton>)}
        {withdrawAction !== null && (
          <form method="post" action={withdrawAction}>
            <input type="hidden" name="seen" value={String(seen)} />
            <button class="button" data-kind="quiet" type="submit">Withdraw the announcement</button>
          </form>
        )}
      </div>
    </Panel>
  );
}
