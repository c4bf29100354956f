import { match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { newSeed, seedAddress, stepOf } from "../../../lib/auth/totp.ts";

/** The seed of RFC 6238, appendix B, "12345678901234567890", in base32. */
const RFC_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** RFC 6238, appendix B, SHA-1: seconds and the last six of the eight digits. */
const RFC_CODES = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;

for (const [seconds, code] of RFC_CODES) {
  Deno.test(`stepOf() takes the code that RFC 6238 gives for ${seconds} s`, () =>
    strictEqual(stepOf(RFC_SEED, { code, nowMs: seconds * 1000 }), Math.floor(seconds / 30)));
}

Deno.test("stepOf() takes the code of the step before and after, and of none further away", () => {
  const steps = [-61, -31, -30, 0, 29, 30, 31, 59, 60].map((late) =>
    stepOf(RFC_SEED, { code: "005924", nowMs: (1_234_567_890 + late) * 1000 })
  );
  const step = 1_234_567_890 / 30;
  strictEqual(step, 41_152_263);
  strictEqual(steps.join(), [null, null, step, step, step, step, step, step, null].join());
});

Deno.test("stepOf() takes nothing that is no code", () => {
  for (const code of ["", "0", "5924", "00592", "0005924", "００５９２４", "-05924", "005925"]) {
    strictEqual(stepOf(RFC_SEED, { code, nowMs: 1_234_567_890_000 }), null, code);
  }
});

Deno.test("newSeed() gives 160 random bits in base32", () => {
  match(newSeed(), /^[A-Z2-7]{32}$/);
  notStrictEqual(newSeed(), newSeed());
});

Deno.test("seedAddress() tells an app whose codes they are, and of which Wattpost", () => {
  const text = seedAddress({
    seed: RFC_SEED,
    email: "a+b@x.example",
    publicUrl: "https://energy.example:8443",
  });
  const url = new URL(text);
  strictEqual(url.protocol, "otpauth:");
  strictEqual(decodeURIComponent(url.pathname).endsWith("Wattpost energy.example:a+b@x.example"), true);
  strictEqual(url.searchParams.get("issuer"), "Wattpost energy.example");
  strictEqual(url.searchParams.get("secret"), RFC_SEED);
  ok(!text.includes(" "));
});
