/**
 * Signs in whoever shows a passkey of theirs. Whatever is wrong with it, the same words come back.
 *
 * @module
 */

import { HttpError } from "fresh";
import { parseAssertion } from "../../../../lib/auth/passkey_answer.ts";
import { personShowing } from "../../../../lib/auth/passkey_sign_in.ts";
import { admitAndRedirect } from "../../../../lib/web/admitted.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { problemAnswer } from "../../../../lib/web/json.ts";
import { letterServicesOf } from "../../../../lib/web/letters.ts";
import {
  answersOurs,
  followedByScript,
  NOT_TAKEN,
  notCounted,
  partyOf,
  PASSKEY_LIMITS,
  readParts,
  strangerAnswering,
  tooMany,
} from "../../../../lib/web/passkeys.ts";
import { ownPath } from "../../../../lib/web/redirect.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { base, clientAddress } = ctx.state;
    const { credential, back } = await readParts(ctx, ["credential", "back"]);
    const ready = partyOf(ctx.state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const answer = parseAssertion(credential);
    if (!answer) throw new HttpError(400);
    const holder = await strangerAnswering(ctx.state, ctx.req.headers);
    const nowMs = base.clock.nowMs();
    const held = { purpose: "sign-in", holder, nowMs, answer } as const;
    const { answers, strays } = PASSKEY_LIMITS;
    const counted = { limit: await answersOurs(services, held) ? answers : strays, nowMs };
    const not = await tooMany(ctx.state, services, counted);
    if (not) {
      base.signInLog.refused(clientAddress, "throttle");
      return not;
    }
    const shown = { ...held, party };
    const user = await personShowing(letterServicesOf(ctx.state), authorOf(ctx.state), shown);
    if (!user) {
      base.signInLog.refused(clientAddress, "passkey");
      return problemAnswer(422, NOT_TAKEN);
    }
    await notCounted(ctx.state, services, counted);
    const to = ownPath(typeof back === "string" ? back.slice(0, 2000) : "/");
    return followedByScript(await admitAndRedirect(ctx, { user, how: "passkey", back: to }));
  },
});
