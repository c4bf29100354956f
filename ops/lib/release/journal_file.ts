/**
 * Journals on disk: one file a deploy, each line on disk before anything else happens. A full disk does not silence
 * them: some room is kept for that.
 *
 * @module
 */

import { constants, open } from "node:fs/promises";
import { HostError } from "../host/step.ts";
import { syncFolder } from "../host/sync_folder.ts";
import { type DeployStand, foldJournal, type JournalLine, readJournal } from "./journal.ts";

/** Journals of a host. */
export interface Journals {
  /** Adds a line to the journal of a deploy; on disk when it returns. */
  add(number: number, line: JournalLine): Promise<void>;
  /** How a deploy stands; `null`: there is no such one. */
  read(number: number): Promise<DeployStand | null>;
  /** Numbers of all deploys, oldest first. */
  numbers(): Promise<readonly number[]>;
}

/** Bytes kept free for journals: many times what one takes. */
const RESERVE_BYTES = 262_144;
const MOST = 100_000;
const NAME = /^(\d{6})\.jsonl$/;

/** Opens the journals in a folder, which is made root's alone. */
export function openJournals(folder: string): Journals {
  const pathOf = (number: number) => `${folder}/${String(number).padStart(6, "0")}.jsonl`;
  const reserve = `${folder}/.reserve`;
  return {
    async add(number, line) {
      const text = `${JSON.stringify(line)}\n`;
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        await addLine(pathOf(number), text).catch(async (error) => {
          if (!isFull(error) || !await Deno.remove(reserve).then(() => true, () => false)) throw error;
          await addLine(pathOf(number), text);
        });
      } catch (error) {
        throw new HostError(`Cannot write "${pathOf(number)}": ${wordsOf(error)}`);
      }
      if (line.kind === "deploy" || line.kind === "end") await keepRoom(reserve);
      if (line.kind === "deploy") await syncFolder(folder);
    },
    async read(number) {
      const text = await Deno.readTextFile(pathOf(number)).catch((error) => {
        if (error instanceof Deno.errors.NotFound) return null;
        throw new HostError(`Cannot read "${pathOf(number)}": ${wordsOf(error)}`);
      });
      return text === null ? null : foldJournal(readJournal(text));
    },
    numbers: () => numbersIn(folder),
  };
}

async function addLine(path: string, text: string): Promise<void> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const handle = await open(path, flags, 0o600);
  try {
    const { size } = await handle.stat();
    const last = new Uint8Array(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // A line that was cut off stays alone on its line.
    const whole = size === 0 || last[0] === 10 ? text : `\n${text}`;
    await handle.writeFile(whole);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function keepRoom(path: string): Promise<void> {
  try {
    const { size } = await Deno.stat(path).catch(() => ({ size: 0 }));
    if (size >= RESERVE_BYTES) return;
    const random = new Uint8Array(RESERVE_BYTES);
    for (let at = 0; at < random.length; at += 65_536) {
      crypto.getRandomValues(random.subarray(at, at + 65_536));
    }
    await Deno.writeFile(path, random, { mode: 0o600 }); // a file of zeros may take no room
  } catch {
    // The disk is full now: then there is nothing to keep.
    await Deno.remove(path).catch(() => undefined);
  }
}

async function numbersIn(folder: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const [, number] = NAME.exec(name) ?? [];
      if (number !== undefined) numbers.push(Number(number));
      if (numbers.length > MOST) throw new HostError(`More than ${MOST} deploys in "${folder}"`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return numbers.sort((a, b) => a - b);
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" ||
    (error instanceof Error && /No space left on device|os error 28/.test(error.message));
}

function wordsOf(error: unknown): string {
  return isFull(error) ? "the disk is full" : error instanceof Error ? error.message : String(error);
}
