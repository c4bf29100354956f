/**
 * The sheet by which many sites are brought in at once: its columns, how their headings are recognised, and two rows
 * that show how it is filled in. A row is a device; rows with the same site name share what is said of the site. Pure.
 *
 * @module
 */

/** What a sheet may hold at most. */
export const SHEET_LIMITS = {
  /** Bytes of the file. */
  fileBytes: 5 * 1024 * 1024,
  /** Bytes of a workbook once it is inflated. */
  inflatedBytes: 50 * 1024 * 1024,
  /** Rows below the headings. */
  rows: 5_000,
  /** Columns. */
  columns: 60,
  /** Characters of a cell that are read; what follows is only counted. */
  cellChars: 10_000,
  /** Characters of a cell that are accepted. */
  textChars: 200,
} as const;

/** Whose fact a column holds: the site's and its router's are shared by all rows of the site. */
export type ColumnOf = "site" | "router" | "endpoint" | "device";

/** What is written in a column. */
export type ColumnKind = "text" | "number" | "phone" | "word";

/** A column. */
export interface SheetColumn {
  /** Names it in what is stored. */
  readonly id: ColumnId;
  /** Its heading, as the template has it. */
  readonly heading: string;
  /** Whose fact it holds. */
  readonly of: ColumnOf;
  /** What is written in it. */
  readonly kind: ColumnKind;
  /** What it means, for the page and the docs: a sentence without full stop. */
  readonly about: string;
  /** What stands in it in the two rows of the template. */
  readonly examples: readonly [string, string];
}

interface Line {
  readonly of: ColumnOf;
  readonly kind: ColumnKind;
  readonly about: string;
  readonly examples: readonly [string, string];
}

const line = (
  of: ColumnOf,
  kind: ColumnKind,
  about: string,
  examples: readonly [string, string] = ["", ""],
): Line => ({ of, kind, about, examples });

const BOTH = (text: string): readonly [string, string] => [text, text];

/** Id of a column: its heading in lower case. */
export type ColumnId =
  | "site"
  | "group"
  | "address"
  | "town"
  | "zone"
  | "latitude"
  | "longitude"
  | "contact"
  | "phone"
  | "e-mail"
  | "hours weekdays"
  | "hours saturday"
  | "hours sunday"
  | "router model"
  | "router serial"
  | "router profile"
  | "router port"
  | "router unit"
  | "router user"
  | "path 1 kind"
  | "path 1 host"
  | "path 2 kind"
  | "path 2 host"
  | "path 3 kind"
  | "path 3 host"
  | "path 4 kind"
  | "path 4 host"
  | "iccid"
  | "sim number"
  | "operator"
  | "apn"
  | "data mb"
  | "port"
  | "endpoint"
  | "pause ms"
  | "timeout ms"
  | "unit"
  | "device"
  | "profile"
  | "end use"
  | "whole site"
  | "ct primary a"
  | "ct secondary a"
  | "vt primary v"
  | "vt secondary v"
  | "applied by"
  | "part of"
  | "serial"
  | "label"
  | "location"
  | "max power kw";

