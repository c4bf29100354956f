/**
 * A register map out of a file or its text: JSON as it is exported, or CSV; what is wrong is told by row and field.
 *
 * @module
 */

import { faultWords, type MapFault } from "../../../profiles/map_fault.ts";
import { mapFromJson } from "../../../profiles/map_json.ts";
import type { RegisterMap } from "../../../profiles/register_map.ts";
import { err, ok, type Result } from "../../../result.ts";
import { mapFromCsv } from "../../map_csv.ts";
import { countText } from "../../../ui/format.ts";

/** Faults of a file that are told; more are counted. */
const TOLD_MAX = 50;

/** The map that a text means, or what is wrong with it, each a sentence; separated values are rows alone, of `base`. */
export async function mapOfFile(
  text: string,
  base: RegisterMap,
): Promise<Result<RegisterMap, readonly string[]>> {
  const plain = text.replace(/^\uFEFF/, "");
  if (plain.trim() === "") return err(["Choose a file, or paste its text"]);
  const isJson = plain.trimStart().startsWith("{");
  const read = isJson ? mapFromJson(plain) : await mapFromCsv(plain, base);
  return read.ok ? ok(read.value) : err(toldFaults(read.error));
}

function toldFaults(faults: readonly MapFault[]): readonly string[] {
  const told = faults.slice(0, TOLD_MAX).map(faultWords);
  const more = faults.length - told.length;
  return more > 0 ? [...told, `and ${countText(more, "more thing")} to put right`] : told;
}
