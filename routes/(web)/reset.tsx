/**
 * The link of a forgotten password. Opening it changes nothing; the form spends it.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { PASSWORD_MIN_LENGTH } from "../../lib/auth/password.ts";
import { doReset, findReset } from "../../lib/auth/reset.ts";
import { ResetPage, type ResetPageProps } from "../../lib/ui/pages/ResetPage.tsx";
import { authorOf } from "../../lib/web/author.ts";
import { line, newPassword, readForm, requireBody } from "../../lib/web/form.ts";
import { letterServicesOf, throttledPage, TOKEN_MAX, tokenIn } from "../../lib/web/letters.ts";
import { define, type State } from "../../lib/web/state.ts";

const FIELDS = {
  token: line({ min: 1, max: TOKEN_MAX }),
  password: newPassword,
};

const SPENT: ResetPageProps = { kind: "spent" };

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Choose a new password";
    const shown = await formFor(ctx.state, tokenIn(ctx.url));
    return page<ResetPageProps>(shown ?? SPENT, { status: shown ? 200 : 410 });
  },
  async POST(ctx) {
    const services = letterServicesOf(ctx.state);
    ctx.state.title = "Choose a new password";
    const body = await requireBody(ctx);
    const token = (body.get("token") ?? "").slice(0, TOKEN_MAX);
    const form = readForm(body, FIELDS);
    if (!form.ok) {
      const fault = form.error.password ?? form.error[""] ?? form.error.token;
      const shown = await formFor(ctx.state, token, fault);
      return page<ResetPageProps>(shown ?? SPENT, { status: shown ? 422 : 410 });
    }
    const set = await doReset(services, authorOf(ctx.state), form.value);
    if (set.ok) return page<ResetPageProps>({ kind: "done" });
    switch (set.error.kind) {
      case "gone":
        return page<ResetPageProps>(SPENT, { status: 410 });
      case "throttled":
        return throttledPage(set.error.retryAfterS);
      case "failed":
        throw new HttpError(503, "No password can be hashed");
    }
  },
});

async function formFor(state: State, token: string, fault?: string): Promise<ResetPageProps | null> {
  const user = await findReset(letterServicesOf(state), { token, nowMs: state.base.clock.nowMs() });
  return user && {
    kind: "form",
    token,
    email: user.email,
    fault,
    passwordMinLength: PASSWORD_MIN_LENGTH,
  };
}

export default define.page<typeof handler>(({ data }) => <ResetPage {...data} />);
