/**
 * Hashes and checks passwords in one worker with a short queue: whoever comes when it is full is asked to come
 * again, so that a flood of sign-ins cannot take the machine's memory. A worker that fails or does not answer is
 * replaced, a few times a minute at most.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { err, ok, type Result } from "../result.ts";
import type { Argon2Answer, Argon2Request } from "./argon2_worker.ts";

/** Most passwords that wait or are worked on at once. */
export const PASSWORDS_AT_ONCE = 8;

/** Of those, places that are kept for browsers in which somebody has signed in before. */
export const PASSWORDS_KEPT = 2;

/** Most passwords of one account that wait or are worked on at once. */
export const PASSWORDS_OF_ONE = 2;

/** Milliseconds in which a password must have been worked on, waiting included: 80 to 100 each on a usual machine. */
export const PASSWORD_DEADLINE_MS = 10_000;

/** Most workers that are started within a minute after the first one. */
export const WORKERS_A_MINUTE = 5;

/** Shortest password accepted, in characters (NIST SP 800-63B asks for 8, 15 without a second factor). */
export const PASSWORD_MIN_LENGTH = 12;

/** Longest password accepted, in characters. */
export const PASSWORD_MAX_LENGTH = 200;

/** Why a password was not worked on: too many wait, or the worker failed. */
export type PasswordTrouble = "busy" | "failed";

/** Why somebody goes without an answer about a password, as forms say it. */
export type PasswordRefusal =
  /** Too many people at this moment. */
  | { readonly kind: "throttled"; readonly retryAfterS: number }
  /** No password can be worked on now. */
  | { readonly kind: "failed" };

/** Seconds after which a full queue is worth another try. */
const BUSY_S = 2;

/** What trouble with a password means for whoever waits. */
export function refusalOf(trouble: PasswordTrouble): PasswordRefusal {
  return trouble === "busy" ? { kind: "throttled", retryAfterS: BUSY_S } : { kind: "failed" };
}

/** How the worker is: `recovering` after a failure until the next answer, `down` while no more are started. */
export type PasswordState = "works" | "recovering" | "down";

/** Who waits at the door: neither one account nor strangers take every place in the queue. */
export interface PasswordTurn {
  /** The account, or what stands for a name that nobody has. */
  readonly who: string;
  /** Whether it is a browser in which they have signed in before. */
  readonly known: boolean;
}

/** Hashes and checks passwords. */
export interface Passwords {
  /** Encoded argon2id hash of a password. */
  hash(password: string): Promise<Result<string, PasswordTrouble>>;
  /** Whether the password fits the hash; a `null` hash takes as long and never fits. No turn: somebody who is in. */
  verify(
    password: string,
    hash: string | null,
    turn?: PasswordTurn,
  ): Promise<Result<boolean, PasswordTrouble>>;
  /** How the worker is. */
  state(): PasswordState;
  /** Ends the worker. */
  close(): void;
}

// argon2id of a random password with the same cost: an unknown name takes as long as a known one.
const NOBODY =
  "$argon2id$v=19$m=19456,t=2,p=1$yn7ivLqOMX9SSbSq8tL6Kg$GH96tJTO3wG41V6/e3Suz8TRowbx9DxmOxWLCQQ/hIk";

const MINUTE_MS = 60_000;

type Question<T = Argon2Request> = T extends Argon2Request ? Omit<T, "id"> : never;

/** What the worker is as the queue needs it. */
export type PasswordWorker = Pick<Worker, "onmessage" | "onerror" | "postMessage" | "terminate">;

/** What a test puts in place of the real ones. */
export interface PasswordOptions {
  /** For the deadline of real work; default: the machine's. */
  readonly clock?: Clock;
  /** Starts a worker. */
  readonly startWorker?: () => PasswordWorker;
}

