/**
 * The files inside of a zip archive: read by its directory, whose sizes are judged before anything is inflated, and
 * inflated no further than a limit; and the writing of small archives.
 *
 * @module
 */

import { crc32, deflateRawSync } from "node:zlib";
import { err, ok, type Result } from "../../result.ts";

/** A file in an archive. */
export interface ZipEntry {
  /** Its path. */
  readonly name: string;
  /** Bytes as they lie in the archive. */
  readonly packed: Uint8Array;
  /** Whether they are deflated; else they are stored as they are. */
  readonly deflated: boolean;
  /** Bytes of the file, as the directory says. */
  readonly bytes: number;
}

/** Why an archive is not read. */
export type ZipTrouble =
  /** It is no zip archive, or it is cut or damaged. */
  | "broken"
  /** It is encrypted. */
  | "locked"
  /** It holds more files or bytes than are read. */
  | "too-large";

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const COMMENT_MAX = 65_535;

/** What is read at most. */
export interface ZipLimits {
  /** Files. */
  readonly entries: number;
  /** Bytes of all files once they are inflated. */
  readonly inflatedBytes: number;
}

/** The files of an archive by their path; nothing is inflated yet. */
export function readZip(
  file: Uint8Array,
  limits: ZipLimits,
): Result<ReadonlyMap<string, ZipEntry>, ZipTrouble> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = endOf(view);
  if (end === null) return err("broken");
  const count = view.getUint16(end + 10, true);
  if (count > limits.entries) return err("too-large");
  const entries = new Map<string, ZipEntry>();
  let at = view.getUint32(end + 16, true);
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) return err("broken");
    const read = entryAt(file, view, at);
    if (!read.ok) return read;
    bytes += read.value.bytes;
    if (bytes > limits.inflatedBytes) return err("too-large");
    // Two files of one name: programs do not agree on which of them counts.
    if (entries.has(read.value.name)) return err("broken");
    entries.set(read.value.name, read.value);
    at += CENTRAL_BYTES + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  return ok(entries);
}

function endOf(view: DataView): number | null {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - COMMENT_MAX); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return null;
}

function entryAt(file: Uint8Array, view: DataView, at: number): Result<ZipEntry, ZipTrouble> {
  if ((view.getUint16(at + 8, true) & 1) !== 0) return err("locked");
  const method = view.getUint16(at + 10, true);
  const packedBytes = view.getUint32(at + 20, true);
  const bytes = view.getUint32(at + 24, true);
  const nameBytes = view.getUint16(at + 28, true);
  const local = view.getUint32(at + 42, true);
  if (local + LOCAL_BYTES > file.length || view.getUint32(local, true) !== LOCAL) return err("broken");
  const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if ((method !== STORED && method !== DEFLATED) || from + packedBytes > file.length) return err("broken");
  const nameFrom = at + CENTRAL_BYTES;
  const name = new TextDecoder().decode(file.subarray(nameFrom, nameFrom + nameBytes));
  return ok({ name, packed: file.subarray(from, from + packedBytes), deflated: method === DEFLATED, bytes });
}

/** The content of a file piece by piece; it fails as soon as there is more than the directory said. */
export async function* inflate(entry: ZipEntry): AsyncGenerator<Uint8Array, void> {
  if (!entry.deflated) {
    if (entry.packed.length !== entry.bytes) {
      throw new RangeError("A stored file has another size than it says");
    }
    yield* slicesOf(entry.packed);
    return;
  }
  const packed = ReadableStream.from(slicesOf(entry.packed));
  const reader = packed.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      bytes += value.length;
      if (bytes > entry.bytes) throw new RangeError("A file inflates to more than it says");
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Bytes that are taken at once: what they grow to, a thousand times as much at most, is held before it is judged. */
const SLICE_BYTES = 4_096;

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    yield bytes.subarray(at, at + SLICE_BYTES) as Uint8Array<ArrayBuffer>;
  }
}

/** A file to be put into an archive. */
export interface ZipFile {
  /** Its path. */
  readonly name: string;
  /** Its text. */
  readonly text: string;
}

/** 1 January 1980, as an archive writes it: the same files make the same archive. */
const DOS_DATE = 0x21;

/** An archive of some texts. */
export function zipOf(files: readonly ZipFile[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const heads: Uint8Array[] = [];
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { name, text } of files) {
    const [nameBytes, body] = [encoder.encode(name), encoder.encode(text)];
    const head = { nameBytes, body, packed: new Uint8Array(deflateRawSync(body)), sum: crc32(body) };
    const local = headOf(LOCAL, LOCAL_BYTES, head);
    parts.push(local, nameBytes, head.packed);
    heads.push(headOf(CENTRAL, CENTRAL_BYTES, { ...head, at }), nameBytes);
    at += local.length + nameBytes.length + head.packed.length;
  }
  const directory = heads.reduce((sum, one) => sum + one.length, 0);
  const end = new DataView(new ArrayBuffer(END_BYTES));
  end.setUint32(0, END, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, directory, true);
  end.setUint32(16, at, true);
  return joined([...parts, ...heads, new Uint8Array(end.buffer)]);
}

interface Head {
  readonly nameBytes: Uint8Array;
  readonly body: Uint8Array;
  readonly packed: Uint8Array;
  readonly sum: number;
  readonly at?: number;
}

function headOf(signature: number, bytes: number, { nameBytes, body, packed, sum, at }: Head): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  const isCentral = at !== undefined;
  // The central head begins as the local one does, two bytes later.
  const shift = isCentral ? 2 : 0;
  view.setUint32(0, signature, true);
  view.setUint16(4, 20, true);
  if (isCentral) view.setUint16(6, 20, true);
  view.setUint16(6 + shift, 0x0800, true); // names are UTF-8
  view.setUint16(8 + shift, DEFLATED, true);
  view.setUint16(12 + shift, DOS_DATE, true);
  view.setUint32(14 + shift, sum, true);
  view.setUint32(18 + shift, packed.length, true);
  view.setUint32(22 + shift, body.length, true);
  view.setUint16(26 + shift, nameBytes.length, true);
  if (isCentral) view.setUint32(42, at, true);
  return new Uint8Array(view.buffer);
}

/** Pieces one after the other. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
