/**
 * The second factor of one's own account: set up, another app in its place, new recovery codes, removed.
 *
 * @module
 */

import { type Context, HttpError, page, type PageResponse } from "fresh";
import { tellOwner } from "../../../../lib/auth/owner_notice.ts";
import { CODE_MAX_LENGTH, needsSecondFactor, showsPasskeys } from "../../../../lib/auth/second_factor.ts";
import { newRecoveryCodes, recoveryCodeHash } from "../../../../lib/auth/recovery.ts";
import { seedAddress } from "../../../../lib/auth/totp.ts";
import { beginSeed, confirmSeed, dropSeed, seedInHand } from "../../../../lib/auth/totp_setup.ts";
import {
  countRecoveryCodes,
  removeTotp,
  replaceRecoveryCodes,
} from "../../../../lib/store/second_factors.ts";
import type { User } from "../../../../lib/store/users.ts";
import {
  SecondFactorPage,
  type SecondFactorPageProps,
} from "../../../../lib/ui/pages/AccountSecondFactor.tsx";
import { restartSession } from "../../../../lib/web/admitted.ts";
import { allow } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../lib/web/confirmed.ts";
import { choice, line, readForm, requireBody } from "../../../../lib/web/form.ts";
import { letterServicesOf } from "../../../../lib/web/letters.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../lib/web/state.ts";

const PATH = "/account/second-factor";

const FIELDS = {
  do: choice(["begin", "confirm", "cancel", "new-codes", "remove"]),
  code: line({ min: 0, max: CODE_MAX_LENGTH }),
};

/** Neither the seed nor the codes are kept by anybody on the way. */
const NOT_KEPT: [string, string] = ["cache-control", "no-store"];

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "account.own");
    return page(await shownOf(ctx.state), { headers: [NOT_KEPT] });
  },
  async POST(ctx) {
    allow(ctx, "account.own");
    const { state } = ctx;
    const form = readForm(await requireBody(ctx), FIELDS);
    if (!form.ok) {
      return page(await shownOf(state, form.error.code ?? form.error.do ?? form.error[""]), { status: 422 });
    }
    const first = await confirmFirst(ctx, PATH);
    if (first) return first;
    switch (form.value.do) {
      case "begin":
        await beginSeed(servicesOf(state), holderOf(state));
        return redirectTo(PATH);
      case "cancel":
        await dropSeed(servicesOf(state), holderOf(state));
        return redirectTo("/account");
      case "confirm":
        return await confirm(ctx, form.value.code);
      case "new-codes":
        return await newCodes(state);
      case "remove":
        return await remove(ctx);
    }
  },
});

async function shownOf(state: State, fault?: string): Promise<SecondFactorPageProps> {
  state.title = "Second factor";
  const { db } = servicesOf(state);
  const user = userOf(state);
  const { publicUrl } = state.base.config;
  const seed = await seedInHand(servicesOf(state), holderOf(state));
  if (seed !== null) {
    return { kind: "setting-up", seed, address: seedAddress({ seed, email: user.email, publicUrl }), fault };
  }
  const needed = await needsSecondFactor(db, user);
  if (!user.secondFactor) return { kind: "none", required: needed && !showsPasskeys(user, publicUrl) };
  const required = needed && !showsPasskeys(user, publicUrl);
  return { kind: "set", codesLeft: await countRecoveryCodes(db, user.id), required, fault };
}

async function confirm(
  ctx: Context<State>,
  typed: string,
): Promise<Response | PageResponse<SecondFactorPageProps>> {
  const { state } = ctx;
  const { holder } = holderOf(state);
  const services = letterServicesOf(state);
  const by = authorOf(state);
  const set = await confirmSeed(services, by, { holder, user: userOf(state), typed });
  if (!set.ok) {
    if (set.error === "over") return redirectTo(PATH);
    const fault = "This code is not right: type the one that your app shows now";
    return page(await shownOf(state, fault), { status: 422, headers: [NOT_KEPT] });
  }
  const { user, codes } = set.value;
  tellOwner(services, by, { user, change: "second-factor-set" });
  const headers = [NOT_KEPT, ...await restartSession(ctx, user)];
  return page<SecondFactorPageProps>({ kind: "codes", codes }, { headers });
}

async function newCodes(state: State): Promise<Response | PageResponse<SecondFactorPageProps>> {
  const user = userOf(state);
  if (!user.secondFactor) return redirectTo(PATH);
  const codes = newRecoveryCodes();
  const codeHashes = await Promise.all(codes.map((code) => recoveryCodeHash(user.id, code)));
  const services = letterServicesOf(state);
  const by = authorOf(state);
  await replaceRecoveryCodes(services.db, by, { userId: user.id, codeHashes });
  tellOwner(services, by, { user, change: "recovery-codes-made" });
  state.title = "Your recovery codes";
  return page<SecondFactorPageProps>({ kind: "codes", codes }, { headers: [NOT_KEPT] });
}

async function remove(ctx: Context<State>): Promise<Response | PageResponse<SecondFactorPageProps>> {
  const { state } = ctx;
  const user = userOf(state);
  const services = letterServicesOf(state);
  const by = authorOf(state);
  const needed = await needsSecondFactor(services.db, user);
  const passkeys = showsPasskeys(user, state.base.config.publicUrl);
  const rule = !needed ? "may-go" : passkeys ? "keep-unless-passkeys" : "keep";
  const removed = await removeTotp(services.db, by, { user, rule });
  if (!removed.ok && removed.error.kind === "needed") {
    const fault = "Your role must have a second factor, and this is your only one";
    return page(await shownOf(state, fault), { status: 422 });
  }
  // Pressed twice: it is gone already.
  if (!removed.ok) return redirectTo(PATH);
  tellOwner(services, by, { user, change: "second-factor-removed" });
  return redirectTo("/account", await restartSession(ctx, { ...user, sessionEpoch: removed.value }));
}

function userOf({ user }: State): User {
  if (!user) throw new HttpError(401);
  return user;
}

function holderOf({ sessionKey, base }: State) {
  if (sessionKey === null) throw new HttpError(401);
  return { holder: sessionKey, nowMs: base.clock.nowMs() };
}

export default define.page<typeof handler>(({ data }) => <SecondFactorPage {...data} />);
