/**
 * Between `node:http`, which bounds what a stranger may send, and the app, which answers a `Request` with a
 * `Response`: bodies stream both ways at the pace of the slower side, and what nobody takes is ended.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate } from "node:timers";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Clock } from "../clock.ts";
import { err, ok, type Result } from "../result.ts";

/** Fields of a head at most. */
export const HEADERS_MAX = 100;

/** Bytes of a body at most, whatever a page would take. */
export const BODY_MAX_BYTES = 1024 * 1024;

/** Bytes of a body at most where files are uploaded: 5 MB, and what a form adds. */
export const UPLOAD_MAX_BYTES = 5 * 1024 * 1024 + 64 * 1024;

/** Paths that take files. */
const UPLOADS: ReadonlySet<string> = new Set(["/sites/import"]);

/** Milliseconds in which a reader must take something. */
export const STALLED_MS = 60_000;

/** A request as the app wants it. */
export interface Bridged {
  /** The request; its body ends with an error beyond {@link BODY_MAX_BYTES}, or {@link UPLOAD_MAX_BYTES} for a file. */
  readonly request: Request;
  /** Whether the body had more than it may have. */
  readonly tooLarge: () => boolean;
}

/** Why a request is refused before the app sees it: its status. */
export type Refused = 400 | 405 | 413 | 431;

/** Methods of which no `Request` can be made. */
const NO_REQUEST = new Set(["TRACE", "TRACK", "CONNECT"]);

/** Smaller answers are not worth packing, in bytes. */
const PACKED_LEAST = 1_024;

const PACKABLE =
  /^(text\/(?!event-stream)|image\/svg|application\/(json|javascript|problem\+json|manifest\+json))/;

const pack = promisify(gzip);

/** Makes a request of a message; its signal aborts when the client goes away before it was answered. */
export function bridgeRequest(message: IncomingMessage, gone: AbortSignal): Result<Bridged, Refused> {
  const { rawHeaders, method = "GET", httpVersion } = message;
  if (rawHeaders.length / 2 > HEADERS_MAX) return err(431);
  if (NO_REQUEST.has(method)) return err(405);
  const target = targetOf(message.url ?? "");
  const headers = headersOf(rawHeaders);
  if (target === null || headers === null) return err(400);
  if (!httpVersion.startsWith("1.") || (httpVersion !== "1.0" && !headers.has("host"))) return err(400);
  // The target names the host before the header does (RFC 9112, section 3.2.2).
  if (target.host !== null) headers.set("host", target.host);
  const bodyMax = UPLOADS.has(target.path.split("?", 1)[0] ?? "") ? UPLOAD_MAX_BYTES : BODY_MAX_BYTES;
  if (Number(headers.get("content-length") ?? "0") > bodyMax) return err(413);
  let large = false;
  const carries = method !== "GET" && method !== "HEAD" &&
    (headers.has("transfer-encoding") || Number(headers.get("content-length") ?? "0") > 0);
  const body = carries ? bodyOf(message, bodyMax, () => large = true) : null;
  try {
    const url = new URL(target.path, "http://localhost");
    return ok({ request: new Request(url, { method, headers, body, signal: gone }), tooLarge: () => large });
  } catch {
    return err(400);
  }
}

/** Where a request goes: a path, or a whole URL as proxies are asked; `null`: neither. */
function targetOf(text: string): { readonly path: string; readonly host: string | null } | null {
  if (text.startsWith("/")) return { path: `/${text.replace(/^[/\\]+/, "")}`, host: null };
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  return url && url.username === "" ? { path: `${url.pathname}${url.search}`, host: url.host } : null;
}

/** All fields; `null`: one cannot be, or there is more than one host. */
function headersOf(raw: readonly string[]): Headers | null {
  const headers = new Headers();
  try {
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = raw[i] ?? "";
      if (name.toLowerCase() === "host" && headers.has("host")) return null;
      headers.append(name, raw[i + 1] ?? "");
    }
  } catch {
    return null;
  }
  return headers;
}

/** The body as a stream that asks for more only when there is room. */
function bodyOf(
  message: IncomingMessage,
  bodyMax: number,
  onLarge: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let size = 0;
  let over = false;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      const fail = (why: string) => {
        if (over) return;
        over = true;
        controller.error(new TypeError(why));
      };
      message.on("data", (chunk: Uint8Array) => {
        if (over) return;
        size += chunk.byteLength;
        if (size > bodyMax) {
          onLarge();
          return fail("The body is too large");
        }
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) message.pause();
      });
      message.on("end", () => {
        if (over) return;
        over = true;
        controller.close();
      });
      message.on("error", () => fail("The body broke off"));
      message.on("close", () => fail("The body broke off"));
      message.pause();
    },
    pull() {
      message.resume();
    },
    cancel() {
      over = true;
      message.resume(); // what still comes is thrown away, within the deadline for the whole request
    },
  });
}

