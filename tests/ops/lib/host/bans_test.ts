import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import {
  actionText,
  jailsText,
  limitsFilterText,
  neverBanned,
  serverText,
  signInFilterText,
} from "../../../../ops/lib/host/bans.ts";
import { bansOf, parseBanned } from "../../../../ops/lib/host/bans_client.ts";
import {
  requestsPathText,
  requestsServiceText,
  requestsTimerText,
} from "../../../../ops/lib/host/bans_units.ts";
import { type HostDescription, USUAL_LIMITS } from "../../../../ops/lib/host/description.ts";

const DESCRIBED: HostDescription = {
  domain: "energy.example.com",
  aliases: [],
  certificates: { email: "ops@example.com", directory: "https://acme.example/directory", staging: false },
  adminNetworks: ["198.51.100.0/24", "203.0.113.7", "2001:db8:a:1::7", "2001:db8:b::/48"],
  ssh: { port: 2222, keys: ["ssh-ed25519 AAAA deploy"] },
  routers: { networks: [], ports: [502] },
  vpn: { endpoint: "energy.example.com", port: 51820, network: "10.8.0.0/16", network6: null },
  timeZone: "Europe/Berlin",
  database: { kind: "sqlite" },
  limits: { ...USUAL_LIMITS, banMinutes: 90 },
};

/** Settings of a jail by name. */
function jail(name: string): ReadonlyMap<string, string> {
  const text = jailsText(DESCRIBED).split(`[${name}]\n`)[1]?.split("\n[")[0] ?? "";
  return new Map(
    text.split("\n").filter((line) => line.includes(" = ")).map((line) => {
      const [key = "", ...value] = line.split(" = ");
      return [key, value.join(" = ")];
    }),
  );
}

Deno.test("neverBanned() has loopback, administrators with their IPv6 neighbours, and the VPN", () => {
  deepStrictEqual(neverBanned(DESCRIBED), [
    "127.0.0.0/8",
    "::/64",
    "198.51.100.0/24",
    "203.0.113.7/32",
    "2001:db8:a:1::/64",
    "2001:db8:b::/48",
    "10.8.0.0/16",
  ]);
});

Deno.test("jailsText() bans on both logs for the described time, longer for repeaters, up to a week", () => {
  for (const name of ["wattpost-sign-in", "wattpost-limits"]) {
    const found = jail(name);
    strictEqual(found.get("bantime"), "5400");
    strictEqual(found.get("bantime.increment"), "true");
    strictEqual(found.get("bantime.maxtime"), "604800");
    strictEqual(found.get("port"), "http,https");
    strictEqual(found.get("usedns"), "no");
    strictEqual(found.get("banaction"), "wattpost-nftables");
    match(found.get("ignoreip") ?? "", /^127\.0\.0\.0\/8 .*198\.51\.100\.0\/24/);
  }
  strictEqual(jail("wattpost-sign-in").get("logpath"), "/var/log/wattpost/sign-in.log");
  strictEqual(jail("wattpost-limits").get("logpath"), "/var/log/nginx/wattpost-limits.txt");
  deepStrictEqual([jail("sshd").get("port"), jail("sshd").get("backend")], ["2222", "systemd"]);
  doesNotMatch(jailsText(DESCRIBED), /\[DEFAULT\]/);
});

Deno.test("nginx's error log, into which visitors write whole lines, is read by no jail", () => {
  doesNotMatch(jailsText(DESCRIBED), /error/);
});

Deno.test("fail2ban remembers repeaters for longer than the longest ban", () => {
  ok(Number(/dbpurgeage = (\d+)/.exec(serverText())?.[1]) > 604_800);
});

for (const [name, text] of [["sign-ins", signInFilterText()], ["limits", limitsFilterText()]] as const) {
  Deno.test(`the filter of ${name} tells the whole line, and no line of another kind`, () => {
    const pattern = /failregex = (.*)/.exec(text)?.[1] ?? "";
    match(pattern, /^\^.*\$$/);
    doesNotMatch(pattern, /\.\*|\.\+|\\S|HOST/);
    strictEqual(text.match(/failregex/g)?.length, 1);
  });
}

Deno.test("actionText() makes sets of IPv6 that hold networks", () => {
  match(actionText(), /\[Init\?family=inet6\]\naddr_type = ipv6_addr\\; flags interval$/m);
});

Deno.test("parseBanned() reads addresses and networks, with and without an end", () => {
  const text = "203.0.113.9 \t2026-11-29 17:31:32 + 3600 = 2026-11-29 18:31:32\n" +
    "2001:db8:1:2::/64 \t2026-11-29 17:31:30 + -1 = 9999-12-31 23:59:59\n" +
    "--all \t2026-11-29 17:31:30 + 60 = 2026-11-29 17:32:30\nnothing\n\n";
  const bans = parseBanned("wattpost-sign-in", text);
  deepStrictEqual(bans.map(({ address, untilMs }) => [address, untilMs === null]), [
    ["203.0.113.9", false],
    ["2001:db8:1:2::/64", true],
  ]);
  strictEqual((bans[0]?.untilMs ?? 0) - (bans[0]?.sinceMs ?? 0), 3_600_000);
});

Deno.test("bansOf() finds the ban of an address, and of the network it is in", () => {
  const line = (address: string) => `${address} \t2026-11-29 17:31:32 + 60 = 2026-11-29 17:32:32\n`;
  const bans = parseBanned("sshd", ["203.0.113.9", "2001:db8:1:2::/64", "203.0.113.90"].map(line).join(""));
  const found = (text: string) => bansOf(bans, text).map(({ address }) => address);
  deepStrictEqual(found("203.0.113.9"), ["203.0.113.9"]);
  deepStrictEqual(found("2001:db8:1:2::99"), ["2001:db8:1:2::/64"]);
  deepStrictEqual(found("2001:DB8:1:2::/64"), ["2001:db8:1:2::/64"]);
  deepStrictEqual(found("0.0.0.0/0"), []);
  deepStrictEqual(found("2001:db8:1:3::1"), []);
});

Deno.test("root may end what it reads the app's files with: a pipe of the app's would hold it up for ever", () => {
  match(requestsServiceText(), /^CapabilityBoundingSet=.*\bCAP_KILL\b/m);
});

Deno.test("the units do what is asked when it is asked and each minute, however often it is asked", () => {
  match(requestsServiceText(), /StartLimitIntervalSec=0/);
  match(requestsServiceText(), /ExecStart=\/usr\/local\/bin\/deno task .* host-requests\n/);
  match(requestsPathText(), /PathChanged=\/var\/lib\/wattpost\/data\/requests\n/);
  match(requestsTimerText(), /OnCalendar=\*:\*:10/);
});
