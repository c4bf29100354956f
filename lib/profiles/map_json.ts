/**
 * A register map as JSON, for keeping and for files: what is usual is left out, and what is read back is the same map.
 * Pure.
 *
 * @module
 */

import { err, type Result } from "../result.ts";
import {
  faultOf,
  HEAD_FIELDS,
  type HeadField,
  type HeadFields,
  type MapFault,
  ROW_FIELDS,
  type RowField,
  type RowFields,
} from "./map_fault.ts";
import { scaleText } from "./map_number.ts";
import { parseMap } from "./map_text.ts";
import { isFloat } from "./profile.ts";
import { type MapRow, type RegisterMap, ROWS_MAX } from "./register_map.ts";

/** What a file of ours says of itself. */
export const MAP_FORMAT = "wattpost-register-map-1";

/** Characters of a file at most. */
export const MAP_FILE_MAX = 256 * 1024;

/** A register map in one line of JSON. */
export function mapToJson(map: RegisterMap): string {
  return JSON.stringify(plainMap(map));
}

/** A register map as a file that people read: a line for each row. */
export function mapToJsonFile(map: RegisterMap): string {
  const { rows, ...head } = plainMap(map);
  const lines = Object.entries(head).map(([name, value]) => `  "${name}": ${JSON.stringify(value)},\n`);
  const rowLines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  return `{\n${lines.join("")}  "rows": [${rows.length > 0 ? `\n${rowLines}\n  ` : ""}]\n}\n`;
}

/** Reads what {@link mapToJson} wrote, or a person; everything that is wrong is told. */
export function mapFromJson(text: string): Result<RegisterMap, readonly MapFault[]> {
  if (text.length > MAP_FILE_MAX) return fileFault(text.length, `at most ${MAP_FILE_MAX} characters`);
  const read = parsed(text);
  if (!isObject(read)) return fileFault("", `a JSON object with "format": "${MAP_FORMAT}"`);
  const { format, basedOn = null, rows = [], ...rest } = read;
  if (format !== MAP_FORMAT) return fileFault(textOf(format) ?? "", `"format": "${MAP_FORMAT}"`);
  if (!Array.isArray(rows)) return fileFault("", '"rows" to be a list');
  if (rows.length > ROWS_MAX) {
    return err([faultOf({ row: null, field: "rows" }, rows.length, `at most ${ROWS_MAX} rows`)]);
  }
  const faults: MapFault[] = [];
  if (basedOn !== null && !(typeof basedOn === "string" && /^[a-z0-9@-]{1,64}$/.test(basedOn))) {
    faults.push(faultOf({ row: null, field: "file" }, textOf(basedOn) ?? "", '"basedOn" to be a profile id'));
  }
  const head = headTexts(rest, faults);
  const texts = rows.map((row: unknown, i) => rowTexts(row, { number: i + 1, faults }));
  const map = parseMap({ head, rows: texts, basedOn: typeof basedOn === "string" ? basedOn : null });
  if (faults.length > 0) return err([...faults, ...map.ok ? [] : map.error]);
  return map;
}

function fileFault(value: string | number, expected: string): Result<never, readonly MapFault[]> {
  return err([faultOf({ row: null, field: "file" }, value, expected)]);
}

type Plain = Readonly<Record<string, unknown>>;

function plainMap({ rows, ...head }: RegisterMap): Plain & { readonly rows: readonly Plain[] } {
  return { format: MAP_FORMAT, ...head, rows: rows.map((row) => plainRow(row, head)) };
}

/** A row without what is usual, or as the map says. */
function plainRow(row: MapRow, head: Pick<RegisterMap, "functionCode" | "wordOrder">): Plain {
  const { counter, range, scale, ...rest } = row;
  const worth = counter && !isFloat(row.encoding) ? scaleText(counter) : scale === 1 ? "" : scale;
  const usual: Plain = { offset: 0, decimals: 0, note: "", daily: false, ...head };
  const kept = Object.entries({ ...rest, scale: worth === "1" ? "" : worth, modulus: counter?.modulus ?? "" })
    .filter(([name, value]) =>
      value !== "" && !(Array.isArray(value) && value.length === 0) &&
      !(Object.hasOwn(usual, name) && usual[name] === value)
    );
  return { ...Object.fromEntries(kept), ...(range && { low: range[0], high: range[1] }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as the text that a form would have sent; `undefined`: it is none. */
function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return "yes";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const parts = value.map((part: unknown) =>
      typeof part === "string" || typeof part === "number" ? String(part) : undefined
    );
    return parts.includes(undefined) ? undefined : parts.join(" ");
  }
  return undefined;
}

function headTexts(read: Plain, faults: MapFault[]): HeadFields {
  const head: { [Field in HeadField]?: string } = {};
  for (const [name, value] of Object.entries(read)) {
    const field = HEAD_FIELDS.find((one) => one === name);
    const text = textOf(value);
    if (field && text !== undefined) head[field] = text;
    else faults.push(unknown(null, field ?? name));
  }
  return head;
}

function rowTexts(
  read: unknown,
  { number, faults }: { readonly number: number; readonly faults: MapFault[] },
): RowFields {
  if (!isObject(read)) {
    faults.push(faultOf({ row: number, field: "file" }, "", "an object with the fields of a row"));
    return {};
  }
  const row: { [Field in RowField]?: string } = {};
  for (const [name, value] of Object.entries(read)) {
    const field = ROW_FIELDS.find((one) => one === name);
    const text = textOf(value);
    if (field && text !== undefined) row[field] = text;
    else faults.push(unknown(number, field ?? name));
  }
  return row;
}

function unknown(row: number | null, name: string): MapFault {
  const fields: readonly string[] = row === null ? HEAD_FIELDS : ROW_FIELDS;
  return fields.includes(name)
    ? faultOf({ row, field: name as HeadField | RowField }, "", "a text or a number")
    : faultOf({ row, field: "file" }, name, `fields of a ${row === null ? "register map" : "row"} alone`);
}
