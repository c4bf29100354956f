/**
 * The links of the sites within reach, those first that need somebody.
 *
 * @module
 */

import { page } from "fresh";
import { closedHalfHourAt } from "../../../../lib/domain/half_hour.ts";
import { listLinks } from "../../../../lib/store/link_list.ts";
import { LinksPage, type LinksPageProps } from "../../../../lib/ui/pages/LinksPage.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { LINKS_PAGE, linksView } from "../../../../lib/web/pages/links_view.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";

/** Pages that are turned to at most. */
const PAGES_MAX = 2_000;

export const handler = define.handlers({
  async GET(ctx) {
    const { reaches } = allow(ctx, "sites.list");
    const { searchParams } = ctx.url;
    const nowMs = ctx.state.base.clock.nowMs();
    const asked = /^\d{1,4}$/.exec(searchParams.get("page") ?? "")?.[0];
    const number = Math.min(PAGES_MAX, Math.max(1, Number(asked ?? 1)));
    const onlyNeedy = !searchParams.has("all");
    const list = await listLinks(servicesOf(ctx.state).db, {
      reaches,
      halfHour: closedHalfHourAt(nowMs),
      needy: onlyNeedy,
      page: number,
      pageSize: LINKS_PAGE,
    });
    ctx.state.title = "Links";
    return page<LinksPageProps>(linksView(list, { onlyNeedy, page: number, nowMs }));
  },
});

export default define.page<typeof handler>(({ data }) => <LinksPage {...data} />);
