import { match, strictEqual } from "node:assert/strict";
import { placeAt, PRODUCTION } from "../../../../ops/lib/release/place.ts";

Deno.test("placeAt() means this host where nothing is said", () => {
  const place = placeAt({});
  strictEqual(place.ok && place.value, PRODUCTION);
});

Deno.test("placeAt() takes a folder with or without a slash at its end", () => {
  for (const root of ["/srv/trial", "/srv/trial/"]) {
    const place = placeAt({ root, name: "trial" });
    strictEqual(place.ok && place.value.paths.settings, "/srv/trial/etc/wattpost/wattpost.env");
  }
});

const REFUSED = [
  [{ root: "/srv/trial" }, /both or neither/],
  [{ name: "trial" }, /both or neither/],
  [{ root: "/", name: "trial" }, /^--root "\/" is no folder/],
  [{ root: "", name: "trial" }, /is no folder/],
  [{ root: "srv", name: "trial" }, /is no folder/],
  [{ root: "/srv/..", name: "trial" }, /is no folder/],
  [{ root: "/srv/a b", name: "trial" }, /is no folder/],
  [{ root: "/srv:ro", name: "trial" }, /is no folder/],
  [{ root: "/srv/trial", name: "Trial" }, /^--name "Trial" is not/],
  [{ root: "/srv/trial", name: "-trial" }, /is not 1 to 40/],
  [{ root: "/srv/trial", name: "t".repeat(41) }, /is not 1 to 40/],
] as const;
for (const [said, words] of REFUSED) {
  Deno.test(`placeAt() refuses ${JSON.stringify(said)}: the whole host is never meant by mistake`, () => {
    const place = placeAt(said);
    match(place.ok ? "" : place.error, words);
  });
}
