/**
 * Serves on a port through `node:http`, because nothing else stands between strangers and us there and `Deno.serve`
 * bounds nothing: heads, bodies, waits and connections have limits here (docs/adr/0014).
 *
 * @module
 */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Clock, systemClock } from "../clock.ts";
import { createShares, type Shares } from "./shares.ts";
import { bridgeRequest, sendResponse } from "./node_bridge.ts";

/** What is served, and to whom no page answers. */
export interface TcpServerOptions {
  /** Address to listen at. */
  readonly hostname: string;
  /** Port, 0 for any. */
  readonly port: number;
  /** Answers a request; never throws. */
  readonly answer: (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;
  /** The answer to what never becomes a request: a status and words. */
  readonly refuse: (status: number, words: string) => Response;
  /** Whether an address is a proxy of ours: many people come from it. */
  readonly isProxy: (address: string) => boolean;
  /** Limits that differ from {@link TCP_LIMITS}; for tests. */
  readonly limits?: Partial<TcpLimits>;
  /** Real time for sockets; default: the machine's. */
  readonly clock?: Clock;
}

/** What a stranger may ask of us. */
export interface TcpLimits {
  /** Bytes of a request's line and fields. */
  readonly headBytes: number;
  /** Milliseconds for them. */
  readonly headMs: number;
  /** Milliseconds for a whole request. */
  readonly requestMs: number;
  /** Milliseconds that an unused connection stays. */
  readonly idleMs: number;
  /** Milliseconds between two looks at who is late. */
  readonly lookMs: number;
  /** Connections. */
  readonly connections: number;
  /** Connections of one address, or one IPv6 network. */
  readonly connectionsOfOne: number;
  /** Requests of one connection that are answered at once. */
  readonly pipelined: number;
}

/** The limits. */
export const TCP_LIMITS: TcpLimits = {
  headBytes: 16 * 1024,
  headMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  lookMs: 1_000,
  connections: 2_000,
  connectionsOfOne: 100,
  pipelined: 16,
};

/** A server that runs. */
export interface WebServer {
  /** Where it listens. */
  readonly addr: Deno.Addr;
  /** Takes no new connections; resolves when the running requests are answered. */
  shutdown(): Promise<void>;
}

/** Connections that are being ended and still listened to. */
const LINGERING_MAX = 100;

interface Serving extends TcpServerOptions {
  readonly bounds: TcpLimits;
  readonly server: Server;
  readonly sockets: Map<Socket, Connected>;
  readonly shares: Shares;
  readonly lingering: Set<Socket>;
  stopping: boolean;
}

/** What is known of a connection. */
interface Connected {
  readonly address: string;
  /** Answers that are on their way. */
  readonly running: Set<ServerResponse>;
  /** Whether it was told that it asks for too much: no other answer follows. */
  refused: boolean;
  /** Aborts when it ends. */
  readonly gone: AbortController;
}

const WORDS: Readonly<Record<number, string>> = {
  400: "This is not a request we understand",
  408: "The request took too long",
  413: "The request is too large",
  431: "The head of the request is too large",
  503: "Too many connections",
};

/** Starts serving; resolves when connections are taken. */
export async function serveTcp(options: TcpServerOptions): Promise<WebServer> {
  const bounds = { ...TCP_LIMITS, ...options.limits };
  const server = createServer({
    maxHeaderSize: bounds.headBytes,
    headersTimeout: bounds.headMs,
    requestTimeout: bounds.requestMs,
    keepAliveTimeout: bounds.idleMs,
    connectionsCheckingInterval: bounds.lookMs,
    requireHostHeader: false, // its own answer has none of our headers: we look ourselves
  });
  const serving: Serving = {
    ...options,
    bounds,
    server,
    sockets: new Map(),
    shares: createShares(),
    lingering: new Set(),
    stopping: false,
  };
  server.maxRequestsPerSocket = 0;
  server.on("connection", (socket: Socket) => admit(serving, socket));
  server.on("request", (message, out) => void answer(serving, message, out));
  server.on("checkContinue", (message, out) => void answer(serving, message, out));
  server.on("clientError", (error: Error & { readonly code?: string }, socket: Socket) => {
    refuseSocket(serving, socket, statusOf(error.code));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.hostname, port: options.port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address: hostname, port } = server.address() as AddressInfo;
  return { addr: { transport: "tcp", hostname, port }, shutdown: () => shutdown(serving) };
}

function statusOf(code: string | undefined): number {
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}

/** Counts a connection, or refuses it. */
function admit(serving: Serving, socket: Socket): void {
  const { sockets, shares, bounds, isProxy } = serving;
  const address = addressOf(socket);
  const ofOne = shares.of(address);
  socket.on("error", () => socket.destroy());
  if (sockets.size >= bounds.connections || (ofOne >= bounds.connectionsOfOne && !isProxy(address))) {
    refuseSocket(serving, socket, 503);
    return;
  }
  const gone = new AbortController();
  sockets.set(socket, { address, running: new Set(), refused: false, gone });
  shares.add(address);
  socket.once("close", () => {
    gone.abort();
    sockets.delete(socket);
    shares.remove(address);
  });
}

async function answer(serving: Serving, message: IncomingMessage, out: ServerResponse): Promise<void> {
  const connected = serving.sockets.get(message.socket);
  if (!connected) return; // it was refused, and is being ended
  if (connected.running.size >= serving.bounds.pipelined) return void message.socket.destroy();
  connected.running.add(out);
  const gone = new AbortController();
  const completed = Promise.withResolvers<void>();
  const onGone = () => {
    gone.abort();
    completed.resolve();
  };
  // An answer that waits behind another one does not hear of its connection's end by itself.
  out.once("close", onGone);
  connected.gone.signal.addEventListener("abort", onGone);
  message.on("error", () => {}); // its reader is told by the body
  const bridged = bridgeRequest(message, gone.signal);
  const info = { remoteAddr: peerOf(message.socket), completed: completed.promise };
  let response = bridged.ok
    ? await serving.answer(bridged.value.request, info)
    : serving.refuse(bridged.error, wordsOf(bridged.error));
  if (connected.refused) return void await response.body?.cancel().catch(() => {});
  if (bridged.ok && bridged.value.tooLarge()) {
    await response.body?.cancel().catch(() => {});
    response = serving.refuse(413, wordsOf(413));
  }
  // A body that was not read to its end could be taken for the next request.
  if (serving.stopping || !message.complete) out.setHeader("connection", "close");
  await sendResponse(response, { message, out, gone: gone.signal, clock: serving.clock ?? systemClock });
  connected.gone.signal.removeEventListener("abort", onGone);
  connected.running.delete(out);
  if (!message.complete) linger(serving, message.socket);
  else if (serving.stopping) message.socket.destroySoon();
}

function wordsOf(status: number): string {
  return `${WORDS[status] ?? STATUS_CODES[status] ?? "Refused"}\n`;
}

/** Answers on a bare socket what never became a request, and ends it. */
function refuseSocket(serving: Serving, socket: Socket, status: number): void {
  const { refuse, sockets } = serving;
  const connected = sockets.get(socket);
  // In the middle of an answer a second one would be read as part of it.
  const isAnswering = [...connected?.running ?? []].some(({ headersSent }) => headersSent);
  if (!socket.writable || isAnswering) return void socket.destroy();
  if (connected) connected.refused = true;
  const words = wordsOf(status);
  const fields = [...refuse(status, words).headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${fields}`;
  socket.write(`${head}content-length: ${words.length}\r\nconnection: close\r\n\r\n${words}`);
  linger(serving, socket);
}

/**
 * Ends a connection that may still be sending: cut off at once, it would lose the answer with what it sent. So what
 * comes is thrown away for a moment, unless too many are being ended already.
 */
function linger({ lingering, bounds }: Serving, socket: Socket): void {
  if (socket.destroyed) return;
  if (lingering.size >= LINGERING_MAX) return void socket.destroySoon();
  lingering.add(socket);
  socket.once("close", () => lingering.delete(socket));
  socket.once("end", () => socket.destroySoon());
  socket.setTimeout(bounds.lookMs, () => socket.destroy());
  socket.end();
  socket.resume();
}

function addressOf({ remoteAddress = "" }: Socket): string {
  return remoteAddress.replace(/^::ffff:(?=\d+\.)/i, "");
}

function peerOf(socket: Socket): Deno.NetAddr {
  return { transport: "tcp", hostname: addressOf(socket), port: socket.remotePort ?? 0 };
}

async function shutdown(serving: Serving): Promise<void> {
  const { server } = serving;
  serving.stopping = true;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    for (const [socket, { running }] of serving.sockets) if (running.size === 0) socket.destroy();
  });
}
