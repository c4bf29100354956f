/**
 * What the device profiles of a site are called on pages.
 *
 * @module
 */

import { floatCounterStep } from "../../../../lib/domain/step.ts";
import { listSiteProfiles } from "../../../../lib/store/profile_use.ts";
import type { DeviceProfile } from "../../../../lib/profiles/profile.ts";
import type { DeviceKnown, FindDevice } from "../../../../lib/web/pages/router_view.ts";
import type { Services } from "../../../../lib/web/state.ts";

/** Finds the profiles of a site's devices, people's own among them; `undefined`: there is no such profile any more. */
export async function deviceFinder(
  { db, profiles }: Pick<Services, "db" | "profiles">,
  siteId: number,
): Promise<FindDevice> {
  await profiles.load(await listSiteProfiles(db, siteId));
  return (profileId) => deviceKnown(profiles.find(profileId));
}

/** Vendor, model, kind and counter steps of a profile. */
function deviceKnown(profile: DeviceProfile | undefined): DeviceKnown | undefined {
  if (!profile) return undefined;
  const stepOf = (quantity: string, value: number): number => {
    const spec = profile.registers[quantity];
    if (spec?.encoding !== "f32" && spec?.encoding !== "f64") return 1;
    return floatCounterStep({ encoding: spec.encoding, value, scale: spec.scale ?? 1 });
  };
  return { label: `${profile.vendor} ${profile.models[0] ?? ""}`.trim(), kind: profile.kind, stepOf };
}
