import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { buildTrouble } from "../../ops/built.ts";

Deno.test("buildTrouble() says to build first, and again where a source is newer", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-built-" });
  try {
    const missing = await buildTrouble(folder);
    match(missing?.text ?? "", /^Cannot start: .*\n {2}Run deno task build first$/);
    strictEqual(missing?.missing, true);
    await Deno.mkdir(`${folder}/_fresh`);
    await Deno.writeTextFile(`${folder}/_fresh/server.js`, "");
    await Deno.mkdir(`${folder}/lib/ui`, { recursive: true });
    await Deno.writeTextFile(`${folder}/lib/ui/page.tsx`, "");
    await Deno.utime(`${folder}/lib/ui/page.tsx`, 1_000, 1_000);
    strictEqual(await buildTrouble(folder), null);
    await Deno.utime(`${folder}/_fresh/server.js`, 999, 999);
    deepStrictEqual(await buildTrouble(folder), {
      text: "The build is older than lib/ui/page.tsx: run deno task build where pages look wrong",
      missing: false,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
