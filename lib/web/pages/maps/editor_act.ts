/**
 * What is done with the form of a register map: saved, judged, read, a row added or taken out, addresses written
 * otherwise. The same for a browser with scripts, which gets JSON, and one without, which gets the page.
 *
 * @module
 */

import { HttpError } from "fresh";
import { localLabel } from "../../../domain/local_day.ts";
import { wiringReadsOf } from "../../../domain/wiring_reads.ts";
import { checkWiring, wiringWords } from "../../../domain/wiring.ts";
import { readRows } from "../../../profiles/map_row_text.ts";
import { WORD_ORDERS } from "../../../profiles/profile.ts";
import { EMPTY_MAP } from "../../../profiles/register_map.ts";
import type { Limit } from "../../../kv/limits.ts";
import { readMap, saveMap } from "../../../store/register_maps.ts";
import { tookText } from "../../../ui/Flow.tsx";
import { countText, numberText } from "../../../ui/format.ts";
import type { ReadSummary } from "../../../ui/pages/maps/MapForm.tsx";
import { EMPTY_ROW, type LiveCell } from "../../../ui/pages/maps/row_texts.ts";
import type { Told } from "../../../ui/Told.tsx";
import { authorOf, writeDown } from "../../author.ts";
import { storedMapOf } from "../../own_maps.ts";
import { servicesOf, type State } from "../../state.ts";
import { countPerson } from "../../too_many.ts";
import {
  inNotation,
  judgeMap,
  type MapFaultsShown,
  nextRowId,
  type SentMap,
  type SentRow,
} from "./map_form.ts";
import type { OpenMap } from "./open_map.ts";
import { findPlace, placeTrace, type ReadFrom } from "./place.ts";
import { canBeAsked, readRowValues, type RowsRead } from "./read_rows.ts";

/** Reads of one person while they work on maps: 60 in ten minutes; a router is asked by one at a time. */
export const MAP_READS: Limit = { name: "map-read", tries: 60, windowMs: 600_000 };

/** Milliseconds after which a person is told instead of waiting on. */
export const MAP_READ_MS = 60_000;

/** Told where the device's address is of somebody else's site. */
export const FAR_PLACE = "This address and port are of a site that you do not reach";

/** What came of it. */
export interface Acted {
  /** What is shown in the form. */
  readonly sent: SentMap;
  /** The rows as they are now. */
  readonly rows: readonly SentRow[];
  /** What is wrong. */
  readonly faults: MapFaultsShown;
  /** What was read, by row. */
  readonly cells: ReadonlyMap<number, LiveCell>;
  /** How reading went; `null`: nothing was read. */
  readonly read: ReadSummary | null;
  /** Told at the head. */
  readonly told: Told | null;
  /** Status of the answer. */
  readonly status: number;
  /** Version of the working copy from now on. */
  readonly version: number;
  /** Whether it was saved. */
  readonly saved: boolean;
  /** The row that was added; `null`: none. */
  readonly added: number | null;
}

const NO_FAULTS: MapFaultsShown = { head: {}, rows: new Map() };

/** Told to the second of two windows. */
export const MAP_CHANGED_ELSEWHERE: Told = {
  state: "warn",
  title: "This map was changed in another window meanwhile",
  words: "What you typed is still here. Save again to put it in place of what the other window saved.",
};

/** What is wanted. */
export interface MapWish {
  /** The map. */
  readonly open: OpenMap;
  /** The form. */
  readonly sent: SentMap;
  /** Ends what takes long. */
  readonly signal: AbortSignal;
}

/** Does it. */
export async function actOnMap(state: State, { open, sent, signal }: MapWish): Promise<Acted> {
  const rows = inNotation(sent, sent.show);
  const shown: SentMap = { ...sent, notation: sent.show };
  const base: Acted = {
    sent: shown,
    rows,
    faults: NO_FAULTS,
    cells: new Map(),
    read: null,
    told: null,
    status: 200,
    version: sent.trouble === null ? sent.version : open.record.version,
    saved: false,
    added: null,
  };
  if (sent.trouble !== null) {
    return { ...base, status: 422, faults: { head: { "": sent.trouble }, rows: new Map() } };
  }
  const { act } = sent;
  if (typeof act === "object") return withoutRow(base, act.remove);
  switch (act) {
    case "add": {
      const id = nextRowId(rows);
      return { ...base, rows: [...rows, { id, texts: EMPTY_ROW }], added: id, told: NOT_SAVED };
    }
    case "show":
      return base;
    case "judge": {
      const judged = judgeMap({ ...shown, rows }, open.map.basedOn);
      return { ...base, faults: judged.ok ? NO_FAULTS : judged.error };
    }
    case "save":
      return await saved(state, { open, base });
    case "read":
      return await withValues(state, { base, signal, mapId: open.record.id, basedOn: open.map.basedOn });
  }
}

const NOT_SAVED: Told = { state: "info", title: "A row was added at the end", words: "It is not saved yet." };

function withoutRow(base: Acted, id: number): Acted {
  const gone = base.rows.find((row) => row.id === id);
  if (!gone) return base;
  const title = gone.texts.quantity === "" ? "A row was taken out" : `${gone.texts.quantity} was taken out`;
  const told: Told = { state: "info", title: title.slice(0, 100), words: "It is not saved yet." };
  return { ...base, rows: base.rows.filter((row) => row.id !== id), told };
}

