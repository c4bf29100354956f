/**
 * The keys of this installation: the ring that seals secrets, and the three secrets that are made by chance once and
 * shared by all processes: what seals the audit trail, what signs its checkpoints, what signs links in e-mails.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { Config } from "../config.ts";
import type { AuditSeal } from "./audit.ts";
import type { Database } from "./db.ts";
import { KEY_FILE, openKeyFile, readKeyFile } from "./key_file.ts";
import { createSecretBox, readKeyRing, type RingKey, type SecretBox } from "./secret_box.ts";
import { listSealingKeys, onceSecret, readSecret, SecretError } from "./secrets.ts";

/** The keys, open. */
export interface Keys {
  /** Seals and opens secrets. */
  readonly box: SecretBox;
  /** Seals entries of the audit trail. */
  readonly seal: AuditSeal;
  /** Signs checkpoints of the audit trail. */
  readonly signer: CheckpointSigner;
  /** Signs links in e-mails: 32 bytes. */
  readonly linkKey: Uint8Array<ArrayBuffer>;
}

/** Signs checkpoints by Ed25519. */
export interface CheckpointSigner {
  /** Names the key: the beginning of the SHA-256 of {@link publicKey}. */
  readonly keyId: string;
  /** The public half, 32 bytes in base64url: whoever keeps it elsewhere needs nobody's word. */
  readonly publicKey: string;
  /** The signature over a text in base64url. */
  sign(text: string): string;
}

/** What the ring is found by. */
export type KeySettings = Pick<Config, "dataDir"> & {
  /** The ring itself, from `SECRETS_KEY` or `SECRETS_KEY_FILE`; undefined: a file in the data folder. */
  readonly secretsKey: string | undefined;
};

/**
 * Opens the ring: the one that is set, else the file in the data folder, made at the first start. Settings that change
 * while we run are followed, too.
 */
export async function openSecretBox(settings: KeySettings): Promise<SecretBox> {
  const set = readSetRing(settings);
  if (set) return await createSecretBox(set, () => Promise.resolve(readSetRing(settings)));
  const path = keyFileOf(settings);
  // A file that is just being replaced or is broken leaves us with the ring that we hold.
  return await createSecretBox(await openKeyFile(path), () => readKeyFile(path).catch(() => null));
}

/** The ring that is set; `null`: none, so it lies in the file of the data folder. */
export function readSetRing({ secretsKey }: Pick<KeySettings, "secretsKey">): readonly RingKey[] | null {
  if (secretsKey === undefined) return null;
  const ring = readKeyRing(secretsKey);
  if (!ring.ok) throw new Error(`Cannot use SECRETS_KEY: ${ring.error}`);
  return ring.value;
}

/** Where the ring lies unless one is set. */
export function keyFileOf({ dataDir }: Pick<KeySettings, "dataDir">): string {
  return `${dataDir}/${KEY_FILE}`;
}

/**
 * The keys by which the trail is proved; makes nothing.
 *
 * @returns `null`: there are none yet.
 * @throws SecretError when the ring cannot open them.
 */
export async function findTrailKeys(
  db: Database,
  settings: KeySettings,
): Promise<Pick<Keys, "seal" | "signer"> | null> {
  const ring = readSetRing(settings) ?? await readKeyFile(keyFileOf(settings));
  if (!ring) return null;
  const box = await createSecretBox(ring);
  const auditKey = await readSecret(db, box, "audit-key");
  const signing = await readSecret(db, box, "audit-signing");
  if (auditKey === null || signing === null) return null;
  return { seal: sealBy(Uint8Array.fromBase64(auditKey)), signer: signerOf(Uint8Array.fromBase64(signing)) };
}

/**
 * The keys under a ring; those that are not there yet are made.
 *
 * @throws SecretError when the ring cannot open what the database holds.
 */
export async function openKeys(db: Database, box: SecretBox, nowMs: number): Promise<Keys> {
  for (const keyId of await listSealingKeys(db)) {
    if (!box.keyIds.includes(keyId)) throw new SecretError("audit-key", keyId);
  }
  const random = () => Promise.resolve(crypto.getRandomValues(new Uint8Array(32)).toBase64());
  const once = (name: string) => onceSecret(db, box, { name, nowMs, make: random });
  const auditKey = Uint8Array.fromBase64(await once("audit-key"));
  const signing = Uint8Array.fromBase64(await once("audit-signing"));
  const linkKey = Uint8Array.fromBase64(await once("link-key"));
  return { box, seal: sealBy(auditKey), signer: signerOf(signing), linkKey };
}

/** Seals by HMAC-SHA-256. */
export function sealBy(key: Uint8Array): AuditSeal {
  return (text) => createHmac("sha256", key).update(text).digest("hex");
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS 8 (RFC 8410, section 7). */
const PKCS8_HEAD = Uint8Array.fromHex("302e020100300506032b657004220420");

/** Signs by Ed25519 with a private key of 32 bytes. */
export function signerOf(seed: Uint8Array): CheckpointSigner {
  const key = createPrivateKey({ key: Buffer.from([...PKCS8_HEAD, ...seed]), format: "der", type: "pkcs8" });
  const publicKey = publicOf(key);
  return {
    keyId: createHash("sha256").update(publicKey).digest("hex").slice(0, 16),
    publicKey,
    sign: (text) => sign(null, new TextEncoder().encode(text), key).toString("base64url"),
  };
}

function publicOf(key: KeyObject): string {
  return String(createPublicKey(key).export({ format: "jwk" }).x);
}
