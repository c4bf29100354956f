/**
 * Under which addresses there can be passkeys.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";
import { type NoPasskeys, relyingPartyOf } from "../../../lib/auth/relying_party.ts";

const CASES: readonly (readonly [string, NoPasskeys | { readonly id: string; readonly origin: string }])[] = [
  ["http://127.0.0.1:8000", "ip-address"],
  ["https://192.0.2.7", "ip-address"],
  ["https://0x7f.1", "ip-address"],
  ["https://[2001:db8::7]", "ip-address"],
  ["http://wattpost.example", "no-tls"],
  ["http://localhost.example", "no-tls"],
  ["http://localhost:8000", { id: "localhost", origin: "http://localhost:8000" }],
  ["http://power.localhost", { id: "power.localhost", origin: "http://power.localhost" }],
  ["https://wattpost.example", { id: "wattpost.example", origin: "https://wattpost.example" }],
  ["https://Wattpost.Example:8443/", { id: "wattpost.example", origin: "https://wattpost.example:8443" }],
];

for (const [publicUrl, want] of CASES) {
  Deno.test(`relyingPartyOf() of ${publicUrl}`, () => {
    const found = relyingPartyOf(publicUrl);
    deepStrictEqual(typeof found === "string" ? found : { id: found.id, origin: found.origin }, want);
  });
}
