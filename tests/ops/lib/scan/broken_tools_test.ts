/**
 * Tools that end badly: whatever they printed until then, no check takes it for a pass.
 *
 * @module
 */

import { match, notStrictEqual } from "node:assert/strict";
import type { ScanContext } from "../../../../ops/lib/scan/check.ts";
import { hardeningCheck } from "../../../../ops/lib/scan/hardening.ts";
import { portsCheck } from "../../../../ops/lib/scan/ports.ts";
import { sshdCheck } from "../../../../ops/lib/scan/sshd.ts";
import { tlsCheck } from "../../../../ops/lib/scan/tls.ts";
import { unitsCheck } from "../../../../ops/lib/scan/units.ts";
import { webCheck } from "../../../../ops/lib/scan/web.ts";
import nmap from "../../../fixtures/scan/nmap.xml" with { type: "text" };
import security from "../../../fixtures/scan/security.txt" with { type: "text" };
import sshd from "../../../fixtures/scan/sshd.txt" with { type: "text" };
import testssl from "../../../fixtures/scan/testssl.json" with { type: "json" };
import wapiti from "../../../fixtures/scan/wapiti.json" with { type: "json" };

const TOOLS = [
  { check: sshdCheck, printed: sshd, report: "" },
  { check: unitsCheck, printed: security, report: "" },
  { check: hardeningCheck, printed: "", report: "FROM debian:12-slim\n" },
  { check: portsCheck, printed: nmap, report: "" },
  { check: tlsCheck, printed: "", report: JSON.stringify(testssl) },
  {
    check: webCheck,
    printed: "[+] GET https://energy.example.com/ (0)\n[+] GET https://energy.example.com/account (1)\n",
    report: JSON.stringify(wapiti),
  },
] as const;

/** How a tool may end: by its deadline, by a signal from elsewhere, by a fault of its own. */
const ENDS = [
  { code: 124, how: "did not end in time" },
  { code: 137, how: "was killed" },
  { code: 139, how: "crashed" },
  { code: 255, how: "gave up" },
] as const;

for (const { check, printed, report } of TOOLS) {
  for (const { code, how } of ENDS) {
    Deno.test(`a tool of the check ${check.name} that ${how} is no pass, whatever it printed`, async () => {
      const context: ScanContext = {
        run: (argv) => {
          const helps = argv[0] === "install";
          return Promise.resolve({ code: helps ? 0 : code, out: helps ? "" : printed, err: "a last word" });
        },
        read: () => Promise.resolve(report),
        list: () => Promise.resolve(["wattpost@.service"]),
        project: "/p",
        scratch: "/s",
        described: null,
        target: { host: "energy.example.com", port: 443, address: null },
        cookie: "a=b",
        caFile: null,
        webUrl: null,
        webSeconds: 10,
        nowMs: 0,
      };
      const outcome = await check.run(context);
      notStrictEqual(outcome.kind, "ran");
      match(outcome.kind === "ran" ? "" : outcome.why, /\w{3,}/);
    });
  }
}
