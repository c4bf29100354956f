/**
 * Removes a register map that no device uses, or ever used.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { removeMap } from "../../../../../../lib/store/register_maps.ts";
import { countText } from "../../../../../../lib/ui/format.ts";
import { RemoveMapPage, type RemoveMapPageProps } from "../../../../../../lib/ui/pages/maps/MapPages.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { mapHref, type OpenMap, openMap } from "../../../../../../lib/web/pages/maps/open_map.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, servicesOf } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "profiles.change");
    return page<RemoveMapPageProps>(shown(await openMap(ctx), null));
  },
  async POST(ctx) {
    allow(ctx, "profiles.change");
    const open = await openMap(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(400);
    const done = await removeMap(servicesOf(ctx.state).db, authorOf(ctx.state), { mapId: open.record.id });
    if (done.ok) return redirectTo("/profiles?from=own");
    if (done.error.kind === "unknown") throw new HttpError(404);
    const words =
      "Devices use a version of it, or used one before they went. Give them another profile first.";
    return page<RemoveMapPageProps>(shown(open, words), { status: 409 });
  },
});

function shown({ record }: OpenMap, refused: string | null): RemoveMapPageProps {
  return {
    map: { name: record.name, href: mapHref(record.id) },
    versions: countText(record.published, "version"),
    refused,
  };
}

export default define.page<typeof handler>(({ data }) => <RemoveMapPage {...data} />);
