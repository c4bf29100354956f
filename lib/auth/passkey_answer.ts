/**
 * What a browser answers to a challenge, parsed once at the edge: texts of a known shape and length, nothing else.
 *
 * @module
 */

/** Longest part of an answer in characters of base64url. */
const PART_MAX = 16_384;

/** Longest credential id in characters of base64url: 1,023 bytes. */
const ID_MAX = 1_364;

/** Ways to reach an authenticator that are remembered. */
const TRANSPORTS: readonly string[] = ["usb", "nfc", "ble", "hybrid", "internal", "smart-card", "cable"];

/** The answer of an authenticator that knows a passkey. */
export interface Assertion {
  /** Credential id, base64url. */
  readonly id: string;
  /** What was signed about the page, base64url of JSON. */
  readonly clientDataJSON: string;
  /** What the authenticator says of itself, base64url. */
  readonly authenticatorData: string;
  /** The signature, base64url. */
  readonly signature: string;
  /** Whose passkey it is; `null`: not said. */
  readonly userHandle: string | null;
}

/** The answer of an authenticator that made a passkey. */
export interface Attestation {
  /** Credential id, base64url. */
  readonly id: string;
  /** What was signed about the page, base64url of JSON. */
  readonly clientDataJSON: string;
  /** The passkey's public key and what the authenticator says of itself, base64url of CBOR. */
  readonly attestationObject: string;
  /** How the authenticator can be reached. */
  readonly transports: readonly string[];
}

/** The answer to `navigator.credentials.get`; `null`: it is none. */
export function parseAssertion(value: unknown): Assertion | null {
  const { id, response } = partsOf(value);
  const clientDataJSON = partOf(response["clientDataJSON"]);
  const authenticatorData = partOf(response["authenticatorData"]);
  const signature = partOf(response["signature"]);
  if (id === null || clientDataJSON === null || authenticatorData === null || signature === null) return null;
  const handle = response["userHandle"];
  const userHandle = handle === undefined || handle === null || handle === "" ? null : partOf(handle);
  if (userHandle === null && typeof handle === "string" && handle !== "") return null;
  return { id, clientDataJSON, authenticatorData, signature, userHandle };
}

/** The answer to `navigator.credentials.create`; `null`: it is none. */
export function parseAttestation(value: unknown): Attestation | null {
  const { id, response } = partsOf(value);
  const clientDataJSON = partOf(response["clientDataJSON"]);
  const attestationObject = partOf(response["attestationObject"]);
  if (id === null || clientDataJSON === null || attestationObject === null) return null;
  const told = response["transports"];
  const transports = Array.isArray(told) ? TRANSPORTS.filter((one) => told.includes(one)) : [];
  return { id, clientDataJSON, attestationObject, transports };
}

/** The challenge that an answer was made for; `null`: there is none in it. */
export function challengeOf({ clientDataJSON }: Pick<Assertion, "clientDataJSON">): string | null {
  try {
    const bytes = Uint8Array.fromBase64(clientDataJSON, { alphabet: "base64url" });
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const challenge = recordOf(said)["challenge"];
    return typeof challenge === "string" && /^[\w-]{20,100}$/.test(challenge) ? challenge : null;
  } catch {
    return null;
  }
}

interface AnswerParts {
  readonly id: string | null;
  readonly response: Readonly<Record<string, unknown>>;
}

function partsOf(value: unknown): AnswerParts {
  const { id, rawId, type, response } = recordOf(value);
  const known = type === "public-key" && id === rawId && typeof id === "string" && id.length <= ID_MAX;
  return { id: known ? partOf(id) : null, response: recordOf(response) };
}

function partOf(value: unknown): string | null {
  if (typeof value !== "string" || value.length > PART_MAX) return null;
  return /^[A-Za-z0-9_-]+$/.test(value) ? value : null;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : {};
}
