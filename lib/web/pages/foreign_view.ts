/**
 * Reads what is stated of a load profile, compares it with what is held, and puts the page together.
 *
 * @module
 */

import {
  type ForeignFault,
  type ForeignHalfHours,
  foreignHalfHours,
  type ForeignStatement,
  statedUnits,
} from "../../domain/foreign_intervals.ts";
import { type Proof, proveShift, SHIFT_MAX } from "../../domain/foreign_proof.ts";
import { offsetAtMs } from "../../domain/foreign_stamps.ts";
import { startMsOf } from "../../domain/half_hour.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Database } from "../../store/db.ts";
import type { CountingMeter, MeterCounter } from "../../store/meter_counters.ts";
import { type ChannelHalfHours, readHalfHours } from "../../store/readings.ts";
import { countText } from "../../ui/format.ts";
import type { FieldOption } from "../../ui/Input.tsx";
import {
  type ForeignFaultRow,
  type ForeignPageProps,
  type ForeignProof,
  type ForeignTexts,
  PROFILE_FIELD,
} from "../../ui/pages/ForeignPage.tsx";
import { readForeignRows } from "../foreign_csv.ts";
import { choice, type Field, type FieldErrors, readForm } from "../form.ts";
import { decodeText } from "../imports/csv_file.ts";
import type { Upload, UploadTrouble } from "../upload.ts";
import { foreignChart } from "./foreign_chart.ts";
import { bestWords, correlationText, shiftWords, verdictWords } from "./foreign_words.ts";
import { amountText } from "./foreign_amount.ts";
import { quantityName } from "./read_now.ts";

/** Bytes of a file at most. */
export const PROFILE_MAX_BYTES = 900_000;

/** What was stated, understood. */
export interface Stated {
  /** The counter that it is compared with. */
  readonly counter: MeterCounter;
  /** What is stated of the file. */
  readonly statement: ForeignStatement;
}

interface Sent {
  readonly channelId: MeterCounter;
  readonly stamp: ForeignStatement["stamp"];
  readonly clock: ForeignStatement["clock"];
  readonly periodMin: ForeignStatement["periodMin"];
  readonly unit: string;
}

/** Reads what is stated of a file. */
export function readStatement(form: URLSearchParams, meter: CountingMeter): Result<Stated, FieldErrors> {
  const read = readForm<Sent>(form, {
    channelId: (text) => {
      const counter = meter.counters.find(({ channelId }) => String(channelId) === text);
      return counter ? ok(counter) : err("Choose one of the counters of this device");
    },
    stamp: choice(["start", "end"]),
    clock: choice(["utc", "standard", "local"]),
    periodMin: period,
    unit: (text) => ok(text ?? ""),
  });
  if (!read.ok) return read;
  const { channelId: counter, unit: id, ...stated } = read.value;
  const unit = statedUnits(counter.unit).find((one) => one.id === id);
  if (!unit) {
    const expected = statedUnits(counter.unit).map(({ label }) => label).join("; ");
    return err({ unit: `This counter counts ${counter.unit}: ${expected}` });
  }
  return ok({ counter, statement: { ...stated, zone: meter.zone, unit } });
}

const period: Field<ForeignStatement["periodMin"]> = (text) => {
  switch (text) {
    case "15":
      return ok(15);
    case "30":
      return ok(30);
    case "60":
      return err("An hour does not say which half of it took what: half-hours or quarter-hours are needed");
    default:
      return err("Expected 15 or 30 minutes");
  }
};

/** What became of a file. */
export type ForeignOutcome =
  | { readonly kind: "compared"; readonly told: ForeignHalfHours; readonly proof: Proof }
  /** The file as a whole is no load profile. */
  | { readonly kind: "refused"; readonly words: string }
  /** Some cells were not understood. */
  | { readonly kind: "cells"; readonly faults: readonly ForeignFault[] };

/** Why there is no file, in words. */
export function fileTroubleWords(trouble: UploadTrouble): string {
  switch (trouble) {
    case "none":
      return "Choose a file";
    case "too-large":
      return "The file has more than 900 kB: split it by months";
    case "too-slow":
      return "The file took too long to arrive: try again, or split it";
  }
}

/** A comparison with what it was made of. */
export interface Compared extends Stated {
  /** What became of the file. */
  readonly outcome: ForeignOutcome;
  /** What is held of the stretch of the file, and as far as it is moved; `null`: nothing was read. */
  readonly held: ChannelHalfHours | null;
}

