import { deepStrictEqual, match, strictEqual } from "node:assert/strict";

/** Runs the task's file with no more than reading. */
async function vpn(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      "--allow-read=/etc/wattpost",
      "ops/vpn.ts",
      ...args,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task vpn says how it is called", async () => {
  const { code, out } = await vpn("--help");
  strictEqual(code, 0);
  match(out, /status.*\n.*sync.*\n.*rotate-host-key/);
});

for (
  const [args, words] of [
    [[], /Say what to do/],
    [["restart"], /There is no command "restart"/],
    [["status", "now"], /"now" is not understood/],
    [["--force"], /--force/],
  ] as const
) {
  Deno.test(`deno task vpn ${args.join(" ")} is refused with words`, async () => {
    const { code, out, err } = await vpn(...args);
    deepStrictEqual([code, out], [2, ""]);
    match(err, words);
  });
}
