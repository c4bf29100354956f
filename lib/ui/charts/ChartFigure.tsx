/**
 * The frame of every chart: a figure with title, a sentence made from the data, legend, the same numbers as a
 * table, and CSV. The drawing inside is as wide as its container; nothing in it is scaled.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Icon } from "../Icon.tsx";

/** The patterns for missing and estimated; a page with charts holds them once. */
export function ChartPatterns(): JSX.Element {
  return (
    <svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern
          id="hatch"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path class="hatch-back" d="M0 0h6v6H0z" />
          <path class="hatch-line" d="M3 0V6" />
        </pattern>
        <pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">
          <path class="estimated-dot" d="M0 0h2v2H0zM2 2h2v2H2z" />
        </pattern>
        <pattern id="dots-over" width="4" height="4" patternUnits="userSpaceOnUse">
          <path class="estimated-over-dot" d="M0 0h1.5v1.5H0zM2 2h1.5v1.5H2z" />
        </pattern>
      </defs>
    </svg>
  );
}

/** A table behind a chart. */
export interface ChartTable {
  /** What it holds, for those who only hear it. */
  readonly caption: string;
  /** Column heads; the first is the row's name. */
  readonly heads: readonly string[];
  /** As many cells a row as there are heads. */
  readonly rows: readonly (readonly string[])[];
}

/** What a figure needs. */
export interface ChartFigureProps {
  /** Unique on the page. */
  readonly id: string;
  /** Its title. */
  readonly title: string;
  /** One sentence made from the data. */
  readonly summary?: string | undefined;
  /** Beside the title: a badge, or a choice of range. */
  readonly beside?: ComponentChildren;
  /** List items that say what marks mean. */
  readonly legend?: ComponentChildren;
  /** The same numbers as text. */
  readonly table: ChartTable;
  /** Where the numbers are as CSV; absent when nowhere. */
  readonly csvHref?: string | undefined;
  /** The drawing. */
  readonly children: ComponentChildren;
}

/** A chart with everything around it. */
export function ChartFigure(props: ChartFigureProps): JSX.Element {
  return (
    <figure class="chart" aria-labelledby={`${props.id}-title`}>
      <figcaption>
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        {props.beside}
        {props.summary && <p>{props.summary}</p>}
      </figcaption>
      {props.children}
      {props.legend && <ul class="legend">{props.legend}</ul>}
      <ChartTools table={props.table} csvHref={props.csvHref} title={props.title} />
    </figure>
  );
}

function ChartTools(
  { table, csvHref, title }: {
    readonly table: ChartTable;
    readonly csvHref: string | undefined;
    readonly title: string;
  },
): JSX.Element {
  return (
    <div class="chart-tools">
      {csvHref && (
        <a class="chart-tool chart-csv" href={csvHref} download aria-label={`CSV of ${title}`}>
          <Icon name="download" />CSV
        </a>
      )}
      <details class="chart-table">
        <summary class="chart-tool">
          <Icon name="table" />
          <span class="when-closed">Show table</span>
          <span class="when-open">Hide table</span>
        </summary>
        <div class="chart-table-scroll" tabIndex={0} role="region" aria-label={table.caption}>
          <table class="table">
            <caption class="unseen">{table.caption}</caption>
            <thead>
              <tr>
                {table.heads.map((head, index) => (
                  <th key={head} scope="col" class={index ? "number" : undefined}>{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>{table.rows.map((row) => <TableRow key={row[0]} row={row} />)}</tbody>
          </table>
        </div>
      </details>
    </div>
  );
}

function TableRow({ row }: { readonly row: readonly string[] }): JSX.Element {
  return (
    <tr>
      {row.map((text, index) =>
        index === 0 ? <th key={0} scope="row">{text}</th> : <td key={index} class="number">{text}</td>
      )}
    </tr>
  );
}

/** What a mark in a legend looks like. */
export type KeyMark =
  | "load"
  | "estimated"
  | "hatch"
  | "hours"
  | "baseload"
  | "critical"
  | "heat-estimated"
  | "weak";

/** One entry of a legend. */
export function Key({ mark, children }: { readonly mark: KeyMark; readonly children: ComponentChildren }) {
  return (
    <li>
      <svg class="chart-key" width="14" height="14" aria-hidden="true" focusable="false">
        {KEY_MARKS[mark]}
      </svg>
      {children}
    </li>
  );
}

const SQUARE = "M0 0h14v14H0z";

const KEY_MARKS: Readonly<Record<KeyMark, JSX.Element>> = {
  load: <path class="load" d={SQUARE} />,
  estimated: (
    <g>
      <path class="estimated-back" d={SQUARE} />
      <path class="estimated" d={SQUARE} />
    </g>
  ),
  hatch: <path class="hatch" d={SQUARE} />,
  hours: <path class="hours-rule" d="M0 6h14v3H0z" />,
  baseload: <path class="baseload-line" d="M0 7H14" />,
  critical: <path class="critical-fill" d={SQUARE} />,
  "heat-estimated": (
    <g>
      <path class="load" d={SQUARE} />
      <path class="estimated-over" d={SQUARE} />
    </g>
  ),
  weak: <path class="weak-line" d="M0 7H14" />,
};
