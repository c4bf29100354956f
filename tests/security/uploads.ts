/**
 * Forms with files as attackers send them: parts in any number, with any names, whatever the browser would do.
 *
 * @module
 */

import { zipOf } from "../../lib/web/imports/zip.ts";
import { type Answer, ask, type Flow } from "../flows/running_product.ts";
import type { Visitor } from "../flows/visitors.ts";

/** What stands between the parts. */
export const BOUNDARY = "wattpostattack";

/** A part of a form. */
export interface Part {
  /** Name of its field. */
  readonly name: string;
  /** What is in it. */
  readonly content: string | Uint8Array<ArrayBuffer>;
  /** Name of the file; absent: it is none. */
  readonly file?: string;
}

/** Who sends. */
export interface Sending {
  /** With whose session. */
  readonly visitor: Visitor;
  /** Headers in the place of the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of a form. */
export function bodyOf(parts: readonly Part[]): Blob {
  const pieces = parts.flatMap(({ name, content, file }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${
      file === undefined ? "" : `; filename="${file}"`
    }\r\n\r\n`,
    content,
    "\r\n",
  ]);
  return new Blob([...pieces, `--${BOUNDARY}--\r\n`]);
}

/** Sends a form. */
export async function uploadTo(
  { origin }: Pick<Flow, "origin">,
  { path, parts, visitor, headers = {} }: Sending & {
    readonly path: string;
    readonly parts: readonly Part[];
  },
): Promise<Answer> {
  return await ask(origin, path, {
    method: "POST",
    body: await bodyOf(parts).bytes(),
    headers: {
      cookie: visitor.cookie,
      origin,
      "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
      ...headers,
    },
  });
}

/** A workbook with one sheet of these rows. */
export function bookOf(rows: string, doctype = ""): Uint8Array<ArrayBuffer> {
  return zipOf([
    {
      name: "xl/workbook.xml",
      text: `${doctype}<workbook xmlns:r="r"><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      text: `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    {
      name: "xl/worksheets/sheet1.xml",
      text: `${doctype}<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    },
  ]);
}
