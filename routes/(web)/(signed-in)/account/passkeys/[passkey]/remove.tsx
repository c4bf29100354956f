/**
 * Removes a passkey of whoever is signed in and was known to be there just now.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { removeOwnPasskey } from "../../../../../../lib/auth/own_passkey.ts";
import { needsSecondFactor } from "../../../../../../lib/auth/second_factor.ts";
import { PasskeyPage, type PasskeyPageProps } from "../../../../../../lib/ui/pages/AccountPasskeys.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../../lib/web/confirmed.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { requireOwnPasskey } from "../../../../../../lib/web/pages/passkey_form.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async POST(ctx) {
    allow(ctx, "account.own");
    const { services, user, passkey: { credentialHash }, shown } = await requireOwnPasskey(ctx);
    const body = await requireBody(ctx);
    if (!readForm(body, {}).ok) throw new HttpError(422);
    const not = await confirmFirst(ctx, `/account/passkeys/${credentialHash}`);
    if (not) return not;
    const needed = await needsSecondFactor(services.db, user);
    const { publicUrl } = ctx.state.base.config;
    const own = { user, credentialHash, needed };
    const removed = await removeOwnPasskey({ ...services, publicUrl }, authorOf(ctx.state), own);
    if (removed.ok) return redirectTo("/account?done=passkey-removed#passkeys");
    switch (removed.error.kind) {
      case "unknown":
        throw new HttpError(404);
      case "last":
        return page<PasskeyPageProps>({ ...shown, last: true }, { status: 422 });
    }
  },
});

export default define.page<typeof handler>(({ data }) => <PasskeyPage {...data} />);
