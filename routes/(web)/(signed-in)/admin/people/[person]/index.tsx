/**
 * A person: shown, and changed in name, role and reach.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { changeUser } from "../../../../../../lib/store/users.ts";
import { PersonPage, type PersonPageProps } from "../../../../../../lib/ui/pages/PersonPage.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../../lib/web/confirmed.ts";
import { type FieldErrors, requireBody, typed } from "../../../../../../lib/web/form.ts";
import { doneNotice, LAST_ADMINISTRATOR } from "../../../../../../lib/web/pages/person_acts.ts";
import { findFaults, readPersonForm, typedPersonIn } from "../../../../../../lib/web/pages/person_form.ts";
import { changedNotice, loadPerson, personPageOf } from "../../../../../../lib/web/pages/person_page.ts";
import { typedReachIn } from "../../../../../../lib/web/pages/reach_form.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "people.see");
    const { person } = await loadPerson(ctx.state, ctx.params);
    const notice = doneNotice(ctx.url.searchParams.get("done"), person);
    return page<PersonPageProps>(await personPageOf(ctx.state, person, { notice }));
  },
  async POST(ctx) {
    allow(ctx, "people.change");
    const { state } = ctx;
    const { services, person } = await loadPerson(state, ctx.params);
    const body = await requireBody(ctx);
    const values = typedPersonIn(body);
    const reach = typedReachIn(body);
    const { version = "" } = typed(body, ["version"]);
    const again = async (faults: FieldErrors) => {
      const shown = await personPageOf(state, person, { version, values, reach, faults });
      return page<PersonPageProps>(shown, { status: Object.keys(faults).length > 0 ? 422 : 200 });
    };
    const read = readPersonForm(body, { asks: "version" });
    if (reach.find !== null) return await again(read.ok ? {} : findFaults(read.error));
    if (!read.ok) return await again(read.error);
    const away = await confirmFirst(ctx, `/admin/people/${person.id}`);
    if (away) return away;
    const changed = await changeUser(services.db, authorOf(state), { userId: person.id, ...read.value });
    if (changed.ok) return redirectTo(`/admin/people/${person.id}?done=save`);
    switch (changed.error.kind) {
      case "unknown":
        throw new HttpError(404);
      case "changed": {
        const now = changed.error.user;
        const notice = await changedNotice(services.db, now);
        const shown = await personPageOf(state, now, { values, reach, notice });
        return page<PersonPageProps>(shown, { status: 422 });
      }
      case "unknown-reach":
        return await again({ reach: "A group or site is not there any more: choose again" });
      case "last-administrator":
        return await again({ role: `${LAST_ADMINISTRATOR.title}. ${LAST_ADMINISTRATOR.words}` });
    }
  },
});

export default define.page<typeof handler>(({ data }) => <PersonPage {...data} />);
