/**
 * One digest for the same sources also where Docker writes the time of the build into an image (before version 23 it
 * knows no other): the configuration is written anew with the sources' own time and handed back, without the layers,
 * which are the same and there already. Pure.
 *
 * @module
 */

/** A file of an archive. */
export interface ArchiveFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Sources without a time of their own count as of 2020-01-01, epoch seconds. */
export const NO_TIME_S = 1_577_836_800;

const BLOCK = 512;

/** Whether the engine wrote the given time itself. */
export function isFixed(created: string, createdS: number): boolean {
  return Date.parse(created) === createdS * 1_000;
}

/**
 * What `docker load` takes to have the image with the given time.
 *
 * @param saved The files of `docker save` that are no layers: `manifest.json` and the configuration that it names.
 * @returns The archive and the image's new id, `sha256:…`; `null`: what was saved is not understood.
 */
export async function fixedArchive(
  saved: readonly ArchiveFile[],
  createdS: number,
): Promise<{ readonly archive: Uint8Array<ArrayBuffer>; readonly id: string } | null> {
  const textOf = (name: string | undefined) => {
    const file = saved.find((one) => one.name === name);
    return file && new TextDecoder().decode(file.bytes);
  };
  const manifest = parse(textOf("manifest.json"));
  const [image] = Array.isArray(manifest) ? manifest as readonly Saved[] : [];
  const config = parse(textOf(image?.Config)) as SavedConfig | undefined;
  if (!image || !config?.rootfs || !config.history) return null;
  const created = new Date(createdS * 1_000).toISOString().replace(".000Z", "Z");
  const bytes = bytesOf({ ...config, created, history: config.history.map((one) => ({ ...one, created })) });
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const name = `${digest}.json`;
  const archive = archiveOf([
    { name, bytes },
    { name: "manifest.json", bytes: bytesOf([{ ...image, Config: name }]) },
  ]);
  return { archive, id: `sha256:${digest}` };
}

interface Saved {
  readonly Config?: string;
}

interface SavedConfig {
  readonly rootfs?: unknown;
  readonly history?: readonly Readonly<Record<string, unknown>>[];
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A tar archive of a few small files. */
function archiveOf(files: readonly ArchiveFile[]): Uint8Array<ArrayBuffer> {
  const parts = files.flatMap(({ name, bytes }) => {
    const padded = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK);
    padded.set(bytes);
    return [headerOf(name, bytes.length), padded];
  });
  const whole = new Uint8Array(
    [...parts, new Uint8Array(2 * BLOCK)].reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Header of a file in the ustar format, with the sum over itself, its own place counted as blanks. */
function headerOf(name: string, size: number): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => void new TextEncoder().encodeInto(text, header.subarray(at));
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  put(name, 0);
  put(octal(0o644, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(0, 11), 136);
  put(" ".repeat(8), 148);
  put("0", 156);
  put("ustar\u000000", 257);
  put(`${octal(header.reduce((sum, byte) => sum + byte, 0), 6)}\u0000 `, 148);
  return header;
}

/** Largest file that is kept of what is saved: layers are larger, and not needed. */
const KEPT_MAX = 4_000_000;

/** Takes the small JSON files out of an archive as it comes; the rest is passed over. */
export async function smallFiles(
  archive: AsyncIterable<Uint8Array<ArrayBuffer>>,
): Promise<readonly ArchiveFile[]> {
  const found: ArchiveFile[] = [];
  let held: Uint8Array<ArrayBuffer> = new Uint8Array();
  let skip = 0;
  for await (const part of archive) {
    const passed = Math.min(skip, part.length);
    skip -= passed;
    if (passed === part.length) continue;
    held = joined(held, part.subarray(passed));
    while (held.length >= BLOCK) {
      const { name, size } = readHeader(held);
      const span = BLOCK + Math.ceil(size / BLOCK) * BLOCK;
      const kept = name.endsWith(".json") && size <= KEPT_MAX;
      if (kept && held.length < span) break;
      if (kept) found.push({ name, bytes: held.slice(BLOCK, BLOCK + size) });
      skip = Math.max(0, span - held.length);
      held = held.slice(span);
    }
  }
  return found;
}

function readHeader(block: Uint8Array): { readonly name: string; readonly size: number } {
  const text = (at: number, length: number) =>
    new TextDecoder().decode(block.subarray(at, at + length)).split("\u0000", 1)[0] ?? "";
  return { name: text(0, 100), size: Number.parseInt(text(124, 12).trim() || "0", 8) };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
