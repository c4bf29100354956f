/**
 * Makes an API token. It is shown once, on the answer to the form itself: it never stands in an address.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { newApiToken } from "../../../../../lib/auth/api_token.ts";
import { newToken } from "../../../../../lib/auth/token.ts";
import { instantWords } from "../../../../../lib/domain/instant.ts";
import { countTry, type Limit } from "../../../../../lib/kv/limits.ts";
import { listGroups } from "../../../../../lib/store/groups.ts";
import { createToken, TOKENS_MAX, type TokenTrouble } from "../../../../../lib/store/tokens.ts";
import { durationText } from "../../../../../lib/ui/format.ts";
import {
  MadeTokenPage,
  type MadeTokenPageProps,
  NewTokenPage,
  type NewTokenPageProps,
} from "../../../../../lib/ui/pages/TokensPage.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../lib/web/confirmed.ts";
import { requireBody } from "../../../../../lib/web/form.ts";
import {
  groupsWithin,
  readTokenForm,
  TOKEN_FORMS_AN_HOUR,
  tokenForm,
} from "../../../../../lib/web/pages/tokens_view.ts";
import { define, type State } from "../../../../../lib/web/state.ts";

const PATH = "/account/tokens/new";

/** A form makes one token, however often it is sent. */
const ONCE: Limit = { name: "token-form", tries: 1, windowMs: 86_400_000 };

/** Forms of one person in an hour: each is remembered for a day. */
const FORMS: Limit = { name: "token-forms", tries: TOKEN_FORMS_AN_HOUR, windowMs: 3_600_000 };

const TROUBLES: Readonly<Record<TokenTrouble["kind"], string>> = {
  "too-many": `You have ${TOKENS_MAX} tokens in use: revoke one first`,
  "unknown-reach": "A group was removed meanwhile: choose again",
  "unknown": "Your account is locked",
};

type Shown =
  | { readonly kind: "form"; readonly form: NewTokenPageProps }
  | { readonly kind: "made"; readonly made: MadeTokenPageProps };

async function loadGroups(state: State) {
  const services = state.base.services();
  const { user } = state;
  if (!services || !user) throw new HttpError(503);
  return { services, user, groups: groupsWithin(await listGroups(services.db), user.reach) };
}

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "tokens.own");
    // A token outlives the session in which it was made.
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    const { groups } = await loadGroups(ctx.state);
    ctx.state.title = "Make an API token";
    return page<Shown>({
      kind: "form",
      form: tokenForm({ form: null, groups, faults: {}, once: newToken() }),
    });
  },
  async POST(ctx) {
    allow(ctx, "tokens.own");
    const { base } = ctx.state;
    const { services, user, groups } = await loadGroups(ctx.state);
    ctx.state.title = "Make an API token";
    const body = await requireBody(ctx);
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    const nowMs = base.clock.nowMs();
    const again = (faults: Readonly<Record<string, string>>, init: ResponseInit = { status: 422 }) => {
      const form = tokenForm({ form: body, groups, faults, once: newToken() });
      return page<Shown>({ kind: "form", form }, init);
    };
    const read = readTokenForm(body, groups, nowMs);
    if (!read.ok) return again(read.error);
    const { once, ...wish } = read.value;
    const counted = await countTry(services.kv, FORMS, { who: String(user.id), nowMs });
    if (!counted.allowed) {
      const { retryAfterS: waitS } = counted;
      const wait = durationText(waitS);
      const words = `You sent ${TOKEN_FORMS_AN_HOUR} of these in an hour: try again in ${wait}`;
      return again({ "": words }, { status: 429, headers: { "retry-after": String(waitS) } });
    }
    const first = await countTry(services.kv, ONCE, { who: `${user.id} ${once}`, nowMs });
    if (!first.allowed) return ctx.redirect("/account/tokens", 303);
    const { text, hash } = await newApiToken();
    const made = await createToken(services.db, authorOf(ctx.state), {
      userId: user.id,
      tokenHash: hash,
      ...wish,
    });
    if (!made.ok) return again({ "": TROUBLES[made.error.kind] });
    ctx.state.title = "Your new token";
    const { name, expiresMs } = wish;
    const origin = base.config.publicUrl;
    return page<Shown>(
      { kind: "made", made: { name, text, expiresLabel: instantWords(expiresMs), origin } },
      {
        headers: { "cache-control": "no-store" },
      },
    );
  },
});

export default define.page<typeof handler>(({ data }) => {
  switch (data.kind) {
    case "form":
      return <NewTokenPage {...data.form} />;
    case "made":
      return <MadeTokenPage {...data.made} />;
  }
});
