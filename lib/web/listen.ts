/**
 * Serves the app on a port or a Unix socket, and puts the public origin on each request before the app sees it, so
 * that links, redirects and the proof of origin are the same behind a proxy, on a socket and alone.
 *
 * @module
 */

import { newRequestId } from "../auth/token.ts";
import type { Listen, TrustProxy } from "../config.ts";
import { isTrusted, secured } from "./headers.ts";
import { nameRequest } from "./request_id.ts";
import { serveTcp, type TcpLimits, type WebServer } from "./tcp_server.ts";

export type { WebServer };

/** What serving needs. */
export interface ServeOptions {
  /** Where. */
  readonly listen: Listen;
  /** The origin people type. */
  readonly publicUrl: string;
  /** Answers a request. */
  readonly handler: (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;
  /** Told of errors that nothing else caught, and of which request. */
  readonly onTrouble: (error: unknown, requestId: string) => void;
  /** Whose X-Forwarded-For is believed: many people come from there; absent: nobody's. */
  readonly trustProxy?: TrustProxy;
  /** Limits of a port that differ from the usual ones; for tests. */
  readonly limits?: Partial<TcpLimits>;
}

/** Paths that probes ask for under any name of this host. */
const PROBES = new Set(["/livez", "/readyz", "/health", "/metrics"]);

/** What pages and probes are asked by. */
const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Read and write for the owner and the proxy's group. */
const SOCKET_MODE = 0o660;

/** Starts serving; resolves when connections are taken. */
export async function serve(options: ServeOptions): Promise<WebServer> {
  const { listen, publicUrl } = options;
  const secure = publicUrl.startsWith("https:");
  const answer = async (request: Request, info: Deno.ServeHandlerInfo): Promise<Response> => {
    const requestId = newRequestId();
    const made = await answerOf(request, { info, requestId, options });
    const holdsToken = new URL(request.url).searchParams.has("token");
    return secured(made, { secure, requestId, holdsToken });
  };
  if (listen.kind === "tcp") {
    return await serveTcp({
      ...listen,
      answer,
      refuse: (status, words) => {
        const refused = (status === 405 ? refuseMethod({ method: "TRACE" }) : null) ??
          textAnswer(status, words);
        return secured(refused, { secure, requestId: newRequestId() });
      },
      isProxy: (address) => isTrusted(options.trustProxy ?? { kind: "nobody" }, address),
      ...(options.limits ? { limits: options.limits } : {}),
    });
  }
  // Only the proxy reaches a socket, and it bounds what it passes on.
  await removeStale(listen.path);
  const { promise: listening, resolve: onListen } = Promise.withResolvers<void>();
  const server = Deno.serve({ path: listen.path, onListen: () => onListen() }, answer);
  await listening;
  await Deno.chmod(listen.path, SOCKET_MODE);
  return server;
}

interface Asked {
  readonly info: Deno.ServeHandlerInfo;
  readonly requestId: string;
  readonly options: ServeOptions;
}

/** What the app answers; what breaks is for the log alone. */
async function answerOf(request: Request, { info, requestId, options }: Asked): Promise<Response> {
  const { publicUrl, handler, onTrouble } = options;
  try {
    return refuseMethod(request) ?? redirectHome(request, publicUrl) ??
      await handler(nameRequest(atHome(request, publicUrl), requestId), info);
  } catch (error) {
    onTrouble(error, requestId);
    return textAnswer(500, "Something broke on our side\n");
  }
}

function textAnswer(status: number, words: string): Response {
  return new Response(words, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** The request under the public origin. */
export function atHome(request: Request, publicUrl: string): Request {
  return new Request(new URL(pathOf(request.url), publicUrl), request);
}

/** Refuses what no page answers, and TRACE and its kin, of which no `Request` can be made. */
export function refuseMethod({ method }: Pick<Request, "method">): Response | null {
  if (METHODS.includes(method)) return null;
  return new Response("This method is not answered\n", {
    status: 405,
    headers: { allow: METHODS.join(", ") },
  });
}

/**
 * Sends a reader who came by another name of this host to the public one, where cookies and forms work. Behind a
 * proxy that hides the name by which people come, this would go round for ever: the operator is told instead.
 */
export function redirectHome(request: Request, publicUrl: string): Response | null {
  const host = request.headers.get("host");
  const path = pathOf(request.url);
  if (host === null || isHome(host, publicUrl) || PROBES.has(path.split("?", 1)[0] ?? "")) return null;
  if (request.headers.has("x-forwarded-for")) {
    const words =
      `This is ${publicUrl}, but the proxy asked for another host: it must pass the Host header on\n`;
    return new Response(words, { status: 421 });
  }
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  return new Response(null, { status: 307, headers: { location: new URL(path, publicUrl).href } });
}

/** Whether a Host header names the public origin, whatever its case, with or without the usual port. */
function isHome(host: string, publicUrl: string): boolean {
  const home = new URL(publicUrl);
  return URL.parse(`${home.protocol}//${host}`)?.host === home.host;
}

/** Path and query of a request, also of one that came over a socket, whose origin is none. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `/${pathname.replace(/^[/\\]+/, "")}${search}`;
}

/** Removes the socket of a process that was killed; one that still answers is left alone. */
async function removeStale(path: string): Promise<void> {
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    connection.close();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.ConnectionRefused) return await Deno.remove(path);
    throw error;
  }
  throw new Deno.errors.AddrInUse(`Another process answers at ${path}`);
}
