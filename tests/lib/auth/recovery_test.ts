import { match, notStrictEqual, strictEqual } from "node:assert/strict";
import {
  newRecoveryCodes,
  RECOVERY_CODES,
  recoveryCodeHash,
  recoveryCodeOf,
} from "../../../lib/auth/recovery.ts";

Deno.test("newRecoveryCodes() gives ten codes that are all different", () => {
  const codes = newRecoveryCodes();
  strictEqual(new Set(codes).size, RECOVERY_CODES);
  for (const code of codes) match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
});

const TYPED = [
  ["4K7Q-0M2B-XR9D-H6TV", "4K7Q0M2BXR9DH6TV"],
  [" 4k7q 0m2b xr9d h6tv ", "4K7Q0M2BXR9DH6TV"],
  ["4k7qOm2bxr9dh6tv", "4K7Q0M2BXR9DH6TV"],
  ["IL7Q-0M2B-XR9D-H6TV", "117Q0M2BXR9DH6TV"],
  ["4K7Q-0M2B-XR9D-H6T", null],
  ["4K7Q-0M2B-XR9D-H6TVV", null],
  ["4K7Q-0M2B-XR9D-H6TU", null],
  ["123456", null],
  ["", null],
] as const;

for (const [typed, code] of TYPED) {
  Deno.test(`recoveryCodeOf() reads "${typed}" as ${code}`, () => strictEqual(recoveryCodeOf(typed), code));
}

Deno.test("recoveryCodeHash() differs between two people with the same code, not between spellings", async () => {
  const code = "4K7Q-0M2B-XR9D-H6TV";
  match(await recoveryCodeHash(7, code), /^[\w-]{43}$/);
  strictEqual(await recoveryCodeHash(7, code), await recoveryCodeHash(7, "4k7q0m2bxr9dh6tv"));
  notStrictEqual(await recoveryCodeHash(7, code), await recoveryCodeHash(8, code));
});
