import { ok, strictEqual } from "node:assert/strict";
import { ask } from "../lib/simulator/client.ts";

/** A port that was free on the first site's address a moment ago. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.20.0.1", port: 0 });
  listener.close();
  return Math.min(listener.addr.port, 65_000);
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`deno task sim serves its table and ends cleanly on ${signal}`, async () => {
    const port = freePort();
    const child = new Deno.Command("deno", {
      args: [
        "run",
        "-q",
        "--no-prompt",
        "--allow-net",
        "ops/simulate.ts",
        "--sites",
        "1",
        "--port",
        String(port),
      ],
      stdout: "piped",
      stderr: "inherit",
      env: { NO_COLOR: "1" },
    }).spawn();
    let printed = "";
    const decoder = new TextDecoder();
    const reader = child.stdout.getReader();
    while (!printed.includes("gateway") && printed.split("\n").length < 4) {
      const { value, done } = await reader.read();
      if (done) break;
      printed += decoder.decode(value);
    }
    ok(printed.includes("teltonika"), printed);
    const uptime = await ask({ host: "127.20.0.1", port }, {
      unitId: 1,
      functionCode: 3,
      address: 1,
      count: 2,
    });
    strictEqual(uptime.words.length, 2);
    child.kill(signal);
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      printed += decoder.decode(read.value);
    }
    strictEqual((await child.status).code, 0);
    ok(printed.endsWith("Stopped\n"));
  });
}

Deno.test("deno task sim says what is wrong and ends", async () => {
  const { code, stderr } = await new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "ops/simulate.ts", "--sites", "none"],
    stdout: "null",
    stderr: "piped",
  }).output();
  strictEqual(code, 2);
  ok(new TextDecoder().decode(stderr).includes("--sites wants 1 to 5000"));
});