const LINES: Readonly<Record<ColumnId, Line>> = {
  "site": line("site", "text", "Name of the site, 1 to 80 characters", BOTH("Corbridge Primary")),
  "group": line("site", "text", "Name of a group that is there and within your reach; empty: none"),
  "address": line("site", "text", "Street and number", BOTH("12 St Helen's Street")),
  "town": line("site", "text", "For people", BOTH("Corbridge")),
  "zone": line("site", "text", "Time zone of whole half-hours", BOTH("Europe/London")),
  "latitude": line("site", "number", "Degrees north, -90 to 90", BOTH("54.9748")),
  "longitude": line("site", "number", "Degrees east, -180 to 180", BOTH("-2.0185")),
  "contact": line("site", "text", "Whom to call", BOTH("Alison Reed")),
  "phone": line("site", "phone", "Their number", BOTH("+44 1434 632000")),
  "e-mail": line("site", "text", "Their address", BOTH("office@corbridge.example")),
  "hours weekdays": line(
    "site",
    "text",
    "Monday to Friday, such as 08:00-18:00 or closed",
    BOTH("08:00-18:00"),
  ),
  "hours saturday": line("site", "text", "Saturday", BOTH("closed")),
  "hours sunday": line("site", "text", "Sunday", BOTH("closed")),
  "router model": line("router", "text", "As its label says", BOTH("RUT956")),
  "router serial": line("router", "text", "As its label says", BOTH("1116802345")),
  "router profile": line(
    "router",
    "text",
    "Profile for its own values; empty: not read",
    BOTH("teltonika-rut9xx"),
  ),
  "router port": line("router", "number", "Port of its own server, 502 unless said", BOTH("502")),
  "router unit": line("router", "number", "Unit under which it answers itself, 1 unless said", BOTH("1")),
  "router user": line("router", "text", "Who signs in to it; passwords are given on its page"),
  "path 1 kind": line("router", "word", "cellular, wifi or wired; cellular unless said", BOTH("cellular")),
  "path 1 host": line("router", "text", "Its fixed address", BOTH("203.0.113.17")),
  "path 2 kind": line("router", "word", "As above, tried when the first does not answer"),
  "path 2 host": line("router", "text", "Another address"),
  "path 3 kind": line("router", "word", "As above"),
  "path 3 host": line("router", "text", "Another address"),
  "path 4 kind": line("router", "word", "As above"),
  "path 4 host": line("router", "text", "Another address"),
  "iccid": line("router", "text", "18 to 20 digits on the SIM, in a cell formatted as text"),
  "sim number": line("router", "phone", "Number of the SIM"),
  "operator": line("router", "text", "Who runs the network"),
  "apn": line("router", "text", "Access point name"),
  "data mb": line("router", "number", "Megabytes a month in the contract", BOTH("500")),
  "port": line("endpoint", "number", "TCP port of the gateway or device, 502 unless said", BOTH("503")),
  "endpoint": line("endpoint", "word", "gateway, device or router: what answers there", BOTH("gateway")),
  "pause ms": line("endpoint", "number", "Milliseconds between two requests"),
  "timeout ms": line("endpoint", "number", "Milliseconds to wait for an answer"),
  "unit": line("device", "number", "Modbus unit, 1 to 247; 0 and 255 reached directly", ["1", "2"]),
  "device": line("device", "text", "Name of the device; empty: its model and unit", ["Incomer", "Kitchen"]),
  "profile": line("device", "text", "Id of a device profile, or vendor and model", BOTH("eastron-sdm630")),
  "end use": line("device", "word", "heating, cooling, water, lighting, ups, server or other", [
    "other",
    "water",
  ]),
  "whole site": line("device", "word", "yes: it measures all of the site", ["yes", "no"]),
  "ct primary a": line("device", "number", "Rated primary current in A", ["400", ""]),
  "ct secondary a": line("device", "number", "Usually 5 or 1 A", ["5", ""]),
  "vt primary v": line("device", "number", "Of a voltage transformer, in V"),
  "vt secondary v": line("device", "number", "Of a voltage transformer, in V"),
  "applied by": line("device", "word", "meter: its display shows primary kWh; wattpost: it does not", [
    "meter",
    "",
  ]),
  "part of": line("device", "text", "Name of the device whose load its own is part of", ["", "Incomer"]),
  "serial": line("device", "text", "As its label says"),
  "label": line("device", "text", "What stands on it at the site", ["Q1", "Q7"]),
  "location": line("device", "text", "Where it hangs", BOTH("Main switch room")),
  "max power kw": line("device", "number", "Largest believable power; empty: the profile's"),
};

const HEADINGS: Partial<Record<ColumnId, string>> = {
  "iccid": "ICCID",
  "sim number": "SIM number",
  "apn": "APN",
  "data mb": "Data MB",
  "ct primary a": "CT primary A",
  "ct secondary a": "CT secondary A",
  "vt primary v": "VT primary V",
  "vt secondary v": "VT secondary V",
  "max power kw": "Max power kW",
};

/** All columns in the order of the template. */
export const SHEET_COLUMNS: readonly SheetColumn[] = Object.entries(LINES).map(([key, { ...about }]) => {
  const id = key as ColumnId;
  return { id, heading: HEADINGS[id] ?? `${id.charAt(0).toUpperCase()}${id.slice(1)}`, ...about };
});

const BY_ID: ReadonlyMap<string, SheetColumn> = new Map(SHEET_COLUMNS.map((column) => [column.id, column]));

/** Other headings by which a column is known. */
const ALIASES: Readonly<Record<string, ColumnId>> = {
  "site name": "site",
  "name": "site",
  "time zone": "zone",
  "timezone": "zone",
  "lat": "latitude",
  "lon": "longitude",
  "lng": "longitude",
  "email": "e-mail",
  "host": "path 1 host",
  "ip": "path 1 host",
  "ip address": "path 1 host",
  "endpoint kind": "endpoint",
  "unit id": "unit",
  "device name": "device",
  "parent": "part of",
  "serial number": "serial",
  "device profile": "profile",
};

