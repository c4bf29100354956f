/**
 * Browsers in which somebody has signed in before. Such a browser has a limit of its own for wrong passwords, so that
 * a stranger who guesses at an account cannot lock its owner out. The cookie opens nothing by itself, and is worth
 * nothing once the owner's sessions were all ended: by a new password, a lock, another role, or signing out everywhere.
 *
 * @module
 */

import { deviceKey } from "../kv/secrets.ts";
import type { Kv } from "../kv/mod.ts";
import type { User } from "../store/users.ts";
import { looksLikeToken, newToken, sameSecret } from "./token.ts";

/** Whose browser it is, and since when it may be known. */
export type DeviceOwner = Pick<User, "id" | "sessionEpoch">;

/** A cookie for the browser in which this user has just signed in: user, browser, and our signature. */
export async function newDevice(kv: Kv, owner: DeviceOwner): Promise<string> {
  const device = newToken();
  return `${owner.id}.${device}.${await signatureOf(kv, owner, device)}`;
}

/** Names the browser for the user's limit; `null`: not known, known for somebody else, or no longer. */
export async function knownDevice(
  kv: Kv,
  { cookie, owner }: { readonly cookie: string | undefined; readonly owner: DeviceOwner },
): Promise<string | null> {
  const [user, device = "", signature = "", ...more] = (cookie ?? "").split(".");
  if (user !== String(owner.id) || more.length > 0) return null;
  if (!looksLikeToken(device) || !looksLikeToken(signature)) return null;
  return await sameSecret(signature, await signatureOf(kv, owner, device)) ? device : null;
}

/** HMAC-SHA-256 of user, epoch and browser in base64url, 43 characters. */
async function signatureOf(kv: Kv, { id, sessionEpoch }: DeviceOwner, device: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const signing = await crypto.subtle.importKey("raw", await deviceKey(kv), algorithm, false, ["sign"]);
  const text = new TextEncoder().encode(`${id}.${sessionEpoch}.${device}`);
  const signed = await crypto.subtle.sign(algorithm, signing, text);
  return new Uint8Array(signed).toBase64({ alphabet: "base64url", omitPadding: true });
}
