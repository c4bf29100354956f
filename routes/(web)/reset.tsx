/**
 * The link of a forgotten password. Opening it changes nothing; the form spends it. Whoever has spent it gets in with
 * the new password, also while strangers guess: the browser is known from then on, and what was guessed is forgotten.
 *
 * @module
 */

import { page } from "fresh";
import { newDevice } from "../../lib/auth/device.ts";
import { forgetStrangers } from "../../lib/auth/login.ts";
import { PASSWORD_MIN_LENGTH } from "../../lib/auth/password.ts";
import { doReset } from "../../lib/auth/reset.ts";
import { findUser, type User } from "../../lib/store/users.ts";
import { ResetPage, type ResetPageProps } from "../../lib/ui/pages/ResetPage.tsx";
import { deviceCookie } from "../../lib/web/admitted.ts";
import { authorOf } from "../../lib/web/author.ts";
import { line, newPasswordOf, readForm, requireBody } from "../../lib/web/form.ts";
import { letterServicesOf, linkOwner, refusedLink, TOKEN_MAX, tokenIn } from "../../lib/web/letters.ts";
import { define, servicesOf, type State } from "../../lib/web/state.ts";

const SPENT: ResetPageProps = { kind: "spent" };

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Choose a new password";
    const token = tokenIn(ctx.url);
    const owner = await linkOwner(ctx.state, { purpose: "reset", token });
    const shown = owner && formOf(owner, token);
    return page<ResetPageProps>(shown ?? SPENT, { status: shown ? 200 : 410 });
  },
  async POST(ctx) {
    const services = letterServicesOf(ctx.state);
    ctx.state.title = "Choose a new password";
    const body = await requireBody(ctx);
    const token = (body.get("token") ?? "").slice(0, TOKEN_MAX);
    const owner = await linkOwner(ctx.state, { purpose: "reset", token });
    const form = readForm(body, {
      token: line({ min: 1, max: TOKEN_MAX }),
      password: newPasswordOf(owner ?? undefined),
    });
    if (!form.ok) {
      const fault = form.error.password ?? form.error[""] ?? form.error.token;
      const shown = owner && formOf(owner, token, fault);
      return page<ResetPageProps>(shown ?? SPENT, { status: shown ? 422 : 410 });
    }
    const set = await doReset(services, authorOf(ctx.state), form.value);
    return set.ok ? await welcome(ctx.state, set.value.id) : refusedLink(set.error);
  },
});

async function welcome(state: State, userId: number) {
  const { config, clock } = state.base;
  const { db, kv } = servicesOf(state);
  await forgetStrangers(kv, { userId, nowMs: clock.nowMs() });
  // As they are now: what was known of before the new password is known no longer.
  const owner = await findUser(db, userId);
  if (!owner) return page<ResetPageProps>({ kind: "done" });
  const cookie = deviceCookie(await newDevice(kv, owner), config.secureCookies);
  return page<ResetPageProps>({ kind: "done" }, { headers: { "set-cookie": cookie } });
}

function formOf({ email }: User, token: string, fault?: string): ResetPageProps {
  return { kind: "form", token, email, fault, passwordMinLength: PASSWORD_MIN_LENGTH };
}

export default define.page<typeof handler>(({ data }) => <ResetPage {...data} />);
