/**
 * Bodies of the forms of register maps: 300 rows are more than other forms may send, and a file may come with one.
 *
 * @module
 */

import { HttpError } from "fresh";
import { MAP_FILE_MAX } from "../../../profiles/map_json.ts";
import { readText } from "../../body.ts";
import type { State } from "../../state.ts";
import { requireStillThere } from "../../still_there.ts";

/** Largest form with all rows in bytes: 300 rows of 19 fields, percent-encoded. */
export const MAP_FORM_MAX_BYTES = 512 * 1024;

/** Parts of an upload at most. */
const PARTS_MAX = 20;

interface Posted {
  readonly req: Request;
  readonly state: State;
}

/** The form as it was posted; 413 or 400 where it cannot be read, 401 where its sender has left meanwhile. */
export async function requireMapBody({ req, state }: Posted): Promise<URLSearchParams> {
  if (!typeOf(req).startsWith("application/x-www-form-urlencoded")) throw new HttpError(400);
  const text = await readLimited({ req, state });
  return new URLSearchParams(text);
}

/** A form with a file, whose text is under the file's own name; a form without is read as any other. */
export async function requireUpload({ req, state }: Posted): Promise<URLSearchParams> {
  const type = typeOf(req);
  if (!type.startsWith("multipart/form-data")) return await requireMapBody({ req, state });
  const text = await readLimited({ req, state });
  const read = await new Response(text, {
    headers: { "content-type": req.headers.get("content-type") ?? "" },
  })
    .formData().catch(() => null);
  if (read === null) throw new HttpError(400);
  const form = new URLSearchParams();
  for (const [name, value] of read) {
    if ([...form.keys()].length >= PARTS_MAX) throw new HttpError(400);
    const content = typeof value === "string" ? value : await value.text();
    if (content.length > MAP_FILE_MAX * 2) throw new HttpError(413);
    form.append(name, content);
  }
  return form;
}

function typeOf(req: Request): string {
  return (req.headers.get("content-type") ?? "").toLowerCase();
}

async function readLimited({ req, state }: Posted): Promise<string> {
  const text = await readText(req, { clock: state.base.clock, maxBytes: MAP_FORM_MAX_BYTES });
  if (!text.ok) throw new HttpError(text.error === "too-large" ? 413 : 400);
  await requireStillThere(state);
  return text.value;
}
