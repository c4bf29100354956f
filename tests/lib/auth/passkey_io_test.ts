/**
 * Passkeys against an authenticator in software: what a forger, a thief and a copy get.
 *
 * @module
 */

import { deepStrictEqual, ok as isTrue, strictEqual } from "node:assert/strict";
import {
  askToAdd,
  askToShow,
  credentialHashOf,
  type Holder,
  type PasskeyOptions,
  userHandleOf,
  verifyAdded,
  verifyShown,
} from "../../../lib/auth/passkey.ts";
import { parseAssertion, parseAttestation } from "../../../lib/auth/passkey_answer.ts";
import { CHALLENGE_MS } from "../../../lib/kv/challenges.ts";
import { type Kv, openKv } from "../../../lib/kv/mod.ts";
import type { Passkey } from "../../../lib/store/passkeys.ts";
import type { User } from "../../../lib/store/users.ts";
import {
  type AnswerJson,
  type FakeAuthenticator,
  fakeAuthenticator,
  type Lie,
} from "../../fakes/authenticator.ts";

const ORIGIN = "https://wattpost.example";
const PARTY = { id: "wattpost.example", origin: ORIGIN, name: "Wattpost" };
const USER = { id: 7, email: "ada@wattpost.example", name: "Ada" } as User;
const ADD: Holder = { purpose: "add", holder: "session-1", nowMs: 1_000 };
const SHOW: Holder = { purpose: "sign-in", holder: "cookie-1", nowMs: 2_000 };

const asked = (options: PasskeyOptions) => options as Readonly<Record<string, unknown>>;

interface Added {
  readonly kv: Kv;
  readonly device: FakeAuthenticator;
  readonly passkey: Passkey;
}

async function withPasskey(body: (added: Added) => Promise<void>): Promise<void> {
  const kv = await openKv(":memory:");
  try {
    const device = await fakeAuthenticator({ origin: ORIGIN });
    const options = await askToAdd(kv, PARTY, { ...ADD, user: USER, passkeys: [] });
    const made = await added(kv, await device.make(asked(options)));
    isTrue(made.ok, JSON.stringify(made));
    const credentialHash = await credentialHashOf(made.value.credential);
    const kept = { credentialHash, userId: USER.id, name: "Phone", createdMs: 0, lastUsedMs: null };
    await body({ kv, device, passkey: { ...made.value, ...kept } });
  } finally {
    kv.close();
  }
}

async function added(kv: Kv, answer: AnswerJson, holder: Holder = ADD) {
  const parsed = parseAttestation(answer);
  isTrue(parsed);
  return await verifyAdded(kv, PARTY, { ...holder, answer: parsed });
}

async function shown(
  kv: Kv,
  answer: AnswerJson,
  { passkey, ...holder }: Holder & { passkey: Passkey | null },
) {
  const parsed = parseAssertion(answer);
  isTrue(parsed);
  const result = await verifyShown(kv, PARTY, { ...holder, answer: parsed, passkey });
  return result.ok ? "taken" : result.error.kind;
}

Deno.test("verifyAdded() takes what an authenticator made, once, and remembers no way that is none", async () => {
  await withPasskey(({ passkey }) => {
    deepStrictEqual(passkey.transports, ["hybrid", "internal"]);
    strictEqual(passkey.backedUp, false);
    return Promise.resolve();
  });
});

const BAD_ADDS: readonly { readonly name: string; readonly lie: Lie; readonly holder?: Partial<Holder> }[] = [
  { name: "another page", lie: { origin: "https://wattpost.example.evil" } },
  { name: "another host", lie: { rpId: "evil.example" } },
  { name: "a person who was not verified", lie: { verified: false } },
  { name: "an answer to something else", lie: { type: "webauthn.get" } },
  { name: "a challenge of its own", lie: { challenge: "A".repeat(43) } },
  { name: "another session", lie: {}, holder: { holder: "session-2" } },
  { name: "a challenge for signing in", lie: {}, holder: { purpose: "sign-in" } },
  { name: "a challenge that is over", lie: {}, holder: { nowMs: ADD.nowMs + CHALLENGE_MS } },
];

for (const { name, lie, holder } of BAD_ADDS) {
  Deno.test(`verifyAdded() refuses ${name}, and the challenge is spent`, async () => {
    const kv = await openKv(":memory:");
    try {
      const device = await fakeAuthenticator({ origin: ORIGIN });
      const options = asked(await askToAdd(kv, PARTY, { ...ADD, user: USER, passkeys: [] }));
      const first = await added(kv, await device.make(options, lie), { ...ADD, ...holder });
      strictEqual(first.ok, false);
      if (lie.challenge === undefined) {
        const second = await added(kv, await device.make(options));
        deepStrictEqual(second, { ok: false, error: { kind: "challenge" } });
      }
    } finally {
      kv.close();
    }
  });
}

