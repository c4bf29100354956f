/**
 * What the last scan of the host found, the worst first, what is accepted until when, and what could not be looked at.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Facts } from "../Data.tsx";
import { countText } from "../format.ts";
import { Empty, Notice } from "../Over.tsx";
import { Column, PageHead, Panel } from "../Page.tsx";
import type { State } from "../state.ts";
import { DataTable, type TableColumn } from "../Table.tsx";
import { Count, StateWord } from "../Words.tsx";

/** A finding as its list shows it. */
export interface FindingRow {
  /** Names it in the list. */
  readonly key: string;
  /** The check and what it is, as the list of what is accepted names it. */
  readonly id: string;
  /** How much it matters, in a word. */
  readonly severity: string;
  /** Icon and colour of that. */
  readonly state: State;
  /** What it is. */
  readonly what: string;
  /** Where. */
  readonly where: string;
  /** What to do. */
  readonly remedy: string;
  /** Why it was accepted; `null`: nobody did. */
  readonly reason: string | null;
  /** Last day on which it is accepted, in words; `null`: nobody did. */
  readonly until: string | null;
}

/** A check as its list shows it. */
export interface CheckRow {
  /** Its name. */
  readonly name: string;
  /** What it looked at, or why it did not. */
  readonly words: string;
  /** Whether it looked. */
  readonly ran: boolean;
}

/** Why there is nothing to see. */
export type ScanTrouble =
  /** The host tells nothing. */
  | { readonly kind: "absent" }
  /** What it wrote is not understood. */
  | { readonly kind: "unreadable"; readonly why: string };

/** A scan as it is shown. */
export interface ShownScan {
  /** When it began, in words. */
  readonly at: string;
  /** Days since then, where they are many; `null`: it is recent. */
  readonly oldDays: number | null;
  /** All checks. */
  readonly checks: readonly CheckRow[];
  /** Findings that nobody accepted. */
  readonly open: readonly FindingRow[];
  /** Findings whose acceptance is over. */
  readonly expired: readonly FindingRow[];
  /** Findings that are accepted. */
  readonly accepted: readonly FindingRow[];
}

/** What the page shows. */
export type ScanPageProps =
  | { readonly scan: ShownScan; readonly trouble: null }
  | { readonly scan: null; readonly trouble: ScanTrouble };

/** The last scan, or why there is none. */
export function ScanPage(props: ScanPageProps): JSX.Element {
  return (
    <>
      <PageHead
        title="Scan"
        summary="What deno task scan found on this host: from outside, on its pages and within."
      />
      <Column>
        {props.trouble ? <TroubleNotice trouble={props.trouble} /> : <Found scan={props.scan} />}
      </Column>
    </>
  );
}

function TroubleNotice({ trouble }: { readonly trouble: ScanTrouble }): JSX.Element {
  switch (trouble.kind) {
    case "absent":
      return (
        <Notice state="info" title="This host was not scanned yet">
          <code>deno task scan</code> as root on the host looks, and its report is shown here.
        </Notice>
      );
    case "unreadable":
      return (
        <Notice state="warn" title="What the last scan said is not understood">
          Of its file: <bdi>{trouble.why}</bdi>. Run <code>deno task scan</code> on the host again.
        </Notice>
      );
  }
}

function Found({ scan }: { readonly scan: ShownScan }): JSX.Element {
  const { at, oldDays, checks, open, expired, accepted } = scan;
  const lacking = checks.filter(({ ran }) => !ran).length;
  return (
    <>
      {oldDays !== null && (
        <Notice state="warn" title={`The last scan is ${countText(oldDays, "day")} old`}>
          Run <code>deno task scan</code> on the host again; once a month is best.
        </Notice>
      )}
      {lacking > 0 && (
        <Notice state="warn" title={`${countText(lacking, "check")} did not run`}>
          What was not looked at has not passed. <a href="#checks">Why not, check by check</a>
        </Notice>
      )}
      <FindingsPanel title="Open" id="open" rows={open} summary={`Found on ${at}.`}>
        {lacking === 0
          ? "Every check that was asked for has run."
          : "That is said of the checks that ran, and of no others."}
      </FindingsPanel>
      {expired.length > 0 && (
        <FindingsPanel
          title="No longer accepted"
          id="expired"
          rows={expired}
          summary="The last day of these has passed and they count again: mend them, or accept them anew with a reason that still holds."
          remedies
        />
      )}
      {accepted.length > 0 && (
        <FindingsPanel
          title="Accepted"
          id="accepted"
          rows={accepted}
          summary="Known and borne for a reason, until a day. They are listed in ops/scan_accepted.json of the release."
        />
      )}
      <Panel title="What was looked at" id="checks">
        <Facts
          kind="words"
          facts={checks.map(({ name, words, ran }) => ({
            label: <bdi>{name}</bdi>,
            id: name,
            value: ran ? <bdi>{words}</bdi> : (
              <StateWord state="warn" wrap>
                Did not run: <bdi>{words}</bdi>
              </StateWord>
            ),
          }))}
        />
      </Panel>
    </>
  );
}

function FindingsPanel({ title, id, rows, summary, remedies, children }: {
  readonly title: string;
  readonly id: string;
  readonly rows: readonly FindingRow[];
  readonly summary: string;
  /** Whether what to do is said although they were accepted. */
  readonly remedies?: boolean;
  readonly children?: ComponentChildren;
}): JSX.Element {
  if (rows.length === 0) {
    return (
      <Panel title={title} id={id} summary={summary}>
        <Empty icon="good" title="Nothing is open">{children}</Empty>
      </Panel>
    );
  }
  return (
    <Panel title={title} id={id} beside={<Count>{rows.length}</Count>} summary={summary} flush>
      <DataTable caption={title} columns={columnsOf(rows, remedies)} rows={rows} keyOf={({ key }) => key} />
    </Panel>
  );
}

function columnsOf(rows: readonly FindingRow[], remedies = false): readonly TableColumn<FindingRow>[] {
  const isOpen = rows.every(({ reason }) => reason === null);
  return [
    { id: "what", head: "What", place: "name", cell: ({ what }) => <Foreign>{what}</Foreign> },
    {
      id: "severity",
      head: "Severity",
      place: "state",
      cell: ({ severity, state }) => <StateWord state={state}>{severity}</StateWord>,
    },
    {
      id: "where",
      head: "Where",
      place: "detail",
      detailName: "Where",
      cell: ({ where, id }) => (
        <>
          <Foreign>{where}</Foreign>
          <small class="muted">
            <Foreign>{id}</Foreign>
          </small>
        </>
      ),
    },
    ...(isOpen || remedies ? [REMEDY] : []),
    ...(isOpen ? [] : BORNE),
  ];
}

const REMEDY: TableColumn<FindingRow> = {
  id: "remedy",
  head: "What to do",
  place: "detail",
  detailName: "What to do",
  cell: ({ remedy }) => <Foreign>{remedy}</Foreign>,
};

const BORNE: readonly TableColumn<FindingRow>[] = [
  {
    id: "reason",
    head: "Why",
    place: "detail",
    detailName: "Why",
    spare: 3,
    cell: ({ reason }) => reason !== null && <Foreign>{reason}</Foreign>,
  },
  {
    id: "until",
    head: "Until",
    place: "detail",
    detailName: "Until",
    cell: ({ until }) => <span class="day-words">{until}</span>,
  },
];

/** Words that tools wrote, after pages that others wrote: they neither widen the table nor turn what stands around. */
function Foreign({ children }: { readonly children: string }): JSX.Element {
  return <bdi class="foreign-words">{children}</bdi>;
}
