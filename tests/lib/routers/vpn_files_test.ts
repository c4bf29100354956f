import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { KEEPALIVE_MONTH_MB, vpnFaultsOf, type VpnFileFacts } from "../../../lib/routers/vpn_facts.ts";
import { renderVpnTemplate, VPN_TEMPLATES, vpnTemplateOf } from "../../../lib/routers/vpn_templates.ts";
import { BARE_VPN, KILN_VPN } from "./vpn_facts.ts";

function textOf(id: string, facts: VpnFileFacts): string {
  const template = vpnTemplateOf(id);
  const made = template && renderVpnTemplate(template, facts);
  if (!made?.ok) throw new Error(`${id}: ${JSON.stringify(made)}`);
  return made.value;
}

Deno.test("a keepalive costs what metering.md says, and each file says it", () => {
  strictEqual(Math.round(KEEPALIVE_MONTH_MB), 13);
  for (const { id } of VPN_TEMPLATES) match(textOf(id, KILN_VPN), /25 s takes 13 MB of the SIM a month/);
});

for (const { id } of VPN_TEMPLATES) {
  Deno.test(`${id} names the host's address alone as what is believed out of the tunnel`, () => {
    const text = textOf(id, KILN_VPN);
    const allowed = text.split("\n").filter((line) => /allowed ?_?ips/i.test(line) && line.includes("/"))
      .join();
    ok(allowed.includes("10.8.0.1/32") && allowed.includes("fd12:3456:789a::1/128"), allowed);
    doesNotMatch(text, /0\.0\.0\.0|::\/0|10\.8\.0\.0/);
    ok(text.includes(KILN_VPN.privateKey), "it is the one place where the key stands");
    match(text, /whoever has this file is this router/);
  });
}

Deno.test("the wg-quick file takes every rule away that it made", () => {
  const text = textOf("wg-quick", KILN_VPN);
  const rules = (word: string, sign: string) =>
    text.split("\n").filter((line) => line.startsWith(word)).map((line) =>
      line.slice(word.length).replace(sign, "")
    );
  const made = rules("PostUp = ", " -I ");
  strictEqual(made.length, 10);
  deepStrictEqual(rules("PostDown = ", " -D "), made);
  ok(made.includes("iptables -wINPUT -i %i -s 10.8.0.1 -p tcp -m multiport --dports 502,503 -j ACCEPT"));
  ok(made.includes("iptables -wFORWARD -i %i -m conntrack ! --ctstate DNAT -j DROP"));
  ok(!textOf("wg-quick", BARE_VPN).includes("ip6tables"));
  match(textOf("wg-quick", BARE_VPN), /^Endpoint = \[2001:db8::9\]:51820$/m);
  match(textOf("wg-quick", BARE_VPN), /FORWARD -i %i -j DROP/);
});

const BAD: readonly (readonly [string, Partial<VpnFileFacts>])[] = [
  ["a name of two lines", { siteName: "Kiln\nPostUp = id" }],
  ["a key that ends the line", { privateKey: `${KILN_VPN.privateKey}\nPostUp = id` }],
  ["an endpoint with a shell in it", { endpoint: "a$(id)" }],
  ["an address that is none", { own: { address: "10.8.0.7\nx", address6: null } }],
  ["port 0", { port: 0 }],
  ["no day", { day: "today" }],
];
for (const [name, change] of BAD) {
  Deno.test(`no VPN file is made of ${name}`, () => {
    const facts = { ...KILN_VPN, ...change };
    strictEqual(vpnFaultsOf(facts).length, 1);
    for (const template of VPN_TEMPLATES) strictEqual(renderVpnTemplate(template, facts).ok, false);
  });
}
