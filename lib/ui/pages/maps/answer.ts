/**
 * What the server answers the editor in the browser, as plain data.
 *
 * @module
 */

import type { Told } from "../../Told.tsx";
import type { ReadSummary } from "./MapForm.tsx";
import type { LiveCell, RowFaults, RowTexts } from "./row_texts.ts";

/** A row of which there is something to say. */
export interface AnswerRow {
  /** Its name on the page. */
  readonly id: number;
  /** What is wrong with it. */
  readonly faults: RowFaults;
  /** What was read; `null`: nothing. */
  readonly live: LiveCell | null;
  /** Its fields where they are to be written otherwise; `null`: as they are. */
  readonly texts: RowTexts | null;
}

/** The answer. */
export interface EditorAnswer {
  /** Version of the working copy that is edited from now on. */
  readonly version: number;
  /** Whether it was saved. */
  readonly saved: boolean;
  /** How addresses are written. */
  readonly notation: string;
  /** What is wrong with the head; `""` belongs to no field. */
  readonly headFaults: Readonly<Record<string, string>>;
  /** Rows of which there is something to say. */
  readonly rows: readonly AnswerRow[];
  /** How reading went; `null`: nothing was read. */
  readonly read: ReadSummary | null;
  /** Told at the head; `null`: nothing. */
  readonly told: Told | null;
}
