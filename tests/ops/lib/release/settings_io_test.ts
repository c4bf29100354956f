import { deepStrictEqual, match, ok } from "node:assert/strict";
import { settingsAt } from "../../../../ops/lib/release/begin.ts";
import { PRODUCTION } from "../../../../ops/lib/release/place.ts";

const told = (text: string) => settingsAt({ read: () => Promise.resolve(text) }, PRODUCTION);

Deno.test("settingsAt() takes what systemd and Docker read alike", async () => {
  const read = await told(
    "# made by hand\nPUBLIC_URL=https://energy.example.com\nTRUST_PROXY=on\nLOG_LEVEL=\n",
  );
  deepStrictEqual(read, {
    ok: true,
    value: { PUBLIC_URL: "https://energy.example.com", TRUST_PROXY: "on", LOG_LEVEL: "" },
  });
});

for (const value of ["a$b", "a # b", "it's", "a\\b", 'a"b']) {
  Deno.test(`settingsAt() refuses ${value}, which one of them would read as another value`, async () => {
    const read = await told(`SECURITY_CONTACT=${value}\n`);
    ok(!read.ok);
    match(read.error, /SECURITY_CONTACT|line 1/);
    ok(!read.error.includes(value), "a value may be a secret");
  });
}
