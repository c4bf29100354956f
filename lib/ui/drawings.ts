/**
 * The strokes of our icons on a 20 × 20 grid, as data: outline for what is fine or neutral, filled for what needs a
 * person.
 *
 * @module
 */

/** One icon: strokes, fills (even-odd, so that a mark is cut out), or both. */
export interface Drawing {
  /** Path drawn as a line of 1.6 units. */
  readonly line?: string;
  /** Path that is filled. */
  readonly fill?: string;
  /** Path drawn as dots. */
  readonly dots?: string;
}

const RING = "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z";

/** All icons by what they mean. */
export const DRAWINGS = {
  // states
  good: { line: `${RING}M6.6 10.3l2.3 2.3 4.5-5` },
  warn: {
    fill:
      "M8.5 2.9a1.75 1.75 0 0 1 3 0l6.8 11.9a1.75 1.75 0 0 1-1.5 2.6H3.2a1.75 1.75 0 0 1-1.5-2.6zM9.1 7.1v4.6h1.8V7.1zM9 13.2v2h2v-2z",
  },
  critical: {
    fill: "M6.6 1.8h6.8l4.8 4.8v6.8l-4.8 4.8H6.6l-4.8-4.8V6.6zM9.1 5.6v5.3h1.8V5.6zM9 12.5v2.1h2v-2.1z",
  },
  stale: { line: `${RING}M10 5.8V10l2.9 2` },
  partial: { line: RING, fill: "M10 2.5a7.5 7.5 0 0 0 0 15z" },
  estimated: { dots: RING, line: "M6.3 10.8c1.2-1.8 2.4-1.8 3.7-.8s2.5 1 3.7-.8" },
  missing: { line: "M3 3h14v14H3zM3 10l7-7M3 17L17 3M10 17l7-7" },
  maintenance: {
    line:
      "M16.9 5.2l-2.7 2.7-2.1-.3-.3-2.1 2.7-2.7a4.6 4.6 0 0 0-6 6L3 14.3a1.9 1.9 0 0 0 2.7 2.7l5.5-5.5a4.6 4.6 0 0 0 5.7-6.3z",
  },
  forbidden: { line: "M4.5 9h11v8h-11zM6.7 9V6.3a3.3 3.3 0 0 1 6.6 0V9" },
  offline: {
    line:
      "M3 3l14 14M6.3 11a5.6 5.6 0 0 1 2.3-1.3M3.2 7.8a10 10 0 0 1 2.6-1.6M16.8 7.8A10 10 0 0 0 9 5.1M13.7 11a6 6 0 0 0-.9-.8",
    fill: "M10 14a1.2 1.2 0 1 1 0 2.4 1.2 1.2 0 0 1 0-2.4z",
  },
  loading: { line: "M17 10a7 7 0 1 1-2.3-5.2M15.2 1.9v3.4h-3.4" },
  info: { line: `${RING}M10 9.2v4.4M10 6.3v.2` },
  // paths
  wired: {
    line: "M7.2 2.8h5.6v4H7.2zM2.8 13.2h5.4v4H2.8zM11.8 13.2h5.4v4h-5.4zM10 6.8V10M5.5 13.2V10h9v3.2",
  },
  wifi: {
    line: "M2.5 8a11 11 0 0 1 15 0M5.2 10.9a7.1 7.1 0 0 1 9.6 0",
    fill: "M10 12.8a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  },
  cellular: { fill: "M1.8 13.6h3.2V17H1.8zM6.2 10.2h3.2V17H6.2zM10.6 6.8h3.2V17h-3.2zM15 3.4h3.2V17H15z" },
  backup: { line: "M3 7h13M13 3.8L16.2 7 13 10.2M17 13H4M7 9.8L3.8 13 7 16.2" },
  // ends of use
  heating: {
    line:
      "M10 2.6c.5 3 4.8 4.7 4.8 9.2a4.8 4.8 0 0 1-9.6 0c0-1.9 1-3 1.9-4 .3 1.4 1 2 1.7 2.2C8.5 7 9 4.6 10 2.6z",
  },
  cooling: {
    line: "M10 2.5v15M3.5 6.25l13 7.5M16.5 6.25l-13 7.5M7.9 3.6L10 5.5l2.1-1.9M7.9 16.4l2.1-1.9 2.1 1.9",
  },
  water: {
    line: "M10 2.8c2.6 3.3 4.7 5.6 4.7 8.7a4.7 4.7 0 0 1-9.4 0c0-3.1 2.1-5.4 4.7-8.7z",
  },
  lighting: { line: "M7.6 13.2a5 5 0 1 1 4.8 0v1.6H7.6zM8.2 17.4h3.6" },
  ups: { line: "M2.5 6h13v8h-13zM17.5 8.8v2.4M9.5 7.6L7.8 10h2.6l-1.7 2.4" },
  server: { line: "M3 3.5h14v5.5H3zM3 11h14v5.5H3zM6 6.2h.2M6 13.8h.2M9 6.2h5M9 13.8h5" },
  other: { line: "M7 2.8v4M13 2.8v4M5 6.8h10V9a5 5 0 0 1-10 0zM10 14v3.4" },
  // what one does
  search: { line: "M9 3.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 9 3.2zM13.2 13.2L17 17" },
  read: { line: "M17 10a7 7 0 1 1-2.3-5.2M15.2 1.9v3.4h-3.4" },
  table: { line: "M3 3.5h14v13H3zM3 8h14M8 8v8.5" },
  download: { line: "M10 3v9M6.2 8.5L10 12.2l3.8-3.7M3.5 16.8h13" },
  plus: { line: "M10 4v12M4 10h12" },
  check: { line: "M4 10.5l4 4 8-9" },
  close: { line: "M5 5l10 10M15 5L5 15" },
  down: { line: "M5.5 8l4.5 4.5L14.5 8" },
  previous: { line: "M12 5l-5 5 5 5" },
  next: { line: "M8 5l5 5-5 5" },
  rising: { line: "M10 16V4M5.5 8.5L10 4l4.5 4.5" },
  falling: { line: "M10 4v12M5.5 11.5L10 16l4.5-4.5" },
  calendar: { line: "M3 4.5h14v12.5H3zM3 8.5h14M7 2.5v3.5M13 2.5v3.5" },
  mail: { line: "M2.8 4.5h14.4v11H2.8zM2.8 5.5L10 11l7.2-5.5" },
  note: { line: "M3.5 3h13v9l-4.5 5H3.5zM16.5 12H12v5M6.5 7h7M6.5 10h4" },
  out: { line: "M8 3.5H3.5v13H8M8 10h9M13.5 6.5L17 10l-3.5 3.5" },
  key: { line: "M12.8 2.8a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8zM9.7 10.3L3 17M5.4 14.6l2 2" },
  // things
  today: {
    line: "M3.6 15.5a8 8 0 1 1 12.8 0M10 11.5l3.3-4M10 3.3v1.4M2.8 10.5h1.4M15.8 10.5h1.4",
  },
  site: { line: "M3 9l7-6 7 6v8H3zM8 17v-5h4v5" },
  meter: { line: "M4 2.8h12v14.4H4zM7 6h6v3H7zM8 13h.2M12 13h.2" },
  router: { line: "M2.5 11h15v5.5h-15zM5.5 13.8h.2M8.5 13.8h.2M14 11V4M6 11V7" },
  sim: { line: "M5 2.8h6.5L15 6.3v10.9H5zM7.5 10h5v4.5h-5z" },
  pin: {
    line:
      "M10 17.5c3.3-3.8 5.5-6.5 5.5-9.2a5.5 5.5 0 0 0-11 0c0 2.7 2.2 5.4 5.5 9.2zM10 6.5a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
  },
  person: {
    line: "M10 3a3.3 3.3 0 1 1 0 6.6A3.3 3.3 0 0 1 10 3zM3.8 17c.5-3.3 3-5 6.2-5s5.7 1.7 6.2 5",
  },
} as const satisfies Record<string, Drawing>;

/** The name of an icon. */
export type IconName = keyof typeof DRAWINGS;
