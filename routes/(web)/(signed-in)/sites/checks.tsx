/**
 * What the nightly check found within reach.
 *
 * @module
 */

import { page } from "fresh";
import { ChecksPage, type ChecksPageProps } from "../../../../lib/ui/pages/ChecksPage.tsx";
import type { Told } from "../../../../lib/ui/Told.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { loadChecksView, parseChecksQuery } from "../../../../lib/web/pages/checks_view.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";

const TOLD: Readonly<Record<string, Told>> = {
  aside: {
    state: "good",
    title: "Put aside",
    words: "It comes back when it changes, or when its time is over.",
  },
  back: { state: "good", title: "Brought back", words: "" },
};

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const { reaches } = allow(ctx, "sites.list");
    const services = servicesOf(ctx.state);
    ctx.state.title = "Checks";
    const query = parseChecksQuery(ctx.url.searchParams);
    const view = await loadChecksView(services.db, { query, reaches, nowMs: base.clock.nowMs() });
    const told = TOLD[ctx.url.searchParams.get("done") ?? ""] ?? null;
    return page<ChecksPageProps>({ ...view, told });
  },
});

export default define.page<typeof handler>(({ data }) => <ChecksPage {...data} />);
