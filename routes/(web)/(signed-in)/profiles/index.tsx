/**
 * The library of device profiles, and register maps of one's own beside it.
 *
 * @module
 */

import { page } from "fresh";
import { PROFILES } from "../../../../lib/profiles/mod.ts";
import { holdsWords, searchProfiles } from "../../../../lib/profiles/search.ts";
import { listMaps } from "../../../../lib/store/register_maps.ts";
import { ProfilesPage, type ProfilesPageProps } from "../../../../lib/ui/pages/ProfilesPage.tsx";
import { parseProfilesQuery } from "../../../../lib/ui/profiles_query.ts";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";
import { mapRow, profileRow } from "./(_view)/profile_view.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "sites.list");
    ctx.state.title = "Device profiles";
    const query = parseProfilesQuery(ctx.url.searchParams);
    const kind = query.kind === "any" ? undefined : query.kind;
    const maps = await listMaps(servicesOf(ctx.state).db);
    const own = query.from === "library"
      ? []
      : maps.filter((map) =>
        (kind === undefined || map.kind === kind) &&
        holdsWords(query.q, [map.vendor, map.model, map.name, `own-${map.id}`])
      );
    const library = query.from === "own" ? [] : searchProfiles(query.q, { kind });
    return page<ProfilesPageProps>({
      query,
      rows: [...own.map(mapRow), ...library.map(profileRow)],
      total: PROFILES.length + maps.length,
      newHref: mightDo(ctx.state, "profiles.change") ? "/profiles/own/new" : null,
    });
  },
});

export default define.page<typeof handler>(({ data }) => <ProfilesPage {...data} />);
