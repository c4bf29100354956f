/**
 * One's own account: who one is, how one signs in, and where one is signed in.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import PasskeyAdd from "../../../../islands/PasskeyAdd.tsx";
import { changeUser } from "../../../../lib/store/users.ts";
import { AccountPage } from "../../../../lib/ui/pages/AccountPage.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { line, readForm, requireBody, typed } from "../../../../lib/web/form.ts";
import { loadAccountPage, type LoadedAccount, ownOf } from "../../../../lib/web/pages/account_page.ts";
import { NAME_MAX, PASSKEY_NAME_MAX } from "../../../../lib/web/pages/account_view.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define } from "../../../../lib/web/state.ts";

const FIELDS = { name: line({ min: 1, max: NAME_MAX }) };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "account.own");
    ctx.state.title = "Account";
    return page<LoadedAccount>(
      await loadAccountPage(ctx.state, { done: ctx.url.searchParams.get("done") }),
    );
  },
  async POST(ctx) {
    allow(ctx, "account.own");
    ctx.state.title = "Account";
    const { services, user } = ownOf(ctx.state);
    const body = await requireBody(ctx);
    const form = readForm(body, FIELDS);
    if (!form.ok) {
      const { name = "" } = typed(body, ["name"]);
      const fault = form.error.name ?? form.error[""] ?? "";
      return page<LoadedAccount>(await loadAccountPage(ctx.state, { typed: { name, fault } }), {
        status: 422,
      });
    }
    const changed = await changeUser(services.db, authorOf(ctx.state), { userId: user.id, ...form.value });
    if (!changed.ok) throw new HttpError(409, `A name cannot be changed: ${changed.error.kind}`);
    return redirectTo("/account?done=name");
  },
});

export default define.page<typeof handler>(({ data: { room, ...shown } }) => {
  if (!room) return <AccountPage {...shown} />;
  const addPasskey = (
    <div data-kept>
      <PasskeyAdd nameMax={PASSKEY_NAME_MAX} />
    </div>
  );
  return <AccountPage {...shown} addPasskey={addPasskey} />;
});
