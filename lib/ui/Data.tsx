/**
 * Figures and facts: key figures in one row, lists of facts, lamps of inputs and outputs, bars, ranked lists and
 * where a router stands.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { FigureText } from "./Words.tsx";
import type { Figure } from "./format.ts";
import type { State } from "./state.ts";

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

/** Facts as name and value: a `list` under each other, a `row` side by side. */
export function Facts(
  { facts, kind = "list" }: { readonly facts: readonly Fact[]; readonly kind?: "list" | "row" },
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

/** What a bar needs. */
export interface BarProps {
  /** 0 to 1; what is beyond is drawn as 1. */
  readonly share: number;
  /** Colour of a state instead of the load's. */
  readonly state?: State | undefined;
  /** 8 px, or 4 px. */
  readonly thin?: boolean | undefined;
}

/** A bar from 0. Only drawn: the number stands beside it in words. Its width is an SVG attribute, so that the page
 * needs no inline style. */
export function Bar({ share, state, thin }: BarProps): JSX.Element {
  const width = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  return (
    <svg
      class="bar"
      data-size={thin ? "thin" : undefined}
      data-state={state}
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="track" d="M0 0h100v8H0z" />
      {width > 0 && <path class="bar-fill" d={`M0 0h${width}v8H0z`} />}
    </svg>
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
          <Bar share={share} thin />
          {note && <p>{note}</p>}
        </li>
      ))}
    </ol>
  );
}
