/**
 * The library of device profiles.
 *
 * @module
 */

import { page } from "fresh";
import { PROFILES } from "../../../../lib/profiles/mod.ts";
import { searchProfiles } from "../../../../lib/profiles/search.ts";
import { ProfilesPage, type ProfilesPageProps } from "../../../../lib/ui/pages/ProfilesPage.tsx";
import { parseProfilesQuery } from "../../../../lib/ui/profiles_query.ts";
import { allow } from "../../../../lib/web/allow.ts";
import { define } from "../../../../lib/web/state.ts";
import { profileRow } from "./(_view)/profile_view.ts";

export const handler = define.handlers({
  GET(ctx) {
    allow(ctx, "sites.list");
    ctx.state.title = "Device profiles";
    const query = parseProfilesQuery(ctx.url.searchParams);
    const kind = query.kind === "any" ? undefined : query.kind;
    const rows = searchProfiles(query.q, { kind }).map(profileRow);
    return page<ProfilesPageProps>({ query, rows, total: PROFILES.length });
  },
});

export default define.page<typeof handler>(({ data }) => <ProfilesPage {...data} />);
