/**
 * Reads registers over Modbus TCP. The only file that knows modbus-serial: its exceptions leave as a `kind`.
 * It owns the socket, because the library has one timer for connecting and answering, does not tell a closed
 * connection from a slow one, and waits for ever behind a header with a wrong length.
 *
 * @module
 */
import { connect, type Socket } from "node:net";
import modbus from "modbus-serial";
import type { Clock } from "../lib/clock.ts";
import { type DialPolicy, judgeDial } from "../lib/domain/dial_policy.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { FunctionCode } from "../lib/profiles/profile.ts";
import { resolveHost } from "./address.ts";
import { createFrameWatch, type FrameWatch } from "./frames.ts";
import type { ReadError } from "./read_error.ts";

/** Where and how long to dial. */
export interface DialOptions {
  /** IPv4 or IPv6 address or name. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Milliseconds for resolving and connecting together. */
  readonly timeoutMs: number;
  /** What may be dialled. */
  readonly policy: DialPolicy;
  /** The time. */
  readonly clock: Clock;
  /** Gives up when it aborts: the visit's deadline. */
  readonly signal: AbortSignal;
  /** The addresses of a host in order; default: what the system says. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** One request for registers. */
export interface ReadRequest {
  /** Unit identifier. */
  readonly unitId: number;
  /** 1 coils, 2 discrete inputs, 3 holding, 4 input registers. */
  readonly functionCode: FunctionCode;
  /** First register or coil, 0-based. */
  readonly address: number;
  /** Registers or coils, 1 to 125. */
  readonly count: number;
  /** Milliseconds to wait for the answer. */
  readonly timeoutMs: number;
  /** Gives up when it aborts: the visit's deadline. */
  readonly signal: AbortSignal;
}

/** A connection to one endpoint; one request at a time. */
export interface ModbusConnection {
  /** Asks for registers: their words, exactly as many as asked for, or why not; each coil is a word, 0 or 1. */
  read(request: ReadRequest): Promise<Result<readonly number[], ReadError>>;
  /** Whether another request may be sent: it is open and the frames are in step. */
  usable(): boolean;
  /** Bytes sent and received. */
  bytes(): number;
  /** Closes it at once. */
  close(): void;
}

/** The library counts transactions from 1 and starts over at this number. */
const TRANSACTIONS = 256;

/**
 * Connects to an endpoint after judging its addresses; those judged are those dialled, one after the other, each
 * for its share of the time. The first one's error speaks for all.
 */
export async function dialModbus(options: DialOptions): Promise<Result<ModbusConnection, ReadError>> {
  const { clock, signal, timeoutMs } = options;
  if (signal.aborted) return err({ kind: "visit-deadline" });
  const endMs = clock.monotonicMs() + timeoutMs;
  const addresses = await within(options, timeoutMs, (options.resolve ?? resolveHost)(options.host));
  if (isReadError(addresses)) return err(addresses);
  if (addresses.length === 0) return err({ kind: "no-route" });
  const allowed = addresses.filter((address) =>
    judgeDial(options.policy, { address, port: options.port }).ok
  );
  let first: ReadError | null = null;
  for (const [i, host] of allowed.entries()) {
    const leftMs = endMs - clock.monotonicMs();
    if (leftMs <= 0) break;
    const socket = connect({ host, port: options.port });
    const failed = await within(options, leftMs / (allowed.length - i), connected(socket));
    if (failed === null) return ok(await converse(socket, clock));
    socket.destroy();
    first ??= failed;
    if (failed.kind === "visit-deadline") return err(failed);
  }
  return err(first ?? { kind: allowed.length > 0 ? "connect-timeout" : "address-not-allowed" });
}

/** What comes in time; else why it did not. */
async function within<T>(
  { clock, signal }: Pick<DialOptions, "clock" | "signal">,
  timeoutMs: number,
  coming: Promise<T>,
): Promise<T | ReadError> {
  const until = createLimit({ clock, signal, timeoutMs, late: { kind: "connect-timeout" } });
  try {
    return await Promise.race([coming, until.passed]);
  } finally {
    until.release();
  }
}

async function converse(socket: Socket, clock: Clock): Promise<ModbusConnection> {
  const watch = createFrameWatch();
  const link: Link = { socket, watch, clock, lost: "open", onLost: () => {} };
  const lose = (how: "closed" | "bad-frame") => {
    if (link.lost === "open") link.lost = how;
    link.onLost({ kind: link.lost === "bad-frame" ? "bad-frame" : "closed" });
  };
  socket.on("data", (bytes: Uint8Array) => {
    if (watch.feed(bytes) === "bad") lose("bad-frame");
  });
  socket.on("error", () => lose("closed"));
  socket.on("end", () => lose("closed"));
  socket.on("close", () => lose("closed"));
  socket.setNoDelay(true);
  const client = new modbus.default();
  client.on("error", () => {}); // what goes wrong on the socket is heard there
  await client.linkTCP(socket, { port: socket.remotePort ?? 0 });
  let sent = 0;
  return {
    read(request) {
      const send = () => {
        sent = (sent + 1) % TRANSACTIONS; // only what is sent takes a number in the library
        watch.sent(sent);
        client.setID(request.unitId);
        return sendRead(client, request);
      };
      return ask(link, { request, send });
    },
    usable: () => link.lost === "open" && !watch.halfFrame(),
    bytes: () => (socket.bytesRead ?? 0) + (socket.bytesWritten ?? 0),
    close: () => void socket.destroy(),
  };
}

/** Sends a request; what comes back are words, for coils too. */
async function sendRead(
  client: modbus.default,
  { functionCode, address, count }: ReadRequest,
): Promise<readonly number[]> {
  switch (functionCode) {
    case 1:
      return coilWords((await client.readCoils(address, count)).data, count);
    case 2:
      return coilWords((await client.readDiscreteInputs(address, count)).data, count);
    case 3:
      return (await client.readHoldingRegisters(address, count)).data;
    case 4:
      return (await client.readInputRegisters(address, count)).data;
  }
}

/** One word for each coil; the library fills the last byte up, and more or fewer bytes than asked for stay wrong. */
function coilWords(data: readonly boolean[], count: number): readonly number[] {
  const words = data.map((isOn) => isOn ? 1 : 0);
  return data.length === 8 * Math.ceil(count / 8) ? words.slice(0, count) : [];
}

interface Link {
  readonly socket: Socket;
  readonly watch: FrameWatch;
  readonly clock: Clock;
  lost: "open" | "closed" | "bad-frame";
  onLost: (error: ReadError) => void;
}

type Send = () => Promise<readonly number[]>;

async function ask(
  link: Link,
  { request, send }: { request: ReadRequest; send: Send },
): Promise<Result<readonly number[], ReadError>> {
  if (request.signal.aborted) return err({ kind: "visit-deadline" });
  if (link.lost !== "open") return err({ kind: link.lost });
  const { clock, watch } = link;
  const { signal, timeoutMs } = request;
  const until = createLimit({ clock, signal, timeoutMs, late: { kind: "response-timeout" } });
  const lost = new Promise<ReadError>((resolve) => link.onLost = resolve);
  try {
    const answer = await Promise.race([send().catch(errorOf), lost, until.passed]);
    if (!isReadError(answer)) {
      return answer.length === request.count ? ok(answer) : err({ kind: "bad-frame" });
    }
    const garbled = answer.kind === "response-timeout" && (watch.halfFrame() || watch.strangerSeen());
    return err(garbled ? { kind: "bad-frame" } : answer);
  } finally {
    link.onLost = () => {};
    until.release();
  }
}

/** What the library rejects with: an exception of the device carries its code, all else is a frame amiss. */
function errorOf(error: unknown): ReadError {
  const code = error instanceof Error && "modbusCode" in error ? error.modbusCode : undefined;
  return typeof code === "number" ? { kind: "exception", code } : { kind: "bad-frame" };
}

function connected(socket: Socket): Promise<ReadError | null> {
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(null));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(connectErrorOf(error.code)));
    socket.once("close", () => resolve({ kind: "closed" }));
  });
}

function connectErrorOf(code: string | undefined): ReadError {
  if (code === "ECONNREFUSED") return { kind: "refused" };
  if (code === "ETIMEDOUT") return { kind: "connect-timeout" };
  if (code === "ECONNRESET" || code === "EPIPE") return { kind: "closed" };
  return { kind: "no-route" };
}

function isReadError(value: readonly unknown[] | ReadError | null): value is ReadError {
  return value !== null && "kind" in value;
}

interface Limit {
  readonly passed: Promise<ReadError>;
  release(): void;
}

/** A deadline and a signal as one promise; must be released so that no timer outlives its purpose. */
function createLimit(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly late: ReadError;
}): Limit {
  const stop = new AbortController();
  const { signal } = options;
  let abort = () => {};
  const passed = new Promise<ReadError>((resolve) => {
    abort = () => resolve({ kind: "visit-deadline" });
    signal.addEventListener("abort", abort);
    options.clock.sleep(options.timeoutMs, stop.signal).then(() => resolve(options.late));
  });
  return {
    passed,
    release() {
      signal.removeEventListener("abort", abort);
      stop.abort();
    },
  };
}
