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
import { readBody, readForm } from "../../../../../../lib/web/form.ts";
import { groupIdOf } from "../../../../../../lib/web/params.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, type State } from "../../../../../../lib/web/state.ts";

async function load(state: State, params: Readonly<Record<string, string>>) {
  const services = state.base.services();
  if (!services) throw new HttpError(503);
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
    const body = await readBody(ctx.req, ctx.state.base.clock);
    if (!body.ok) throw new HttpError(body.error === "too-large" ? 413 : 400);
    if (!readForm(body.value, {}).ok) throw new HttpError(422);
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
