/**
 * Lets in whoever shows a passkey of theirs after the password. Each is counted as a try, as a code would be.
 *
 * @module
 */

import { HttpError } from "fresh";
import { parseAssertion } from "../../../../../lib/auth/passkey_answer.ts";
import { personShowing } from "../../../../../lib/auth/passkey_sign_in.ts";
import { countPendingTry, finishPending } from "../../../../../lib/auth/pending.ts";
import { admitAndRedirect } from "../../../../../lib/web/admitted.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { problemAnswer } from "../../../../../lib/web/json.ts";
import { letterServicesOf } from "../../../../../lib/web/letters.ts";
import {
  followedByScript,
  NOT_TAKEN_SECOND,
  notCounted,
  partyOf,
  PASSKEY_LIMITS,
  readParts,
  startAgainByScript,
  tooMany,
} from "../../../../../lib/web/passkeys.ts";
import { pendingOf } from "../../../../../lib/web/pending.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { state } = ctx;
    const { credential } = await readParts(ctx, ["credential"]);
    const ready = partyOf(state);
    if (ready instanceof Response) return ready;
    const { party, services } = ready;
    const answer = parseAssertion(credential);
    if (!answer) throw new HttpError(400);
    const { clock, signInLog } = state.base;
    const nowMs = clock.nowMs();
    const found = await pendingOf(ctx, "enter");
    if (!found) return startAgainByScript();
    const counted = { limit: PASSKEY_LIMITS.secondAnswers, nowMs };
    const not = await tooMany(state, services, counted);
    if (not) {
      signInLog.refused(state.clientAddress, "throttle");
      return not;
    }
    const pending = await countPendingTry(services.kv, found, nowMs);
    if (!pending) return startAgainByScript();
    const held = { purpose: "second-factor", holder: pending.key, nowMs } as const;
    const shown = { ...held, party, answer, only: pending.user };
    const user = await personShowing(letterServicesOf(state), authorOf(state), shown);
    if (!user) {
      signInLog.refused(state.clientAddress, "passkey");
      return problemAnswer(422, NOT_TAKEN_SECOND);
    }
    await notCounted(state, services, counted);
    if (!await finishPending(services.kv, pending)) return startAgainByScript();
    const { back } = pending.pending;
    return followedByScript(await admitAndRedirect(ctx, { user, how: "second-factor", back }));
  },
});
