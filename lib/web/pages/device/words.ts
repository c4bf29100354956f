/**
 * What is said of the life of a device: why an act was refused, beside which field, and what happened.
 *
 * @module
 */

import type { LifeRefusal } from "../../../domain/device_life.ts";
import type { EndpointKind } from "../../../domain/site.ts";
import { numberText } from "../../../ui/format.ts";
import type { FieldErrors } from "../../form.ts";
import { quantityName } from "../read_now.ts";
import { instantText } from "./local_instant.ts";

/** Kinds of endpoints. */
export const ENDPOINT_WORDS: Readonly<Record<EndpointKind, string>> = {
  router: "the router itself",
  gateway: "through a gateway",
  device: "reached directly",
};

/** What the words depend on. */
export interface RefusalContext {
  /** Zone of the site. */
  readonly zone: string;
  /** What the old counter shows in kWh or its unit, of register counts. */
  readonly oldShown: (quantity: string, counts: number) => string;
  /** The same of the new one. */
  readonly newShown: (quantity: string, counts: number) => string;
}

/** Why an act was refused, beside its fields; `""` holds what belongs to none. */
export function refusalErrors(refusals: readonly LifeRefusal[], context: RefusalContext): FieldErrors {
  const errors: Record<string, string> = {};
  for (const refusal of refusals) {
    const [field, words] = refusalWords(refusal, context);
    errors[field] ??= words;
  }
  return errors;
}

function refusalWords(refusal: LifeRefusal, context: RefusalContext): readonly [string, string] {
  const { zone, oldShown, newShown } = context;
  switch (refusal.kind) {
    case "no-such-device":
      return ["", "The device is not there any more"];
    case "changed-meanwhile":
      return [
        "",
        "Something happened to this device since the page was opened. Look at it again, then send this form",
      ];
    case "retired":
      return ["", "The device is retired: take it back first"];
    case "not-retired":
      return ["", "The device is not retired"];
    case "nothing-changes":
      return ["", "Everything would be as it is already"];
    case "no-such-profile":
      return ["profileId", `There is no device profile "${refusal.profileId}"`];
    case "no-such-endpoint":
      return ["endpointId", "Choose one of the ports of this site"];
    case "unit-refused":
      return [
        "unitId",
        `Unit ${refusal.unitId} is not possible here: 1 to 247, or 0 and 255 for a device reached directly`,
      ];
    case "unit-taken":
      return ["unitId", `Unit ${refusal.unitId} of this port is ${refusal.by}`];
    case "too-early":
      return ["date", `Too early: from ${instantText(zone, refusal.notBeforeS)} on`];
    case "too-late":
      return ["date", `Too late: until ${instantText(zone, refusal.notAfterS)} at most`];
    case "already-announced":
      return ["", `A replacement is announced for ${instantText(zone, refusal.atS)}: withdraw it first`];
    case "below-last":
      return [
        `final-${refusal.quantity}`,
        `Less than was read before: ${oldShown(refusal.quantity, refusal.last)}`,
      ];
    case "above-since":
      return [
        `first-${refusal.quantity}`,
        `More than was read since: ${newShown(refusal.quantity, refusal.since)}`,
      ];
    case "implausible":
      return [
        `final-${refusal.quantity}`,
        `More than can have flowed since it was last read, at most ${
          oldShown(refusal.quantity, refusal.most)
        }`,
      ];
  }
}

/** A counter as people read it: in thousands of its unit where it counts energy. */
export function counterText(unit: string, shown: number | null): string {
  if (shown === null) return "unknown";
  return isEnergy(unit) ? `${numberText(shown / 1000, 1)} k${unit}` : `${numberText(shown)} ${unit}`.trim();
}

/** Whether a unit is shown in thousands. */
export function isEnergy(unit: string): boolean {
  return unit === "Wh" || unit === "varh" || unit === "VAh";
}

/** Quantities by name in a list; empty: none. */
export function quantityList(quantities: readonly string[]): string {
  return quantities.map(quantityName).join(", ");
}
