import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { migrations } from "../../migrations/mod.ts";
import { runMigrate } from "../../ops/migrate.ts";

Deno.test("runMigrate() prints the plan with its reasons, applies it once, and only when asked", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-migrate-" });
  try {
    const url = `sqlite:${folder}/test.db`;
    const run = async (dryRun: boolean) => {
      const lines: string[] = [];
      const code = await runMigrate(url, { dryRun, print: (line) => lines.push(line) });
      return { code, lines };
    };
    const plan = await run(true);
    strictEqual(plan.code, 0);
    deepStrictEqual(Deno.readDirSync(folder).toArray(), [], "A dry run makes no file");
    const all = Object.keys(migrations).length;
    match(plan.lines[0] ?? "", new RegExp(`^sqlite 3\\..+: ${all} of ${all} migrations to apply$`));
    match(plan.lines[1] ?? "", /^ {2}0001_site {2}Sites come first/);
    const applied = await run(false);
    deepStrictEqual([applied.code, applied.lines.at(-1)], [0, `Applied ${all}`]);
    const again = await run(false);
    strictEqual(again.lines.length, 1);
    match(again.lines[0] ?? "", new RegExp(`: 0 of ${all} migrations`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
