/**
 * Passkeys as attackers come to them: a product at a host name, a victim and an attacker who hold one each.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, ok } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { listPasskeys } from "../../lib/store/passkeys.ts";
import type { FakeAuthenticator } from "../fakes/authenticator.ts";
import { titleOf, withHostName, withPasskey } from "../flows/passkeys.ts";
import type { Answer } from "../flows/running_product.ts";
import { makeVisitor, signInAs, type Visitor } from "../flows/visitors.ts";
import { type DoorScene, sessionOf } from "./door.ts";

/** What is attacked, and by whom. */
export interface PasskeyScene extends DoorScene {
  /** The victim's phone with its passkey. */
  readonly device: FakeAuthenticator;
  /** Who attacks: has an account too. */
  readonly eve: Visitor;
  /** What Eve holds, with a passkey of hers. */
  readonly eves: FakeAuthenticator;
}

/** Where a passkey alone signs in. */
export const SIGN_IN = "/sign-in/passkey";

/** What everybody is told whose passkey is not taken. */
const NOT_TAKEN = "This passkey was not taken. Try again, or use your password.";

/** Whoever gets this answer is not in, and knows no reason. */
export function notIn(answer: Answer): void {
  deepStrictEqual([answer.status, titleOf(answer), sessionOf(answer)], [422, NOT_TAKEN, undefined]);
}

/** What was written down last, and why. */
export async function lastWhy({ flow }: DoorScene): Promise<unknown> {
  const [entry] = await listAudit(flow.opened.db, 1);
  return [entry?.action, entry?.after];
}

/** What is written down where a passkey signs nobody in. */
export const refused = (why: string): unknown => ["sign-in-refused", { by: "passkey", why }];

/** Runs attacks, after which nothing secret may have been written down and nothing of ours be broken. */
export async function withPasskeyScene(
  t: Deno.TestContext,
  body: (scene: PasskeyScene) => Promise<void>,
): Promise<void> {
  await withHostName(async (flow) => {
    const victim = await makeVisitor(flow, { name: "victim", role: "operator" });
    const eve = await makeVisitor(flow, { name: "eve", role: "viewer" });
    const device = await withPasskey(flow, victim);
    const eves = await withPasskey(flow, eve);
    await body({ flow, victim, eve, device, eves });
    await t.step("no key, challenge or answer is in the log or the audit trail", async () => {
      const written = JSON.stringify(flow.lines) + JSON.stringify(await listAudit(flow.opened.db, 1_000));
      doesNotMatch(written, /clientDataJSON|public-key|challenge":/);
      for (const { credential, publicKey } of await listPasskeys(flow.opened.db, victim.user.id)) {
        ok(!written.includes(credential) && !written.includes(publicKey));
      }
    });
    await t.step("nothing of it was an error of ours", () => {
      deepStrictEqual(flow.lines.filter(({ level }) => level === "error"), []);
    });
  });
}

/** What an address may try is counted anew, and everybody has been there just now. */
export async function later(scene: PasskeyScene): Promise<PasskeyScene> {
  const { flow, victim, eve } = scene;
  await flow.clock.advance(600_000);
  const [one, other] = [await signInAs(flow, victim.user.email), await signInAs(flow, eve.user.email)];
  return { ...scene, victim: { ...victim, cookie: one }, eve: { ...eve, cookie: other } };
}