/** What sending needs. */
export interface SendOptions {
  /** What asked. */
  readonly message: IncomingMessage;
  /** Takes the answer. */
  readonly out: ServerResponse;
  /** Aborts when there is nobody any more. */
  readonly gone: AbortSignal;
  /** Real time: a socket lives by no other. */
  readonly clock: Clock;
}

/** Sends an answer at the pace of its reader; resolves when it is out, or when nobody takes it any more. */
export async function sendResponse(response: Response, options: SendOptions): Promise<void> {
  const { out, message, gone } = options;
  const reader = response.body?.getReader();
  const onGone = () => void reader?.cancel().catch(() => {});
  gone.addEventListener("abort", onGone);
  try {
    if (gone.aborted) return;
    writeFields(response, out);
    if (!reader || message.method === "HEAD") return await finish(options, undefined);
    await pump(reader, response, options);
  } catch {
    out.destroy(); // a body that breaks off must not look whole
  } finally {
    gone.removeEventListener("abort", onGone);
    await reader?.cancel().catch(() => {});
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function pump(reader: Reader, response: Response, options: SendOptions): Promise<void> {
  const { out } = options;
  const first = await reader.read();
  if (first.done) return await finish(options, undefined);
  // Most bodies are one piece: known to be whole before it goes, it has a length and can be packed.
  let next = reader.read();
  const soon = await Promise.race([next, turn()]);
  if (soon?.done) return await finish(options, await packed(first.value, { response, ...options }));
  out.flushHeaders();
  if (!out.write(first.value) && !await drained(options)) return;
  for (;;) {
    const piece = await next;
    if (piece.done) return await finish(options, undefined);
    if (options.gone.aborted) return;
    if (!out.write(piece.value) && !await drained(options)) return;
    next = reader.read();
  }
}

function writeFields(response: Response, out: ServerResponse): void {
  out.statusCode = response.status;
  if (response.statusText !== "") out.statusMessage = response.statusText;
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie") out.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) out.setHeader("set-cookie", cookies);
}

interface Packing extends SendOptions {
  readonly response: Response;
}

/** A whole body as it goes over the wire. */
async function packed(
  body: Uint8Array,
  { response: { headers }, message, out }: Packing,
): Promise<Uint8Array> {
  if (!PACKABLE.test(headers.get("content-type") ?? "") || body.byteLength < PACKED_LEAST) return body;
  if (headers.has("content-encoding") || headers.has("content-range")) return body;
  out.appendHeader("vary", "Accept-Encoding");
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(message.headers["accept-encoding"] ?? ""))) {
    return body;
  }
  const etag = headers.get("etag");
  if (etag?.startsWith('"')) out.setHeader("etag", `W/${etag}`);
  out.setHeader("content-encoding", "gzip");
  return await pack(body);
}

/** Ends an answer and waits until the reader has it. */
async function finish(options: SendOptions, body: Uint8Array | undefined): Promise<void> {
  const { out, message } = options;
  if (options.gone.aborted) return;
  const bodiless = out.statusCode === 204 || out.statusCode === 304 || message.method === "HEAD";
  if (!bodiless && !out.headersSent) out.setHeader("content-length", body?.byteLength ?? 0);
  const done = new Promise<true>((resolve) => void out.once("finish", () => resolve(true)));
  if (body && !bodiless) out.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  else out.end();
  await inTime(options, done);
}

/** Waits until there is room again; false: there is nobody any more. */
async function drained(options: SendOptions): Promise<boolean> {
  const { out } = options;
  const { promise, resolve } = Promise.withResolvers<true>();
  const onDrain = () => resolve(true);
  out.once("drain", onDrain);
  try {
    return await inTime(options, promise);
  } finally {
    out.off("drain", onDrain);
  }
}

/** What comes in time; else the connection is ended: its reader takes nothing. */
async function inTime({ message, clock, gone }: SendOptions, coming: Promise<true>): Promise<boolean> {
  const over = new AbortController();
  const late = clock.sleep(STALLED_MS, AbortSignal.any([over.signal, gone])).then(() => null);
  const came = await Promise.race([coming, late]);
  over.abort();
  if (came === null) message.socket.destroy();
  return came === true && !gone.aborted;
}

function turn(): Promise<null> {
  return new Promise((resolve) => void setImmediate(() => resolve(null)));
}
