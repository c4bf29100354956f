/**
 * The API tokens of whoever is signed in.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { listTokens, revokeToken } from "../../../../../lib/store/tokens.ts";
import { type TokenRow, TokensPage, type TokensPageProps } from "../../../../../lib/ui/pages/TokensPage.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../lib/web/form.ts";
import { tokenId, tokenRow } from "../../../../../lib/web/pages/tokens_view.ts";
import { define } from "../../../../../lib/web/state.ts";

const isInUse = ({ standing }: TokenRow) => standing === "good";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "tokens.own");
    const { base, user } = ctx.state;
    const services = base.services();
    if (!services || !user) throw new HttpError(503);
    ctx.state.title = "API tokens";
    const nowMs = base.clock.nowMs();
    const tokens = await listTokens(services.db, user.id);
    const rows = tokens.map((token) => tokenRow(token, nowMs));
    const [inUse, over] = [rows.filter(isInUse), rows.filter((row) => !isInUse(row))];
    return page<TokensPageProps>({ tokens: [...inUse, ...over] });
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
    const own = { tokenId: form.value.revoke, userId: user.id };
    if (!(await revokeToken(services.db, authorOf(ctx.state), own)).ok) throw new HttpError(404);
    return ctx.redirect("/account/tokens", 303);
  },
});

export default define.page<typeof handler>(({ data }) => <TokensPage {...data} />);
