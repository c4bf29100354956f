/**
 * The second step of signing in: a code of an app, a recovery code, or a passkey.
 *
 * @module
 */

import { page } from "fresh";
import { countPendingTry, finishPending, type Pending } from "../../../../lib/auth/pending.ts";
import { CODE_MAX_LENGTH, type CodeTrouble, takeCode } from "../../../../lib/auth/second_factor.ts";
import { SecondStepPage, type SecondStepPageProps } from "../../../../lib/ui/pages/SecondStepPage.tsx";
import { admitAndRedirect } from "../../../../lib/web/admitted.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { cookieOf, deviceCookieName } from "../../../../lib/web/cookie.ts";
import { line, readForm, requireBody } from "../../../../lib/web/form.ts";
import { pendingOf, startAgain } from "../../../../lib/web/pending.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";

const FIELDS = { code: line({ min: 1, max: CODE_MAX_LENGTH }) };

type Shown = Extract<SecondStepPageProps, { kind: "enter" }>;

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "One more step";
    const pending = await pendingOf(ctx, "enter");
    return pending ? page<Shown>(shownOf(pending)) : startAgain();
  },
  async POST(ctx) {
    ctx.state.title = "One more step";
    const { state, req } = ctx;
    const services = servicesOf(state);
    const found = await pendingOf(ctx, "enter");
    if (!found) return startAgain();
    const form = readForm(await requireBody(ctx), FIELDS);
    if (!form.ok) {
      const fault = form.error.code ?? form.error[""] ?? null;
      return page<Shown>({ ...shownOf(found), fault }, { status: 422 });
    }
    const by = { ...authorOf(state), actor: found.user.email, userId: found.user.id };
    const pending = await countPendingTry(services.kv, found, by.atMs);
    if (!pending) return startAgain();
    const { user } = pending;
    const device = cookieOf(req.headers, deviceCookieName(state.base.config.secureCookies));
    const taken = await takeCode(services, by, { user, typed: form.value.code, device });
    if (!taken.ok) return refused(pending, taken.error);
    if (!await finishPending(services.kv, pending)) return startAgain();
    return await admitAndRedirect(ctx, { user, how: "second-factor", back: pending.pending.back });
  },
});

function shownOf({ user }: Pending): Shown {
  return { kind: "enter", codes: user.secondFactor, fault: null, waitS: null };
}

function refused(pending: Pending, trouble: CodeTrouble) {
  const shown = shownOf(pending);
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

export default define.page<typeof handler>(({ data }) => <SecondStepPage {...data} />);