/** The column with an id that is one. */
export function columnOf(id: ColumnId): SheetColumn {
  const column = BY_ID.get(id);
  if (!column) throw new RangeError(`No column is called "${id}"`);
  return column;
}

/** What is wrong with the headings: a sentence without full stop, and the heading that is meant. */
export interface HeadingFault {
  /** As it was written, cut to 40 characters; empty: none in particular. */
  readonly heading: string;
  /** What is wrong and what is expected. */
  readonly words: string;
}

/** Which column of ours each column of a sheet is; `null`: it has no heading, and nothing may stand in it. */
export interface HeadingsRead {
  /** In the order of the sheet. */
  readonly columns: readonly (ColumnId | null)[];
  /** Columns that are read over: why a row was refused, in a file of refused rows. */
  readonly ignored: readonly number[];
  /** Everything that is wrong with the headings; empty: nothing. */
  readonly faults: readonly HeadingFault[];
}

/** Heading of the column that says why a row was refused. */
export const WHY_HEADING = "Why";

/** Columns without which nothing can be registered. */
const NEEDED: readonly ColumnId[] = ["site", "zone", "path 1 host"];

/** Recognises headings whatever their case, spaces and dashes; unknown ones are refused with the nearest known. */
export function readHeadings(headings: readonly string[]): HeadingsRead {
  const faults: HeadingFault[] = [];
  const seen = new Map<ColumnId, number>();
  const ignored: number[] = [];
  const columns = headings.map((written, index): ColumnId | null => {
    const plain = plainHeading(written);
    if (plain === "") return null;
    if (plain === plainHeading(WHY_HEADING)) {
      ignored.push(index);
      return null;
    }
    const id = idOf(plain);
    const heading = written.trim().slice(0, 40);
    if (id === null) {
      const near = nearestOf(plain, SHEET_COLUMNS.map((column) => column.id));
      const words = `No column is called "${heading}"`;
      faults.push({
        heading,
        words: near === null ? words : `${words}: did you mean "${columnOf(near).heading}"?`,
      });
      return null;
    }
    const before = seen.get(id);
    if (before !== undefined) {
      const [one, other] = [before, index].map(columnLetters);
      faults.push({ heading, words: `"${columnOf(id).heading}" stands in columns ${one} and ${other}` });
    }
    seen.set(id, index);
    return id;
  });
  for (const id of NEEDED.filter((one) => !seen.has(one))) {
    faults.push({ heading: "", words: `The column "${columnOf(id).heading}" is missing` });
  }
  return { columns, ignored, faults };
}

function idOf(plain: string): ColumnId | null {
  const known = BY_ID.get(plain)?.id ?? PLAIN_IDS.get(plain);
  return known ?? (Object.hasOwn(ALIASES, plain) ? ALIASES[plain] ?? null : null);
}

function plainHeading(text: string): string {
  return text.slice(0, 200).toLowerCase().replaceAll(/[\s_\u00a0]+/g, " ").replaceAll(/[*:()]/g, "").trim();
}

const PLAIN_IDS: ReadonlyMap<string, ColumnId> = new Map(
  SHEET_COLUMNS.flatMap(({ id }) => [[id.replaceAll("-", " "), id], [id.replaceAll(" ", "-"), id]]),
);

/** What a spreadsheet calls a column; 0 is A. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + index % 26);
  return index < 26 ? letter : `${columnLetters(Math.floor(index / 26) - 1)}${letter}`;
}

/** The one of some words that is written most alike; `null`: none is near. */
export function nearestOf<T extends string>(text: string, words: readonly T[]): T | null {
  let best: { readonly word: T; readonly steps: number } | null = null;
  const plain = text.toLowerCase().slice(0, 60);
  for (const word of words) {
    const steps = stepsBetween(plain, word.toLowerCase().slice(0, 60));
    if (steps <= Math.max(2, plain.length / 3) && (best === null || steps < best.steps)) {
      best = { word, steps };
    }
  }
  return best?.word ?? null;
}

/** Letters to add, leave out or change (Levenshtein). */
function stepsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Headings and the two example rows of the template. */
export function templateRows(): readonly (readonly string[])[] {
  return [
    SHEET_COLUMNS.map(({ heading }) => heading),
    SHEET_COLUMNS.map(({ examples }) => examples[0]),
    SHEET_COLUMNS.map(({ examples }) => examples[1]),
  ];
}
