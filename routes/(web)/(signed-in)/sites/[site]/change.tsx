/**
 * Where changing a registered site begins, or is taken up again.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { listDrafts } from "../../../../../lib/store/site_drafts.ts";
import { findSiteWithin } from "../../../../../lib/store/api_sites.ts";
import { BeginPage, type BeginPageProps } from "../../../../../lib/ui/pages/register/BeginPage.tsx";
import type { Told } from "../../../../../lib/ui/Told.tsx";
import { allowSite } from "../../../../../lib/web/allow.ts";
import { readForm, requireBody } from "../../../../../lib/web/form.ts";
import { beginChange } from "../../../../../lib/web/pages/register/begin.ts";
import { stepPath } from "../../../../../lib/web/pages/register/draft.ts";
import { userIdOf } from "../../../../../lib/web/pages/register/drafts_page.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { id } = await allowSite(ctx, "site.change");
    return page<BeginPageProps>(await shownOf(ctx.state, id, null));
  },
  async POST(ctx) {
    const { id } = await allowSite(ctx, "site.change");
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const begun = await beginChange(ctx.state, id);
    if (begun.ok) return redirectTo(stepPath(begun.value, "site"));
    return page<BeginPageProps>(await shownOf(ctx.state, id, begun.error), { status: 422 });
  },
});

async function shownOf(state: State, siteId: number, told: Told | null): Promise<BeginPageProps> {
  const { db } = servicesOf(state);
  const site = await findSiteWithin(db, { siteId, reaches: state.asker?.reaches ?? [] });
  if (!site) throw new HttpError(404);
  state.title = `Change ${site.name}`;
  const drafts = await listDrafts(db, userIdOf(state));
  const draft = drafts.find(({ registration: { change } }) => change?.siteId === siteId);
  return {
    kind: "change",
    siteName: site.name,
    siteHref: `/sites/${siteId}`,
    action: `/sites/${siteId}/change`,
    draftHref: draft ? stepPath(draft.id, "check") : null,
    told,
  };
}

export default define.page<typeof handler>(({ data }) => <BeginPage {...data} />);
