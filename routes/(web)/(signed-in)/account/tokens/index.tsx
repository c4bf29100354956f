/**
 * The API tokens of whoever is signed in.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { listTokens, revokeToken } from "../../../../../lib/store/tokens.ts";
import { TokensPage, type TokensPageProps } from "../../../../../lib/ui/pages/TokensPage.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../lib/web/form.ts";
import { tokenId, tokenRow } from "../../../../../lib/web/pages/tokens_view.ts";
import { define } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "tokens.own");
    const { base, user } = ctx.state;
    const services = base.services();
    if (!services || !user) throw new HttpError(503);
    ctx.state.title = "API tokens";
    const nowMs = base.clock.nowMs();
    const tokens = await listTokens(services.db, user.id);
    return page<TokensPageProps>({ tokens: tokens.map((token) => tokenRow(token, nowMs)) });
  },
  /** Revokes a token. One that is no longer in use stays as it is; another person's does not exist. */
  async POST(ctx) {
    allow(ctx, "tokens.own");
    const { base, user } = ctx.state;
    const services = base.services();
    if (!services || !user) throw new HttpError(503);
    const body = await requireBody(ctx);
    const form = readForm(body, { revoke: tokenId });
    if (!form.ok) throw new HttpError(404);
    const tokens = await listTokens(services.db, user.id);
    if (!tokens.some(({ id }) => id === form.value.revoke)) throw new HttpError(404);
    await revokeToken(services.db, authorOf(ctx.state), { tokenId: form.value.revoke, userId: user.id });
    return ctx.redirect("/account/tokens", 303);
  },
});

export default define.page<typeof handler>(({ data }) => <TokensPage {...data} />);
