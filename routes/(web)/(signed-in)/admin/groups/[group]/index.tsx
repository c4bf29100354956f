/**
 * A group of sites: renamed, and sites put into it or taken out.
 *
 * @module
 */

import { page } from "fresh";
import { assignSites, renameGroup } from "../../../../../../lib/store/groups.ts";
import { groupHref, parseGroupQuery } from "../../../../../../lib/ui/groups_query.ts";
import { GroupPage, type GroupPageProps } from "../../../../../../lib/ui/pages/GroupPage.tsx";
import { allow, mightDo } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { requireBody, typed } from "../../../../../../lib/web/form.ts";
import {
  groupNotice,
  groupPageOf,
  groupTroubleWords,
  readGroupPress,
  releaseSites,
  type ShownGroup,
} from "../../../../../../lib/web/pages/groups_view.ts";
import { groupIdOf } from "../../../../../../lib/web/params.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../../lib/web/state.ts";
import { tickedIds } from "../../../../../../lib/web/ticks.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "people.see");
    const { searchParams } = ctx.url;
    return page<GroupPageProps>(
      await load(ctx.state, {
        groupId: groupIdOf(ctx.params),
        query: parseGroupQuery(searchParams),
        notice: groupNotice(searchParams),
      }),
    );
  },
  async POST(ctx) {
    allow(ctx, "people.change");
    const { state } = ctx;
    const { db } = servicesOf(state);
    const groupId = groupIdOf(ctx.params);
    const form = await requireBody(ctx);
    const query = parseGroupQuery(form);
    const again = async (faults: Readonly<Record<string, string>>) => {
      const { name: typedName = "" } = form.has("name") ? typed(form, ["name"]) : {};
      const kept = form.has("name") ? { typedName } : { siteIds: tickedIds(form, "site") };
      return page<GroupPageProps>(await load(state, { groupId, query, faults, ...kept }), { status: 422 });
    };
    const read = readGroupPress(form);
    if (!read.ok) return await again(read.error);
    const press = read.value;
    if (press.do === "rename") {
      const renamed = await renameGroup(db, authorOf(state), {
        groupId,
        name: press.name,
        seenName: press.seen,
      });
      if (!renamed.ok) return await again({ name: groupTroubleWords(renamed.error) });
      return redirectTo(`/admin/groups/${groupId}?done=rename`);
    }
    const moved = press.do === "put"
      ? await assignSites(db, authorOf(state), { groupId, siteIds: press.siteIds })
      : await releaseSites(db, authorOf(state), { groupId, siteIds: press.siteIds });
    if (!moved.ok) return await again({ sites: "They are not there any more: choose again" });
    const href = groupHref(groupId, query);
    return redirectTo(`${href}${href.includes("?") ? "&" : "?"}done=${press.do}&count=${moved.value}`);
  },
});

type Asked = Omit<ShownGroup, "mayChange">;

async function load(state: State, asked: Asked): Promise<GroupPageProps> {
  const props = await groupPageOf(servicesOf(state).db, {
    ...asked,
    mayChange: mightDo(state, "people.change"),
  });
  state.title = props.name;
  return props;
}

export default define.page<typeof handler>(({ data }) => <GroupPage {...data} />);
