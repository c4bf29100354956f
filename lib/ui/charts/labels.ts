/**
 * Which words fit: a chart is drawn once for every width, its text is never scaled, and labels that would touch
 * leave in order of how little they are missed. Widths come in three bands that `chart.css` asks for.
 *
 * @module
 */

/** A band of container widths: `n` from 300 px, `m` from 560 px, `w` from 1,000 px. */
export type Band = "n" | "m" | "w";

/** The narrowest container of each band in pixels; what fits there fits in all of the band. */
export const BAND_MIN_PX: Readonly<Record<Band, number>> = { n: 300, m: 560, w: 1000 };

/** All bands, narrowest first. */
export const BANDS: readonly Band[] = ["n", "m", "w"];

/** Something to say at a place. */
export interface Label {
  /** Where it starts, as a share of the plot's width. */
  readonly at: number;
  /** Where what it names ends; absent for a point. */
  readonly to?: number;
  /** The same in fewer and fewer words; the first that fits is taken. */
  readonly texts: readonly string[];
  /** Lower is placed first. */
  readonly rank: number;
}

/** A label with the bands in which it shows. */
export interface PlacedLabel {
  /** As a share of the plot's width. */
  readonly at: number;
  /** Which end of the text stands there. */
  readonly anchor: "start" | "middle" | "end";
  /** What it says. */
  readonly text: string;
  /** The bands' letters, such as `mw`. */
  readonly bands: string;
}

/** How labels of one row are placed. */
export interface FitOptions {
  /** Text begins at its place, or stands around it. */
  readonly align: "start" | "middle";
  /** Pixels of each band's container that the plot does not have. */
  readonly lostPx: Readonly<Record<Band, number>>;
  /** Pixels left of the plot into which text may reach. */
  readonly leftPx?: number;
}

/** Width of a character of 13 px type in pixels, on the wide side. */
const CHARACTER_PX = 7.2;
const SPACE_PX = 10;

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Place extends Span {
  readonly at: number;
  readonly anchor: PlacedLabel["anchor"];
  readonly text: string;
}

function placesOf(label: Label, text: string, { width, align }: { width: number; align: string }): Place[] {
  const px = text.length * CHARACTER_PX;
  const x = label.at * width;
  const end = (label.to ?? label.at) * width;
  const endAt = label.to ?? label.at;
  const middle: Place = { at: label.at, anchor: "middle", text, from: x - px / 2, to: x + px / 2 };
  const start: Place = { at: label.at, anchor: "start", text, from: x, to: x + px };
  const back: Place = { at: endAt, anchor: "end", text, from: end - px, to: end };
  return align === "middle" ? [middle, start, back] : [start, back];
}

function placeIn(labels: readonly Label[], band: Band, options: FitOptions): Map<Label, Place> {
  const width = BAND_MIN_PX[band] - options.lostPx[band];
  const placed = new Map<Label, Place>();
  const free = (place: Span) =>
    place.from >= -(options.leftPx ?? 0) && place.to <= width + 1 &&
    [...placed.values()].every((other) =>
      place.to + SPACE_PX <= other.from || place.from >= other.to + SPACE_PX
    );
  for (const label of labels.toSorted((a, b) => a.rank - b.rank)) {
    const place = label.texts.flatMap((text) => placesOf(label, text, { width, align: options.align })).find(
      free,
    );
    if (place) placed.set(label, place);
  }
  return placed;
}

/** Chooses for each band which labels show, in which words and to which side. */
export function fitLabels(labels: readonly Label[], options: FitOptions): readonly PlacedLabel[] {
  const found = new Map<string, PlacedLabel>();
  for (const band of BANDS) {
    for (const { at, anchor, text } of placeIn(labels, band, options).values()) {
      const key = `${at} ${anchor} ${text}`;
      found.set(key, { at, anchor, text, bands: (found.get(key)?.bands ?? "") + band });
    }
  }
  return [...found.values()];
}

/** Pushes places in a column apart until they are `gap` from each other, keeping their order and the limits. */
export function spreadOut(
  wanted: readonly number[],
  { gap, from, to }: { readonly gap: number; readonly from: number; readonly to: number },
): readonly number[] {
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let least = from;
  for (const item of order) {
    item.y = Math.max(item.y, least);
    least = item.y + gap;
  }
  let most = to;
  for (const item of order.toReversed()) {
    item.y = Math.min(item.y, most);
    most = item.y - gap;
  }
  const spread = [...wanted];
  for (const { y, index } of order) spread[index] = y;
  return spread;
}
