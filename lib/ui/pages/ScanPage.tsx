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
          {`Of its file: ${trouble.why}. Run deno task scan on the host again.`}
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
          Run deno task scan on the host again, at best once a month.
        </Notice>
      )}
      {lacking > 0 && (
        <Notice state="warn" title={`${countText(lacking, "check")} did not run`}>
          What was not looked at is no pass: below stands why.
        </Notice>
      )}
      <FindingsPanel title="Open" id="open" rows={open} summary={`Found on ${at}.`}>
        Nothing is open in what was looked at.
      </FindingsPanel>
      {expired.length > 0 && (
        <FindingsPanel
          title="Accepted until a day that has passed"
          id="expired"
          rows={expired}
          summary="They count again: mend them, or accept them anew with a reason that still holds."
        />
      )}
      {accepted.length > 0 && (
        <FindingsPanel
          title="Accepted"
          id="accepted"
          rows={accepted}
          summary="Known and borne for a reason, until a day: ops/scan_accepted.json of the release."
        />
      )}
      <Panel title="What was looked at" id="checks">
        <Facts
          facts={checks.map(({ name, words, ran }) => ({
            label: name,
            value: ran ? words : <StateWord state="warn" wrap>{`Did not run: ${words}`}</StateWord>,
          }))}
        />
      </Panel>
    </>
  );
}

function FindingsPanel({ title, id, rows, summary, children }: {
  readonly title: string;
  readonly id: string;
  readonly rows: readonly FindingRow[];
  readonly summary: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  if (rows.length === 0) {
    return (
      <Panel title={title} id={id} summary={summary}>
        <Empty icon="good" title="Nothing">{children}</Empty>
      </Panel>
    );
  }
  return (
    <Panel title={title} id={id} beside={<Count>{rows.length}</Count>} summary={summary} flush>
      <DataTable caption={title} columns={columnsOf(rows)} rows={rows} keyOf={({ key }) => key} />
    </Panel>
  );
}

function columnsOf(rows: readonly FindingRow[]): readonly TableColumn<FindingRow>[] {
  const columns: readonly TableColumn<FindingRow>[] = [
    { id: "what", head: "What", place: "name", cell: ({ what }) => what },
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
      spare: 2,
      cell: ({ where, id }) => (
        <>
          {where} <small>· {id}</small>
        </>
      ),
    },
  ];
  if (rows.every(({ reason }) => reason === null)) {
    return [...columns, {
      id: "remedy",
      head: "What to do",
      place: "detail",
      detailName: "What to do",
      spare: 1,
      cell: ({ remedy }) => remedy,
    }];
  }
  return [
    ...columns,
    { id: "reason", head: "Why", place: "detail", detailName: "Why", spare: 1, cell: ({ reason }) => reason },
    { id: "until", head: "Until", place: "detail", detailName: "Until", cell: ({ until }) => until },
  ];
}
