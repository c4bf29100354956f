import { match, strictEqual } from "node:assert/strict";
import { mayServe } from "../../../../ops/lib/release/back.ts";
import { appliedBy } from "../../../../ops/lib/release/known.ts";

const older = { name: "r15-1f0c2aa", knows: ["0021_vpn", "0022_release_seen"] };

Deno.test("an older release serves with what later ones added", () => {
  const applied = [{ name: "0021_vpn", needs: null }, { name: "0024_note", needs: null }];
  strictEqual(mayServe(older, applied).ok, true);
});

Deno.test("an older release is refused where something it asks for was taken away, and it is said what", () => {
  const refused = mayServe(older, [{ name: "0026_old_column", needs: "0025_new_column" }]);
  match(
    refused.ok ? "" : refused.error,
    /^0026_old_column took away what r15-1f0c2aa still asks for .*0022_release_seen/,
  );
});

Deno.test("a release that knows what took its place serves after it was taken away", () => {
  strictEqual(mayServe(older, [{ name: "0026_old_column", needs: "0022_release_seen" }]).ok, true);
  strictEqual(
    mayServe({ ...older, knows: ["0026_old_column"] }, [{ name: "0026_old_column", needs: "0025_x" }]).ok,
    true,
  );
});

Deno.test("a migration that nobody here knows lets nobody serve but those who know it", () => {
  const refused = mayServe(older, [{ name: "0031_future", needs: undefined }]);
  match(refused.ok ? "" : refused.error, /0031_future, which neither r15-1f0c2aa nor this release knows/);
});

Deno.test("appliedBy() takes what any of the sources knows", () => {
  const known = [new Map([["0001_site", null]]), new Map([["0026_old", "0025_new"]])];
  strictEqual(
    JSON.stringify(appliedBy(["0001_site", "0026_old", "0099_strange"], known)),
    '[{"name":"0001_site","needs":null},{"name":"0026_old","needs":"0025_new"},{"name":"0099_strange"}]',
  );
});
