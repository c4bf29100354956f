/**
 * The link of a site: its paths, radio, place and SIM, and what they are judged by.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { writeLinkSettings } from "../../../../../lib/store/link_settings.ts";
import type { LinkForm, LinkPageProps } from "../../../../../lib/ui/link_model.ts";
import { LinkPage } from "../../../../../lib/ui/pages/LinkPage.tsx";
import { allowSite, mightDo } from "../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../lib/web/author.ts";
import { requireBody, typed } from "../../../../../lib/web/form.ts";
import { readLinkForm } from "../../../../../lib/web/pages/link_form.ts";
import { linkRangeOf, linkView, loadLink } from "../../../../../lib/web/pages/link_view.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../lib/web/state.ts";
import type { SitePlace } from "../../../../../lib/domain/permission.ts";

/** Said where somebody was quicker. */
const CHANGED = "Somebody else changed this meanwhile: look and save again";

interface Asked {
  readonly place: SitePlace;
  readonly url: URL;
}

async function load(
  state: State,
  { place, url }: Asked,
  over: Partial<LinkForm> = {},
): Promise<LinkPageProps> {
  const range = linkRangeOf(url.searchParams.get("days"));
  const loaded = await loadLink(servicesOf(state).db, {
    siteId: place.id,
    nowMs: state.base.clock.nowMs(),
    days: Number(range),
  });
  if (!loaded) throw new HttpError(404);
  const { settings, plan } = loaded.link;
  state.title = `${plan.site.name}, link`;
  const action = `/sites/${place.id}/link`;
  return {
    ...linkView(loaded, range),
    csvHref: mightDo(state, "site.export", place) ? `${action}.csv` : null,
    form: mightDo(state, "site.change", place)
      ? {
        action,
        radius: String(settings.radiusM),
        billingDay: String(settings.billingDay),
        version: String(settings.version),
        faults: {},
        saved: url.searchParams.has("saved"),
        ...over,
      }
      : null,
  };
}

export const handler = define.handlers({
  async GET(ctx) {
    const place = await allowSite(ctx, "site.see");
    return page<LinkPageProps>(await load(ctx.state, { place, url: ctx.url }));
  },
  async POST(ctx) {
    const place = await allowSite(ctx, "site.change");
    const body = await requireBody(ctx);
    const again = async (faults: LinkForm["faults"], status: number) => {
      const { radius = "", billingDay = "" } = typed(body, ["radius", "billingDay"]);
      const over = { radius, billingDay, faults, saved: false };
      return page<LinkPageProps>(await load(ctx.state, { place, url: ctx.url }, over), { status });
    };
    const draft = readLinkForm(body);
    if (!draft.ok) return await again(draft.error, 422);
    const { radius: radiusM, billingDay, version } = draft.value;
    const written = await writeLinkSettings(servicesOf(ctx.state).db, authorOf(ctx.state), {
      siteId: place.id,
      version,
      settings: { radiusM, billingDay },
    });
    if (!written.ok) return await again({ "": CHANGED }, 409);
    return redirectTo(`/sites/${place.id}/link?saved#judged`);
  },
});

export default define.page<typeof handler>(({ data }) => <LinkPage {...data} />);
