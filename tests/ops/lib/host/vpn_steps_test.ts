import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import type { HostFacts } from "../../../../ops/lib/host/step.ts";
import { vpnSteps } from "../../../../ops/lib/host/vpn_steps.ts";
import { exampleDescription } from "../../../host/example_description.ts";

const FACTS: HostFacts = { distribution: "debian-12", operatorAddress: null };
const VPN = { endpoint: "energy.example.com", port: 51_820, network: "10.8.0.0/16", network6: null };

Deno.test("vpnSteps() are none where no VPN is described", () => {
  deepStrictEqual(vpnSteps({ ...exampleDescription(), vpn: null }, FACTS), []);
});

Deno.test("vpnSteps() say in a sentence what each is for", () => {
  const steps = vpnSteps({ ...exampleDescription(), vpn: VPN }, FACTS);
  strictEqual(steps.length, 2);
  for (const { name, why } of steps) {
    match(name, /^vpn: /);
    match(why, /^[A-Z].*\.$/);
    doesNotMatch(why, /private key/i);
  }
});
