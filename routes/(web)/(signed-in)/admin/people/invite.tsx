/**
 * Invites somebody. Where no message carries the link it is shown on the answer to the form itself: it never stands in
 * an address.
 *
 * @module
 */

import { page } from "fresh";
import type { Database } from "../../../../../lib/store/db.ts";
import { findUserByEmail, inviteUser, type User } from "../../../../../lib/store/users.ts";
import {
  InvitationLinkPage,
  type InvitationLinkPageProps,
  InvitePersonPage,
  type InvitePersonPageProps,
} from "../../../../../lib/ui/pages/InvitePersonPage.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../lib/web/confirmed.ts";
import { type FieldErrors, requireBody } from "../../../../../lib/web/form.ts";
import { countInvitation, invite } from "../../../../../lib/web/pages/invitation.ts";
import {
  findFaults,
  type PersonDraft,
  readPersonForm,
  type TypedPerson,
  typedPersonIn,
} from "../../../../../lib/web/pages/person_form.ts";
import { loadReachChoice, type TypedReach, typedReachIn } from "../../../../../lib/web/pages/reach_form.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../lib/web/state.ts";

type Shown =
  | { readonly kind: "form"; readonly form: InvitePersonPageProps }
  | { readonly kind: "link"; readonly link: InvitationLinkPageProps };

const PATH = "/admin/people/invite";
const FRESH: TypedPerson = { email: "", name: "", role: "viewer" };
const NO_REACH: TypedReach = { kind: "all", groupIds: [], siteIds: [], find: null };

/** Within this, the same invitation again is the same form sent twice. */
const TWICE_MS = 600_000;

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "people.change");
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    return page<Shown>(await formOf(ctx.state, { values: FRESH, reach: NO_REACH, faults: {} }));
  },
  async POST(ctx) {
    allow(ctx, "people.change");
    const { state } = ctx;
    const { db } = servicesOf(state);
    const form = await requireBody(ctx);
    const reach = typedReachIn(form);
    const again = async (faults: FieldErrors) => {
      const shown = await formOf(state, { values: typedPersonIn(form), reach, faults });
      return page<Shown>(shown, { status: Object.keys(faults).length > 0 ? 422 : 200 });
    };
    const read = readPersonForm(form, { asks: "email" });
    if (reach.find !== null) return await again(read.ok ? {} : findFaults(read.error));
    if (!read.ok) return await again(read.error);
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    await countInvitation(state);
    const { email = "", ...draft } = read.value;
    const invited = await inviteUser(db, authorOf(state), { email, ...draft });
    if (!invited.ok) {
      if (invited.error.kind === "unknown-reach") {
        return await again({ reach: "A group or site is not there any more: choose again" });
      }
      const there = await sentTwice(db, { draft: read.value, nowMs: state.base.clock.nowMs() });
      if (there) return redirectTo(`/admin/people/${there.id}?done=invite`);
      return await again({ email: "Somebody has this address already" });
    }
    const link = await invite(state, invited.value);
    if (!link) return redirectTo(`/admin/people/${invited.value.id}?done=invite`);
    state.title = "Hand over the link";
    return page<Shown>({ kind: "link", link }, { headers: { "cache-control": "no-store" } });
  },
});

/** Whom the same form invited a short while ago; `null`: nobody. */
async function sentTwice(
  db: Database,
  { draft, nowMs }: { readonly draft: PersonDraft; readonly nowMs: number },
): Promise<User | null> {
  const user = (await findUserByEmail(db, draft.email ?? ""))?.user;
  if (user?.state !== "invited" || nowMs - user.createdMs > TWICE_MS) return null;
  return user.name === draft.name && user.role === draft.role ? user : null;
}

interface FormParts {
  readonly values: TypedPerson;
  readonly reach: TypedReach;
  readonly faults: FieldErrors;
}

async function formOf(state: State, { values, reach, faults }: FormParts): Promise<Shown> {
  const { db, mailer } = servicesOf(state);
  state.title = "Invite somebody";
  const [choice, sends] = await Promise.all([loadReachChoice(db, reach), mailer.ready()]);
  return { kind: "form", form: { values, reach: choice, faults, sends } };
}

export default define.page<typeof handler>(({ data }) => {
  switch (data.kind) {
    case "form":
      return <InvitePersonPage {...data.form} />;
    case "link":
      return <InvitationLinkPage {...data.link} />;
  }
});
