/**
 * What a browser is asked for, to sign somebody in by a passkey alone. Says nothing of anybody: whichever passkey the
 * browser knows for this host will do.
 *
 * @module
 */

import { askToShow } from "../../../../lib/auth/passkey.ts";
import { jsonAnswer } from "../../../../lib/web/json.ts";
import { CHALLENGES_BY_ADDRESS, partyOf, strangerAsking, tooMany } from "../../../../lib/web/passkeys.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const ready = partyOf(ctx.state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const not = await tooMany(ctx.state, services, CHALLENGES_BY_ADDRESS);
    if (not) return not;
    const { holder, cookie } = await strangerAsking(ctx.state, ctx.req.headers);
    const nowMs = ctx.state.base.clock.nowMs();
    const options = await askToShow(services.kv, party, { purpose: "sign-in", holder, nowMs, passkeys: [] });
    return jsonAnswer(options, { headers: { "set-cookie": cookie } });
  },
});
