/**
 * What the profiles are called that a device may be read by.
 *
 * @module
 */

import { strictEqual } from "node:assert/strict";
import { profileOf } from "../../../../../lib/profiles/mod.ts";
import { profileOptions } from "../../../../../lib/web/pages/device/profile_choice.ts";

Deno.test("a register map of one's own is chosen by its name and version, not by an id", () => {
  const library = profileOf("eastron-sdm120");
  if (!library) throw new Error("the library has no eastron-sdm120");
  const own = { ...library, id: "own-2@1", vendor: "Own", models: ["15218"] };
  const options = profileOptions({
    device: { profileId: "eastron-sdm120" },
    own: [own],
    findProfile: (id) => id === own.id ? own : profileOf(id),
  });
  strictEqual(options.find(({ value }) => value === own.id)?.label, "Own 15218, version 1");
});
