import { deepStrictEqual } from "node:assert/strict";
import { createShares } from "../../../lib/web/shares.ts";

Deno.test("createShares() counts all addresses of an IPv6 network as one holder, and frees what is given back", () => {
  const shares = createShares();
  for (let n = 1; n <= 3; n++) shares.add(`2001:db8:0:1::${n}`);
  shares.add("2001:db8:0:2::1");
  shares.add("::ffff:203.0.113.7");
  shares.add("203.0.113.7");
  const held = () => ["2001:db8:0:1::99", "2001:db8:0:2::1", "203.0.113.7", "203.0.113.8"].map(shares.of);
  deepStrictEqual(held(), [3, 1, 2, 0]);
  shares.remove("2001:db8:0:1::3");
  for (let n = 0; n < 3; n++) shares.remove("203.0.113.7");
  deepStrictEqual(held(), [2, 1, 0, 0]);
});
