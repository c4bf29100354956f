import { match, ok, strictEqual } from "node:assert/strict";
import { startWatchdog } from "../../../lib/health/watchdog.ts";
import { createLog } from "../../../lib/log.ts";
import { manualClock } from "../../fakes/manual_clock.ts";

const PROJECT = decodeURIComponent(new URL("../../../", import.meta.url).pathname);

Deno.test("startWatchdog() ends a process whose event loop hangs, and lets one alone that turns", async () => {
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    cwd: PROJECT,
    // As the product is run: it may end nobody, and reads no source but that of its workers.
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-read=lib/health/watchdog_worker.ts",
      "tests/lib/health/hanging_process.ts",
    ],
  }).output();
  const said = new TextDecoder().decode(stdout);
  strictEqual(said.trim(), "it turned");
  match(new TextDecoder().decode(stderr), /"level":"error","msg":"The event loop hangs: the process ends/);
  ok(code !== 0 && signal === "SIGABRT", `${code} ${signal}`);
});

Deno.test("startWatchdog() says once that a cycle neither ends nor moves", async () => {
  const clock = manualClock(0);
  const lines: string[] = [];
  const log = createLog({ clock, level: "info", write: (line) => lines.push(line) });
  let stuckMs: number | null = null;
  let told = 0;
  const watchdog = startWatchdog({
    clock,
    log,
    stuckMs: () => stuckMs,
    onStuck: () => void told++,
    cycleLimitMs: 600_000,
  });
  try {
    await clock.advance(5_000);
    stuckMs = 599_000;
    await clock.advance(5_000);
    strictEqual(told, 0);
    stuckMs = 601_000;
    await clock.advance(5_000);
    strictEqual(told, 1);
    match(lines.join("\n"), /A cycle neither ends nor moves/);
  } finally {
    watchdog.stop();
  }
});
