/**
 * Recovery codes: what somebody keeps on paper for the day their phone is gone. Each holds 80 random bits, so that a
 * plain hash of it tells nothing.
 *
 * @module
 */

import { hashOfToken } from "./token.ts";

/** Codes that somebody is given at once. */
export const RECOVERY_CODES = 10;

/** Crockford's base32: no letter looks like a digit. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const LENGTH = 16;

/** New codes, such as `4K7Q-0M2B-XR9D-H6TV`. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    // 32 divides 256: no digit comes more often than another.
    const random = crypto.getRandomValues(new Uint8Array(LENGTH));
    const code = [...random].map((byte) => DIGITS.charAt(byte % DIGITS.length)).join("");
    return code.replaceAll(/(.{4})(?=.)/g, "$1-");
  });
}

/** What was typed as it is compared, 16 digits of {@link DIGITS}; `null`: it is no recovery code. */
export function recoveryCodeOf(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return code.length === LENGTH && [...code].every((digit) => DIGITS.includes(digit)) ? code : null;
}

/** Under what a code is kept, 43 characters; the same code of two people is kept as two. */
export async function recoveryCodeHash(
  userId: number,
  code: string,
): Promise<string> {
  return await hashOfToken(`wattpost recovery code of user ${userId} ${recoveryCodeOf(code) ?? ""}`);
}
