/**
 * What a browser is asked for, to make a passkey for whoever is signed in and was known to be there just now. The
 * name is judged before an authenticator makes anything.
 *
 * @module
 */

import { askToAdd } from "../../../../../lib/auth/passkey.ts";
import { listPasskeys, PASSKEYS_MAX } from "../../../../../lib/store/passkeys.ts";
import { allow } from "../../../../../lib/web/allow.ts";
import { confirmFirstJson } from "../../../../../lib/web/confirmed.ts";
import { jsonAnswer, problemAnswer } from "../../../../../lib/web/json.ts";
import { ownOf } from "../../../../../lib/web/pages/account_page.ts";
import { passkeyName, TEN_ARE_THERE } from "../../../../../lib/web/pages/passkey_form.ts";
import { partyOf, PASSKEY_LIMITS, readParts, tooMany } from "../../../../../lib/web/passkeys.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    allow(ctx, "account.own");
    const { user, sessionKey, nowMs } = ownOf(ctx.state);
    const { name } = await readParts(ctx, ["name"]);
    const ready = partyOf(ctx.state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const counted = { limit: PASSKEY_LIMITS.addChallenges, nowMs, userId: user.id };
    const not = await tooMany(ctx.state, services, counted) ?? await confirmFirstJson(ctx);
    if (not) return not;
    const named = passkeyName(name);
    if (!named.ok) return problemAnswer(422, named.error);
    const passkeys = await listPasskeys(services.db, user.id);
    if (passkeys.length >= PASSKEYS_MAX) return problemAnswer(409, TEN_ARE_THERE);
    const held = { purpose: "add", holder: sessionKey, nowMs } as const;
    return jsonAnswer(await askToAdd(services.kv, party, { ...held, user, passkeys }));
  },
});
