/**
 * Adds the passkey that a browser has made. The challenge proves that its owner was known to be there when it was
 * asked for.
 *
 * @module
 */

import { HttpError } from "fresh";
import { addOwnPasskey } from "../../../../../lib/auth/own_passkey.ts";
import { parseAttestation } from "../../../../../lib/auth/passkey_answer.ts";
import { allow } from "../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { jsonAnswer, problemAnswer } from "../../../../../lib/web/json.ts";
import { ownOf } from "../../../../../lib/web/pages/account_page.ts";
import { notAdded, passkeyName } from "../../../../../lib/web/pages/passkey_form.ts";
import { notCounted, partyOf, PASSKEY_LIMITS, readParts, tooMany } from "../../../../../lib/web/passkeys.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    allow(ctx, "account.own");
    const { user, sessionKey, nowMs } = ownOf(ctx.state);
    const { name, credential } = await readParts(ctx, ["name", "credential"]);
    const ready = partyOf(ctx.state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const named = passkeyName(name);
    if (!named.ok) return problemAnswer(422, named.error);
    const answer = parseAttestation(credential);
    if (!answer) throw new HttpError(400);
    const counted = { limit: PASSKEY_LIMITS.adds, nowMs, userId: user.id };
    const not = await tooMany(ctx.state, services, counted);
    if (not) return not;
    const own = { ...services, publicUrl: ctx.state.base.config.publicUrl };
    const held = { purpose: "add", holder: sessionKey, nowMs } as const;
    const made = { ...held, user, name: named.value, party, answer };
    const added = await addOwnPasskey(own, authorOf(ctx.state), made);
    if (!added.ok) return notAdded(added.error);
    await notCounted(ctx.state, services, counted);
    return jsonAnswer({ to: "/account?done=passkey-added#passkeys" }, { status: 201 });
  },
});