async function saved(
  state: State,
  { open: { record, map }, base }: { readonly open: OpenMap; readonly base: Acted },
): Promise<Acted> {
  const judged = judgeMap({ ...base.sent, rows: base.rows }, map.basedOn);
  if (!judged.ok) return { ...base, status: 422, faults: judged.error };
  const change = { mapId: record.id, version: base.version, map: storedMapOf(judged.value) };
  const { db } = servicesOf(state);
  const done = await saveMap(db, authorOf(state), change);
  if (done.ok) return { ...base, saved: true, version: done.value, told: MAP_SAVED };
  switch (done.error) {
    case "name-taken": {
      const name = `“${judged.value.name}” is the name of another register map`;
      return { ...base, status: 422, faults: { head: { name }, rows: new Map() } };
    }
    case "too-large": {
      const other = "The map is too large to be kept: shorten notes, or make two of it";
      return { ...base, status: 422, faults: { head: { "": other }, rows: new Map() } };
    }
    case "changed": {
      const now = await readMap(db, record.id);
      if (!now) throw new HttpError(404);
      return { ...base, status: 409, version: now.version, told: MAP_CHANGED_ELSEWHERE };
    }
  }
}

/** Told when it was saved. */
export const MAP_SAVED: Told = {
  state: "good",
  title: "Saved",
  words: "The working copy is kept. Devices read by published versions.",
};

interface Reading {
  readonly base: Acted;
  readonly mapId: number;
  readonly basedOn: string | null;
  readonly signal: AbortSignal;
}

async function withValues(state: State, { base, signal, mapId, basedOn }: Reading): Promise<Acted> {
  const { sent, rows } = base;
  const judged = judgeMap({ ...sent, rows }, basedOn);
  const faults = judged.ok ? NO_FAULTS : judged.error;
  const found = await findPlace(state, sent.at);
  if (found.kind === "none") {
    const told: Told = { state: "info", title: "Choose a device to read from", words: "" };
    return { ...base, faults, told, status: 422 };
  }
  if (found.kind === "far") {
    const told: Told = { state: "critical", title: FAR_PLACE, words: "Nothing was asked." };
    return { ...base, faults, told, status: 422 };
  }
  await countPerson(state, MAP_READS);
  const head = readingHead(sent);
  const good = readRows(rows.map(({ texts }) => texts), { notation: sent.notation, head });
  const named = good.rows.flatMap(({ number, row }) => {
    const sentRow = rows[number - 1];
    return sentRow && canBeAsked(row, head) ? [{ id: sentRow.id, row }] : [];
  });
  const startMs = state.base.clock.monotonicMs();
  const until = AbortSignal.any([signal, AbortSignal.timeout(MAP_READ_MS)]);
  const { place } = found;
  const read = await readRowValues(servicesOf(state).prober, { rows: named, head, place, signal: until });
  const tookMs = state.base.clock.monotonicMs() - startMs;
  await writeDown(state, {
    action: "register-map-read",
    subject: `register map ${mapId}`,
    ...(place.siteId !== null && { siteId: place.siteId }),
    after: { ...placeTrace(place), rows: named.length, requests: read.requests },
  });
  const nowMs = state.base.clock.nowMs();
  return { ...base, faults, cells: read.cells, read: summaryOf(read, { place, tookMs, nowMs }) };
}

/** What the head says of all rows, with what is usual where it is wrong. */
function readingHead({ head }: Pick<SentMap, "head">) {
  const code = ([1, 2, 3, 4] as const).find((one) => String(one) === head.functionCode);
  const whole = (text: string, { least, most, usual }: Bounds) => {
    const value = /^\d{1,3}$/.test(text.trim()) ? Number(text) : usual;
    return value >= least && value <= most ? value : usual;
  };
  return {
    functionCode: code ?? EMPTY_MAP.functionCode,
    wordOrder: WORD_ORDERS.find((one) => one === head.wordOrder) ?? EMPTY_MAP.wordOrder,
    wordsPerRequest: whole(head.wordsPerRequest, { least: 1, most: 125, usual: EMPTY_MAP.wordsPerRequest }),
    gapWords: whole(head.gapWords, { least: 0, most: 124, usual: EMPTY_MAP.gapWords }),
  };
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

function summaryOf(
  { cells, values, requests, bytes, reason }: RowsRead,
  { place, tookMs, nowMs }: { readonly place: ReadFrom; readonly tookMs: number; readonly nowMs: number },
): ReadSummary {
  const good = [...cells.values()].filter((cell) => cell.reason === null).length;
  const seconds = String(new Date(nowMs).getUTCSeconds()).padStart(2, "0");
  const at = `${localLabel(place.zone, nowMs)}:${seconds}`;
  const detail = requests === 0
    ? ""
    : `${at}, ${countText(requests, "request")} in ${tookText(tookMs)}, ${numberText(bytes)} B`;
  if (reason !== null) {
    const words = [...cells.values()].find((cell) => cell.reason !== null)?.reason ?? "No answer";
    return { state: "critical", words, detail, findings: [] };
  }
  return {
    state: good === cells.size ? "good" : "warn",
    words: cells.size === 0 ? "No row to read" : `${good} of ${countText(cells.size, "value")}`,
    detail,
    findings: checkWiring(wiringReadsOf(values, place)).map(wiringWords),
  };
}
