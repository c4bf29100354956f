import { strictEqual } from "node:assert/strict";
import { bannedAs, refusalLine } from "../../../lib/domain/sign_in_refusal.ts";

const AT = Date.UTC(2026, 10, 29, 17, 30, 0, 123);

const CASES = [
  { address: "192.0.2.7", banned: "192.0.2.7" },
  { address: "2001:db8:1:2:3:4:5:6", banned: "2001:db8:1:2::/64" },
  { address: "2001:DB8:1:2::", banned: "2001:db8:1:2::/64" },
  { address: "2001:db8::1", banned: "2001:db8::/64" },
  { address: "::ffff:192.0.2.7", banned: "192.0.2.7" },
  { address: "fe80::1%eth0", banned: "fe80::/64" },
  { address: "unix", banned: null },
  { address: "192.0.2.7\n", banned: null },
  { address: "192.0.2.7 by password\n2026-11-29T17:30:00.123Z", banned: null },
  { address: "192.0.2.256", banned: null },
  { address: "2001:db8::/32", banned: null },
  { address: "", banned: null },
];
for (const { address, banned } of CASES) {
  Deno.test(`bannedAs() says ${banned ?? "nothing"} of ${JSON.stringify(address)}`, () => {
    strictEqual(bannedAs(address), banned);
  });
}

Deno.test("refusalLine() is a time, an address and what was refused, and one line", () => {
  strictEqual(
    refusalLine({ atMs: AT, address: "2001:db8:1:2::9", by: "code" }),
    "2026-11-29T17:30:00.123Z wattpost sign-in refused from 2001:db8:1:2::/64 by code\n",
  );
});

Deno.test("refusalLine() of a client without an address is none", () => {
  strictEqual(refusalLine({ atMs: AT, address: "unix", by: "password" }), null);
});
