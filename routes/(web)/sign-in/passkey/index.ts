/**
 * Signs in whoever shows a passkey of theirs. Whatever is wrong with it, the same words come back.
 *
 * @module
 */

import { HttpError } from "fresh";
import { parseAssertion } from "../../../../lib/auth/passkey_answer.ts";
import { personShowing } from "../../../../lib/auth/passkey_sign_in.ts";
import { admitAndRedirect, doorServicesOf } from "../../../../lib/web/admitted.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { problemAnswer } from "../../../../lib/web/json.ts";
import {
  ANSWERS_BY_ADDRESS,
  followedByScript,
  NOT_TAKEN,
  partyOf,
  readParts,
  strangerAnswering,
  tooMany,
} from "../../../../lib/web/passkeys.ts";
import { ownPath } from "../../../../lib/web/redirect.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { base } = ctx.state;
    const { credential, back } = await readParts(ctx, ["credential", "back"]);
    const ready = partyOf(ctx.state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const not = await tooMany(ctx.state, services, ANSWERS_BY_ADDRESS);
    if (not) return not;
    const answer = parseAssertion(credential);
    if (!answer) throw new HttpError(400);
    const holder = await strangerAnswering(ctx.state, ctx.req.headers);
    const shown = { purpose: "sign-in", holder, nowMs: base.clock.nowMs(), party, answer } as const;
    const user = await personShowing(doorServicesOf(ctx.state), authorOf(ctx.state), shown);
    if (!user) return problemAnswer(422, NOT_TAKEN);
    const to = ownPath(typeof back === "string" ? back.slice(0, 2000) : "/");
    return followedByScript(await admitAndRedirect(ctx, { user, how: "passkey", back: to }));
  },
});
