import { match, strictEqual } from "node:assert/strict";
import { missingBuildText } from "../../ops/built.ts";

Deno.test("missingBuildText() says to build first, and nothing where it is built", async () => {
  match(await missingBuildText("/nowhere/_fresh/server.js") ?? "", /\n {2}Run deno task build first$/);
  strictEqual(await missingBuildText(import.meta.filename ?? ""), null);
});
