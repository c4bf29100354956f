/**
 * What a device profile is called on pages.
 *
 * @module
 */

import { profileOf } from "../../../../lib/profiles/mod.ts";
import type { FindDevice } from "../../../../lib/web/pages/router_view.ts";

/** Vendor, model and kind of a profile; `undefined`: no such profile. */
export const findDevice: FindDevice = (profileId) => {
  const profile = profileOf(profileId);
  if (!profile) return undefined;
  return { label: `${profile.vendor} ${profile.models[0] ?? ""}`.trim(), kind: profile.kind };
};
