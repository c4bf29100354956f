import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type HostDescription, USUAL_LIMITS } from "../../../../ops/lib/host/description.ts";
import {
  distributionOf,
  formatProblems,
  judgePreflight,
  judgeRemove,
  type PreflightFacts,
} from "../../../../ops/lib/host/preflight.ts";

const DESCRIBED: HostDescription = {
  domain: "energy.example.com",
  aliases: ["www.example.com"],
  certificates: { email: "o@example.com", directory: "https://acme.example.com/d", staging: false },
  adminNetworks: ["192.0.2.0/24", "2001:db8:1::/48"],
  ssh: { port: 2222, keys: [] },
  routers: { networks: [], ports: [502] },
  vpn: { endpoint: "vpn.example.com", port: 51_820, network: "10.86.0.0/20", network6: null },
  timeZone: "Europe/Berlin",
  database: { kind: "sqlite" },
  limits: USUAL_LIMITS,
};
const HERE = ["203.0.113.5", "2001:db8:9::5"];
const names = (domain: readonly string[], alias = domain, endpoint = domain) => [
  { name: "energy.example.com", addresses: domain },
  { name: "www.example.com", addresses: alias },
  { name: "vpn.example.com", addresses: endpoint },
];
const FRESH: PreflightFacts = {
  systemd: true,
  system: { id: "debian", version: "12", name: "Debian GNU/Linux 12 (bookworm)" },
  applied: false,
  operatorAddress: "192.0.2.9",
  keyless: null,
  sshAddresses: ["192.0.2.9"],
  names: names(HERE),
  ownAddresses: HERE,
  uplinks: ["eth0", "br0"],
  listeners: [
    { protocol: "tcp", address: "0.0.0.0", port: 22, program: "sshd" },
    { protocol: "tcp", address: "0.0.0.0", port: 80, program: "nginx" },
    { protocol: "udp", address: "0.0.0.0", port: 443, program: "chronyd" },
  ],
  foreignNginx: [],
  foreignRules: [],
  otherFilters: [],
  freeMb: { "/": 9_000, "/var": 2_000 },
  sourceTrouble: null,
  foreignDocker: null,
  zoneKnown: true,
};
const USUAL = { domainElsewhere: false };

Deno.test("judgePreflight() has nothing against a fresh host", () => {
  deepStrictEqual(judgePreflight(DESCRIBED, FRESH, USUAL), []);
});

const listens = (protocol: "tcp" | "udp", port: number, program: string) => ({
  listeners: [{ protocol, address: "0.0.0.0", port, program }],
});

const CASES: readonly {
  readonly name: string;
  readonly facts: Partial<PreflightFacts>;
  readonly level: "error" | "warning";
  readonly says: RegExp;
}[] = [
  {
    name: "another distribution",
    facts: { system: { id: "fedora", version: "41", name: "Fedora Linux 41" } },
    level: "error",
    says: /This system is Fedora Linux 41\n.*Debian 12/,
  },
  { name: "no systemd", facts: { systemd: false }, level: "error", says: /systemd does not run/ },
  {
    name: "admin networks that shut out the operator",
    facts: { operatorAddress: "198.51.100.7" },
    level: "error",
    says: /connected from 198.51.100.7.*lock yourself out\n.*Add "198.51.100.7\/32"/,
  },
  {
    name: "admin networks that shut out an operator over IPv6",
    facts: { operatorAddress: "2001:db8:2::7" },
    level: "error",
    says: /Add "2001:db8:2::7\/128"/,
  },
  {
    name: "that an operator who came by password could not come back as one who may everything",
    facts: { keyless: "ada" },
    level: "error",
    says: /as ada; neither ada nor root has a key: .* only deploy gets in.*\n.*into ~ada\/\.ssh/,
  },
  {
    name: "that root came by password",
    facts: { keyless: "root" },
    level: "error",
    says: /as root, who has no key/,
  },
  {
    name: "an uplink that the firewall would take for a bridge of containers",
    facts: { uplinks: ["br-ex"] },
    level: "error",
    says: /reached by br-ex, .* their ports would be open there\n.*another name/,
  },
  {
    name: "that a colleague is shut out",
    facts: { sshAddresses: ["192.0.2.9", "198.51.100.8"] },
    level: "warning",
    says: /Somebody is connected over SSH from 198.51.100.8/,
  },
  {
    name: "that everybody is shut out where it cannot be told who the operator is",
    facts: { operatorAddress: null, sshAddresses: ["198.51.100.8"] },
    level: "error",
    says: /Somebody is connected over SSH from 198.51.100.8/,
  },
  {
    name: "a domain that does not resolve",
    facts: { names: names([], HERE, HERE) },
    level: "error",
    says: /energy.example.com does not resolve\n.*\(203.0.113.5, 2001:db8:9::5\)/,
  },
  {
    name: "a domain that /etc/hosts leads to the host itself",
    facts: { names: names(["127.0.1.1"], HERE, HERE) },
    level: "error",
    says: /leads to 127.0.1.1 here, as \/etc\/hosts says/,
  },
  {
    name: "an alias that leads elsewhere with one of its addresses",
    facts: { names: names(HERE, ["203.0.113.5", "203.0.113.99"], HERE) },
    level: "error",
    says: /www.example.com leads to 203.0.113.99; this host has.*\n.*--domain-elsewhere/,
  },
  {
    name: "a VPN that is reached elsewhere",
    facts: { names: names(HERE, HERE, ["203.0.113.99"]) },
    level: "warning",
    says: /vpn.example.com leads to 203.0.113.99/,
  },
  {
    name: "a web server on port 443",
    facts: listens("tcp", 443, "apache2"),
    level: "error",
    says: /apache2 listens on tcp port 443, which nginx needs/,
  },
  {
    name: "somebody on the port of SSH",
    facts: listens("tcp", 2_222, "gitea"),
    level: "error",
    says: /gitea listens on tcp port 2222, which ssh.port needs\n.*another number/,
  },
  {
    name: "another WireGuard on the port of the VPN",
    facts: listens("udp", 51_820, ""),
    level: "error",
    says: /the kernel listens on udp port 51820, which vpn.port needs/,
  },
  {
    name: "that nobody can tell who listens",
    facts: { listeners: null },
    level: "warning",
    says: /Who listens on this host cannot be told/,
  },
  {
    name: "sites of somebody in nginx",
    facts: { foreignNginx: Array.from({ length: 7 }, (_, at) => `/etc/nginx/conf.d/${at}.conf`) },
    level: "error",
    says: /Somebody configured nginx: \/etc\/nginx\/conf.d\/0.conf, .* and 2 more/,
  },
  {
    name: "rules of somebody in UFW",
    facts: { foreignRules: ["ufw allow 8080/tcp"] },
    level: "error",
    says: /UFW is active with rules of somebody: ufw allow 8080\/tcp/,
  },
  {
    name: "another owner of the filter",
    facts: { otherFilters: ["firewalld"] },
    level: "error",
    says: /firewalld filters on this host\n.*systemctl disable --now firewalld/,
  },
  {
    name: "a full disk",
    facts: { freeMb: { "/var": 1_999 } },
    level: "error",
    says: /1999 MB are free on \/var/,
  },
  {
    name: "no way to the package source",
    facts: { sourceTrouble: "http://deb.example.com: Could not resolve" },
    level: "error",
    says: /package source does not answer: http:\/\/deb.example.com/,
  },
  {
    name: "Docker from elsewhere",
    facts: { foreignDocker: "the snap docker" },
    level: "error",
    says: /Docker is set up from another source: the snap docker/,
  },
  {
    name: "a zone that it lacks",
    facts: { zoneKnown: false },
    level: "error",
    says: /timeZone is "Europe\/Berlin"/,
  },
];

