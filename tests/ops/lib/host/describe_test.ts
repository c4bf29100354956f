import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatDescription, readDescription } from "../../../../ops/lib/host/describe.ts";
import {
  PRODUCTION_DIRECTORY,
  STAGING_DIRECTORY,
  USUAL_LIMITS,
} from "../../../../ops/lib/host/description.ts";
import { formatFieldErrors } from "../../../../ops/lib/fields.ts";

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPCoG+0gShyYU5HXnr8PLBv8PzTXkuT2PnMDkSlA4bsy ada@example.com";
const SHORTEST = {
  domain: "energy.example.com",
  certificates: { email: "operations@example.com" },
  adminNetworks: ["192.0.2.0/24"],
  ssh: { keys: [KEY] },
  routers: { networks: ["198.51.100.0/24"] },
};
const VPN = { network: "10.86.0.0/20" };

function errorsOf(more: Readonly<Record<string, unknown>>): string {
  const read = readDescription(JSON.stringify({ ...SHORTEST, ...more }));
  return read.ok ? "" : formatFieldErrors(read.error);
}

Deno.test("readDescription() fills in what is usual", () => {
  const read = readDescription(JSON.stringify(SHORTEST));
  deepStrictEqual(read.ok && read.value, {
    domain: "energy.example.com",
    aliases: [],
    certificates: { email: "operations@example.com", directory: PRODUCTION_DIRECTORY, staging: false },
    adminNetworks: ["192.0.2.0/24"],
    ssh: { port: 22, keys: [KEY] },
    routers: { networks: ["198.51.100.0/24"], ports: [502] },
    vpn: null,
    timeZone: "UTC",
    database: { kind: "sqlite" },
    limits: USUAL_LIMITS,
  });
});

Deno.test("readDescription() reads what formatDescription() wrote", () => {
  const whole = {
    ...SHORTEST,
    aliases: ["WWW.Energy.example.com", "Bücher.example"],
    certificates: { email: "o@Bücher.example", directory: STAGING_DIRECTORY, staging: true },
    adminNetworks: ["2001:DB8:1:0::/48", "192.0.2.7"],
    vpn: { ...VPN, endpoint: "2001:db8::0:1", port: 51_999, network6: "fd86:1::/64" },
    timeZone: "Europe/Kyiv",
    database: { kind: "mysql", host: "db1" },
    limits: { bodyMb: 20 },
  };
  const read = readDescription(JSON.stringify(whole));
  ok(read.ok, read.ok ? "" : formatFieldErrors(read.error));
  deepStrictEqual(read.value.aliases, ["www.energy.example.com", "xn--bcher-kva.example"]);
  deepStrictEqual(read.value.adminNetworks, ["2001:db8:1::/48", "192.0.2.7/32"]);
  strictEqual(read.value.vpn?.endpoint, "2001:db8::1");
  deepStrictEqual(readDescription(formatDescription(read.value)), read);
});

Deno.test("readDescription() says all that is wrong at once, by field", () => {
  const text = errorsOf({
    domain: "https://energy.example.com",
    adminNetwork: ["192.0.2.0/24"],
    ssh: { port: 0, keys: [KEY, "ssh-rsa"] },
    timeZone: "Europe/Berln",
    limits: { bodyMb: "10" },
  });
  const fields = ["domain", "adminNetwork", "ssh.port", "ssh.keys[1]", "timeZone", "limits.bodyMb"];
  for (const field of fields) match(text, new RegExp(`^  ${field.replace(/[[\].]/g, "\\$&")} is `, "m"));
  strictEqual(text.split("\n").length, 2 * fields.length);
  match(text, /did you mean "adminNetworks"\?/);
  match(text, /did you mean "Europe\/Berlin"\?/);
});

