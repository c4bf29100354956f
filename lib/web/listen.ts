/**
 * Serves the app on a port or a Unix socket, and puts the public origin on each request before the app sees it, so
 * that links, redirects and the proof of origin are the same behind a proxy, on a socket and alone.
 *
 * @module
 */

import type { Listen } from "../config.ts";
import { secured } from "./headers.ts";

/** What serving needs. */
export interface ServeOptions {
  /** Where. */
  readonly listen: Listen;
  /** The origin people type. */
  readonly publicUrl: string;
  /** Answers a request. */
  readonly handler: (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;
  /** Told of errors that nothing else caught. */
  readonly onTrouble: (error: unknown) => void;
}

/** Paths that probes ask for under any name of this host. */
const PROBES = new Set(["/livez", "/readyz", "/health", "/metrics"]);

/** What pages and probes are asked by. */
const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Read and write for the owner and the proxy's group. */
const SOCKET_MODE = 0o660;

/** Starts serving; resolves when connections are taken. */
export async function serve(options: ServeOptions): Promise<Deno.HttpServer> {
  const { listen } = options;
  const secure = options.publicUrl.startsWith("https:");
  const answer = async (request: Request, info: Deno.ServeHandlerInfo): Promise<Response> => {
    const early = refuseMethod(request) ?? redirectHome(request, options.publicUrl);
    if (early) return secured(early, secure);
    return secured(await options.handler(atHome(request, options.publicUrl), info), secure);
  };
  const onError = (error: unknown) => {
    options.onTrouble(error);
    return secured(new Response("Something broke on our side\n", { status: 500 }), secure);
  };
  const { promise: listening, resolve: onListen } = Promise.withResolvers<void>();
  if (listen.kind === "tcp") {
    const { hostname, port } = listen;
    const server = Deno.serve({ hostname, port, onListen: () => onListen(), onError }, answer);
    await listening;
    return server;
  }
  await removeStale(listen.path);
  const server = Deno.serve({ path: listen.path, onListen: () => onListen(), onError }, answer);
  await listening;
  await Deno.chmod(listen.path, SOCKET_MODE);
  return server;
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
