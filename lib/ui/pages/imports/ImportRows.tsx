/**
 * The rows of an import: how each was judged, what was noticed in which cell, and how its device did in a test.
 *
 * @module
 */

import type { JSX } from "preact";
import type { RowFilter, RowState } from "../../../domain/site_import.ts";
import { numberText } from "../../format.ts";
import { Button, type Choice, Choices, Tick } from "../../Input.tsx";
import { Empty } from "../../Over.tsx";
import { Panel } from "../../Page.tsx";
import type { State } from "../../state.ts";
import { DataTable, Pager, type PagerProps, type TableColumn } from "../../Table.tsx";
import { StateWord } from "../../Words.tsx";

/** Something that was noticed. */
export interface RowNote {
  /** Heading of the column. */
  readonly heading: string;
  /** What stands there; empty: nothing. */
  readonly value: string;
  /** What is wrong and what is expected. */
  readonly words: string;
  /** Whether it keeps the row from being registered. */
  readonly state: "warn" | "refused";
}

/** A row as it is shown. */
export interface ShownRow {
  /** Its number in the sheet. */
  readonly row: number;
  /** Name of its site; empty: it has none. */
  readonly site: string;
  /** The site's page; `null`: it is not registered. */
  readonly siteHref: string | null;
  /** Name of its device; empty: it has none. */
  readonly device: string;
  /** How it was judged. */
  readonly state: RowState;
  /** What became of it; `null`: nothing yet. */
  readonly outcome: { readonly state: State; readonly words: string } | null;
  /** What was noticed. */
  readonly notes: readonly RowNote[];
  /** The row that holds it back; `null`: none does. */
  readonly heldBy: number | null;
  /** How its device did; `null`: it was not tested. */
  readonly test: { readonly state: State; readonly words: string } | null;
}

/** What the panel needs. */
export interface ImportRowsProps {
  /** Rows of this page. */
  readonly rows: readonly ShownRow[];
  /** Which rows. */
  readonly filter: RowFilter;
  /** The ways to the others. */
  readonly filters: readonly Choice[];
  /** The ways to other pages. */
  readonly pager: PagerProps;
  /** Where tests of ticked rows are posted; `null`: nothing is tested now. */
  readonly testAction: string | null;
}

/** Name of the ticks of rows that are to be tested. */
export const TEST_FIELD = "row";

/** The panel. */
export function ImportRows({ rows, filters, pager, testAction }: ImportRowsProps): JSX.Element {
  const table = rows.length === 0
    ? <Empty icon="check" title="No such row">No row of this sheet was judged like that.</Empty>
    : (
      <DataTable
        caption="Rows of the sheet"
        columns={testAction === null ? COLUMNS : [...COLUMNS, TICK_COLUMN]}
        rows={rows}
        keyOf={({ row }) => row}
        stateOf={({ state }) => state === "warn" ? "warn" : undefined}
      />
    );
  const canTick = testAction !== null && rows.some(isGood);
  const foot = (
    <>
      {canTick && <Button icon="read" name="which" value="ticked">Test the ticked rows</Button>}
      <Pager {...pager} />
    </>
  );
  const panel = (
    <Panel
      title="Rows"
      id="import-rows"
      actions={<Choices label="Which rows" choices={filters} />}
      foot={foot}
      flush
    >
      {table}
    </Panel>
  );
  return testAction === null ? panel : <form method="post" action={testAction}>{panel}</form>;
}

function isGood({ state }: ShownRow): boolean {
  return state === "good" || state === "warn";
}

function stateOfRow({ state, heldBy }: ShownRow): { readonly state: State; readonly words: string } {
  switch (state) {
    case "good":
      return { state: "good", words: "good" };
    case "warn":
      return { state: "warn", words: "good, look at it" };
    case "refused":
      return { state: "critical", words: "refused" };
    case "held":
      return {
        state: "partial",
        words: heldBy === null ? "held back" : `waits for row ${numberText(heldBy)}`,
      };
  }
}

function Notes({ row }: { readonly row: ShownRow }): JSX.Element | null {
  if (row.notes.length === 0) {
    if (row.state !== "held") return null;
    return <span class="muted">A site is registered whole or not at all.</span>;
  }
  return (
    <ul class="import-notes">
      {row.notes.map(({ heading, value, words, state }, i) => (
        <li key={i} data-state={state === "refused" ? "critical" : "warn"}>
          <b>{heading}</b>
          {value !== "" && (
            <q>
              <bdi>{value}</bdi>
            </q>
          )}
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}

const COLUMNS: readonly TableColumn<ShownRow>[] = [
  {
    id: "row",
    head: "Row",
    spare: 1,
    place: "detail",
    detailName: "row",
    number: true,
    cell: ({ row }) => numberText(row),
  },
  {
    id: "site",
    head: "Site and device",
    place: "name",
    cell: ({ site, siteHref, device }) => (
      <>
        {siteHref === null ? <bdi>{site === "" ? "no name" : site}</bdi> : (
          <a href={siteHref}>
            <bdi>{site}</bdi>
          </a>
        )}
        {device !== "" && (
          <span class="sub">
            <bdi>{device}</bdi>
          </span>
        )}
      </>
    ),
  },
  {
    id: "state",
    head: "Verdict",
    place: "state",
    cell: (row) => {
      const { state, words } = row.outcome ?? stateOfRow(row);
      return <StateWord state={state}>{words}</StateWord>;
    },
  },
  { id: "notes", head: "What was noticed", place: "wide", cell: (row) => <Notes row={row} /> },
  {
    id: "test",
    head: "Live test",
    spare: 2,
    place: "detail",
    detailName: "test",
    cell: (row) => {
      if (row.test !== null) return <StateWord state={row.test.state} wrap>{row.test.words}</StateWord>;
      // What is refused cannot be tested.
      return isGood(row) ? <span class="muted">not tested</span> : null;
    },
  },
];

const TICK_COLUMN: TableColumn<ShownRow> = {
  id: "tick",
  head: "Test",
  place: "do",
  cell: (row) =>
    isGood(row)
      ? (
        <Tick name={TEST_FIELD} value={String(row.row)}>
          <span class="on-phone" aria-hidden="true">Test</span>
          <span class="unseen">{`Test row ${row.row}`}</span>
        </Tick>
      )
      : null,
};
