/**
 * Secrets at rest: AES-256-GCM by WebCrypto under a ring of keys that lies outside the database. The first key of the
 * ring seals, all of them open, and what is sealed names its key, so that keys can be changed while everything runs.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";

/** Why nothing was opened: its key is not in the ring, or key, name and text do not belong together. */
export type OpenTrouble =
  | { readonly kind: "unknown-key"; readonly keyId: string }
  | { readonly kind: "broken" };

/** Seals and opens secrets. */
export interface SecretBox {
  /** The key that seals from now on. */
  readonly keyId: string;
  /** All keys of the ring, the one that seals first. */
  readonly keyIds: readonly string[];
  /** Seals a text under its name: under another name it does not open. */
  seal(name: string, plain: string): Promise<string>;
  /** Opens what was sealed under the name. */
  open(name: string, sealed: string): Promise<Result<string, OpenTrouble>>;
}

/** A key of the ring. */
export interface RingKey {
  /** 1 to 32 letters, digits, dashes and underscores. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes of a key: AES-256. */
export const RING_KEY_BYTES = 32;

/** Keys of one ring at most. */
export const RING_KEYS_MAX = 20;

/** Bytes of what makes each sealing different: 96 random bits, as AES-GCM wants them. */
const IV_BYTES = 12;

const VERSION = "v1";

/**
 * A ring as it stands in a file or a setting: `id:base64 of 32 bytes`, a line or, between commas, a part of a line
 * each; the first seals. What is wrong is said without showing any of it.
 */
export function readKeyRing(text: string): Result<readonly RingKey[], string> {
  const lines = text.split(/[\n,]/).map((line) => line.trim()).filter((line) =>
    line !== "" && !line.startsWith("#")
  );
  if (lines.length === 0) return err("it holds no key");
  if (lines.length > RING_KEYS_MAX) return err(`it holds ${lines.length} keys, at most ${RING_KEYS_MAX}`);
  const keys: RingKey[] = [];
  for (const [i, line] of lines.entries()) {
    const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{42,44}={0,2})$/.exec(line) ?? [];
    const bytes = encoded === undefined ? null : bytesOf(encoded);
    if (id === undefined || bytes === null) {
      return err(`key ${i + 1} is not an id, a colon and ${RING_KEY_BYTES} bytes in base64`);
    }
    if (keys.some((key) => key.id === id)) return err(`two keys are called "${id}"`);
    keys.push({ id, bytes });
  }
  return ok(keys);
}

function bytesOf(encoded: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.fromBase64(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    return bytes.length === RING_KEY_BYTES ? bytes : null;
  } catch {
    return null;
  }
}

/** The ring as text, as {@link readKeyRing} reads it. */
export function formatKeyRing(ring: readonly RingKey[]): string {
  return ring.map(({ id, bytes }) => `${id}:${bytes.toBase64()}\n`).join("");
}

/** A new key under an id that no other has. */
export function newRingKey(): RingKey {
  const id = `k${crypto.getRandomValues(new Uint8Array(5)).toHex()}`;
  return { id, bytes: crypto.getRandomValues(new Uint8Array(RING_KEY_BYTES)) };
}

/** Where a ring that may change while we run is read again; `null`: it cannot be read now. */
export type RereadRing = () => Promise<readonly RingKey[] | null>;

/**
 * Makes a box. With `reread` the ring is read again before something is sealed and when something names a key that
 * is not there, so that a process that runs follows a change of keys.
 */
export async function createSecretBox(ring: readonly RingKey[], reread?: RereadRing): Promise<SecretBox> {
  let held = await holdRing(ring);
  const refresh = async () => {
    const again = await reread?.();
    if (again && again.map(({ id }) => id).join() !== held.ids.join()) held = await holdRing(again);
  };
  return {
    get keyId() {
      return held.ids[0];
    },
    get keyIds() {
      return held.ids;
    },
    async seal(name, plain) {
      await refresh();
      return await sealBy(held, name, plain);
    },
    async open(name, sealed) {
      const [version, keyId = "", iv = "", text = "", ...rest] = sealed.split(".");
      if (version !== VERSION || rest.length > 0) return err({ kind: "broken" });
      if (!held.keys.has(keyId)) await refresh();
      const key = held.keys.get(keyId);
      if (!key) return err({ kind: "unknown-key", keyId });
      return await openBy(key, { name, iv, text });
    },
  };
}

interface HeldRing {
  readonly ids: readonly [string, ...string[]];
  readonly keys: ReadonlyMap<string, CryptoKey>;
}

async function holdRing(ring: readonly RingKey[]): Promise<HeldRing> {
  const [first, ...others] = ring;
  if (!first) throw new RangeError("A ring without a key");
  const keys = new Map<string, CryptoKey>();
  for (const { id, bytes } of ring) {
    keys.set(id, await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]));
  }
  return { ids: [first.id, ...others.map(({ id }) => id)], keys };
}

async function sealBy({ ids, keys }: HeldRing, name: string, plain: string): Promise<string> {
  const [keyId] = ids;
  const key = keys.get(keyId);
  if (!key) throw new RangeError(`No key "${keyId}" in the ring`);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const text = await crypto.subtle.encrypt(algorithm(name, iv), key, new TextEncoder().encode(plain));
  return [VERSION, keyId, encode(iv), encode(new Uint8Array(text))].join(".");
}

async function openBy(
  key: CryptoKey,
  { name, iv, text }: { readonly name: string; readonly iv: string; readonly text: string },
): Promise<Result<string, OpenTrouble>> {
  try {
    const plain = await crypto.subtle.decrypt(algorithm(name, decode(iv)), key, decode(text));
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(plain));
  } catch {
    // WebCrypto says no more either: which of key, name and text does not fit must not be told apart.
    return err({ kind: "broken" });
  }
}

function algorithm(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name), tagLength: 128 };
}

function encode(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
