/**
 * Hashes and checks passwords in one worker with a short queue: whoever comes when it is full is asked to come
 * again, so that a flood of sign-ins cannot take the machine's memory.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import type { Argon2Answer, Argon2Request } from "./argon2_worker.ts";

/** Most passwords that wait or are worked on at once. */
export const PASSWORDS_AT_ONCE = 8;

/** Shortest password accepted, in characters (NIST SP 800-63B asks for 8, 15 without a second factor). */
export const PASSWORD_MIN_LENGTH = 12;

/** Longest password accepted, in characters. */
export const PASSWORD_MAX_LENGTH = 200;

/** Why a password was not worked on. */
export type PasswordTrouble = "busy" | "failed";

/** Hashes and checks passwords. */
export interface Passwords {
  /** Encoded argon2id hash of a password. */
  hash(password: string): Promise<Result<string, PasswordTrouble>>;
  /** Whether the password fits the hash; a `null` hash takes as long and never fits. */
  verify(password: string, hash: string | null): Promise<Result<boolean, PasswordTrouble>>;
  /** Ends the worker. */
  close(): void;
}

// argon2id of a random password with the same cost: an unknown name takes as long as a known one.
const NOBODY =
  "$argon2id$v=19$m=19456,t=2,p=1$yn7ivLqOMX9SSbSq8tL6Kg$GH96tJTO3wG41V6/e3Suz8TRowbx9DxmOxWLCQQ/hIk";

type Question<T = Argon2Request> = T extends Argon2Request ? Omit<T, "id"> : never;

/** Starts the worker. */
export function startPasswords(): Passwords {
  const worker = new Worker(new URL("./argon2_worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, (answer: Argon2Answer) => void>();
  let lastId = 0;
  worker.onmessage = ({ data }: MessageEvent<Argon2Answer>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    for (const [id, settle] of waiting) settle({ id, kind: "failed" });
    waiting.clear();
  };
  const ask = (question: Question): Promise<Argon2Answer> | null => {
    if (waiting.size >= PASSWORDS_AT_ONCE) return null;
    const id = ++lastId;
    return new Promise((settle) => {
      waiting.set(id, settle);
      worker.postMessage({ id, ...question });
    });
  };
  return {
    async hash(password) {
      const asked = ask({ kind: "hash", password, salt: crypto.getRandomValues(new Uint8Array(16)) });
      if (!asked) return err("busy");
      const answer = await asked;
      return answer.kind === "hash" ? ok(answer.hash) : err("failed");
    },
    async verify(password, hash) {
      const asked = ask({ kind: "verify", password, hash: hash ?? NOBODY });
      if (!asked) return err("busy");
      const answer = await asked;
      return answer.kind === "verify" ? ok(answer.fits && hash !== null) : err("failed");
    },
    close: () => worker.terminate(),
  };
}