/** Compares a file with what is held of a counter: only half-hours that were measured at both ends count. */
export async function compareProfile(db: Database, stated: Stated, upload: Upload): Promise<Compared> {
  const { counter, statement } = stated;
  const end = (outcome: ForeignOutcome): Compared => ({ ...stated, outcome, held: null });
  const text = decodeText(upload.bytes);
  if (!text.ok) return end({ kind: "refused", words: text.error.words });
  const rows = readForeignRows(text.value);
  if (!rows.ok) return end({ kind: "refused", words: rows.error });
  const told = foreignHalfHours(rows.value, statement);
  if (!told.ok) return end({ kind: "cells", faults: told.error });
  const { from, amounts } = told.value;
  const query = { from: from - SHIFT_MAX, to: from + amounts.length + SHIFT_MAX };
  const [held] = await readHalfHours(db, { channelIds: [counter.channelId], ...query });
  const measured = (held?.amounts ?? []).map((amount, i) => held?.quality[i] === "m" ? amount : null);
  const seasonOf = (halfHour: number) => offsetAtMs(statement.zone, startMsOf(halfHour));
  const proof = proveShift(told.value, { from: query.from, amounts: measured }, seasonOf);
  return { ...stated, outcome: { kind: "compared", told: told.value, proof }, held: held ?? null };
}

/** What the page is made of. */
export interface ForeignShown {
  /** The meter. */
  readonly meter: CountingMeter;
  /** Its site. */
  readonly siteId: number;
  /** Its id. */
  readonly meterId: number;
  /** What was typed; absent: the usual. */
  readonly form?: URLSearchParams;
  /** What was wrong, by field. */
  readonly faults?: FieldErrors;
  /** What became of a file; absent: there was none. */
  readonly compared?: Compared;
}

/** Puts the page together. */
export function foreignPage(shown: ForeignShown): ForeignPageProps {
  const { meter, siteId, meterId, form, compared } = shown;
  const outcome = compared?.outcome;
  const href = `/sites/${siteId}/devices/${meterId}`;
  const refused = outcome?.kind === "refused" ? { [PROFILE_FIELD]: outcome.words } : {};
  return {
    device: { name: meter.name, href, siteName: meter.siteName, siteHref: `/sites/${siteId}` },
    zone: meter.zone,
    action: `${href}/half-hours`,
    values: textsOf(form, meter),
    faults: { ...shown.faults, ...refused },
    cells: outcome?.kind === "cells" ? outcome.faults.map(faultRow) : [],
    channels: meter.counters.map(({ channelId, quantity, unit }) => ({
      value: String(channelId),
      label: `${quantityName(quantity)}, ${
        unit === "L" || unit === "s" || unit === "count" ? unit : `k${unit}`
      }`,
    })),
    units: unitOptions(meter),
    proof: compared && outcome?.kind === "compared" ? proofShown(compared, outcome) : null,
  };
}

function textsOf(form: URLSearchParams | undefined, { counters }: CountingMeter): ForeignTexts {
  const text = (name: keyof ForeignTexts, usual: string) => (form?.get(name) ?? usual).slice(0, 40);
  const first = counters.find(({ quantity }) => quantity === "importWh") ?? counters[0];
  return {
    channelId: text("channelId", String(first?.channelId ?? "")),
    stamp: text("stamp", "start"),
    clock: text("clock", "local"),
    periodMin: text("periodMin", "30"),
    unit: text("unit", first ? statedUnits(first.unit)[0]?.id ?? "" : ""),
  };
}

function unitOptions({ counters }: CountingMeter): readonly FieldOption[] {
  const all = counters.flatMap(({ unit }) => statedUnits(unit));
  return [...new Map(all.map(({ id, label }) => [id, { value: id, label }])).values()];
}

function faultRow({ row, field, value, expected }: ForeignFault): ForeignFaultRow {
  return { row, field: field === "stamp" ? "stamp" : "figure", value, expected };
}

function proofShown(
  { counter, statement, held }: Compared,
  { told, proof }: Extract<ForeignOutcome, { kind: "compared" }>,
): ForeignProof {
  const { state, title, advice } = verdictWords(proof.verdict, statement);
  const text = (amount: number) => amountText(amount, counter.unit);
  return {
    state,
    title,
    words: [bestWords(proof, text), advice].filter((words) => words !== "").join(" "),
    told: toldWords(told, held),
    fits: proof.fits.map((fit) => ({
      shift: shiftWords(fit.shift),
      pairs: String(fit.pairs),
      correlation: correlationText(fit),
      difference: fit.pairs === 0 ? "—" : text(fit.difference),
      best: fit.shift === proof.best?.shift,
    })),
    chart: held && foreignChart({ told, held, zone: statement.zone, unit: counter.unit }),
  };
}

/** What the file has, what was left out of it, and what of it is not held here. */
function toldWords(
  { from, amounts, ambiguous, fell }: ForeignHalfHours,
  held: ChannelHalfHours | null,
): string {
  const has = amounts.filter((amount) => amount !== null).length;
  const unheld =
    amounts.filter((amount, i) => amount !== null && (held?.amounts[from + i - held.from] ?? null) === null)
      .length;
  return [
    `The file has ${countText(has, "half-hour")}; of ${unheld} no amount is held here.`,
    ambiguous > 0 &&
    `${countText(ambiguous, "half-hour")} came twice and ${
      ambiguous === 1 ? "is" : "are"
    } told once: left out.`,
    fell > 0 && `A counter fell ${fell === 1 ? "once" : `${fell} times`}: left out.`,
  ].filter((words) => words !== false).join(" ");
}
