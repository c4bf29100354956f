/**
 * Redirects after a form: always to a path of ours, never to where somebody else's link wanted.
 *
 * @module
 */

/** The path if it is one of ours, else `/`. */
export function ownPath(back: string): string {
  return /^\/(?![/\\])[^\p{Cc} \\]*$/u.test(back) ? back : "/";
}

/** 303 to a path of ours; what no header can carry is percent-encoded. */
export function redirectTo(back: string, headers: HeadersInit = {}): Response {
  const all = new Headers(headers);
  const path = ownPath(back).toWellFormed();
  all.set("location", path.replaceAll(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text)));
  return new Response(null, { status: 303, headers: all });
}
