import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Rule, rulesOf } from "../../../../ops/lib/host/firewall_rules.ts";
import { driftText, rulesText, ruleText } from "../../../../ops/lib/host/firewall_words.ts";
import { FIREWALLED } from "./firewall_example.ts";

const RULES = rulesOf(FIREWALLED);

function ruleOf(name: string): Rule {
  const rule = RULES.find((one) => one.name === name);
  ok(rule, `There is no rule "${name}"`);
  return rule;
}

const LINES = [
  ["ssh", "limit tcp 22 from 192.0.2.0/24, 2001:db8:a::/48"],
  ["web", "allow tcp 80, 443"],
  ["vpn", "allow udp 51820"],
  ["tunnel", "deny anything in by wattpost0"],
  ["tunnel ping", "allow ping in by wattpost0"],
  [
    "modbus",
    "allow tcp 502, 1502 to 10.20.0.0/16, 203.0.113.7/32, 2001:db8:f::/64, 10.98.0.0/24 and 1 more",
  ],
  ["modbus elsewhere", "reject tcp 502, 1502"],
  ["app database", "allow tcp 3306 to 198.51.100.9/32"],
  ["app rest", "reject anything"],
] as const;
for (const [name, line] of LINES) {
  Deno.test(`the rule "${name}" reads: ${line}`, () => strictEqual(ruleText(ruleOf(name)), line));
}

Deno.test("every rule says in a sentence what it does, and no two of a place have one name", () => {
  for (const { name, sentence } of RULES) match(sentence, /^[A-Z].{20,}[^.]$/, name);
  const names = RULES.map(({ place, name }) => `${place} ${name}`);
  strictEqual(new Set(names).size, names.length);
});

Deno.test("the app has the same ways out as a process and in a container", () => {
  const of = (place: string) =>
    RULES.filter((rule) => rule.place === place).map(({ verdict, proto, ports, to }) => ({
      verdict,
      proto,
      ports,
      to,
    }));
  deepStrictEqual(of("app"), of("containers"));
});

Deno.test("a host without VPN has no rule about tunnels and opens no port for them", () => {
  const without = rulesOf({ ...FIREWALLED, vpn: null });
  deepStrictEqual(without.filter(({ place }) => place === "tunnel"), []);
  strictEqual(
    without.some((rule) => rule.in === "wattpost0" || rule.proto === "udp" && rule.place === "incoming"),
    false,
  );
});

Deno.test("a host without any router lets nobody speak Modbus", () => {
  const without = rulesOf({ ...FIREWALLED, vpn: null, routers: { networks: [], ports: [502] } });
  const verdicts = without.filter(({ ports }) => ports.includes(502)).map(({ verdict }) => verdict);
  deepStrictEqual([...new Set(verdicts)], ["reject"]);
});

Deno.test("a database with a name is allowed by its port, as names are not asked when the filter is loaded", () => {
  const named = rulesOf({ ...FIREWALLED, database: { kind: "mysql", host: "db.example.test", port: 3307 } });
  const [rule] = named.filter(({ name }) => name === "app database");
  deepStrictEqual([rule?.to, rule?.ports], [null, [3307]]);
  const none = rulesOf({ ...FIREWALLED, database: { kind: "sqlite" } });
  strictEqual(none.some(({ name }) => name === "app database"), false);
});

Deno.test("a plan says each rule with its reason, by place", () => {
  const text = rulesText(RULES);
  match(
    text,
    /What comes to this host \(all else is dropped\)\n {2}deny anything in by wattpost0\n {6}Routers open/,
  );
  for (const { sentence } of RULES) ok(text.includes(sentence), sentence);
});

Deno.test("a plan without anything to do says so", () => {
  strictEqual(driftText([]), "The firewall is as described");
});