interface ShowCase {
  readonly name: string;
  readonly lie?: Lie;
  readonly holder?: Partial<Holder>;
  readonly passkey?: null;
  readonly want: string;
}

const SHOWS: readonly ShowCase[] = [
  { name: "a tampered signature", lie: { tampered: true }, want: "not-verified" },
  { name: "another page", lie: { origin: "http://wattpost.example" }, want: "not-verified" },
  { name: "another host", lie: { rpId: "example" }, want: "not-verified" },
  { name: "a person who was not verified", lie: { verified: false }, want: "not-verified" },
  { name: "an answer to something else", lie: { type: "webauthn.create" }, want: "not-verified" },
  { name: "somebody else's name for it", lie: { userHandle: "B".repeat(43) }, want: "not-verified" },
  { name: "the id of another passkey", lie: { id: "C".repeat(43) }, want: "not-verified" },
  { name: "a passkey that nobody knows", passkey: null, want: "not-verified" },
  { name: "a challenge of its own", lie: { challenge: "A".repeat(43) }, want: "challenge" },
  { name: "another browser", holder: { holder: "cookie-2" }, want: "challenge" },
  { name: "a challenge for adding", holder: { purpose: "add" }, want: "challenge" },
  { name: "a challenge that is over", holder: { nowMs: SHOW.nowMs + CHALLENGE_MS }, want: "challenge" },
  { name: "an honest answer", want: "taken" },
];

for (const { name, lie = {}, holder = {}, passkey, want } of SHOWS) {
  Deno.test(`verifyShown() answers ${name}: ${want}`, async () => {
    await withPasskey(async ({ kv, device, passkey: own }) => {
      const options = asked(await askToShow(kv, PARTY, { ...SHOW, passkeys: [] }));
      const known = passkey === null ? null : own;
      strictEqual(
        await shown(kv, await device.show(options, lie), { ...SHOW, ...holder, passkey: known }),
        want,
      );
    });
  });
}

Deno.test("verifyShown() takes an answer once", async () => {
  await withPasskey(async ({ kv, device, passkey }) => {
    const options = asked(await askToShow(kv, PARTY, { ...SHOW, passkeys: [passkey] }));
    const answer = await device.show(options);
    strictEqual(await shown(kv, answer, { ...SHOW, passkey }), "taken");
    strictEqual(await shown(kv, answer, { ...SHOW, passkey }), "challenge");
  });
});

const COUNTS = [
  { had: 0, got: 0, want: "taken" },
  { had: 0, got: 1, want: "taken" },
  { had: 5, got: 6, want: "taken" },
  { had: 5, got: 5, want: "copied" },
  { had: 5, got: 4, want: "copied" },
  { had: 5, got: 0, want: "copied" },
] as const;

for (const { had, got, want } of COUNTS) {
  Deno.test(`verifyShown() of a counter that goes from ${had} to ${got}: ${want}`, async () => {
    await withPasskey(async ({ kv, device, passkey }) => {
      const options = asked(await askToShow(kv, PARTY, { ...SHOW, passkeys: [] }));
      const answer = await device.show(options, { signCount: got });
      strictEqual(await shown(kv, answer, { ...SHOW, passkey: { ...passkey, signCount: had } }), want);
    });
  });
}

Deno.test("userHandleOf() differs by person and says nothing of them", async () => {
  const [one, other] = [await userHandleOf(7), await userHandleOf(8)];
  isTrue(one !== other && /^[\w-]{43}$/.test(one));
});

const NO_ANSWERS: readonly unknown[] = [
  null,
  [],
  "public-key",
  { id: "a", rawId: "b", type: "public-key", response: {} },
  { id: "a", rawId: "a", type: "password", response: {} },
  { id: "a", rawId: "a", type: "public-key", response: null },
  {
    id: "a",
    rawId: "a",
    type: "public-key",
    response: { clientDataJSON: "a", authenticatorData: "a", signature: "not base64url!" },
  },
  {
    id: "a".repeat(1_365),
    rawId: "a".repeat(1_365),
    type: "public-key",
    response: { clientDataJSON: "a", authenticatorData: "a", signature: "a" },
  },
];

for (const [index, answer] of NO_ANSWERS.entries()) {
  Deno.test(`parseAssertion() refuses nonsense ${index + 1}`, () => {
    strictEqual(parseAssertion(answer), null);
    strictEqual(parseAttestation(answer), null);
  });
}