/** Starts the worker. */
export function startPasswords(options: PasswordOptions = {}): Passwords {
  const queue = startQueue({
    clock: options.clock ?? systemClock,
    startWorker: options.startWorker ?? startArgon2,
  });
  return {
    async hash(typed) {
      const password = normalPassword(typed);
      const asked = queue.ask({ kind: "hash", password, salt: crypto.getRandomValues(new Uint8Array(16)) });
      if (typeof asked === "string") return err(asked);
      const answer = await asked;
      return answer.kind === "hash" ? ok(answer.hash) : err("failed");
    },
    async verify(typed, hash, turn) {
      const password = normalPassword(typed);
      // The library takes no empty password. Nobody has one, but being told so must take as long.
      const taken = password === "" ? "\0" : password;
      const asked = queue.ask({ kind: "verify", password: taken, hash: hash ?? NOBODY }, turn);
      if (typeof asked === "string") return err(asked);
      const answer = await asked;
      return answer.kind === "verify" ? ok(answer.fits && hash !== null && password !== "") : err("failed");
    },
    state: queue.state,
    close: queue.close,
  };
}

/** A password as it counts: two keyboards may send the same word in other bytes (NIST SP 800-63B, 5.1.1.2). */
export function normalPassword(typed: string): string {
  return typed.normalize("NFKC");
}

function startArgon2(): PasswordWorker {
  return new Worker(new URL("./argon2_worker.ts", import.meta.url), { type: "module" });
}

/** A question on its way. */
interface Waiting {
  readonly settle: (answer: Argon2Answer) => void;
  /** Whose turn it is, where somebody waits at the door. */
  readonly who: string | undefined;
}

/** Whether one more question has no place among those that wait. */
function isFull(waiting: ReadonlyMap<number, Waiting>, turn: PasswordTurn | undefined): boolean {
  const places = turn?.known === false ? PASSWORDS_AT_ONCE - PASSWORDS_KEPT : PASSWORDS_AT_ONCE;
  if (waiting.size >= places) return true;
  if (!turn) return false;
  return [...waiting.values()].filter(({ who }) => who === turn.who).length >= PASSWORDS_OF_ONE;
}

interface Queue {
  ask(question: Question, turn?: PasswordTurn): Promise<Argon2Answer> | PasswordTrouble;
  state(): PasswordState;
  close(): void;
}

function startQueue({ clock, startWorker }: Required<PasswordOptions>): Queue {
  const waiting = new Map<number, Waiting>();
  let startedMs: readonly number[] = [];
  let lastId = 0;
  let failing = false;
  let worker: PasswordWorker | null = start();

  function start(): PasswordWorker {
    const started = startWorker();
    started.onmessage = ({ data }: MessageEvent<Argon2Answer>) => {
      failing = false;
      waiting.get(data.id)?.settle(data);
    };
    started.onerror = (event) => {
      event.preventDefault();
      fail(started);
    };
    return started;
  }
  /** Ends a worker that does not work; whoever waits for it is told. */
  function fail(failed: PasswordWorker): void {
    if (failed !== worker) return;
    failed.terminate();
    failing = true;
    worker = null;
    for (const [id, { settle }] of waiting) settle({ id, kind: "failed" });
  }
  function mayStart(): boolean {
    startedMs = startedMs.filter((atMs) => clock.monotonicMs() - atMs < MINUTE_MS);
    return startedMs.length < WORKERS_A_MINUTE;
  }
  function living(): PasswordWorker | null {
    if (worker || !mayStart()) return worker;
    startedMs = [...startedMs, clock.monotonicMs()];
    return worker = start();
  }
  return {
    ask(question, turn) {
      if (isFull(waiting, turn)) return "busy";
      const asked = living();
      if (!asked) return "failed";
      const id = ++lastId;
      const over = new AbortController();
      const { promise, resolve } = Promise.withResolvers<Argon2Answer>();
      const settle = (answer: Argon2Answer) => {
        waiting.delete(id);
        over.abort();
        resolve(answer);
      };
      waiting.set(id, { settle, who: turn?.who });
      asked.postMessage({ id, ...question });
      clock.sleep(PASSWORD_DEADLINE_MS, over.signal).then(() => {
        if (!over.signal.aborted) fail(asked);
      });
      return promise;
    },
    state: () => !failing ? "works" : worker || mayStart() ? "recovering" : "down",
    close: () => worker?.terminate(),
  };
}
