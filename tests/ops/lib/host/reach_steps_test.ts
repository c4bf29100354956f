import { deepStrictEqual } from "node:assert/strict";
import { readWaysIn } from "../../../../ops/lib/host/reach_steps.ts";

Deno.test("readWaysIn() knows rules that let SSH in, whatever their comment, and no others", () => {
  const text = `Added user rules (see 'ufw status' for running firewall):
ufw limit from 192.0.2.0/24 to any port 22 proto tcp comment 'Wattpost: ssh'
ufw allow from 2001:db8::/48 to any port 2222 proto tcp
ufw deny from 192.0.2.9 to any port 22 proto tcp
ufw allow 22/tcp
`;
  deepStrictEqual(readWaysIn(text), [
    "from 192.0.2.0/24 to any port 22 proto tcp",
    "from 2001:db8::/48 to any port 2222 proto tcp",
  ]);
});
