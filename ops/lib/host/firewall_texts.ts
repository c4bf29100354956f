/**
 * Rules as the texts that UFW loads: lines for iptables and ip6tables, the blocks in UFW's before and after files, and
 * its list of users' rules exactly as UFW itself writes it. Pure.
 *
 * @module
 */

import { parseNetwork } from "../../../lib/domain/address.ts";
import type { Family, Place, Rule } from "./firewall_rules.ts";
import { IDS, INTERFACES } from "./layout.ts";

/** What the comment of each of our rules in UFW's list begins with. */
export const OUR_COMMENT = "Wattpost: ";

/** What anywhere is called. */
const ANYWHERE: Readonly<Record<Family, string>> = { ipv4: "0.0.0.0/0", ipv6: "::/0" };
const LOG_LIMIT = "-m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix";
const NEW = "-m conntrack ! --ctstate RELATED,ESTABLISHED";

/** What UFW's chains begin with. */
export function ufwPrefix(family: Family): "ufw" | "ufw6" {
  return family === "ipv4" ? "ufw" : "ufw6";
}

/** Our lines for `before.rules` or `before6.rules`: what the app may open, what comes out of the tunnels. */
export function beforeLines(rules: readonly Rule[], family: Family): readonly string[] {
  const ufw = ufwPrefix(family);
  const app = chainLines(rules, "app", { family, chain: "wattpost-app", log: "[UFW WATTPOST APP] " });
  const tunnel = chainLines(rules, "tunnel", {
    family,
    chain: "wattpost-tunnel",
    log: "[UFW WATTPOST TUNNEL] ",
  });
  const hasTunnel = tunnel.length > 0;
  return [
    ":wattpost-app - [0:0]",
    ...(hasTunnel ? [":wattpost-tunnel - [0:0]"] : []),
    `-A ${ufw}-before-output ! -o lo -m owner --uid-owner ${IDS.app.id} ${NEW} -j wattpost-app`,
    ...app,
    ...(hasTunnel
      ? [
        `-A ${ufw}-before-input -i ${INTERFACES.vpn} ${NEW} -j wattpost-tunnel`,
        ...tunnel,
        `-A ${ufw}-before-forward -i ${INTERFACES.vpn} ${NEW} -j DROP`,
      ]
      : []),
  ];
}

/**
 * Our lines for `after.rules` or `after6.rules`: the chain that Docker asks before its own. It ends with the line that
 * Docker itself would add.
 */
export function afterLines(rules: readonly Rule[], family: Family): readonly string[] {
  const bridge = INTERFACES.containers;
  const forward = `${ufwPrefix(family)}-user-forward`;
  return [
    `:${forward} - [0:0]`,
    ":wattpost-containers - [0:0]",
    ":DOCKER-USER - [0:0]",
    "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
    `-A DOCKER-USER -i ${bridge} -o ${bridge} -j RETURN`,
    `-A DOCKER-USER -i ${bridge} -g wattpost-containers`,
    `-A DOCKER-USER -j ${forward}`,
    ...chainLines(rules, "docker", { family, chain: "DOCKER-USER", log: "[UFW WATTPOST DOCKER] " }),
    "-A DOCKER-USER -j RETURN",
    ...chainLines(rules, "containers", {
      family,
      chain: "wattpost-containers",
      log: "[UFW WATTPOST APP] ",
    }),
  ];
}

interface Chain {
  readonly family: Family;
  readonly chain: string;
  /** What lines in the log begin with, at most 29 characters. */
  readonly log: string;
}

function chainLines(rules: readonly Rule[], place: Place, chain: Chain): readonly string[] {
  const of = rules.filter((rule) => rule.place === place);
  return of.flatMap((rule, at) => {
    const last = at === of.length - 1;
    const log = last ? [`-A ${chain.chain} ${LOG_LIMIT} "${chain.log}"`] : [];
    return [...log, ...ruleLines(rule, chain)];
  });
}

function ruleLines(rule: Rule, { family, chain }: Chain): readonly string[] {
  const targets: readonly (string | null)[] = rule.to === null ? [null] : ofFamily(rule.to, family);
  return targets.flatMap((to) =>
    verdictsOf(rule).map(({ proto, target }) => {
      const matches = [
        ...(rule.in === undefined || chain === "wattpost-tunnel" ? [] : [`-i ${rule.in}`]),
        ...(rule.out === undefined ? [] : [`-o ${rule.out}`]),
        ...(to === null ? [] : [`-d ${to}`]),
        ...protoMatch({ ...rule, proto }, family),
      ];
      return [`-A ${chain}`, ...matches, target].join(" ");
    })
  );
}

