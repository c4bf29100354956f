/**
 * One passkey of whoever is signed in: its name. Somebody else's does not exist.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { renamePasskey } from "../../../../../../lib/store/passkeys.ts";
import { PasskeyPage, type PasskeyPageProps } from "../../../../../../lib/ui/pages/AccountPasskeys.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody, typed } from "../../../../../../lib/web/form.ts";
import { passkeyNameField, requireOwnPasskey } from "../../../../../../lib/web/pages/passkey_form.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "account.own");
    const { shown } = await requireOwnPasskey(ctx);
    return page<PasskeyPageProps>(shown);
  },
  async POST(ctx) {
    allow(ctx, "account.own");
    const { services, user, passkey: { credentialHash }, shown } = await requireOwnPasskey(ctx);
    const body = await requireBody(ctx);
    const form = readForm(body, { name: passkeyNameField });
    if (!form.ok) {
      const { name = "" } = typed(body, ["name"]);
      const fault = form.error.name ?? form.error[""] ?? null;
      return page<PasskeyPageProps>({ ...shown, name, fault }, { status: 422 });
    }
    const own = { credentialHash, userId: user.id, name: form.value.name };
    const renamed = await renamePasskey(services.db, authorOf(ctx.state), own);
    if (!renamed.ok) throw new HttpError(404);
    return redirectTo("/account?done=passkey-renamed#passkeys");
  },
});

export default define.page<typeof handler>(({ data }) => <PasskeyPage {...data} />);
