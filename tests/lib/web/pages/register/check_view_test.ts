/**
 * What the last step of registering a site says once more.
 *
 * @module
 */

import { strictEqual } from "node:assert/strict";
import { EMPTY_REGISTRATION } from "../../../../../lib/domain/registration.ts";
import { profileOf } from "../../../../../lib/profiles/mod.ts";
import { checkView } from "../../../../../lib/web/pages/register/check_view.ts";
import { KILN } from "../../../domain/kiln.ts";

Deno.test("the check says a position with five decimals and its sides, not with every digit", () => {
  const site = { ...KILN.site, latitude: 52.6898386246258, longitude: -2.758255323330872 };
  const { parts } = checkView({ ...EMPTY_REGISTRATION, site }, { draftId: 1, find: profileOf });
  const position = parts.flatMap(({ facts }) => facts).find(({ label }) => label === "Position");
  strictEqual(position?.value, "52.68984° N, 2.75826° W");
});
