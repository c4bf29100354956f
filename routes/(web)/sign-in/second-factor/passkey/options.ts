/**
 * What a browser is asked for, to show a passkey after the password: one of the person's own.
 *
 * @module
 */

import { askToShow } from "../../../../../lib/auth/passkey.ts";
import { listPasskeys } from "../../../../../lib/store/passkeys.ts";
import { jsonAnswer } from "../../../../../lib/web/json.ts";
import { partyOf, PASSKEY_LIMITS, startAgainByScript, tooMany } from "../../../../../lib/web/passkeys.ts";
import { pendingOf } from "../../../../../lib/web/pending.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const ready = partyOf(ctx.state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const pending = await pendingOf(ctx, "enter");
    if (!pending) return startAgainByScript();
    const nowMs = ctx.state.base.clock.nowMs();
    const not = await tooMany(ctx.state, services, { limit: PASSKEY_LIMITS.secondChallenges, nowMs });
    if (not) return not;
    const passkeys = await listPasskeys(services.db, pending.user.id);
    const showing = { purpose: "second-factor", holder: pending.key, nowMs, passkeys } as const;
    return jsonAnswer(await askToShow(services.kv, party, showing));
  },
});
