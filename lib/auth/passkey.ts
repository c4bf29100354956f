/**
 * Passkeys: added by somebody who is signed in, then used to sign in alone (with the person verified by the device, so
 * that it counts as both factors) or as second factor after the password. The only file that uses the library.
 *
 * @module
 */

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { CHALLENGE_MS, type ChallengePurpose, putChallenge, takeChallenge } from "../kv/challenges.ts";
import type { Kv } from "../kv/mod.ts";
import { err, ok, type Result } from "../result.ts";
import type { Passkey } from "../store/passkeys.ts";
import type { User } from "../store/users.ts";
import { type Assertion, type Attestation, challengeOf } from "./passkey_answer.ts";
import type { RelyingParty } from "./relying_party.ts";
import { hashOfToken } from "./token.ts";

/** What a browser is asked for, as it goes to the page's script. */
export type PasskeyOptions = object;

/** Why an answer is not taken. */
export type PasskeyTrouble =
  /** The challenge was never made, is spent or over, or was made for somebody else. */
  | { readonly kind: "challenge" }
  /** Made for another page, not signed by the passkey, or without the person being verified. */
  | { readonly kind: "not-verified" }
  /** The passkey's counter went back: somebody has a copy of it. */
  | { readonly kind: "copied"; readonly had: number; readonly got: number };

/** For whom a challenge is made. */
export interface Holder {
  /** What it is for. */
  readonly purpose: ChallengePurpose;
  /** Name of the session, the half-done sign-in or the cookie. */
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The name under which a credential id is kept. */
export function credentialHashOf(credential: string): Promise<string> {
  return hashOfToken(credential);
}

/** The name by which an authenticator knows a person: it says nothing about them. */
export async function userHandleOf(userId: number): Promise<string> {
  return await hashOfToken(`wattpost passkeys of user ${userId}`);
}

/** Somebody who adds a passkey. */
export interface Adding extends Holder {
  /** Who. */
  readonly user: User;
  /** Those they have: an authenticator that holds one makes no second. */
  readonly passkeys: readonly Passkey[];
}

/** What a browser is asked for, to make a passkey that can be found without a name and verifies its person. */
export async function askToAdd(kv: Kv, party: RelyingParty, adding: Adding): Promise<PasskeyOptions> {
  const { user, passkeys } = adding;
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: user.email,
    userDisplayName: user.name,
    userID: Uint8Array.fromBase64(await userHandleOf(user.id), { alphabet: "base64url" }),
    timeout: CHALLENGE_MS,
    attestationType: "none",
    excludeCredentials: passkeys.map(({ credential, transports }) => ({
      id: credential,
      transports: [...transports],
    })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await putChallenge(kv, { ...adding, challenge: options.challenge });
  return options;
}

/** A passkey as its authenticator made it. */
export interface MadePasskey {
  /** Credential id, base64url. */
  readonly credential: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  /** Its counter, 0 where it has none. */
  readonly signCount: number;
  /** How the authenticator can be reached. */
  readonly transports: readonly string[];
  /** Whether a copy lies with the maker of the device. */
  readonly backedUp: boolean;
}

/** An answer with the challenge it must be for. */
export interface AddingAnswer extends Holder {
  /** The answer. */
  readonly answer: Attestation;
}

/** The passkey that a browser made, or why it is not taken. The challenge is spent either way. */
export async function verifyAdded(
  kv: Kv,
  party: RelyingParty,
  { answer, ...holder }: AddingAnswer,
): Promise<Result<MadePasskey, PasskeyTrouble>> {
  const challenge = await spentChallenge(kv, answer, holder);
  if (challenge === null) return err({ kind: "challenge" });
  const { id, clientDataJSON, attestationObject, transports } = answer;
  const verified = await verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: "public-key",
      response: { clientDataJSON, attestationObject },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => null);
  if (!verified?.verified || verified.registrationInfo.credential.id !== id) {
    return err({ kind: "not-verified" });
  }
  const { credential, credentialBackedUp } = verified.registrationInfo;
  return ok({
    credential: id,
    publicKey: credential.publicKey.toBase64({ alphabet: "base64url", omitPadding: true }),
    signCount: credential.counter,
    transports,
    backedUp: credentialBackedUp,
  });
}

/** Somebody who is to show a passkey. */
export interface Showing extends Holder {
  /** Those that fit; none: whichever the browser knows for this host. */
  readonly passkeys: readonly Passkey[];
}

/** What a browser is asked for, to show a passkey. */
export async function askToShow(kv: Kv, party: RelyingParty, showing: Showing): Promise<PasskeyOptions> {
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    timeout: CHALLENGE_MS,
    userVerification: "required",
    allowCredentials: showing.passkeys.map(({ credential, transports }) => ({
      id: credential,
      transports: [...transports],
    })),
  });
  await putChallenge(kv, { ...showing, challenge: options.challenge });
  return options;
}

/** An answer with the challenge it must be for, and the passkey it names. */
export interface ShowingAnswer extends Holder {
  /** The answer. */
  readonly answer: Assertion;
  /** The passkey with that id; `null`: none is known. */
  readonly passkey: Passkey | null;
}

/** A passkey that was shown. */
export interface ShownPasskey {
  /** The passkey. */
  readonly passkey: Passkey;
  /** Its counter now. */
  readonly signCount: number;
}

/** The passkey that a browser showed, or why it is not taken. The challenge is spent either way. */
export async function verifyShown(
  kv: Kv,
  party: RelyingParty,
  { answer, passkey, ...holder }: ShowingAnswer,
): Promise<Result<ShownPasskey, PasskeyTrouble>> {
  const challenge = await spentChallenge(kv, answer, holder);
  if (challenge === null) return err({ kind: "challenge" });
  if (!passkey || !await isTheirs(answer, passkey)) return err({ kind: "not-verified" });
  const { id, clientDataJSON, authenticatorData, signature } = answer;
  const verified = await verifyAuthenticationResponse({
    response: {
      id,
      rawId: id,
      type: "public-key",
      response: { clientDataJSON, authenticatorData, signature },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    // The counter is judged below: the library only throws, whatever was wrong.
    credential: {
      id,
      counter: 0,
      publicKey: Uint8Array.fromBase64(passkey.publicKey, { alphabet: "base64url" }),
    },
  }).catch(() => null);
  if (!verified?.verified) return err({ kind: "not-verified" });
  const { newCounter: got } = verified.authenticationInfo;
  const had = passkey.signCount;
  if ((had > 0 || got > 0) && got <= had) return err({ kind: "copied", had, got });
  return ok({ passkey, signCount: got });
}

/** Whether an answer is of the passkey, and of the person whose it is as far as it says. */
async function isTheirs({ id, userHandle }: Assertion, passkey: Passkey): Promise<boolean> {
  if (id !== passkey.credential) return false;
  return userHandle === null || userHandle === await userHandleOf(passkey.userId);
}

async function spentChallenge(
  kv: Kv,
  answer: Pick<Assertion, "clientDataJSON">,
  holder: Holder,
): Promise<string | null> {
  const challenge = challengeOf(answer);
  if (challenge === null) return null;
  return await takeChallenge(kv, { ...holder, challenge }) ? challenge : null;
}
