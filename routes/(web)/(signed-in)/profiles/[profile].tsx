/**
 * One device profile of the library, or a published version of people's own, and at how many sites within reach it is used.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { halfHourOf } from "../../../../lib/domain/half_hour.ts";
import { countSitesWithProfile } from "../../../../lib/store/profile_use.ts";
import { ProfilePage, type ProfilePageProps } from "../../../../lib/ui/pages/ProfilePage.tsx";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { define, servicesOf } from "../../../../lib/web/state.ts";
import { profileView } from "./(_view)/profile_view.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { reaches } = allow(ctx, "sites.list");
    const { db, profiles } = servicesOf(ctx.state);
    const id = ctx.params.profile ?? "";
    await profiles.load([id]);
    const profile = profiles.find(id);
    if (!profile) throw new HttpError(404);
    const { base } = ctx.state;
    ctx.state.title = `${profile.vendor} ${profile.models[0] ?? ""}`.trim();
    const sites = await countSitesWithProfile(db, {
      profileId: profile.id,
      reaches,
      halfHour: halfHourOf(base.clock.nowMs()),
    });
    const copyHref = mightDo(ctx.state, "profiles.change")
      ? `/profiles/own/new?from=${profile.id}`
      : undefined;
    return page<ProfilePageProps>({ ...profileView(profile, sites), copyHref });
  },
});

export default define.page<typeof handler>(({ data }) => <ProfilePage {...data} />);
