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

/** Read and write for the owner and the proxy's group. */
const SOCKET_MODE = 0o660;

/** Starts serving; resolves when connections are taken. */
export async function serve(options: ServeOptions): Promise<Deno.HttpServer> {
  const { listen } = options;
  const secure = options.publicUrl.startsWith("https:");
  const answer = async (request: Request, info: Deno.ServeHandlerInfo): Promise<Response> => {
    const elsewhere = redirectHome(request, options.publicUrl);
    if (elsewhere) return secured(elsewhere, secure);
    return secured(await options.handler(atHome(request, options.publicUrl), info), secure);
  };
  const onError = (error: unknown) => {
    options.onTrouble(error);
    return new Response("Something broke on our side\n", { status: 500 });
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

/** Sends a reader who came by another name of this host to the public one, where cookies and forms work. */
export function redirectHome(request: Request, publicUrl: string): Response | null {
  const host = request.headers.get("host");
  const path = pathOf(request.url);
  if (host === null || host === new URL(publicUrl).host || PROBES.has(path.split("?", 1)[0] ?? "")) {
    return null;
  }
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  return new Response(null, { status: 307, headers: { location: new URL(path, publicUrl).href } });
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
