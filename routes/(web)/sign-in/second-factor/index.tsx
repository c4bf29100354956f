/**
 * The second step of signing in: a code of an app, a recovery code, or a passkey.
 *
 * @module
 */

import { page } from "fresh";
import PasskeySecond from "../../../../islands/PasskeySecond.tsx";
import { tellOwner } from "../../../../lib/auth/owner_notice.ts";
import { countPendingTry, finishPending, type Pending } from "../../../../lib/auth/pending.ts";
import {
  CODE_MAX_LENGTH,
  type CodeTrouble,
  showsPasskeys,
  takeCode,
} from "../../../../lib/auth/second_factor.ts";
import { SecondStepPage, type SecondStepPageProps } from "../../../../lib/ui/pages/SecondStepPage.tsx";
import { admitAndRedirect } from "../../../../lib/web/admitted.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { cookieOf, deviceCookieName } from "../../../../lib/web/cookie.ts";
import { line, readForm, requireBody } from "../../../../lib/web/form.ts";
import { letterServicesOf } from "../../../../lib/web/letters.ts";
import { pendingOf, startAgain } from "../../../../lib/web/pending.ts";
import { define, type State } from "../../../../lib/web/state.ts";

const FIELDS = { code: line({ min: 1, max: CODE_MAX_LENGTH }) };

type Shown = Omit<Extract<SecondStepPageProps, { kind: "enter" }>, "passkey"> & {
  /** Whether they have passkeys that can be shown here. */
  readonly passkeys: boolean;
};

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "One more step";
    const pending = await pendingOf(ctx, "enter");
    return pending ? page<Shown>(shownOf(ctx.state, pending)) : startAgain();
  },
  async POST(ctx) {
    ctx.state.title = "One more step";
    const { state, req } = ctx;
    const services = letterServicesOf(state);
    const form = readForm(await requireBody(ctx), FIELDS);
    // A body may take its time: what is half done is looked at after it.
    const found = await pendingOf(ctx, "enter");
    if (!found) return startAgain();
    if (!form.ok) {
      const fault = form.error.code ?? form.error[""] ?? null;
      return page<Shown>({ ...shownOf(state, found), fault }, { status: 422 });
    }
    const by = { ...authorOf(state), actor: found.user.email, userId: found.user.id };
    const pending = await countPendingTry(services.kv, found, by.atMs);
    if (!pending) return startAgain();
    const { user } = pending;
    const device = cookieOf(req.headers, deviceCookieName(state.base.config.secureCookies));
    const taken = await takeCode(services, by, { user, typed: form.value.code, device });
    if (!taken.ok) {
      const throttled = taken.error.kind === "throttled";
      state.base.signInLog.refused(state.clientAddress, throttled ? "throttle" : "code");
      return refused(shownOf(state, pending), taken.error);
    }
    if (taken.value === "recovery-code") tellOwner(services, by, { user, change: "recovery-code-used" });
    if (!await finishPending(services.kv, pending)) return startAgain();
    return await admitAndRedirect(ctx, { user, how: "second-factor", back: pending.pending.back });
  },
});

function shownOf({ base }: State, { user }: Pending): Shown {
  const passkeys = showsPasskeys(user, base.config.publicUrl);
  return { kind: "enter", codes: user.secondFactor, passkeys, fault: null, waitS: null };
}

function refused(shown: Shown, trouble: CodeTrouble) {
  switch (trouble.kind) {
    case "wrong":
      return page<Shown>({ ...shown, fault: "This code is not right, or its time is over" }, { status: 422 });
    case "used":
      return page<Shown>({ ...shown, fault: "This code was used already: wait for the next one" }, {
        status: 422,
      });
    case "throttled": {
      const waitS = trouble.retryAfterS;
      return page<Shown>({ ...shown, waitS }, { status: 429, headers: { "retry-after": String(waitS) } });
    }
  }
}

export default define.page<typeof handler>(({ data: { passkeys, ...shown } }) => {
  if (!passkeys) return <SecondStepPage {...shown} />;
  return <SecondStepPage {...shown} passkey={<PasskeySecond only={!shown.codes} />} />;
});
