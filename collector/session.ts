/**
 * The conversation of one visit with one endpoint: addresses tried in order, one connection, opened again at most
 * once when it was lost or its frames fell out of step, every try accounted for.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { DialPolicy } from "../lib/domain/dial_policy.ts";
import type { Endpoint, Path } from "../lib/domain/site.ts";
import type { Attempt } from "../lib/domain/visit.ts";
import type { FunctionCode } from "../lib/profiles/profile.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { dialModbus, type ModbusConnection } from "./modbus.ts";
import { type ReadError, reasonOf } from "./read_error.ts";

/** How to dial and how long to wait. */
export interface DialRules {
  /** Milliseconds for a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds for an answer where the endpoint has no figure of its own. */
  readonly responseTimeoutMs: number;
  /** What may be dialled, as it is now. */
  readonly policy: () => Promise<DialPolicy>;
  /** The addresses of a host, asked once for each connection; default: what the system says. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** The way in that answers; shared by the endpoints of a visit, so that a dead path is tried once. */
export interface Route {
  /** The path over which a device answered, if only with an exception; `null`: none has yet. */
  pathId: number | null;
}

/** Whom to talk to. */
export interface SessionOptions {
  /** The endpoint. */
  readonly endpoint: Endpoint;
  /** Addresses in order of rank. */
  readonly paths: readonly Path[];
  /** The way in that answers. */
  readonly route: Route;
  /** How to dial. */
  readonly rules: DialRules;
  /** The time. */
  readonly clock: Clock;
  /** The visit's deadline. */
  readonly signal: AbortSignal;
}

/** One question. */
export interface Question {
  /** Unit identifier. */
  readonly unitId: number;
  /** 1 coils, 2 discrete inputs, 3 holding, 4 input registers. */
  readonly functionCode: FunctionCode;
  /** First register or coil, 0-based. */
  readonly address: number;
  /** Registers or coils, 1 to 125. */
  readonly count: number;
  /** Milliseconds to leave after the question before. */
  readonly pauseMs: number;
}

/** Its answer. */
export interface Answer {
  /** The registers, as many as asked for; each coil is a word, 0 or 1. */
  readonly words: readonly number[];
  /** Epoch milliseconds halfway between question and answer. */
  readonly atMs: number;
  /** Milliseconds between them. */
  readonly tookMs: number;
}

/** How a conversation went. */
export interface SessionEnd {
  /** Its tries. */
  readonly attempts: readonly Attempt[];
  /** Whether anything answered, if only with an exception. */
  readonly answered: boolean;
  /** The path of its newest connection; `null`: there was none. */
  readonly pathId: number | null;
}

/** A conversation with one endpoint. */
export interface Session {
  /** Makes sure that there is a connection, without asking anything. */
  connect(): Promise<Result<void, ReadError>>;
  /** Asks; a busy device is asked again a few times. */
  ask(question: Question): Promise<Result<Answer, ReadError>>;
  /** Makes sure that no late answer can be taken for the next one; false: that is no longer possible. */
  settle(): boolean;
  /** Ends it. */
  end(): SessionEnd;
}

/** Pauses before a busy device is asked again. */
const BUSY_PAUSES_MS = [250, 500, 1_000] as const;

/** Exception codes that mean "ask again": acknowledge, device busy. */
const BUSY_CODES: readonly number[] = [5, 6];

/** Times that a visit opens a connection again. */
const REOPENINGS = 1;

interface Talk {
  readonly connection: ModbusConnection;
  readonly pathId: number;
  readonly atMs: number;
  readonly sinceMs: number;
  requests: number;
  failure: ReadError | null;
  /** Whether an answer may still be on its way. */
  owed: boolean;
}

/** Starts a conversation; it dials with the first question. */
export function createSession(options: SessionOptions): Session {
  const { clock, signal, endpoint, rules, route } = options;
  const attempts: Attempt[] = [];
  let talk: Talk | null = null;
  let pathId: number | null = null;
  let opened = 0;
  let lastLoss: ReadError = { kind: "closed" };
  const hangUp = () => {
    if (talk === null) return;
    attempts.push(attemptOf(talk, { endpointId: endpoint.id, clock }));
    talk.connection.close();
    talk = null;
  };
  const open = async (): Promise<Result<Talk, ReadError>> => {
    if (talk?.connection.usable()) return ok(talk);
    hangUp();
    if (opened > REOPENINGS) return err(lastLoss);
    opened++;
    const dialled = await dialPaths(options, attempts);
    if (!dialled.ok) {
      opened = REOPENINGS + 1; // every path was tried: that is enough for one visit
      lastLoss = dialled.error;
      return dialled;
    }
    talk = dialled.value;
    pathId = talk.pathId;
    return dialled;
  };
  const askOnce = async (question: Question): Promise<Result<Answer, ReadError>> => {
    const found = await open();
    if (!found.ok) return found;
    const timeoutMs = endpoint.responseTimeoutMs ?? rules.responseTimeoutMs;
    if (found.value.requests > 0 && question.pauseMs > 0) await clock.sleep(question.pauseMs, signal);
    const [atMs, sinceMs] = [clock.nowMs(), clock.monotonicMs()];
    const read = await found.value.connection.read({ ...question, timeoutMs, signal });
    const tookMs = clock.monotonicMs() - sinceMs;
    if (note(found.value, read)) route.pathId ??= found.value.pathId;
    if (read.ok) return ok({ words: read.value, atMs: Math.floor(atMs + tookMs / 2), tookMs });
    if (!found.value.connection.usable()) lastLoss = read.error;
    if (read.error.kind === "bad-frame" && opened <= REOPENINGS) hangUp();
    return read;
  };
  return {
    async connect() {
      const found = await open();
      return found.ok ? ok(undefined) : found;
    },
    ask: (question) => askPatiently(() => askOnce(question), options),
    settle() {
      if (!talk?.owed) return true;
      // Nothing answers here and there is another way in: the time is better spent on that.
      if (route.pathId === null && talk.pathId !== options.paths.at(-1)?.id) return false;
      hangUp();
      return opened <= REOPENINGS;
    },
    end() {
      hangUp();
      return { attempts, answered: attempts.some(({ requests }) => requests > 0), pathId };
    },
  };
}

async function askPatiently(
  ask: () => Promise<Result<Answer, ReadError>>,
  { clock, signal }: Pick<SessionOptions, "clock" | "signal">,
): Promise<Result<Answer, ReadError>> {
  for (const pauseMs of BUSY_PAUSES_MS) {
    const answer = await ask();
    if (answer.ok || !isBusy(answer.error)) return answer;
    await clock.sleep(pauseMs, signal);
  }
  return await ask();
}

function isBusy(error: ReadError): boolean {
  return error.kind === "exception" && BUSY_CODES.includes(error.code);
}

/** Accounts for a request; whether the device answered. */
function note(talk: Talk, read: Result<unknown, ReadError>): boolean {
  const answered = read.ok || read.error.kind === "exception";
  if (answered) {
    talk.requests++;
    talk.owed = false;
  } else {
    talk.owed = true;
  }
  if (!read.ok) talk.failure = read.error;
  return answered;
}

function attemptOf(talk: Talk, { endpointId, clock }: { endpointId: number; clock: Clock }): Attempt {
  return {
    atMs: talk.atMs,
    endpointId,
    pathId: talk.pathId,
    tookMs: Math.round(clock.monotonicMs() - talk.sinceMs),
    requests: talk.requests,
    bytes: talk.connection.bytes(),
    reason: talk.requests === 0 && talk.failure ? reasonOf(talk.failure) : null,
  };
}

/** Tries the addresses in order, or that alone which answers; the main address's error speaks for all. */
async function dialPaths(options: SessionOptions, attempts: Attempt[]): Promise<Result<Talk, ReadError>> {
  const { clock, endpoint, route, rules, signal } = options;
  const known = options.paths.filter(({ id }) => id === route.pathId);
  const paths = known.length > 0 ? known : options.paths;
  let first: ReadError | null = null;
  for (const { id: pathId, host } of paths) {
    const [atMs, sinceMs] = [clock.nowMs(), clock.monotonicMs()];
    const dialled = await dialModbus({
      host,
      port: endpoint.port,
      timeoutMs: rules.connectTimeoutMs,
      policy: await rules.policy(),
      ...(rules.resolve ? { resolve: rules.resolve } : {}),
      clock,
      signal,
    });
    if (dialled.ok) {
      const connection = dialled.value;
      return ok({ connection, pathId, atMs, sinceMs, requests: 0, failure: null, owed: false });
    }
    const tookMs = Math.round(clock.monotonicMs() - sinceMs);
    const reason = reasonOf(dialled.error);
    attempts.push({ atMs, endpointId: endpoint.id, pathId, tookMs, requests: 0, bytes: 0, reason });
    first ??= dialled.error;
    if (signal.aborted) break;
  }
  return err(first ?? { kind: "no-route" });
}
