/**
 * The list of people.
 *
 * @module
 */

import { page } from "fresh";
import { listUsers } from "../../../../../lib/store/users.ts";
import { PeoplePage, type PeoplePageProps } from "../../../../../lib/ui/pages/PeoplePage.tsx";
import { parsePeopleQuery } from "../../../../../lib/ui/people_query.ts";
import { allow, mightDo } from "../../../../../lib/web/allow.ts";
import { PEOPLE_A_PAGE, peopleListQuery, personRow } from "../../../../../lib/web/pages/people_view.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "people.see");
    const { base } = ctx.state;
    const services = servicesOf(ctx.state);
    ctx.state.title = "People";
    const query = parsePeopleQuery(ctx.url.searchParams);
    const { users, total } = await listUsers(services.db, peopleListQuery(query));
    const nowMs = base.clock.nowMs();
    return page<PeoplePageProps>({
      query,
      rows: users.map((user) => personRow(user, nowMs)),
      found: total,
      pageSize: PEOPLE_A_PAGE,
      mayChange: mightDo(ctx.state, "people.change"),
      done: ctx.url.searchParams.get("done") === "withdraw" ? "The invitation is withdrawn" : null,
    });
  },
});

export default define.page<typeof handler>(({ data }) => <PeoplePage {...data} />);
