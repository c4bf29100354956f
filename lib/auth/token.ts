/**
 * Random tokens for cookies and links, and the hash under which they are kept.
 *
 * @module
 */

/** A new token: 32 random bytes in base64url, 43 characters. */
export function newToken(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** SHA-256 of a token in base64url: what is stored instead of it. */
export async function hashOfToken(token: string): Promise<string> {
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token))));
}

/** Whether a text has the shape of a token, so that a store need not be asked for nonsense. */
export function looksLikeToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

function base64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Names a request, in the log and on an error page: 10 letters and digits. */
export function newRequestId(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(9))).replaceAll(/[-_]/g, "0").slice(0, 10);
}

/** Whether two secrets are the same, in a time that does not say where they differ. */
export async function sameSecret(given: string, wanted: string): Promise<boolean> {
  return await hashOfToken(given) === await hashOfToken(wanted);
}
