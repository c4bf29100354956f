/**
 * Asks a running Wattpost as a browser and a program would, over a port or the socket of a colour: under the name by
 * which people come, with limits for time and size, redirects told instead of followed.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { endsWith } from "./ends.ts";
import { placeText, type TrialPlace } from "./place.ts";

/** How a client is made. */
export interface ClientOptions {
  /** Where it answers. */
  readonly place: TrialPlace;
  /** The origin that people type; forms and links follow it. */
  readonly publicUrl: string;
  /** The time. */
  readonly clock: Clock;
  /** Certificates in PEM of authorities that are trusted besides; absent: none. */
  readonly ca?: string;
}

/** What is asked. */
export interface Ask {
  /** Default: GET, POST where a form is sent. */
  readonly method?: string;
  /** Fields of a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** What is sent, where it is no form. */
  readonly body?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A cookie as `name=value`; `null`: none. */
  readonly cookie?: string | null;
  /** Milliseconds for the whole answer; default {@link ANSWER_MS}. */
  readonly withinMs?: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** At most {@link BODY_MAX} bytes of it. */
  readonly text: string;
  /** Milliseconds until it was there to the end. */
  readonly tookMs: number;
}

/** An answer whose body is still coming. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** Asks one Wattpost. */
export interface Client {
  readonly publicUrl: string;
  /** Asks and reads the answer; the error says what was asked and what came instead. */
  ask(path: string, ask?: Ask): Promise<Result<Answer, string>>;
  /** Asks and leaves the body to be read; `signal` must end it. */
  open(path: string, ask: Ask & { readonly signal: AbortSignal }): Promise<Result<OpenAnswer, string>>;
  /** Closes its connections. */
  close(): void;
}

/** Milliseconds for an answer unless it is said otherwise. */
const ANSWER_MS = 10_000;

/** Bytes of a body that are read; more is cut. */
const BODY_MAX = 8_000_000;

/** Makes a client. */
export function createClient({ place, publicUrl, clock, ca }: ClientOptions): Client {
  const http = httpClient(place, ca);
  // A socket speaks no TLS, whatever people come by.
  const base = place.kind === "socket" ? `http://${new URL(publicUrl).host}` : place.origin;
  const fixed = { host: new URL(publicUrl).host };
  const request = (path: string, { method, form, body, headers = {}, cookie = null }: Ask): Request => {
    const sends = form !== undefined;
    return new Request(`${base}${path}`, {
      method: method ?? (sends ? "POST" : "GET"),
      redirect: "manual",
      headers: {
        ...fixed,
        ...(sends ? { origin: publicUrl, "sec-fetch-site": "same-origin" } : {}),
        ...(cookie === null ? {} : { cookie }),
        ...headers,
      },
      ...(sends ? { body: new URLSearchParams(form) } : body === undefined ? {} : { body }),
    });
  };
  const open: Client["open"] = async (path, ask) => {
    if (typeof http === "string") return err(`Cannot ask ${path} at ${placeText(place)}: ${http}`);
    try {
      const answer = await fetch(request(path, ask), { client: http, signal: ask.signal });
      return ok({ status: answer.status, headers: answer.headers, body: answer.body });
    } catch (error) {
      return err(`Cannot ask ${path} at ${placeText(place)}: ${whyText(error)}`);
    }
  };
  return {
    publicUrl,
    open,
    async ask(path, ask = {}) {
      const startMs = clock.monotonicMs();
      using until = endsWith({ clock, signal: ask.signal, withinMs: ask.withinMs ?? ANSWER_MS });
      const opened = await open(path, { ...ask, signal: until.signal });
      if (!opened.ok) return opened;
      try {
        const text = await textOf(opened.value.body, until.signal);
        const { status, headers } = opened.value;
        return ok({ status, headers, text, tookMs: clock.monotonicMs() - startMs });
      } catch (error) {
        return err(`Cannot read the answer of ${path} at ${placeText(place)}: ${whyText(error)}`);
      }
    },
    close: () => typeof http === "string" || http.close(),
  };
}

/** What asks; a text: why nothing can be asked there. */
function httpClient(place: TrialPlace, ca: string | undefined): Deno.HttpClient | string {
  try {
    return Deno.createHttpClient({
      allowHost: true,
      ...(place.kind === "socket" ? { proxy: { transport: "unix", path: place.path } } : {}),
      ...(ca === undefined ? {} : { caCerts: [ca] }),
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return "this task may use sockets of a host and of staging alone, below /run/wattpost and " +
        "/var/lib/wattpost-staging";
    }
    return `the certificates that are trusted besides are not understood: ${whyText(error)}`;
  }
}

/**
 * The origin that people type, as the process behind a place knows it: whoever comes by another name is sent there.
 * Behind an address that is at home it is that address.
 */
export async function learnPublicUrl(
  options: Omit<ClientOptions, "publicUrl">,
): Promise<Result<string, string>> {
  const { place } = options;
  const publicUrl = place.kind === "url" ? place.origin : "http://another-name.invalid";
  const client = createClient({ ...options, publicUrl });
  try {
    const asked = await client.ask("/sign-in");
    if (!asked.ok) return asked;
    const { status, headers } = asked.value;
    const home = URL.parse(headers.get("location") ?? "");
    if (status === 307 && home !== null) return ok(home.origin);
    if (place.kind === "url") return ok(place.origin);
    return err(`${placeText(place)} does not say where it is at home: it answered ${status}`);
  } finally {
    client.close();
  }
}

async function textOf(body: ReadableStream<Uint8Array> | null, until: AbortSignal): Promise<string> {
  if (body === null) return "";
  const text = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  const reader = body.getReader();
  // An aborted request does not always end a read that waits; a cancelled reader does.
  const end = () => void reader.cancel().catch(() => undefined);
  until.addEventListener("abort", end);
  try {
    for (let part = await reader.read(); !part.done && bytes < BODY_MAX; part = await reader.read()) {
      bytes += part.value.length;
      parts.push(text.decode(part.value, { stream: true }));
    }
  } finally {
    until.removeEventListener("abort", end);
    if (bytes >= BODY_MAX) end();
  }
  until.throwIfAborted();
  return parts.join("") + text.decode();
}

/** Why something did not come, without the program's own words around it. */
function whyText(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") return "it took too long";
  if (error instanceof DOMException && error.name === "AbortError") return "it was ended";
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message.split("\n", 1)[0] ?? "" : String(cause);
}
