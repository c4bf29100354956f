/**
 * The ground of a drawing that is as wide as its container: an SVG whose x is percent and whose y is pixels, so
 * that text keeps its size, and inside it a stretched sheet for paths whose strokes keep their width.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { PlacedLabel } from "./labels.ts";
import { coordinate, percent, tickText, type ValueAxis } from "./scale.ts";

/** Where the plot lies in pixels: `topPx` above it, its height, and what is below. */
export interface Frame {
  /** From the top of the drawing to the plot. */
  readonly topPx: number;
  /** Of the plot. */
  readonly heightPx: number;
  /** Below the plot, for ticks and their labels. */
  readonly bottomPx: number;
}

/** y in pixels of a value on an axis from 0. */
export function yOf(value: number, { max }: ValueAxis, { topPx, heightPx }: Frame): number {
  return topPx + heightPx * (1 - Math.max(0, value) / max);
}

/** What a plot needs. */
export interface PlotProps {
  /** What it shows, with its point, for those who do not see it. */
  readonly label: string;
  /** Where the plot lies. */
  readonly frame: Frame;
  /** Its class beside `plot`. */
  readonly class?: string;
  /** What is drawn. */
  readonly children: ComponentChildren;
}

/** A drawing as wide as its container. */
export function Plot({ label, frame, children, ...rest }: PlotProps): JSX.Element {
  return (
    <svg
      class={rest.class ? `plot ${rest.class}` : "plot"}
      height={frame.topPx + frame.heightPx + frame.bottomPx}
      role="img"
      aria-label={label}
    >
      {children}
    </svg>
  );
}

/** A sheet over the whole plot on which x counts to `columns` and y is pixels; its text would be stretched. */
export function Sheet(
  { columns, heightPx, rows = heightPx, children }: {
    readonly columns: number;
    readonly heightPx: number;
    /** What y counts to, when that is not pixels. */
    readonly rows?: number;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <svg
      class="sheet"
      width="100%"
      height={heightPx}
      viewBox={`0 0 ${columns} ${rows}`}
      preserveAspectRatio="none"
    >
      {children}
    </svg>
  );
}

/** Grid lines with their values, and the unit above. */
export function ValueScale(
  { axis, frame, unit }: { readonly axis: ValueAxis; readonly frame: Frame; readonly unit: string },
): JSX.Element {
  return (
    <g>
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line
            class={tick === 0 ? "axis-line" : "grid-line"}
            x1="0"
            x2="100%"
            y1={coordinate(yOf(tick, axis, frame))}
            y2={coordinate(yOf(tick, axis, frame))}
          />
          <text x="-8" y={coordinate(yOf(tick, axis, frame) + 4.5)} text-anchor="end">{tickText(tick)}</text>
        </g>
      ))}
      <text x="-8" y={frame.topPx - 12} text-anchor="end">{unit}</text>
    </g>
  );
}

/** Labels of one row at their places, each only in the widths where it fits. */
export function Labels(
  { labels, y, dx = 0, strong = () => false }: {
    readonly labels: readonly PlacedLabel[];
    readonly y: number;
    /** Pixels between the place and text that begins or ends there. */
    readonly dx?: number;
    /** Whether a label is set in ink. */
    readonly strong?: (label: PlacedLabel) => boolean;
  },
): JSX.Element {
  return (
    <g>
      {labels.map((label) => (
        <text
          key={`${label.at} ${label.text} ${label.anchor}`}
          x={percent(label.at)}
          dx={label.anchor === "middle" || dx === 0 ? undefined : label.anchor === "start" ? dx : -dx}
          y={y}
          text-anchor={label.anchor === "start" ? undefined : label.anchor}
          class={strong(label) ? "say" : undefined}
          data-in={label.bands === "nmw" ? undefined : label.bands}
        >
          {label.text}
        </text>
      ))}
    </g>
  );
}

/** A rectangle between two indexes of `columns`, in pixels from top to bottom. */
export function Band(
  { run, columns, y, heightPx, title, ...rest }: {
    readonly run: { readonly from: number; readonly to: number };
    readonly columns: number;
    readonly y: number;
    readonly heightPx: number;
    readonly title?: string | undefined;
    readonly class: string;
  },
): JSX.Element {
  return (
    <rect
      class={rest.class}
      x={percent(run.from / columns)}
      width={percent((run.to - run.from) / columns)}
      y={coordinate(y)}
      height={coordinate(heightPx)}
    >
      {title && <title>{title}</title>}
    </rect>
  );
}

/** A line from top to bottom before an index of `columns`. */
export function Upright(
  { at, columns, from, to, ...rest }: {
    readonly at: number;
    readonly columns: number;
    readonly from: number;
    readonly to: number;
    readonly class: string;
  },
): JSX.Element {
  return <line class={rest.class} x1={percent(at / columns)} x2={percent(at / columns)} y1={from} y2={to} />;
}

/** A pattern, unstretched, over the area of a path on a sheet; the id is unique on the page. */
export function Masked(
  { id, d, columns, heightPx, rows = heightPx, stroke, ...rest }: {
    readonly id: string;
    readonly d: string;
    readonly columns: number;
    readonly heightPx: number;
    /** What y counts to, when that is not pixels. */
    readonly rows?: number;
    /** Width of a stroke instead of an area, in columns. */
    readonly stroke?: number;
    readonly class: string;
  },
): JSX.Element | null {
  if (d === "") return null;
  return (
    <g>
      <mask id={id}>
        <Sheet columns={columns} heightPx={heightPx} rows={rows}>
          {stroke === undefined
            ? <path class="mask-area" d={d} />
            : <path class="mask-stroke" stroke-width={stroke} transform="translate(.5)" d={d} />}
        </Sheet>
      </mask>
      <rect class={rest.class} width="100%" height={heightPx} mask={`url(#${id})`} />
    </g>
  );
}
