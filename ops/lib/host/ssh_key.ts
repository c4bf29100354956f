/**
 * Public keys for SSH, read for what they really are: the type inside the Base64, the length of an RSA modulus, and
 * nothing left over. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";

/** A key as a line of authorized_keys has it. */
export interface SshKey {
  /** `ssh-ed25519`. */
  readonly type: string;
  /** The key itself, Base64. */
  readonly base64: string;
  /** Whose it is, as they wrote; may be empty. */
  readonly comment: string;
}

const LEAST_RSA_BITS = 3_072;
const MOST_RSA_BITS = 16_384;
const LONGEST_LINE = 8_000;
const CURVES: Readonly<Record<string, { readonly curve: string; readonly bytes: number }>> = {
  "ecdsa-sha2-nistp256": { curve: "nistp256", bytes: 65 },
  "ecdsa-sha2-nistp384": { curve: "nistp384", bytes: 97 },
  "ecdsa-sha2-nistp521": { curve: "nistp521", bytes: 133 },
  "sk-ecdsa-sha2-nistp256@openssh.com": { curve: "nistp256", bytes: 65 },
};
const EXPECTED = "a public key on one line, such as the content of ~/.ssh/id_ed25519.pub";

/** Reads one line; the error says what was expected. */
export function readSshKey(line: string): Result<SshKey, string> {
  const text = line.trim();
  if (/PRIVATE KEY/i.test(text)) {
    return err(
      "the public key (the file that ends in .pub): a private key is nobody else's, make a new pair",
    );
  }
  if (text.length > LONGEST_LINE || /[\p{Cc}]/u.test(text)) return err(EXPECTED);
  const [type = "", base64 = "", ...comment] = text.split(/ +/);
  const refused = refuseType(type);
  if (refused !== null) return err(refused);
  const bytes = decode(base64);
  if (bytes === null) return err(`${EXPECTED}; what follows ${type} is no Base64`);
  const wrong = judge(type, bytes);
  return wrong === null ? ok({ type, base64, comment: comment.join(" ") }) : err(wrong);
}

function refuseType(type: string): string | null {
  if (type === "ssh-dss") return "another type: DSA is broken; make an Ed25519 key (ssh-keygen -t ed25519)";
  if (type.endsWith("-cert-v01@openssh.com")) return `${EXPECTED}, not a certificate`;
  if (["ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ssh-rsa"].includes(type) || CURVES[type]) return null;
  return type.includes("=") || /^(restrict|no-|cert-authority)/.test(type)
    ? `${EXPECTED}, without options before it`
    : EXPECTED;
}

function decode(base64: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return null;
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

/** What is wrong with the bytes of a key; `null`: nothing. */
function judge(type: string, bytes: Uint8Array): string | null {
  const parts = partsOf(bytes);
  const broken = `${EXPECTED}; this one is cut off or changed`;
  if (parts === null) return broken;
  const [inside, ...rest] = parts;
  const named = new TextDecoder().decode(inside);
  if (named !== type) return `${EXPECTED}; this one says ${type}, but inside is another type`;
  const keys = rest.slice(0, type.startsWith("sk-") ? -1 : undefined); // the last part of a security key's: its application
  if (type.includes("ssh-ed25519")) return keys.length === 1 && keys[0]?.length === 32 ? null : broken;
  const curve = CURVES[type];
  if (curve) {
    const [name, point] = keys;
    const fits = keys.length === 2 && new TextDecoder().decode(name) === curve.curve;
    return fits && point?.length === curve.bytes && point[0] === 4 ? null : broken;
  }
  const modulus = keys[1];
  if (keys.length !== 2 || modulus === undefined) return broken;
  const bits = bitsOf(modulus);
  if (bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS) return null;
  return `an RSA key of at least ${LEAST_RSA_BITS} bits, this one has ${bits}; better Ed25519 (ssh-keygen -t ed25519)`;
}

/** The parts of a key, each behind its length; `null`: they do not add up. */
function partsOf(bytes: Uint8Array): readonly Uint8Array[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) return null;
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

function bitsOf(number: Uint8Array): number {
  const from = number.findIndex((byte) => byte !== 0);
  if (from < 0) return 0;
  return (number.length - from) * 8 - Math.clz32(number[from] ?? 0) + 24;
}
