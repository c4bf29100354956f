/**
 * Where registering sites begins: one's own drafts, and a new one.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { createDraft } from "../../../../../lib/store/site_drafts.ts";
import { DraftsPage, type DraftsPageProps } from "../../../../../lib/ui/pages/register/DraftsPage.tsx";
import type { Told } from "../../../../../lib/ui/Told.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { readForm, requireBody } from "../../../../../lib/web/form.ts";
import { stepPath } from "../../../../../lib/web/pages/register/draft.ts";
import { draftsPage, FULL, userIdOf } from "../../../../../lib/web/pages/register/drafts_page.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

const REMOVED: Told = { state: "good", title: "The draft is removed", words: "" };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "sites.register");
    const told = ctx.url.searchParams.get("done") === "removed" ? REMOVED : null;
    return page<DraftsPageProps>(await draftsPage(ctx.state, told));
  },
  async POST(ctx) {
    allow(ctx, "sites.register");
    const { state } = ctx;
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const nowMs = state.base.clock.nowMs();
    const made = await createDraft(servicesOf(state).db, { ownerId: userIdOf(state), nowMs });
    if (!made.ok) return page<DraftsPageProps>(await draftsPage(state, FULL), { status: 422 });
    return redirectTo(stepPath(made.value, "site"));
  },
});

export default define.page<typeof handler>(({ data }) => <DraftsPage {...data} />);
