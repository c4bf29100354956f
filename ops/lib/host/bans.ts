/**
 * The texts by which fail2ban keeps addresses out. It reads two logs that hold nothing a visitor wrote: refused
 * sign-ins of the app, and refusals of nginx's limits. nginx's error log is not read: whoever asks for a path with a line
 * break in it writes whole lines there, and would have others banned.
 *
 * @module
 */

import { networkText, parseNetwork } from "../../../lib/domain/address.ts";
import { REFUSAL_WORDS, REFUSED_BY } from "../../../lib/domain/sign_in_refusal.ts";
import type { HostDescription } from "./description.ts";
import { MADE_BY, PATHS } from "./layout.ts";

/** Files of fail2ban that are ours. */
export const BAN_FILES = {
  action: "/etc/fail2ban/action.d/wattpost-nftables.conf",
  signInFilter: "/etc/fail2ban/filter.d/wattpost-sign-in.conf",
  limitsFilter: "/etc/fail2ban/filter.d/wattpost-limits.conf",
  jails: "/etc/fail2ban/jail.d/wattpost.local",
  server: "/etc/fail2ban/fail2ban.d/wattpost.local",
} as const;

/** When an address is banned: so many refusals in so many seconds. */
export const BAN_AFTER = {
  signIn: { tries: 15, seconds: 600 },
  limits: { tries: 100, seconds: 60 },
  ssh: { tries: 5, seconds: 600 },
} as const;

/** Longest ban in seconds, a week: each one of the same address lasts twice as long as the one before. */
const BAN_MOST_S = 604_800;

/** Networks that are never banned besides those of administrators. */
const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/** Leading bits of IPv6 under which an address is banned. */
const IPV6_PREFIX = 64;

/**
 * Never banned: loopback, administrators, routers in the VPN. A network of IPv6 is as wide as what is banned of it at
 * least, or the ban of a neighbour would take an administrator along.
 */
export function neverBanned({ adminNetworks, vpn }: HostDescription): readonly string[] {
  const named = [...LOOPBACK, ...adminNetworks, ...vpn ? [vpn.network, vpn.network6 ?? ""] : []];
  const networks = named.map(parseNetwork).filter((network) => network !== null).map((network) => {
    if (network.bytes.length === 4 || network.prefix <= IPV6_PREFIX) return networkText(network);
    const bytes = network.bytes.map((byte, i) => i < IPV6_PREFIX / 8 ? byte : 0);
    return networkText({ bytes, prefix: IPV6_PREFIX });
  });
  return [...new Set(networks)];
}

/** Bans IPv6 networks too, which the distribution's own action cannot. */
export function actionText(): string {
  return `# ${MADE_BY}
# The distribution's nftables action; sets of IPv6 hold networks, each by itself: merged with its neighbour a
# network could not be taken out again, and neither ban would end.
[INCLUDES]
before = nftables.conf

[Definition]
type = multiport

[Init?family=inet6]
addr_type = ipv6_addr\\; flags interval
`;
}

/** Reads the app's log of refused sign-ins. The date is cut out of a line before the filter sees what remains. */
export function signInFilterText(): string {
  return filterText(
    "^%%Y-%%m-%%dT%%H:%%M:%%S\\.%%f%%z",
    `^ ${REFUSAL_WORDS} <SUBNET> by (?:${REFUSED_BY.join("|")})$`,
  );
}

/** Reads nginx's log of what its limits refused: a time and an address. */
export function limitsFilterText(): string {
  return filterText("^%%Y-%%m-%%dT%%H:%%M:%%S%%z", "^ <SUBNET>$");
}

function filterText(datePattern: string, pattern: string): string {
  return `# ${MADE_BY}
# The whole line is told, from its first character to its last.
[Definition]
datepattern = ${datePattern}
failregex = ${pattern}
`;
}

/** How long fail2ban remembers: longer than the longest ban, or repeaters would begin anew. */
export function serverText(): string {
  return `# ${MADE_BY}
[Definition]
dbpurgeage = ${BAN_MOST_S + 86_400}
`;
}

/** The jails. Nothing is put into `[DEFAULT]`, which is the operator's. */
export function jailsText(described: HostDescription): string {
  const { ssh } = described;
  const jails = [
    jailText(described, "wattpost-sign-in", {
      ...BAN_AFTER.signIn,
      backend: "polling",
      log: PATHS.signInLog,
      port: "http,https",
    }),
    jailText(described, "wattpost-limits", {
      ...BAN_AFTER.limits,
      backend: "polling",
      log: PATHS.limitLog,
      port: "http,https",
    }),
    jailText(described, "sshd", { ...BAN_AFTER.ssh, backend: "systemd", log: null, port: String(ssh.port) }),
  ];
  return `# ${MADE_BY}\n${jails.join("")}`;
}

interface JailOptions {
  readonly tries: number;
  readonly seconds: number;
  readonly backend: "polling" | "systemd";
  readonly log: string | null;
  readonly port: string;
}

function jailText(described: HostDescription, name: string, options: JailOptions): string {
  const { tries, seconds, backend, log, port } = options;
  const lines = [
    `[${name}]`,
    "enabled = true",
    `backend = ${backend}`,
    ...log === null ? [] : [`filter = ${name}`, `logpath = ${log}`],
    "usedns = no",
    "protocol = tcp",
    `port = ${port}`,
    "banaction = wattpost-nftables",
    "action = %(action_)s",
    `ignoreip = ${neverBanned(described).join(" ")}`,
    `maxretry = ${tries}`,
    "maxmatches = 5",
    `findtime = ${seconds}`,
    `bantime = ${described.limits.banMinutes * 60}`,
    "bantime.increment = true",
    `bantime.maxtime = ${BAN_MOST_S}`,
    "bantime.overalljails = true",
  ];
  return `\n${lines.join("\n")}\n`;
}
