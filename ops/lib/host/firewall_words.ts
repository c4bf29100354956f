/**
 * The firewall in words: what each rule does and why, as `deno task firewall plan` says it. Pure.
 *
 * @module
 */

import type { Place, Rule } from "./firewall_rules.ts";
import type { Drift } from "./step.ts";

/** Networks that are named before the rest is counted. */
const NAMED = 4;

const HEADINGS: Readonly<Record<Place, string>> = {
  incoming: "What comes to this host (all else is dropped)",
  routed: "What passes through this host (all else is dropped)",
  outgoing: "What programs of this host open (all else is allowed)",
  tunnel: "What comes out of the tunnels, asked before the rest",
  app: "What the app opens, asked before the rest",
  containers: "What the app opens in a container",
  docker: "What is forwarded to and from containers, asked before Docker's own rules",
};

const PLACES: readonly Place[] = ["incoming", "routed", "outgoing", "tunnel", "app", "containers", "docker"];

/** All rules by place, one a line with its sentence below. */
export function rulesText(rules: readonly Rule[]): string {
  const parts = PLACES.flatMap((place) => {
    const of = rules.filter((rule) => rule.place === place);
    if (of.length === 0) return [];
    return [
      `${HEADINGS[place]}\n${of.map((rule) => `  ${ruleText(rule)}\n      ${rule.sentence}`).join("\n")}`,
    ];
  });
  return parts.join("\n\n");
}

/** A rule in a line: `limit tcp 22 from 192.0.2.0/24 to anywhere`. */
export function ruleText(rule: Rule): string {
  const { verdict, proto, ports, from, to } = rule;
  const what = proto === "any"
    ? "anything"
    : proto === "echo"
    ? "ping"
    : `${proto} ${ports.join(", ")}`.trim();
  return [
    verdict,
    what,
    ...(rule.in === undefined ? [] : [`in by ${rule.in}`]),
    ...(rule.out === undefined ? [] : [`out by ${rule.out}`]),
    ...(from === null ? [] : [`from ${networksText(from)}`]),
    ...(to === null ? [] : [`to ${networksText(to)}`]),
  ].join(" ");
}

function networksText(networks: readonly string[]): string {
  const more = networks.length - NAMED;
  return networks.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What is not as described, and what would be done about it. */
export function driftText(drift: readonly Drift[]): string {
  if (drift.length === 0) return "The firewall is as described";
  return drift.map(({ what, is, expected, does }) =>
    [`${what}: ${is}, expected ${expected}`, ...does.map((line) => `    ${line}`)].join("\n")
  ).join("\n");
}
