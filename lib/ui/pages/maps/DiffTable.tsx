/**
 * What differs between two states of a register map: a sentence for each, and both sides as a table.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText } from "../../format.ts";
import { Panel } from "../../Page.tsx";
import { DataTable, type TableColumn } from "../../Table.tsx";
import { StateWord } from "../../Words.tsx";

/** One difference. */
export interface DiffRow {
  /** Unique. */
  readonly id: string;
  /** Whether something was added, taken out or changed. */
  readonly kind: "added" | "removed" | "changed";
  /** Which quantity, or what of the device. */
  readonly what: string;
  /** Which field, in words; empty: the whole row. */
  readonly field: string;
  /** What stood there; empty: nothing. */
  readonly before: string;
  /** What stands there; empty: nothing. */
  readonly after: string;
}

/** Two states and what differs. */
export interface DiffModel {
  /** What the earlier is called. */
  readonly fromLabel: string;
  /** What the later is called. */
  readonly toLabel: string;
  /** In one sentence. */
  readonly summary: string;
  /** Each in words. */
  readonly sentences: readonly string[];
  /** Each with both sides. */
  readonly rows: readonly DiffRow[];
}

/** The panels. */
export function DiffTable({ diff }: { readonly diff: DiffModel }): JSX.Element {
  const { rows, sentences, summary, fromLabel, toLabel } = diff;
  return (
    <Panel
      title="Differences"
      id="differences"
      beside={<span>{countText(rows.length, "difference")}</span>}
      summary={summary}
      flush
    >
      {sentences.length > 0 && (
        <ul class="rows map-sentences">
          {sentences.map((sentence) => (
            <li key={sentence}>
              <bdi>{sentence}</bdi>
            </li>
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <DataTable
          caption={`From ${fromLabel} to ${toLabel}`}
          columns={columnsOf(diff)}
          rows={rows}
          keyOf={({ id }) => id}
        />
      )}
    </Panel>
  );
}

function columnsOf({ fromLabel, toLabel }: DiffModel): readonly TableColumn<DiffRow>[] {
  const side = (text: string) => text === "" ? <span class="muted">nothing</span> : <code>{text}</code>;
  return [
    {
      id: "what",
      head: "Where",
      place: "name",
      cell: ({ what, field }) => (
        <>
          <bdi>{what}</bdi>
          {field !== "" && <span class="sub">{field}</span>}
        </>
      ),
    },
    { id: "kind", head: "How", place: "state", cell: ({ kind }) => <KindWord kind={kind} /> },
    {
      id: "before",
      head: fromLabel,
      place: "wide",
      cell: ({ before }) => <span class="map-side" data-side={fromLabel}>{side(before)}</span>,
    },
    {
      id: "after",
      head: toLabel,
      place: "wide",
      cell: ({ after }) => <span class="map-side" data-side={toLabel}>{side(after)}</span>,
    },
  ];
}

function KindWord({ kind }: Pick<DiffRow, "kind">): JSX.Element {
  switch (kind) {
    case "added":
      return <StateWord state="good" icon="plus">added</StateWord>;
    case "removed":
      return <StateWord state="critical" icon="close">taken out</StateWord>;
    case "changed":
      return <StateWord state="info">changed</StateWord>;
  }
}
