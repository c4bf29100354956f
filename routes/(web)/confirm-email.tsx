/**
 * The two links of a change of address. Opening one changes nothing: mail scanners do that too.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { confirmEmail, findFollowed, stopByLink } from "../../lib/auth/email_change.ts";
import { ConfirmEmailPage, type ConfirmEmailPageProps } from "../../lib/ui/pages/ConfirmEmailPage.tsx";
import { authorOf } from "../../lib/web/author.ts";
import { choice, line, readForm, requireBody } from "../../lib/web/form.ts";
import { letterServicesOf, throttledPage, TOKEN_MAX, tokenIn } from "../../lib/web/letters.ts";
import { define, type State } from "../../lib/web/state.ts";

const FIELDS = {
  token: line({ min: 1, max: TOKEN_MAX }),
  answer: choice<"confirm" | "stop">(["confirm", "stop"]),
};

const SPENT: ConfirmEmailPageProps = { kind: "spent" };

interface Outcome {
  readonly shown: ConfirmEmailPageProps;
  readonly status: number;
}

export const handler = define.handlers({
  async GET(ctx) {
    const services = letterServicesOf(ctx.state);
    ctx.state.title = "Change of your e-mail address";
    const token = tokenIn(ctx.url);
    const followed = await findFollowed(services, { token, nowMs: ctx.state.base.clock.nowMs() });
    if (!followed) return page<ConfirmEmailPageProps>(SPENT, { status: 410 });
    const { oldEmail, newEmail } = followed.change;
    const side = followed.side === "email-old" ? "old" : "new";
    return page<ConfirmEmailPageProps>({ kind: "ask", token, side, oldEmail, newEmail });
  },
  async POST(ctx) {
    ctx.state.title = "Change of your e-mail address";
    const body = await requireBody(ctx);
    const form = readForm(body, FIELDS);
    if (!form.ok) throw new HttpError(422);
    const { token, answer } = form.value;
    const { shown, status } = answer === "stop"
      ? await stop(ctx.state, token)
      : await agree(ctx.state, token);
    if (shown.kind === "throttled") return throttledPage(shown.waitS);
    return page<ConfirmEmailPageProps>(shown, { status });
  },
});

async function agree(state: State, token: string): Promise<Outcome> {
  const agreed = await confirmEmail(letterServicesOf(state), authorOf(state), token);
  if (!agreed.ok) {
    switch (agreed.error.kind) {
      case "gone":
        return { shown: SPENT, status: 410 };
      case "email-taken":
        return { shown: { kind: "taken" }, status: 409 };
      case "throttled":
        return throttled(agreed.error.retryAfterS);
    }
  }
  switch (agreed.value.kind) {
    case "half":
      return { shown: { kind: "half", waitsFor: agreed.value.waitsFor }, status: 200 };
    case "changed":
      return { shown: { kind: "changed", newEmail: agreed.value.change.newEmail }, status: 200 };
  }
}

function throttled(waitS: number): Outcome {
  return { shown: { kind: "throttled", waitS }, status: 429 };
}

async function stop(state: State, token: string): Promise<Outcome> {
  const stopped = await stopByLink(letterServicesOf(state), authorOf(state), token);
  if (stopped.ok) return { shown: { kind: "stopped", oldEmail: stopped.value }, status: 200 };
  if (stopped.error.kind === "throttled") return throttled(stopped.error.retryAfterS);
  return { shown: SPENT, status: 410 };
}

export default define.page<typeof handler>(({ data }) => <ConfirmEmailPage {...data} />);
