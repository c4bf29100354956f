/**
 * Headers that every answer carries, whatever it is: nothing may frame us, guess types, or learn where our people
 * came from.
 *
 * @module
 */

import { parseAddress } from "../domain/address.ts";
import { isWithin } from "../domain/dial_policy.ts";
import type { TrustProxy } from "../config.ts";

/** What no page of ours uses, as far as Chromium knows the name (it complains of others); passkeys are for our own pages alone. */
const POWERFUL = ("accelerometer autoplay browsing-topics camera " +
  "compute-pressure cross-origin-isolated display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid " +
  "identity-credentials-get idle-detection keyboard-map local-fonts magnetometer microphone midi otp-credentials payment " +
  "picture-in-picture screen-wake-lock serial speaker-selection storage-access sync-xhr usb window-management " +
  "xr-spatial-tracking").split(" ");

const PERMISSIONS = [
  ...POWERFUL.map((feature) => `${feature}=()`),
  "publickey-credentials-get=(self)",
  "publickey-credentials-create=(self)",
].join(", ");

const ALWAYS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"], // for browsers that do not know frame-ancestors
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["cross-origin-embedder-policy", "require-corp"],
  ["origin-agent-cluster", "?1"],
  ["permissions-policy", PERMISSIONS],
];

/** Tells strangers what we are made of. */
const TALKATIVE = ["server", "x-powered-by"];

const NOTHING = "default-src 'none'; style-src 'self'; img-src 'self' data:; object-src 'none'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * No `preload`: it binds the whole domain, which is not ours to bind, and takes months to undo. An operator can send
 * it from the proxy.
 */
const TWO_YEARS = "max-age=63072000; includeSubDomains";

/** What an answer is secured for. */
export interface Secured {
  /** Whether people come by HTTPS. */
  readonly secure: boolean;
  /** Names the request. */
  readonly requestId: string;
  /** Whether the address that was asked for holds a token; absent: it does not. */
  readonly holdsToken?: boolean;
}

/** Adds the headers to an answer; one without a content policy of its own may run nothing. */
export function secured(response: Response, { secure, requestId, holdsToken = false }: Secured): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of ALWAYS) headers.set(name, value);
  for (const name of TALKATIVE) headers.delete(name);
  headers.set("x-request-id", requestId);
  // Not `no-referrer`: browsers would send `Origin: null` with our own forms. An address that holds a token is not
  // told to our own pages and files either: a proxy's error log has where a request came from.
  headers.set("referrer-policy", holdsToken ? "strict-origin" : "same-origin");
  if (secure) headers.set("strict-transport-security", TWO_YEARS);
  const own = headers.get("content-security-policy");
  // Without a nonce there is no page: such an answer has nothing to run or to style.
  const policy = own === null || own.includes("'unsafe-inline'") ? NOTHING : own;
  // Over plain HTTP (a trial on this machine) an upgrade would break every asset.
  headers.set("content-security-policy", secure ? policy : policy.replace("; upgrade-insecure-requests", ""));
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/**
 * Whether a request came straight from this machine: from loopback to loopback, and through no proxy. On a socket
 * there is always one before us.
 */
export function isFromHere(headers: Headers, peer: string): boolean {
  if (headers.has("x-forwarded-for") || headers.has("forwarded")) return false;
  const hostname = URL.parse(`http://${headers.get("host") ?? ""}`)?.hostname ?? "";
  return isLoopback(peer) && (hostname === "localhost" || isLoopback(hostname.replace(/^\[|\]$/g, "")));
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}

/** Addresses of one X-Forwarded-For that are looked at. */
const HOPS_MAX = 32;

/**
 * The client's address: the peer, unless that is a proxy of ours. Then what it wrote last into X-Forwarded-For; and
 * where our proxies are listed, the last one there that is none of them. Whatever a stranger wrote stands before it.
 * What is no address is not believed, nor what stands before it.
 */
export function clientAddressOf(
  headers: Headers,
  { peer, trustProxy }: { readonly peer: string; readonly trustProxy: TrustProxy },
): string {
  if (!isTrusted(trustProxy, peer)) return peer;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").slice(-HOPS_MAX).map((hop) => hop.trim());
  let client = peer;
  for (const hop of hops.reverse()) {
    const address = addressIn(hop);
    if (address === null) break;
    client = address;
    if (trustProxy.kind !== "listed" || !isTrusted(trustProxy, address)) break;
  }
  return client;
}

/** The address that a proxy wrote, without the port that some add; `null`: it is none. */
function addressIn(hop: string): string | null {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d+)?|(\d[\d.]*):\d+)$/.exec(hop) ?? [];
  const address = bracketed ?? plain ?? hop;
  return parseAddress(address) === null ? null : address;
}

/** Whether what an address says about others is believed. */
export function isTrusted(trustProxy: TrustProxy, peer: string): boolean {
  switch (trustProxy.kind) {
    case "nobody":
      return false;
    case "whoever-connects":
      return true;
    case "listed": {
      const address = parseAddress(peer);
      return address !== null && isWithin(trustProxy.networks, address);
    }
  }
}
