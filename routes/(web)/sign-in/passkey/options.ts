/**
 * What a browser is asked for, to sign somebody in by a passkey alone. Says nothing of anybody: whichever passkey the
 * browser knows for this host will do.
 *
 * @module
 */

import { askToShow } from "../../../../lib/auth/passkey.ts";
import { jsonAnswer } from "../../../../lib/web/json.ts";
import { partyOf, PASSKEY_LIMITS, strangerAsking, tooMany } from "../../../../lib/web/passkeys.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const ready = partyOf(ctx.state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const nowMs = ctx.state.base.clock.nowMs();
    const not = await tooMany(ctx.state, services, { limit: PASSKEY_LIMITS.challenges, nowMs });
    if (not) return not;
    const { holder, cookie } = await strangerAsking(ctx.state, ctx.req.headers);
    const options = await askToShow(services.kv, party, { purpose: "sign-in", holder, nowMs, passkeys: [] });
    return jsonAnswer(options, { headers: { "set-cookie": cookie } });
  },
});
