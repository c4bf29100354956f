/**
 * Browsers in which somebody has signed in before. Such a browser has a limit of its own for wrong passwords, so that
 * a stranger who guesses at an account cannot lock its owner out. The cookie opens nothing by itself.
 *
 * @module
 */

import { deviceKey } from "../kv/secrets.ts";
import type { Kv } from "../kv/mod.ts";
import { looksLikeToken, newToken, sameSecret } from "./token.ts";

/** A cookie for the browser in which this user has just signed in: user, browser, and our signature of both. */
export async function newDevice(kv: Kv, userId: number): Promise<string> {
  const named = `${userId}.${newToken()}`;
  return `${named}.${await signatureOf(await deviceKey(kv), named)}`;
}

/** Names the browser for the user's limit; `null`: not known, or known for somebody else. */
export async function knownDevice(
  kv: Kv,
  { cookie, userId }: { readonly cookie: string | undefined; readonly userId: number },
): Promise<string | null> {
  const [user, device = "", signature = "", ...more] = (cookie ?? "").split(".");
  if (user !== String(userId) || more.length > 0) return null;
  if (!looksLikeToken(device) || !looksLikeToken(signature)) return null;
  const wanted = await signatureOf(await deviceKey(kv), `${user}.${device}`);
  return await sameSecret(signature, wanted) ? device : null;
}

/** HMAC-SHA-256 in base64url, 43 characters. */
async function signatureOf(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const signing = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  const signed = await crypto.subtle.sign(algorithm, signing, new TextEncoder().encode(text));
  return new Uint8Array(signed).toBase64({ alphabet: "base64url", omitPadding: true });
}
