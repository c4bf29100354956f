/**
 * Reads a form that carries one file: with a limit and a deadline, and no field that was not asked for.
 *
 * @module
 */

import { HttpError } from "fresh";
import { err, ok, type Result } from "../result.ts";
import { type BytesTrouble, readBlob } from "./body.ts";
import type { State } from "./state.ts";
import { requireStillThere } from "./still_there.ts";

/** A file that was sent. */
export interface Upload {
  /** As it is called where it came from, without folders; may be empty. */
  readonly name: string;
  /** What is in it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Milliseconds in which a file must have arrived: what the port itself gives a request, less its head. */
const UPLOAD_DEADLINE_MS = 29_000;

/** Bytes that a form adds to its file. */
const AROUND_BYTES = 16 * 1024;

/** Why there is no file. */
export type UploadTrouble = "too-large" | "too-slow" | "none";

/** The file in a field; 400 where the body is no such form, 401 where its sender has left meanwhile. */
export async function requireUpload(
  { req, state }: { readonly req: Request; readonly state: State },
  { field, maxBytes }: { readonly field: string; readonly maxBytes: number },
): Promise<Result<Upload, UploadTrouble>> {
  const type = req.headers.get("content-type") ?? "";
  if (!type.toLowerCase().startsWith("multipart/form-data")) throw new HttpError(400);
  const bounds = {
    clock: state.base.clock,
    maxBytes: maxBytes + AROUND_BYTES,
    deadlineMs: UPLOAD_DEADLINE_MS,
  };
  const body = await readBlob(req, bounds);
  if (!body.ok) return refused(body.error);
  await requireStillThere(state);
  const form = await formOf(body.value, type);
  const sent = form.getAll(field);
  const [file] = sent;
  if ([...form.keys()].some((name) => name !== field) || sent.length > 1) throw new HttpError(400);
  if (!(file instanceof File) || (file.size === 0 && file.name === "")) return err("none");
  if (file.size > maxBytes) return err("too-large");
  return ok({ name: file.name.replace(/^.*[/\\]/s, ""), bytes: new Uint8Array(await file.arrayBuffer()) });
}

/** A form with a file among its fields. */
export interface UploadedForm {
  /** The fields that are no file. */
  readonly form: URLSearchParams;
  /** The file, or why there is none. */
  readonly file: Result<Upload, UploadTrouble>;
}

/** A form with one file among its fields; what is too large has lost its fields as well. */
export async function requireFormAndFile(
  { req, state }: { readonly req: Request; readonly state: State },
  { field, maxBytes }: { readonly field: string; readonly maxBytes: number },
): Promise<UploadedForm> {
  const type = req.headers.get("content-type") ?? "";
  if (!type.toLowerCase().startsWith("multipart/form-data")) throw new HttpError(400);
  const body = await readBlob(req, { clock: state.base.clock, maxBytes: maxBytes + AROUND_BYTES });
  if (!body.ok) return { form: new URLSearchParams(), file: refused(body.error) };
  await requireStillThere(state);
  const sent = await formOf(body.value, type);
  const form = new URLSearchParams();
  for (const [name, value] of sent) {
    if (typeof value === "string") form.append(name, value);
    else if (name !== field || sent.getAll(field).length > 1) throw new HttpError(400);
  }
  const file = sent.get(field);
  if (!(file instanceof File) || file.size === 0) return { form, file: err("none") };
  if (file.size > maxBytes) return { form, file: err("too-large") };
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { form, file: ok({ name: file.name.replace(/^.*[/\\]/s, ""), bytes }) };
}

function refused(trouble: BytesTrouble): Result<never, UploadTrouble> {
  if (trouble === "broken-off") throw new HttpError(400);
  return err(trouble);
}

async function formOf(body: Blob, type: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { "content-type": type } }).formData();
  } catch {
    throw new HttpError(400);
  }
}
