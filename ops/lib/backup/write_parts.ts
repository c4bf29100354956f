/**
 * Writes the parts of a backup: lines are gathered to a bounded size, compressed, encrypted, and on disk before the next
 * but one is begun, so memory holds two parts at most and reading goes on while `age` works.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { encrypt } from "./age.ts";
import { BackupError } from "./backup_error.ts";
import { PART_PLAIN_BYTES, PART_PLAIN_BYTES_MAX, partName, PARTS_MAX } from "./format.ts";
import type { ManifestPart } from "./manifest.ts";
import { sha256Of } from "./read.ts";
import { troubleText } from "./trouble.ts";

/** Level of gzip: 8 MiB in 20 ms; the next ones take three times as long for a twentieth. */
const LEVEL = 3;

/** Where parts go. */
export interface PartPlace {
  /** The folder, which is there. */
  readonly folder: string;
  /** To whom they are encrypted. */
  readonly recipients: readonly string[];
}

/** What was written of a table or of files. */
export interface WrittenLines {
  readonly rows: number;
  /** SHA-256 of all lines, each with its line end. */
  readonly sha256: string;
}

/** Writes the parts of one backup, one after another. */
export interface PartWriter {
  /** Writes all lines of a table, or of files where it is `null`. */
  write(table: string | null, lines: AsyncIterable<readonly string[]>): Promise<WrittenLines>;
  /** Waits until all are on disk; what was written. */
  finish(): Promise<readonly ManifestPart[]>;
}

/** A part that is being gathered. */
interface Gathered {
  readonly table: string | null;
  readonly chunks: Uint8Array[];
  bytes: number;
  rows: number;
}

/** Makes a writer. */
export function partWriter(place: PartPlace): PartWriter {
  const parts: ManifestPart[] = [];
  let begun = 0;
  let last: Promise<void> = Promise.resolve();
  const store = async (gathered: Gathered): Promise<void> => {
    await last; // at most one is under way beside the one that is gathered
    const number = ++begun;
    if (number > PARTS_MAX) throw new BackupError(`Cannot write more than ${PARTS_MAX} parts`);
    const stored = storePart(place, number, gathered);
    last = stored.then((part) => void parts.push(part));
    last.catch(() => undefined); // whoever waits for it next throws it
  };
  return {
    async write(table, lines) {
      const hash = createHash("sha256");
      let rows = 0;
      let gathered: Gathered = { table, chunks: [], bytes: 0, rows: 0 };
      for await (const some of lines) {
        for (const batch of cut(some)) {
          gather(gathered, batch, hash);
          rows += batch.length;
          if (gathered.bytes < PART_PLAIN_BYTES) continue;
          await store(gathered);
          gathered = { table, chunks: [], bytes: 0, rows: 0 };
        }
      }
      if (gathered.rows > 0) await store(gathered);
      return { rows, sha256: hash.digest("hex") };
    },
    async finish() {
      await last;
      return parts;
    },
  };
}

/** Characters of lines that are put into a part at once: a few large rows are a part of their own. */
const BATCH_CHARS = 1_000_000;

function* cut(lines: readonly string[]): Iterable<readonly string[]> {
  let from = 0;
  let chars = 0;
  for (let i = 0; i < lines.length; i++) {
    chars += lines[i]?.length ?? 0;
    if (chars < BATCH_CHARS) continue;
    yield lines.slice(from, i + 1);
    from = i + 1;
    chars = 0;
  }
  if (from < lines.length) yield lines.slice(from);
}

const ENCODER = new TextEncoder();

function gather(gathered: Gathered, lines: readonly string[], hash: Hash): void {
  const bytes = ENCODER.encode(`${lines.join("\n")}\n`);
  hash.update(bytes);
  gathered.chunks.push(bytes);
  gathered.bytes += bytes.length;
  gathered.rows += lines.length;
  if (gathered.bytes > PART_PLAIN_BYTES_MAX) {
    throw new BackupError(
      `Cannot back up a row of ${gathered.table ?? "files"} of more than ${PART_PLAIN_BYTES_MAX} bytes`,
    );
  }
}

async function storePart(
  { folder, recipients }: PartPlace,
  number: number,
  { table, chunks, bytes, rows }: Gathered,
): Promise<ManifestPart> {
  const plain = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    plain.set(chunk, at);
    at += chunk.length;
  }
  const sealed = await encrypt(gzipSync(plain, { level: LEVEL }), recipients);
  if (!sealed.ok) throw new BackupError(troubleText(sealed.error));
  const name = partName(number, table ?? "files");
  await writeSynced(`${folder}/${name}`, sealed.value);
  return {
    ...{ name, table, rows, bytes: sealed.value.length, sha256: sha256Of(sealed.value) },
    ...{ plainBytes: bytes, plainSha256: sha256Of(plain) },
  };
}

/** Writes a new file that is on disk before it returns: its owner's alone. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await Deno.open(path, { createNew: true, write: true, mode: 0o600 });
  try {
    let at = 0;
    while (at < bytes.length) at += await file.write(bytes.subarray(at));
    await file.sync();
  } finally {
    file.close();
  }
}
