/**
 * The tokens of links that are sent by e-mail. Each carries our signature over its purpose, so that a made-up or
 * misused one is refused before the database is asked; the database keeps a hash and spends it once.
 *
 * @module
 */

import { hashOfToken, newToken, sameSecret } from "./token.ts";

/** What a link is for. */
export type LinkPurpose = "invite" | "reset" | "email-old" | "email-new";

/** Milliseconds that a link works: invitations 7 days, resets an hour, changes of address 24 hours. */
export const LINK_MS: Readonly<Record<LinkPurpose, number>> = {
  "invite": 7 * 24 * 3_600_000,
  "reset": 3_600_000,
  "email-old": 24 * 3_600_000,
  "email-new": 24 * 3_600_000,
};

/** Bytes of the key. */
export const LINK_KEY_BYTES = 32;

/** Characters of the signature: 132 bits of HMAC-SHA-256. */
const SIGNATURE_LENGTH = 22;

/** A token with the name under which it is kept. */
export interface SignedLink {
  /** For the link. */
  readonly token: string;
  /** For the database. */
  readonly tokenHash: string;
}

/** Makes and checks tokens of links. */
export interface LinkSigner {
  /** A new token. */
  make(purpose: LinkPurpose): Promise<SignedLink>;
  /** The hash of a token that we made for this purpose; `null`: we did not. */
  read(purpose: LinkPurpose, token: string): Promise<string | null>;
}

/** Makes a signer from the secret `link-key`, {@link LINK_KEY_BYTES} bytes. */
export async function createLinkSigner(key: Uint8Array<ArrayBuffer>): Promise<LinkSigner> {
  if (key.length !== LINK_KEY_BYTES) {
    throw new RangeError(`A key of ${key.length} bytes, not ${LINK_KEY_BYTES}`);
  }
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const signing = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  const signatureOf = async (purpose: LinkPurpose, random: string) => {
    const signed = await crypto.subtle.sign(
      algorithm,
      signing,
      new TextEncoder().encode(`link ${purpose} ${random}`),
    );
    return new Uint8Array(signed).toBase64({ alphabet: "base64url" }).slice(0, SIGNATURE_LENGTH);
  };
  return {
    async make(purpose) {
      const random = newToken();
      const token = `${random}.${await signatureOf(purpose, random)}`;
      return { token, tokenHash: await hashOfToken(token) };
    },
    async read(purpose, token) {
      const [, random, signature] = /^([\w-]{43})\.([\w-]{22})$/.exec(token) ?? [];
      if (random === undefined || signature === undefined) return null;
      if (!await sameSecret(signature, await signatureOf(purpose, random))) return null;
      return await hashOfToken(token);
    },
  };
}
