/**
 * Encrypts and decrypts with the real `age`: no cryptography of our own, and a backup that can be opened without Wattpost.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import type { BackupTrouble } from "./trouble.ts";

/** Longest that one part may take, in milliseconds. */
const DEADLINE_MS = 120_000;

/** Encrypts to every recipient. */
export async function encrypt(
  plain: Uint8Array,
  recipients: readonly string[],
): Promise<Result<Uint8Array, BackupTrouble>> {
  const ended = await runAge(recipients.flatMap((recipient) => ["-r", recipient]), plain);
  if (!ended.ok) return ended;
  const { code, out, words } = ended.value;
  return code === 0 ? ok(out) : err({ kind: "no-program", why: words });
}

/** What is decrypted. */
export interface Sealed {
  /** The part's name, for what is said. */
  readonly part: string;
  readonly bytes: Uint8Array;
  /** To whom it was encrypted, for what is said. */
  readonly recipients: readonly string[];
}

/** Decrypts with the key in a file (`age-keygen` made it). What was changed since is refused by age itself. */
export async function decrypt(
  { part, bytes, recipients }: Sealed,
  keyFile: string,
): Promise<Result<Uint8Array, BackupTrouble>> {
  const ended = await runAge(["-d", "-i", keyFile], bytes);
  if (!ended.ok) return ended;
  const { code, out, words } = ended.value;
  if (code === 0) return ok(out);
  if (/no identity matched/.test(words)) return err({ kind: "wrong-key", part, recipients });
  if (/reading "|failed to open|malformed|no such file|permission denied|identit/i.test(words)) {
    return err({ kind: "no-key", why: words });
  }
  return err({ kind: "damaged-part", part, why: words });
}

interface AgeEnd {
  readonly code: number;
  readonly out: Uint8Array;
  /** What it said, on one line. */
  readonly words: string;
}

async function runAge(args: readonly string[], input: Uint8Array): Promise<Result<AgeEnd, BackupTrouble>> {
  const late = AbortSignal.timeout(DEADLINE_MS);
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("age", {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      signal: late,
    }).spawn();
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "it is not installed: apt-get install age"
      : String(error);
    return err({ kind: "no-program", why });
  }
  const written = write(child.stdin, input);
  const { code, stdout, stderr } = await child.output();
  await written;
  // Nothing is known of a part then: it must not be called damaged.
  if (late.aborted) return err({ kind: "no-program", why: `it did not end within ${DEADLINE_MS / 1_000} s` });
  const words = new TextDecoder().decode(stderr).split("\n").map((line) =>
    line.replace(/^age: (error: )?/, "").trim()
  )
    .filter((line) => line !== "" && !/^report unexpected/.test(line)).join("; ").slice(0, 400);
  return ok({ code, out: stdout, words });
}

/** Writes all of it; a program that ended before it took everything says why by itself. */
async function write(stdin: WritableStream<Uint8Array>, input: Uint8Array): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(input);
    await writer.close();
  } catch {
    await writer.abort().catch(() => undefined);
  }
}
