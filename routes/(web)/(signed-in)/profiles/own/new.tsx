/**
 * A new register map: empty, as a copy of a profile, or from a file.
 *
 * @module
 */

import { page } from "fresh";
import { NewMapPage, type NewMapPageProps } from "../../../../../lib/ui/pages/maps/ImportPages.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { requireUpload } from "../../../../../lib/web/pages/maps/map_body.ts";
import { makeNewMap, newMapPage, typedNew } from "../../../../../lib/web/pages/maps/new_map.ts";
import { mapHref } from "../../../../../lib/web/pages/maps/open_map.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf } from "../../../../../lib/web/state.ts";

const NO_FAULTS = { faults: {}, fileFaults: [] };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "profiles.change");
    ctx.state.title = "New register map";
    const { searchParams } = ctx.url;
    const from = searchParams.get("from") ?? "";
    const profile = (await servicesOf(ctx.state).profiles.load([from]))(from);
    const values = {
      name: "",
      start: profile ? "profile" : "empty",
      profileId: profile?.id ?? "",
      text: "",
      at: (searchParams.get("at") ?? "").slice(0, 60),
    };
    return page<NewMapPageProps>(await newMapPage(ctx.state, { values, ...NO_FAULTS }));
  },
  async POST(ctx) {
    allow(ctx, "profiles.change");
    ctx.state.title = "New register map";
    const form = await requireUpload(ctx);
    const made = await makeNewMap(ctx.state, form);
    if (!made.ok) {
      const shown = { values: typedNew(form), ...made.error };
      return page<NewMapPageProps>(await newMapPage(ctx.state, shown), { status: 422 });
    }
    const { mapId, at } = made.value;
    // Whoever comes with a device in hand looks for its registers first.
    return redirectTo(
      at === "" ? mapHref(mapId) : `${mapHref(mapId)}/workbench?${new URLSearchParams({ at })}`,
    );
  },
});

export default define.page<typeof handler>(({ data }) => <NewMapPage {...data} />);
