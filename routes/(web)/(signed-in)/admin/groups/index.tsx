/**
 * The list of groups of sites, and making another one.
 *
 * @module
 */

import { page } from "fresh";
import { createGroup, listGroups } from "../../../../../lib/store/groups.ts";
import { GroupsPage, type GroupsPageProps } from "../../../../../lib/ui/pages/GroupsPage.tsx";
import { allow, mightDo } from "../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { type FieldErrors, requireBody, typed } from "../../../../../lib/web/form.ts";
import { groupRow, groupTroubleWords, readGroupForm } from "../../../../../lib/web/pages/groups_view.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../lib/web/state.ts";

async function load(state: State): Promise<GroupsPageProps> {
  const services = servicesOf(state);
  state.title = "Groups";
  const rows = (await listGroups(services.db)).map(groupRow);
  return { rows, mayChange: mightDo(state, "people.change"), name: "", faults: {}, removed: false };
}

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "people.see");
    const removed = ctx.url.searchParams.get("done") === "removed";
    return page<GroupsPageProps>({ ...await load(ctx.state), removed });
  },
  async POST(ctx) {
    allow(ctx, "people.change");
    const { state } = ctx;
    const services = servicesOf(state);
    const body = await requireBody(ctx);
    const again = async (faults: FieldErrors) => {
      const { name = "" } = typed(body, ["name"]);
      return page<GroupsPageProps>({ ...await load(state), name, faults }, { status: 422 });
    };
    const read = readGroupForm(body);
    if (!read.ok) return await again(read.error);
    const made = await createGroup(services.db, authorOf(state), read.value);
    if (!made.ok) return await again({ name: groupTroubleWords(made.error) });
    return redirectTo(`/admin/groups/${made.value.id}?show=all&done=made`);
  },
});

export default define.page<typeof handler>(({ data }) => <GroupsPage {...data} />);
