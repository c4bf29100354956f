/**
 * Refuses requests that another site made in a signed-in person's browser. Every unsafe method must prove by
 * `Sec-Fetch-Site` or `Origin` that one of our own pages sent it; a request without either proves nothing and is
 * refused (OWASP CSRF cheat sheet: verifying the origin with standard headers).
 *
 * @module
 */

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request may change something. `origin` is the public origin of the product. */
export function comesFromUs(request: Request, origin: string): boolean {
  if (SAFE.has(request.method)) return true;
  const site = request.headers.get("sec-fetch-site");
  const from = request.headers.get("origin");
  if (from !== null) return from === origin && (site === null || site === "same-origin");
  return site === "same-origin";
}
