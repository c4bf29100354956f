/**
 * HTTP/1.1 by hand over one kept connection: nothing is tried again in secret, as every client library does when a
 * kept connection turns out to be closed. What a switch of releases breaks, breaks here, and is counted.
 *
 * @module
 */

/** Where requests go. */
export interface Target {
  /** Name in the certificate and the Host header. */
  readonly hostname: string;
  /** TCP port. */
  readonly port: number;
  /** The certificate of the authority, as PEM. */
  readonly ca: string;
}

/** A request. */
export interface Sent {
  /** Its method; GET unless told. */
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  /** Headers besides Host and the length. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its body. */
  readonly body?: string;
}

/** An answer that was read to its end. */
export interface Got {
  readonly status: number;
  /** By lower-case name; several of one name are lines. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** One client that keeps its connection. */
export interface Client {
  /** Asks, and reads the answer to its end. Throws when the connection breaks. */
  ask(request: Sent): Promise<Got>;
  /** Asks for a stream: hears its pieces until it ends in good order (returns) or breaks (throws). */
  follow(
    request: Sent,
    on: { head(answer: Omit<Got, "body">): boolean; text(part: string): void },
  ): Promise<void>;
  /** Sends a request, waits a moment and closes the connection before there is an answer, as a lost network does. */
  lose(request: Sent, afterMs: number): Promise<void>;
  /** Connections opened so far. */
  readonly opened: number;
  /** Closes the connection. */
  close(): void;
}

/** Longest head of an answer, in bytes. */
const HEAD_LIMIT = 65_536;

/** Longest that one answer may take to its end, in ms: this machine may be five times slower than usual. */
const ANSWER_MS = 60_000;

/** Makes a client; it connects when it first asks. */
export function createClient(target: Target): Client {
  const state: State = { target, wire: null, opened: 0 };
  return {
    async ask(request) {
      const timer = setTimeout(() => drop(state), ANSWER_MS);
      try {
        const wire = await send(state, request);
        const head = await readHead(wire);
        const parts: string[] = [];
        await readBody(wire, head, (part) => parts.push(part));
        if (head.headers.get("connection") === "close") drop(state);
        return { ...head, body: parts.join("") };
      } catch (error) {
        drop(state);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    async follow(request, on) {
      try {
        const wire = await send(state, request);
        const head = await readHead(wire);
        if (on.head(head)) await readBody(wire, head, on.text);
      } finally {
        drop(state);
      }
    },
    async lose(request, afterMs) {
      try {
        await send(state, request);
        await new Promise((resolve) => setTimeout(resolve, afterMs));
      } finally {
        drop(state);
      }
    },
    get opened() {
      return state.opened;
    },
    close: () => drop(state),
  };
}

interface State {
  readonly target: Target;
  wire: Wire | null;
  opened: number;
}

interface Wire {
  readonly connection: Deno.TlsConn;
  /** Bytes that came and are not used yet. */
  rest: Uint8Array;
}

function drop(state: State): void {
  const { wire } = state;
  state.wire = null;
  try {
    wire?.connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error; // it is closed
  }
}

async function send(state: State, request: Sent): Promise<Wire> {
  const { hostname, port, ca } = state.target;
  if (!state.wire) {
    const connection = await Deno.connectTls({ hostname, port, caCerts: [ca], alpnProtocols: ["http/1.1"] });
    state.opened += 1;
    state.wire = { connection, rest: new Uint8Array() };
  }
  const { method = "GET", path, headers = {}, body } = request;
  const bytes = new TextEncoder().encode(body ?? "");
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${bytes.length}`]),
  ];
  const whole = new Uint8Array([...new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`), ...bytes]);
  for (let at = 0; at < whole.length;) at += await state.wire.connection.write(whole.subarray(at));
  return state.wire;
}

/** Reads until something is there that `find` finds; how many bytes it says are taken off. */
async function take(wire: Wire, find: (bytes: Uint8Array) => number, limit: number): Promise<Uint8Array> {
  for (;;) {
    const length = find(wire.rest);
    if (length >= 0) {
      const taken = wire.rest.subarray(0, length);
      wire.rest = wire.rest.subarray(length);
      return taken;
    }
    if (wire.rest.length > limit) throw new Error(`More than ${limit} bytes without an end`);
    await more(wire);
  }
}

async function more(wire: Wire): Promise<void> {
  const buffer = new Uint8Array(16_384);
  const count = await wire.connection.read(buffer);
  if (count === null) throw new Error("The connection was closed before the answer was whole");
  const joined = new Uint8Array(wire.rest.length + count);
  joined.set(wire.rest);
  joined.set(buffer.subarray(0, count), wire.rest.length);
  wire.rest = joined;
}

const endOfLine = (bytes: Uint8Array): number => {
  const at = bytes.indexOf(10);
  return at < 0 ? -1 : at + 1;
};

async function readLine(wire: Wire): Promise<string> {
  return new TextDecoder().decode(await take(wire, endOfLine, HEAD_LIMIT)).trimEnd();
}

async function readHead(wire: Wire): Promise<Omit<Got, "body">> {
  const [, code = "0"] = /^HTTP\/1\.1 (\d{3})/.exec(await readLine(wire)) ?? [];
  const headers = new Map<string, string>();
  for (let line = await readLine(wire); line !== ""; line = await readLine(wire)) {
    const at = line.indexOf(":");
    const [name, value] = [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return { status: Number(code), headers };
}

/** Reads a body, whole or by pieces, each piece given as it comes. */
async function readBody(
  wire: Wire,
  { status, headers }: Omit<Got, "body">,
  give: (part: string) => void,
): Promise<void> {
  if (status === 204 || status === 304) return;
  const decoder = new TextDecoder();
  const length = headers.get("content-length");
  if (length !== undefined) return give(await readText(wire, decoder, Number(length)));
  if (headers.get("transfer-encoding") !== "chunked") throw new Error("An answer without an end");
  for (;;) {
    const size = parseInt(await readLine(wire), 16);
    if (!(size >= 0)) throw new Error("A piece of an answer has no size");
    if (size > 0) give(await readText(wire, decoder, size));
    if (await readLine(wire) !== "") throw new Error("A piece of an answer is longer than it says");
    if (size === 0) return;
  }
}

async function readText(wire: Wire, decoder: TextDecoder, length: number): Promise<string> {
  const bytes = await take(wire, (rest) => rest.length >= length ? length : -1, length + 1);
  return decoder.decode(bytes, { stream: true });
}
