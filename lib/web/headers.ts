/**
 * Headers that every answer carries, whatever it is: nothing may frame us, guess types, or learn where our people
 * came from.
 *
 * @module
 */

const ALWAYS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()"],
];

const NOTHING = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'";

const TWO_YEARS = "max-age=63072000; includeSubDomains";

/** Adds the headers to an answer; one without a content policy of its own may run nothing. */
export function secured(response: Response, secure: boolean): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of ALWAYS) headers.set(name, value);
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

/** The client's address: the peer, or what our own proxy wrote last into X-Forwarded-For. */
export function clientAddressOf(
  headers: Headers,
  { peer, trustProxy }: { readonly peer: string; readonly trustProxy: boolean },
): string {
  if (!trustProxy) return peer;
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim().slice(0, 64) || peer;
}
