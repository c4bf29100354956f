/**
 * Removes a group of sites that nobody reaches sites by.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { listGroups, removeGroup } from "../../../../../../lib/store/groups.ts";
import { RemoveGroup, type RemoveGroupProps } from "../../../../../../lib/ui/pages/GroupPage.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { groupIdOf } from "../../../../../../lib/web/params.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../../lib/web/state.ts";

async function load(state: State, params: Readonly<Record<string, string>>) {
  const services = servicesOf(state);
  const groupId = groupIdOf(params);
  const group = (await listGroups(services.db)).find(({ id }) => id === groupId);
  if (!group) throw new HttpError(404);
  state.title = group.name;
  return { services, group };
}

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "people.change");
    const { group: { id, name, siteCount } } = await load(ctx.state, ctx.params);
    return page<RemoveGroupProps>({ id, name, sites: siteCount, inUse: null });
  },
  async POST(ctx) {
    allow(ctx, "people.change");
    const { services, group: { id, name, siteCount } } = await load(ctx.state, ctx.params);
    const body = await requireBody(ctx);
    if (!readForm(body, {}).ok) throw new HttpError(422);
    const removed = await removeGroup(services.db, authorOf(ctx.state), { groupId: id });
    if (removed.ok) return redirectTo("/admin/groups?done=removed");
    switch (removed.error.kind) {
      case "unknown":
        throw new HttpError(404);
      case "in-use": {
        const { people, tokens } = removed.error;
        const inUse = { people, tokens };
        return page<RemoveGroupProps>({ id, name, sites: siteCount, inUse }, { status: 422 });
      }
    }
  },
});

export default define.page<typeof handler>(({ data }) => <RemoveGroup {...data} />);