const REFUSED = [
  { name: "a domain that is an address", more: { domain: "192.0.2.1" }, says: /domain is "192/ },
  { name: "a domain without a dot", more: { domain: "localhost" }, says: /domain is "localhost"/ },
  { name: "a wildcard", more: { domain: "*.example.com" }, says: /domain is/ },
  {
    name: "an alias that is the domain",
    more: { aliases: ["Energy.Example.com"] },
    says: /aliases\[0\] is .*\n.*another name than the domain/,
  },
  {
    name: "an alias that is there twice",
    more: { aliases: ["www.example.com", "WWW.example.com"] },
    says: /aliases\[1\] is .*\n.*aliases\[0\] says the same/,
  },
  {
    name: "an e-mail that is none",
    more: { certificates: { email: "operations" } },
    says: /certificates.email/,
  },
  {
    name: "a directory without TLS",
    more: { certificates: { email: "o@example.com", directory: "http://acme.example.com/d" } },
    says: /certificates.directory/,
  },
  {
    name: "staging of an unknown directory",
    more: {
      certificates: { email: "o@example.com", directory: "https://acme.example.com/d", staging: true },
    },
    says: /certificates.staging is true/,
  },
  { name: "no admin network", more: { adminNetworks: [] }, says: /a list of 1 to 50 networks/ },
  { name: "the whole internet", more: { adminNetworks: ["0.0.0.0/0"] }, says: /the whole internet/ },
  { name: "the whole IPv6 internet", more: { adminNetworks: ["::/0"] }, says: /the whole internet/ },
  {
    name: "half of the internet",
    more: { adminNetworks: ["0.0.0.0/1", "128.0.0.0/1"] },
    says: /adminNetworks\[1\] is .*\n.*a large part of the internet/,
  },
  {
    name: "an address with the prefix of its network",
    more: { adminNetworks: ["192.0.2.7/24"] },
    says: /the network itself: "192.0.2.0\/24", or "192.0.2.7\/32"/,
  },
  { name: "a network that is none", more: { adminNetworks: ["192.0.2.0/33"] }, says: /adminNetworks\[0\]/ },
  { name: "no key", more: { ssh: { keys: [] } }, says: /ssh.keys is \[\]\n.*1 to 50 public keys/ },
  {
    name: "a key that is there twice",
    more: { ssh: { keys: [KEY, KEY.replace("ada", "bob")] } },
    says: /ssh.keys\[1\] is .*\n.*ssh.keys\[0\] is the same/,
  },
  {
    name: "nginx's port for SSH",
    more: { ssh: { keys: [KEY], port: 443 } },
    says: /ssh.port is 443\n.*nginx's/,
  },
  { name: "routers nowhere", more: { routers: {} }, says: /routers.networks is not given\n.*or a vpn/ },
  {
    name: "routers on the host itself",
    more: { routers: { networks: ["127.0.0.0/8"] } },
    says: /routers.networks\[0\] is .*\n.*the host itself/,
  },
  {
    name: "routers where clouds tell secrets",
    more: { routers: { networks: ["169.254.169.254"] } },
    says: /routers.networks\[0\]/,
  },
  {
    name: "routers everywhere",
    more: { routers: { networks: ["0.0.0.0/0"] } },
    says: /lets the app reach a large part/,
  },
  {
    name: "sixteen ports",
    more: { routers: { ports: Array.from({ length: 16 }, (_, at) => at + 1) } },
    says: /ports/,
  },
  { name: "a public VPN", more: { vpn: { network: "198.18.0.0/20" } }, says: /vpn.network is .*\n.*private/ },
  { name: "a VPN that is too small", more: { vpn: { network: "10.86.0.0/25" } }, says: /from \/16 to \/24/ },
  {
    name: "a VPN where routers are already",
    more: { routers: { networks: ["10.86.4.0/24"] }, vpn: VPN },
    says: /10.86.4.0\/24 is routers.networks\[0\]/,
  },
  {
    name: "a VPN where administrators are",
    more: { adminNetworks: ["fd86:1::/64"], vpn: { ...VPN, network6: "fd86:1::/96" } },
    says: /vpn.network6 is .*\n.*adminNetworks\[0\]/,
  },
  { name: "nginx's port for the VPN", more: { vpn: { ...VPN, port: 443 } }, says: /vpn.port is 443/ },
  { name: "SSH's port for the VPN", more: { vpn: { ...VPN, port: 22 } }, says: /vpn.port is 22\n.*SSH's/ },
  {
    name: "a zone in another case",
    more: { timeZone: "europe/berlin" },
    says: /did you mean "Europe\/Berlin"/,
  },
  { name: "an offset as a zone", more: { timeZone: "+01:00" }, says: /timeZone/ },
  { name: "PostgreSQL", more: { database: { kind: "postgres" } }, says: /database.kind is "postgres"/ },
  {
    name: "a port of SQLite",
    more: { database: { kind: "sqlite", port: 3_306 } },
    says: /database.port is 3306\n.*left out/,
  },
  {
    name: "more streams than connections",
    more: { limits: { connectionsPerAddress: 4, streamsPerAddress: 5 } },
    says: /limits.streamsPerAddress is 5/,
  },
  { name: "half a connection", more: { limits: { pagesPerSecond: 0.5 } }, says: /a whole number from 1/ },
];

for (const { name, more, says } of REFUSED) {
  Deno.test(`readDescription() refuses ${name}`, () => match(errorsOf(more), says));
}

Deno.test("readDescription() never shows a private key", () => {
  const text = errorsOf({ ssh: { keys: ["-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk"] } });
  match(text, /ssh.keys\[0\] is a private key \(not shown\)/);
  ok(!text.includes("b3BlbnNzaC1rZXk"));
});

Deno.test("readDescription() says where JSON breaks off", () => {
  const read = readDescription('{"domain": "energy.example.com",\n // here\n}');
  match(read.ok ? "" : formatFieldErrors(read.error), /without comments: .*line 2 column 2/);
});
