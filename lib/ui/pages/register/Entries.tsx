/**
 * Rows of the same few fields, such as paths in order: those in use and one to fill are shown, the rest is folded
 * away. Where there is room the names of the fields stand over the first row alone.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { countText } from "../../format.ts";
import { Icon } from "../../Icon.tsx";

/** What the rows need. */
export interface EntriesProps {
  /** What one row is: `path`. */
  readonly noun: string;
  /** Which fields stand side by side; the stylesheet knows their widths. */
  readonly kind: "contacts" | "paths" | "endpoints";
  /** Rows in all. */
  readonly rows: number;
  /** Number of the last row that is filled or at fault; 0: none. */
  readonly lastUsed: number;
  /** The fields of a row; rows count from 1. */
  readonly children: (row: number) => ComponentChildren;
}

/** The rows. */
export function Entries({ noun, kind, rows, lastUsed, children }: EntriesProps): JSX.Element {
  const shown = Math.min(rows, lastUsed + 1);
  const entry = (row: number) => (
    <div key={row} class="entry" role="group" aria-label={`${capital(noun)} ${row}`} data-first={first(row)}>
      <span class="entry-name" aria-hidden="true">
        <span>{`${capital(noun)} `}</span>
        {row}
      </span>
      {children(row)}
    </div>
  );
  const numbers = Array.from({ length: rows }, (_, index) => index + 1);
  return (
    <div class="entries" data-kind={kind}>
      {numbers.slice(0, shown).map(entry)}
      {shown < rows && (
        <details>
          <summary class="button" data-kind="quiet" data-size="row">
            <Icon name="plus" />
            {`Up to ${countText(rows - shown, `more ${noun}`)}`}
          </summary>
          {numbers.slice(shown).map(entry)}
        </details>
      )}
    </div>
  );
}

function first(row: number): "" | undefined {
  return row === 1 ? "" : undefined;
}

function capital(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

/** Number of the last row that has a text or a fault; 0: none. */
export function lastUsedRow(
  rows: readonly (readonly string[])[],
  hasFault: (row: number) => boolean,
): number {
  return rows.reduce(
    (last, texts, index) =>
      texts.some((text) => text.trim() !== "") || hasFault(index + 1) ? index + 1 : last,
    0,
  );
}
