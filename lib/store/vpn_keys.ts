/**
 * Keys of routers for the VPN: X25519 made by WebCrypto, the private ones sealed among the secrets.
 *
 * @module
 */

import type { Executor } from "./db.ts";
import type { SecretBox } from "./secret_box.ts";
import { deleteSecret, putSecret, readSecret } from "./secrets.ts";

/** A pair of keys as WireGuard writes them: 32 bytes each, in base64. */
export interface VpnKeyPair {
  /** Must not be seen but in the router's own file. */
  readonly privateKey: string;
  /** What the host knows the router by. */
  readonly publicKey: string;
}

/** Bytes of a private key: the end of its PKCS #8 form (RFC 8410). */
const KEY_BYTES = 32;

/** Makes a pair. */
export async function makeVpnKeyPair(): Promise<VpnKeyPair> {
  const made = await crypto.subtle.generateKey("X25519", true, ["deriveBits"]);
  if (!("privateKey" in made)) throw new TypeError("X25519 gave no pair of keys");
  const wrapped = new Uint8Array(await crypto.subtle.exportKey("pkcs8", made.privateKey));
  const open = new Uint8Array(await crypto.subtle.exportKey("raw", made.publicKey));
  return { privateKey: wrapped.slice(-KEY_BYTES).toBase64(), publicKey: open.toBase64() };
}

/** Which of a site's private keys: the one that holds, or the one that replaces it. */
export type VpnKeyRole = "current" | "next";

function secretName(siteId: number, role: VpnKeyRole): string {
  return role === "current" ? `vpn-private:${siteId}` : `vpn-private-next:${siteId}`;
}

/** Names of the secrets of a site's peer. */
export function vpnSecretNames(siteId: number): readonly string[] {
  return [secretName(siteId, "current"), secretName(siteId, "next")];
}

/** A site's private key. */
export interface SitePrivateKey {
  /** The site. */
  readonly siteId: number;
  /** Which of its keys. */
  readonly role: VpnKeyRole;
  /** The key. */
  readonly privateKey: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Keeps a private key, in place of what was there. */
export async function keepPrivateKey(tx: Executor, box: SecretBox, key: SitePrivateKey): Promise<void> {
  const { siteId, role, privateKey: plain, nowMs } = key;
  await putSecret(tx, box, { name: secretName(siteId, role), plain, nowMs });
}

/** A private key; `null`: there is none. */
export async function readPrivateKey(
  tx: Executor,
  box: SecretBox,
  { siteId, role }: Pick<SitePrivateKey, "siteId" | "role">,
): Promise<string | null> {
  return await readSecret(tx, box, secretName(siteId, role));
}

/** The key that replaces becomes the one that holds; it stays sealed under its new name. */
export async function promotePrivateKey(
  tx: Executor,
  box: SecretBox,
  { siteId, nowMs }: Pick<SitePrivateKey, "siteId" | "nowMs">,
): Promise<void> {
  const privateKey = await readPrivateKey(tx, box, { siteId, role: "next" });
  if (privateKey !== null) await keepPrivateKey(tx, box, { siteId, role: "current", privateKey, nowMs });
  await deleteSecret(tx, secretName(siteId, "next"));
}

/** Forgets both keys. */
export async function forgetPrivateKeys(tx: Executor, siteId: number): Promise<void> {
  for (const name of vpnSecretNames(siteId)) await deleteSecret(tx, name);
}
