import { deepStrictEqual } from "node:assert/strict";
import { ownAddressesOf } from "../../../lib/store/own_addresses.ts";

const CASES: readonly { readonly stored: unknown; readonly want: readonly string[] }[] = [
  { stored: undefined, want: [] },
  { stored: null, want: [] },
  { stored: { addresses: "8.8.8.8" }, want: [] },
  { stored: { addresses: ["8.8.8.8", "10.8.7.0/24"] }, want: ["8.8.8.8", "10.8.7.0/24"] },
  { stored: { addresses: ["0.0.0.0/0", 7, "$(reboot)", "::/0", "8.8.8.8"] }, want: ["8.8.8.8"] },
  { stored: { addresses: Array(30).fill("8.8.8.8") }, want: Array(20).fill("8.8.8.8") },
];
for (const { stored, want } of CASES) {
  Deno.test(`ownAddressesOf() believes of ${JSON.stringify(stored)?.slice(0, 70)} what may be admitted`, () => {
    deepStrictEqual(ownAddressesOf(stored), want);
  });
}
