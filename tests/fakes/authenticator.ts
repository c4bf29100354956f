/**
 * An authenticator in software: makes passkeys and signs with them as the Web Authentication standard says, and lies
 * on demand.
 *
 * @module
 */

/** How an answer differs from an honest one. */
export interface Lie {
  /** The page it says it was asked by. */
  readonly origin?: string;
  /** The host it says it was asked by. */
  readonly rpId?: string;
  /** The challenge it says it was given. */
  readonly challenge?: string;
  /** What it says was asked for. */
  readonly type?: string;
  /** Its counter. */
  readonly signCount?: number;
  /** Whether the person was verified; default true. */
  readonly verified?: boolean;
  /** Whether a bit of the signature is turned. */
  readonly tampered?: boolean;
  /** Whose passkey it says it is; base64url. */
  readonly userHandle?: string;
  /** The credential id it names. */
  readonly id?: string;
}

/** An answer as a page's script sends it. */
export interface AnswerJson {
  /** Credential id. */
  readonly id: string;
  /** The same. */
  readonly rawId: string;
  /** Always `public-key`. */
  readonly type: string;
  /** Its parts in base64url. */
  readonly response: Readonly<Record<string, unknown>>;
  /** None. */
  readonly clientExtensionResults: object;
}

/** One passkey on an authenticator. */
export interface FakeAuthenticator {
  /** Credential id, base64url. */
  readonly id: string;
  /** Answers options for making a passkey. */
  make(options: Readonly<Record<string, unknown>>, lie?: Lie): Promise<AnswerJson>;
  /** Answers options for showing one; counts on by one. */
  show(options: Readonly<Record<string, unknown>>, lie?: Lie): Promise<AnswerJson>;
}

const PRESENT = 0x01, VERIFIED = 0x04, MAY_COPY = 0x08, COPIED = 0x10, HAS_KEY = 0x40;

/** An authenticator for pages of an origin. */
export async function fakeAuthenticator(
  { origin, backedUp = false }: { readonly origin: string; readonly backedUp?: boolean },
): Promise<FakeAuthenticator> {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  const rawId = crypto.getRandomValues(new Uint8Array(32));
  const id = text64(rawId);
  let signCount = 0;
  let userHandle = "";
  const rpId = new URL(origin).hostname;
  const flagsOf = (lie: Lie) =>
    PRESENT | (lie.verified === false ? 0 : VERIFIED) | (backedUp ? MAY_COPY | COPIED : 0);
  const head = async (lie: Lie, flags: number) =>
    joined(await sha256(bytesOf(lie.rpId ?? rpId)), [flags], big(lie.signCount ?? signCount, 4));
  const said = (type: string, challenge: unknown, lie: Lie) =>
    bytesOf(JSON.stringify({
      type: lie.type ?? type,
      challenge: lie.challenge ?? challenge,
      origin: lie.origin ?? origin,
      crossOrigin: false,
    }));
  const named = (lie: Lie) => ({ id: lie.id ?? id, rawId: lie.id ?? id, type: "public-key" });
  return {
    id,
    async make({ challenge, user }, lie = {}) {
      userHandle = (user as { readonly id: string }).id;
      const client = said("webauthn.create", challenge, lie);
      const cose = joined([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20], raw.subarray(1, 33), [
        0x22,
        0x58,
        0x20,
      ], raw.subarray(33));
      const made = joined(new Uint8Array(16), big(rawId.length, 2), rawId, cose);
      const data = joined(await head(lie, flagsOf(lie) | HAS_KEY), made);
      const attestation = joined(
        [0xa3, 0x63],
        bytesOf("fmt"),
        [0x64],
        bytesOf("none"),
        [0x67],
        bytesOf("attStmt"),
        [0xa0, 0x68],
        bytesOf("authData"),
        [0x59],
        big(data.length, 2),
        data,
      );
      const response = {
        clientDataJSON: text64(client),
        attestationObject: text64(attestation),
        transports: ["internal", "hybrid", "<script>"],
      };
      return { ...named(lie), response, clientExtensionResults: {} };
    },
    async show({ challenge }, lie = {}) {
      signCount += 1;
      const client = said("webauthn.get", challenge, lie);
      const data = await head(lie, flagsOf(lie));
      const signed = joined(data, await sha256(client));
      const algorithm = { name: "ECDSA", hash: "SHA-256" };
      const signature = derOf(new Uint8Array(await crypto.subtle.sign(algorithm, keys.privateKey, signed)));
      const last = signature.length - 1;
      if (lie.tampered) signature[last] = (signature[last] ?? 0) ^ 1;
      const response = {
        clientDataJSON: text64(client),
        authenticatorData: text64(data),
        signature: text64(signature),
        userHandle: lie.userHandle ?? userHandle,
      };
      return { ...named(lie), response, clientExtensionResults: {} };
    },
  };
}

/** A raw signature as the standard sends it: ASN.1 of two numbers. */
function derOf(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const numbers = [raw.subarray(0, 32), raw.subarray(32)].map((half) => {
    const first = half.findIndex((byte) => byte !== 0);
    const short = half.subarray(first);
    const plain = (short[0] ?? 0) >= 0x80 ? joined([0], short) : short;
    return joined([2, plain.length], plain);
  });
  const both = joined(...numbers);
  return joined([0x30, both.length], both);
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...Array.from(part)]));
}

function big(value: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) % 256);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function text64(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
