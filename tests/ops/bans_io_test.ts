import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { runProcess } from "../../ops/lib/process.ts";

const isHost = await Deno.stat(PATHS.host).then(() => true, () => false);

Deno.test({
  name: "deno task bans export says in a line why it cannot, where no host was set up",
  ignore: isHost,
  async fn() {
    const args = [
      "run",
      "--no-check",
      "--no-prompt",
      "--allow-run",
      "--allow-read",
      "--allow-write=/var/lib",
    ];
    const { code, output } = await runProcess({
      program: "deno",
      args: [...args, "ops/bans.ts", "export"],
      env: { NO_COLOR: "1" },
      deadlineMs: 120_000,
    });
    strictEqual(code, 1);
    match(output, /^Cannot write "\/var\/lib\/wattpost\/host\/bans\.json": /m);
    doesNotMatch(output, /Uncaught/);
  },
});
