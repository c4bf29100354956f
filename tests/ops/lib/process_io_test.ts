import { ok, strictEqual } from "node:assert/strict";
import { runProcess } from "../../../ops/lib/process.ts";

Deno.test("runProcess() gives what was printed and the exit code", async () => {
  const end = await runProcess({ program: "bash", args: ["-c", "echo out; exit 3"], deadlineMs: 10_000 });
  strictEqual(end.code, 3);
  strictEqual(end.output, "out\n");
});

Deno.test({
  name: "runProcess() ends a program and its children at the deadline",
  sanitizeOps: false, // the timer of the grace period goes on
  fn: async () => {
    const end = await runProcess({ program: "bash", args: ["-c", "sleep 60 & sleep 60"], deadlineMs: 200 });
    strictEqual(end.code, 124);
    ok(end.output.includes("its deadline"));
  },
});

Deno.test("runProcess() does not wait for what a program leaves behind", async () => {
  const end = await runProcess({ program: "bash", args: ["-c", "sleep 60 & echo done"], deadlineMs: 10_000 });
  strictEqual(end.output, "done\n");
});