/** A refusal answers each protocol in its way. */
function verdictsOf(rule: Rule): readonly { readonly proto: Rule["proto"]; readonly target: string }[] {
  const { proto, verdict, place } = rule;
  switch (verdict) {
    case "allow":
    case "limit":
      // What is allowed goes on to UFW's own list, which may still refuse it; only the tunnel has no other.
      return [{ proto, target: place === "tunnel" ? "-j ACCEPT" : "-j RETURN" }];
    case "deny":
      return [{ proto, target: "-j DROP" }];
    case "reject":
      return [
        ...(proto === "tcp" || proto === "any"
          ? [{ proto: "tcp" as const, target: "-j REJECT --reject-with tcp-reset" }]
          : []),
        ...(proto === "tcp" ? [] : [{ proto, target: "-j REJECT" }]),
      ];
  }
}

function protoMatch({ proto, ports }: Rule, family: Family): readonly string[] {
  if (proto === "any") return [];
  if (proto === "echo") {
    return [family === "ipv4" ? "-p icmp --icmp-type echo-request" : "-p icmpv6 --icmpv6-type echo-request"];
  }
  if (ports.length === 0) return [`-p ${proto}`];
  return [
    ports.length === 1
      ? `-p ${proto} --dport ${ports[0]}`
      : `-p ${proto} -m multiport --dports ${ports.join(",")}`,
  ];
}

/** Our rules of UFW's list, one text each: the line by which UFW knows it, and its lines for iptables. */
export function userBlocks(rules: readonly Rule[], family: Family): readonly string[] {
  return rules.filter(({ place }) => place === "incoming" || place === "outgoing" || place === "routed")
    .flatMap((rule) => {
      const froms: readonly (string | null)[] = rule.from === null ? [null] : ofFamily(rule.from, family);
      const tos: readonly (string | null)[] = rule.to === null ? [null] : ofFamily(rule.to, family);
      return froms.flatMap((from) => tos.map((to) => userBlock(rule, { family, from, to })));
    });
}

interface UserRule {
  readonly family: Family;
  readonly from: string | null;
  readonly to: string | null;
}

function userBlock(rule: Rule, { family, from, to }: UserRule): string {
  const { place, verdict, proto, ports } = rule;
  const list = ports.join(",");
  const action = place === "routed" ? `route:${verdict}` : verdict;
  const direction = place === "outgoing" ? "out" : "in";
  const tuple = [
    "### tuple ###",
    action,
    proto,
    list === "" ? "any" : list,
    to ?? ANYWHERE[family],
    "any",
    from ?? ANYWHERE[family],
    rule.in === undefined ? direction : `${direction}_${rule.in}`,
    `comment=${hexOf(OUR_COMMENT + rule.name)}`,
  ].join(" ");
  const ufw = ufwPrefix(family);
  const chain = {
    incoming: `${ufw}-user-input`,
    outgoing: `${ufw}-user-output`,
    routed: `${ufw}-user-forward`,
  }[place as "incoming" | "outgoing" | "routed"];
  const lines = userTargets(rule, ufw).map((target) =>
    [`-A ${chain}`, ...userMatches(rule, { from, to }), target].join(" ")
  );
  return `${tuple}\n${lines.join("\n")}\n`;
}

// In the order in which UFW writes them, or each of its own changes would look like a drift.
function userMatches(rule: Rule, { from, to }: Pick<UserRule, "from" | "to">): readonly string[] {
  const { proto, ports } = rule;
  const destination = to === null ? [] : [`-d ${to}`];
  const port = ports.length === 0
    ? destination
    : ports.length === 1
    ? [...destination, `--dport ${ports[0]}`]
    : [`-m multiport --dports ${ports.join(",")}`, ...destination];
  return [
    ...(rule.in === undefined ? [] : [`-i ${rule.in}`]),
    ...(proto === "any" ? [] : [`-p ${proto}`]),
    ...port,
    ...(from === null ? [] : [`-s ${from}`]),
  ];
}

function userTargets({ verdict, proto }: Rule, ufw: string): readonly string[] {
  switch (verdict) {
    case "allow":
      return ["-j ACCEPT"];
    case "deny":
      return ["-j DROP"];
    case "reject":
      return [proto === "tcp" ? "-j REJECT --reject-with tcp-reset" : "-j REJECT"];
    case "limit":
      return [
        "-m conntrack --ctstate NEW -m recent --set",
        `-m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 -j ${ufw}-user-limit`,
        `-j ${ufw}-user-limit-accept`,
      ];
  }
}

function ofFamily(networks: readonly string[], family: Family): readonly string[] {
  return networks.filter((text) => parseNetwork(text)?.bytes.length === (family === "ipv4" ? 4 : 16))
    .map((text) => text.replace(family === "ipv4" ? /\/32$/ : /\/128$/, ""));
}

function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
