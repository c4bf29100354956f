/**
 * Something to do with a person: asked first where they will feel it, then done.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import {
  InvitationLinkPage,
  type InvitationLinkPageProps,
} from "../../../../../../lib/ui/pages/InvitePersonPage.tsx";
import {
  PersonPage,
  type PersonPageProps,
  PersonQuestion,
  type PersonQuestionProps,
} from "../../../../../../lib/ui/pages/PersonPage.tsx";
import { tellOwner } from "../../../../../../lib/auth/owner_notice.ts";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../../lib/web/confirmed.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { countInvitation, invite } from "../../../../../../lib/web/pages/invitation.ts";
import { letterServicesOf } from "../../../../../../lib/web/letters.ts";
import { LAST_ADMINISTRATOR, personActOf } from "../../../../../../lib/web/pages/person_acts.ts";
import { loadPerson, personPageOf } from "../../../../../../lib/web/pages/person_page.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

type Shown =
  | { readonly kind: "question"; readonly question: PersonQuestionProps }
  | { readonly kind: "link"; readonly link: InvitationLinkPageProps }
  | { readonly kind: "person"; readonly person: PersonPageProps };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "people.change");
    const { person } = await loadPerson(ctx.state, ctx.params);
    const href = `/admin/people/${person.id}`;
    const act = personActOf(ctx.params.act);
    if (!act && ctx.params.act !== "resend") throw new HttpError(404);
    const words = act?.fits(person) ? act.question(person) : null;
    if (!words) return redirectTo(href);
    const away = await confirmFirst(ctx, ctx.url.pathname);
    if (away) return away;
    const own = person.id === ctx.state.user?.id ? " This is you." : "";
    const question = {
      ...words,
      words: `${words.words}${own}`,
      name: person.name,
      href,
      action: ctx.url.pathname,
    };
    return page<Shown>({ kind: "question", question });
  },
  async POST(ctx) {
    allow(ctx, "people.change");
    const { state } = ctx;
    const { services, person } = await loadPerson(state, ctx.params);
    const name = ctx.params.act ?? "";
    const href = `/admin/people/${person.id}`;
    const body = await requireBody(ctx);
    if (!readForm(body, {}).ok) throw new HttpError(422);
    const act = personActOf(name);
    if (!act && name !== "resend") throw new HttpError(404);
    // What is asked first is gone back to; the rest is a button on the page of the person.
    const away = await confirmFirst(ctx, act?.question(person) ? ctx.url.pathname : href);
    if (away) return away;
    if (!act) {
      // Whoever has accepted meanwhile needs no link.
      if (person.state !== "invited") return redirectTo(href);
      await countInvitation(state);
      const link = await invite(state, person);
      if (!link) return redirectTo(`${href}?done=resend`);
      return page<Shown>({ kind: "link", link }, { headers: { "cache-control": "no-store" } });
    }
    // Sent twice, or done by somebody else meanwhile: the page tells how they stand now.
    if (!act.fits(person)) return redirectTo(href);
    const by = authorOf(state);
    const done = await act.run(services.db, by, person.id);
    if (done.ok) {
      if (act.tells) tellOwner(letterServicesOf(state), by, { user: person, change: act.tells });
      return redirectTo(name === "withdraw" ? "/admin/people?done=withdraw" : `${href}?done=${name}`);
    }
    if (done.error === "gone") return redirectTo(href);
    const shown = await personPageOf(state, person, { notice: LAST_ADMINISTRATOR });
    return page<Shown>({ kind: "person", person: shown }, { status: 422 });
  },
});

export default define.page<typeof handler>(({ data }) => {
  switch (data.kind) {
    case "question":
      return <PersonQuestion {...data.question} />;
    case "link":
      return <InvitationLinkPage {...data.link} />;
    case "person":
      return <PersonPage {...data.person} />;
  }
});
