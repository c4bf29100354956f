/**
 * Figures and facts: key figures in one row, lists of facts, lamps of inputs and outputs, ranked lists.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { FigureText } from "./Words.tsx";
import { ShareBar } from "./charts/ShareBar.tsx";
import type { Figure } from "./format.ts";

/** One key figure with what belongs to it. */
export interface KeyFigure {
  /** Such as `Yesterday`. */
  readonly label: string;
  /** The number; `null`: there is none, see `reason`. */
  readonly figure: Figure | null;
  /** Whether part of it was estimated. */
  readonly estimated?: boolean | undefined;
  /** Why there is none. */
  readonly reason?: string | undefined;
  /** Its age, completeness or comparison, in words. */
  readonly note?: ComponentChildren;
}

/** Key figures in one row. */
export function Readout({ figures }: { readonly figures: readonly KeyFigure[] }): JSX.Element {
  return (
    <dl class="readout">
      {figures.map(({ label, figure, estimated, reason, note }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class="value">
            <FigureText figure={figure} estimated={estimated} reason={reason} />
          </dd>
          {(note || figure === null) && <dd>{note ?? reason}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** A fact and what it is. */
export interface Fact {
  /** Its name. */
  readonly label: ComponentChildren;
  /** Unique name where the label is no text. */
  readonly id?: string | undefined;
  /** Its value, already in words. */
  readonly value: ComponentChildren;
}

/** Facts as name and value: a `list` under each other, a `row` side by side, `words` where values are sentences. */
export function Facts(
  { facts, kind = "list" }: { readonly facts: readonly Fact[]; readonly kind?: "list" | "row" | "words" },
): JSX.Element {
  return (
    <dl class="facts" data-kind={kind}>
      {facts.map(({ label, id, value }) => (
        <div key={id ?? String(label)}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** An input or output of a router or meter. */
export interface IoPoint {
  /** Such as `DI1 Mains`. */
  readonly label: string;
  /** Its value in words: `on`, `closed`, `21.4 °C`. */
  readonly value: ComponentChildren;
  /** Whether it is on; absent for what is no switch. */
  readonly on?: boolean | undefined;
}

/** Inputs and outputs with a lamp for what is on or off. */
export function IoList({ points }: { readonly points: readonly IoPoint[] }): JSX.Element {
  return (
    <ul class="io">
      {points.map(({ label, value, on }) => (
        <li key={label}>
          {on !== undefined && <span class="lamp" data-on={on ? "" : undefined} />}
          {label}
          <b>{value}</b>
        </li>
      ))}
    </ul>
  );
}

/** One of a ranked list. */
export interface RankedItem {
  /** What it is. */
  readonly label: string;
  /** Where it leads. */
  readonly href?: string | undefined;
  /** Its figure in words. */
  readonly value: ComponentChildren;
  /** Its share of the largest, 0 to 1. */
  readonly share: number;
  /** A line about it. */
  readonly note?: ComponentChildren;
}

/** The largest first, each with a bar. */
export function RankedList({ items }: { readonly items: readonly RankedItem[] }): JSX.Element {
  return (
    <ol class="rows ranked">
      {items.map(({ label, href, value, share, note }) => (
        <li key={label}>
          {href ? <a href={href}>{label}</a> : <span>{label}</span>}
          <b>{value}</b>
          <ShareBar share={share} />
          {note && <p>{note}</p>}
        </li>
      ))}
    </ol>
  );
}