for (const { name, facts, level, says } of CASES) {
  Deno.test(`judgePreflight() finds ${name}`, () => {
    const problems = judgePreflight(DESCRIBED, { ...FRESH, ...facts }, USUAL);
    match(formatProblems(problems), says);
    deepStrictEqual(problems.map((one) => one.level), [level]);
  });
}

Deno.test("judgePreflight() says all that it finds, errors first", () => {
  const bad = Object.assign({}, FRESH, ...CASES.map(({ facts }) => facts), { listeners: FRESH.listeners });
  const levels = judgePreflight(DESCRIBED, bad, USUAL).map(({ level }) => level);
  deepStrictEqual(levels, levels.toSorted());
  strictEqual(levels.length > 9, true);
});

Deno.test("judgePreflight() only warns of a domain that leads elsewhere where the operator says so", () => {
  const problems = judgePreflight(DESCRIBED, { ...FRESH, names: names(["203.0.113.99"]) }, {
    domainElsewhere: true,
  });
  deepStrictEqual(problems.map(({ level }) => level), ["warning", "warning", "warning"]);
});

Deno.test("judgePreflight() lets our own WireGuard and a socket of SSH be", () => {
  const listeners = [
    { protocol: "udp", address: "0.0.0.0", port: 51_820, program: "" },
    { protocol: "udp", address: "::", port: 51_820, program: "wireguard-go" },
    { protocol: "tcp", address: "::", port: 2_222, program: "systemd" },
  ] as const;
  deepStrictEqual(judgePreflight(DESCRIBED, { ...FRESH, applied: true, listeners }, USUAL), []);
});

Deno.test("judgeRemove() does not let deploy remove itself", () => {
  const found = (sudoUser: string | undefined) =>
    judgeRemove({ sudoUser, running: [] }).map((problem) => problem.found);
  match(found("deploy").join(), /whom removing takes away/);
  deepStrictEqual(found("ada"), []);
  deepStrictEqual(found(undefined), []);
});

Deno.test("judgeRemove() names who still runs, before a user that is busy ends it half way", () => {
  const running = [{ user: "wattpost", processes: ["41 deno"] }, {
    user: "deploy",
    processes: ["7 sshd", "8 bash"],
  }];
  const [app, deploy, ...others] = judgeRemove({ sudoUser: "ada", running });
  deepStrictEqual(others, []);
  match(app?.found ?? "", /user wattpost, .* still runs 41 deno$/);
  match(app?.advice ?? "", /systemctl stop 'wattpost@\*\.service'/);
  match(deploy?.found ?? "", /user deploy, .* still runs 7 sshd, 8 bash$/);
  deepStrictEqual(judgeRemove({ sudoUser: "ada", running: [{ user: "wattpost", processes: [] }] }), []);
});

Deno.test("distributionOf() knows three systems", () => {
  const of = (id: string, version: string) => distributionOf({ id, version, name: "" });
  deepStrictEqual(
    [
      of("debian", "12"),
      of("ubuntu", "22.04"),
      of("ubuntu", "24.04"),
      of("debian", "13"),
      distributionOf(null),
    ],
    ["debian-12", "ubuntu-22.04", "ubuntu-24.04", null, null],
  );
});
