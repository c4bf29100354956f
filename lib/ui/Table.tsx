/**
 * Tables as data: a column says how it behaves when room runs out, and on a phone each row becomes a card. Roles are
 * written out, because a browser forgets them when a table is laid out as cards.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { numberText } from "./format.ts";
import { Icon } from "./Icon.tsx";
import type { State } from "./state.ts";

/** Where a cell goes on a phone: the card's name, the state or the large figure beside it, a line of its own, a
 * detail with its name before it, the button at the end, or away. */
export type Place = "name" | "state" | "figure" | "wide" | "detail" | "do" | "away";

/** One column. */
export interface TableColumn<Row> {
  /** Unique within the table. */
  readonly id: string;
  /** Its heading. */
  readonly head: string;
  /** Whether the heading is only said, not shown. */
  readonly headUnseen?: boolean | undefined;
  /** Numbers stand at the end of their column. */
  readonly number?: boolean | undefined;
  /** 1 leaves first when the panel gets narrow, then 2, then 3; absent: it stays. */
  readonly spare?: 1 | 2 | 3 | undefined;
  /** Where it goes on a phone. */
  readonly place: Place;
  /** Word before a detail on a phone. */
  readonly detailName?: string | undefined;
  /** Link that sorts by it. */
  readonly sortHref?: string | undefined;
  /** How the table is sorted by it now. */
  readonly sorted?: "ascending" | "descending" | undefined;
  /** The content of its cell. */
  readonly cell: (row: Row) => ComponentChildren;
}

/** A row with a name, and a page of its own. */
export interface NamedRow {
  /** What people call it. */
  readonly name: string;
  /** Its page. */
  readonly href: string;
}

/** The column by which rows are called, each a link to its page. */
export const NAME_COLUMN: TableColumn<NamedRow> = {
  id: "name",
  head: "Name",
  place: "name",
  cell: ({ name, href }) => (
    <a href={href}>
      <bdi>{name}</bdi>
    </a>
  ),
};

/** What a table shows. */
export interface DataTableProps<Row> {
  /** Said before the table; not shown. */
  readonly caption: string;
  /** Columns in order; exactly one has the place `name`. */
  readonly columns: readonly TableColumn<Row>[];
  /** Rows in order. */
  readonly rows: readonly Row[];
  /** Unique name of a row. */
  readonly keyOf: (row: Row) => string | number;
  /** State that tints a row; only `warn` does. */
  readonly stateOf?: ((row: Row) => State | undefined) | undefined;
}

/** A table whose rows become cards on a phone. */
export function DataTable<Row>({ caption, columns, rows, keyOf, stateOf }: DataTableProps<Row>): JSX.Element {
  return (
    <table class="table" data-cards role="table">
      <caption class="unseen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">{columns.map((column) => <Head key={column.id} column={column} />)}</tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" data-state={stateOf?.(row)}>
            {columns.map((column) => <Cell key={column.id} column={column} row={row} />)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head<Row>({ column }: { readonly column: TableColumn<Row> }): JSX.Element {
  const { head, number, spare, sorted, sortHref } = column;
  const words = column.headUnseen ? <span class="unseen">{head}</span> : head;
  return (
    <th
      scope="col"
      role="columnheader"
      data-number={number ? "" : undefined}
      data-spare={spare}
      aria-sort={sorted}
    >
      {sortHref === undefined ? words : (
        <a href={sortHref}>
          {words}
          {sorted && <Icon name={sorted === "ascending" ? "rising" : "falling"} />}
        </a>
      )}
    </th>
  );
}

function Cell<Row>({ column, row }: { readonly column: TableColumn<Row>; readonly row: Row }): JSX.Element {
  const { number, spare, place, detailName } = column;
  const content = column.cell(row);
  if (place === "name") return <th scope="row" role="rowheader" data-spare={spare}>{content}</th>;
  return (
    <td
      role="cell"
      data-place={place}
      data-number={number ? "" : undefined}
      data-spare={spare}
      data-name={place === "detail" ? detailName : undefined}
    >
      {content}
    </td>
  );
}

/** What a pager needs. */
export interface PagerProps {
  /** Number of the first row shown, from 1; 0 when there is none. */
  readonly first: number;
  /** Number of the last row shown. */
  readonly last: number;
  /** Rows in all. */
  readonly total: number;
  /** Link to the page before; `null` on the first. */
  readonly previousHref: string | null;
  /** Link to the page after; `null` on the last. */
  readonly nextHref: string | null;
}

/** Which rows these are, and the ways to the others. */
export function Pager({ first, last, total, previousHref, nextHref }: PagerProps): JSX.Element {
  return (
    <nav class="pager" aria-label="Pages">
      <span>
        {total === 0 ? "none" : `${numberText(first)}–${numberText(last)} of ${numberText(total)}`}
      </span>
      <span class="actions">
        <PagerLink href={previousHref} rel="prev">
          <Icon name="previous" />Previous
        </PagerLink>
        <PagerLink href={nextHref} rel="next">
          Next<Icon name="next" />
        </PagerLink>
      </span>
    </nav>
  );
}

function PagerLink(
  { href, rel, children }: {
    readonly href: string | null;
    readonly rel: string;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  if (href === null) {
    return <a class="button" data-size="row" role="link" aria-disabled="true">{children}</a>;
  }
  return <a class="button" data-size="row" href={href} rel={rel}>{children}</a>;
}
