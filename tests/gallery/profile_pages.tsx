/**
 * The pages of the library of device profiles: all of them, nothing found, one with a full map, one that nobody could
 * verify, and one whose words come low first.
 *
 * @module
 */

import { PROFILES } from "../../lib/profiles/mod.ts";
import { searchProfiles } from "../../lib/profiles/search.ts";
import { ProfilePage } from "../../lib/ui/pages/ProfilePage.tsx";
import { ProfilesPage } from "../../lib/ui/pages/ProfilesPage.tsx";
import { ALL_PROFILES, type ProfilesQuery } from "../../lib/ui/profiles_query.ts";
import { profileRow, profileView } from "../../routes/(web)/(signed-in)/profiles/(_view)/profile_view.ts";
import { framed, type Specimen } from "./frame.tsx";

function list(name: string, query: ProfilesQuery): Specimen {
  const kind = query.kind === "any" ? undefined : query.kind;
  const rows = searchProfiles(query.q, { kind }).map(profileRow);
  const body = framed(
    "sites",
    <ProfilesPage query={query} rows={rows} total={PROFILES.length} newHref="/profiles/own/new" />,
  );
  return { name, title: "Device profiles", body };
}

function one(id: string, sites: number): Specimen {
  const [profile] = searchProfiles(id);
  if (!profile) throw new Error(`No profile ${id}`);
  const view = profileView(profile, sites);
  return {
    name: `profile-${id}`,
    title: profile.vendor,
    body: framed("sites", <ProfilePage {...view} />),
  };
}

/** All of them. */
export function profileSpecimens(): readonly Specimen[] {
  return [
    list("profiles", ALL_PROFILES),
    list("profiles-found", { q: "carlo 24", kind: "meter", from: "any" }),
    list("profiles-none", { q: "sdm631", kind: "ups", from: "any" }),
    one("eastron-sdm230", 1_124),
    one("siemens-pac3200", 0),
    one("carlo-gavazzi-em24-e1", 1),
    one("coolautomation-coolmasternet", 3),
  ];
}
