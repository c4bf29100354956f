/**
 * The link of an invitation. Opening it changes nothing; the form spends it.
 *
 * @module
 */

import { page } from "fresh";
import { acceptInvitation } from "../../lib/auth/invite.ts";
import { PASSWORD_MIN_LENGTH } from "../../lib/auth/password.ts";
import { needsSecondFactor } from "../../lib/auth/second_factor.ts";
import type { User } from "../../lib/store/users.ts";
import { InvitePage, type InvitePageProps } from "../../lib/ui/pages/InvitePage.tsx";
import { admitAndRedirect } from "../../lib/web/admitted.ts";
import { authorOf } from "../../lib/web/author.ts";
import { type FieldErrors, line, newPasswordOf, readForm, requireBody, typed } from "../../lib/web/form.ts";
import { letterServicesOf, linkOwner, refusedLink, TOKEN_MAX, tokenIn } from "../../lib/web/letters.ts";
import { define, type State } from "../../lib/web/state.ts";

const FIELDS = {
  token: line({ min: 1, max: TOKEN_MAX }),
  name: line({ min: 1, max: 80 }),
};

const SPENT: InvitePageProps = { kind: "spent" };

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Welcome";
    const token = tokenIn(ctx.url);
    const invited = await linkOwner(ctx.state, { purpose: "invite", token });
    const shown = invited && await formOf(ctx.state, { invited, token, name: invited.name, faults: {} });
    return page<InvitePageProps>(shown ?? SPENT, { status: shown ? 200 : 410 });
  },
  async POST(ctx) {
    const services = letterServicesOf(ctx.state);
    ctx.state.title = "Welcome";
    const body = await requireBody(ctx);
    const { token = "", name = "" } = typed(body, ["token", "name"]);
    const invited = await linkOwner(ctx.state, { purpose: "invite", token });
    const owner = { name, email: invited?.email ?? "" };
    const form = readForm(body, { ...FIELDS, password: newPasswordOf(owner) });
    if (!form.ok) {
      const shown = invited && await formOf(ctx.state, { invited, token, name, faults: form.error });
      return page<InvitePageProps>(shown ?? SPENT, { status: shown ? 422 : 410 });
    }
    const accepted = await acceptInvitation(services, authorOf(ctx.state), form.value);
    if (!accepted.ok) return refusedLink(accepted.error);
    // Whoever must have a second factor sets it up on the way in.
    return await admitAndRedirect(ctx, { user: accepted.value, how: "password", back: "/" });
  },
});

interface Draft {
  readonly invited: User;
  readonly token: string;
  readonly name: string;
  readonly faults: FieldErrors;
}

async function formOf(state: State, { invited, token, name, faults }: Draft): Promise<InvitePageProps> {
  return {
    kind: "form",
    token,
    email: invited.email,
    name,
    faults: { name: faults.name, password: faults.password, other: faults[""] },
    passwordMinLength: PASSWORD_MIN_LENGTH,
    secondFactor: await needsSecondFactor(letterServicesOf(state).db, invited),
  };
}

export default define.page<typeof handler>(({ data }) => <InvitePage {...data} />);
