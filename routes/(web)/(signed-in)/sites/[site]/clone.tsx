/**
 * Where another site like a registered one begins.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { findSiteWithin } from "../../../../../lib/store/api_sites.ts";
import { BeginPage, type BeginPageProps } from "../../../../../lib/ui/pages/register/BeginPage.tsx";
import type { Told } from "../../../../../lib/ui/Told.tsx";
import { allow, allowSite, type AskedContext } from "../../../../../lib/web/allow.ts";
import { readForm, requireBody } from "../../../../../lib/web/form.ts";
import { beginClone } from "../../../../../lib/web/pages/register/begin.ts";
import { stepPath } from "../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const siteId = await allowClone(ctx);
    return page<BeginPageProps>(await shownOf(ctx.state, siteId, null));
  },
  async POST(ctx) {
    const siteId = await allowClone(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const begun = await beginClone(ctx.state, siteId);
    if (begun.ok) return redirectTo(stepPath(begun.value, "site"));
    return page<BeginPageProps>(await shownOf(ctx.state, siteId, begun.error), { status: 422 });
  },
});

/** Whoever registers sites may copy one that they reach. */
async function allowClone(ctx: AskedContext): Promise<number> {
  const { id } = await allowSite(ctx, "site.see");
  allow(ctx, "sites.register");
  return id;
}

async function shownOf(state: State, siteId: number, told: Told | null): Promise<BeginPageProps> {
  const site = await findSiteWithin(servicesOf(state).db, { siteId, reaches: state.asker?.reaches ?? [] });
  if (!site) throw new HttpError(404);
  state.title = `Clone ${site.name}`;
  return {
    kind: "clone",
    siteName: site.name,
    siteHref: `/sites/${siteId}`,
    action: `/sites/${siteId}/clone`,
    draftHref: null,
    told,
  };
}

export default define.page<typeof handler>(({ data }) => <BeginPage {...data} />);
