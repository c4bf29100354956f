/**
 * What a device profile is called on pages.
 *
 * @module
 */

import { floatCounterStep } from "../../../../lib/domain/step.ts";
import { profileOf } from "../../../../lib/profiles/mod.ts";
import type { FindDevice } from "../../../../lib/web/pages/router_view.ts";

/** Vendor, model, kind and counter steps of a profile; `undefined`: no such profile. */
export const findDevice: FindDevice = (profileId) => {
  const profile = profileOf(profileId);
  if (!profile) return undefined;
  const stepOf = (quantity: string, value: number): number => {
    const spec = profile.registers[quantity];
    if (spec?.encoding !== "f32" && spec?.encoding !== "f64") return 1;
    return floatCounterStep({ encoding: spec.encoding, value, scale: spec.scale ?? 1 });
  };
  return { label: `${profile.vendor} ${profile.models[0] ?? ""}`.trim(), kind: profile.kind, stepOf };
};
