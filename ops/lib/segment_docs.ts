/**
 * The page on who may open what to whom, made from the table from which the tests make their probes.
 *
 * @module
 */

import { type Flow, FLOWS, SEGMENT_NAMES, SEGMENTS } from "./host/segments.ts";

const INTRODUCTION = `# Segments

Made from \`ops/lib/host/segments.ts\` by \`deno task docs\`; change it there. The tests of a host try every line
of it, on IPv4 and IPv6, against the firewall as it runs.
`;

const AFTER = `
What the table does not name is closed, except for what the host itself (as root) opens towards the internet,
and for connections within the host. \`closed\` is silence, \`refused\` an answer that says no, \`limited\` is open
until the sixth try of an address within 30 s.

- Between nginx and the app there is no port but a Unix socket, which the firewall has nothing to do with.
- Whatever comes back on a connection that was allowed is let through, and so is what tells of its trouble
  (ICMP). Ping is answered everywhere, also in tunnels; it is not forwarded between them.
- Routers at fixed public addresses and in private APNs come in like everybody else where they are not in a
  tunnel: the lines from \`field\` hold for tunnels.
- Containers have no IPv6 of their own. Should Docker be told to give them one, the same rules wait for it
  there.
- A database that is described by a name is reached by its port alone, wherever the name leads.

[The firewall](firewall.md) says how it is set.
`;

/** `docs/segments.md`. */
export function formatSegmentPage(): string {
  const parts = table(
    ["Segment", "What it is"],
    SEGMENT_NAMES.map((name) => [`\`${name}\``, SEGMENTS[name]]),
  );
  const matrix = table(
    ["From \\ to", ...SEGMENT_NAMES.map((name) => `\`${name}\``)],
    SEGMENT_NAMES.map((from) => [`\`${from}\``, ...SEGMENT_NAMES.map((to) => cell(from, to))]),
  );
  const flows = table(
    ["From", "To", "What", "Port", "Verdict", "Why"],
    FLOWS.map((flow) => [flow.from, flow.to, flow.what, portWords(flow), flow.verdict, flow.why]),
  );
  return [
    INTRODUCTION,
    parts,
    "\n## What is open\n",
    matrix,
    "\n## Every way, and why\n",
    flows,
    AFTER,
  ].join("\n");
}

function cell(from: string, to: string): string {
  const open = FLOWS.filter((flow) =>
    flow.from === from && flow.to === to && (flow.verdict === "open" || flow.verdict === "limited")
  );
  return open.length === 0 ? "–" : open.map(({ what }) => what).join(", ");
}

function portWords({ proto, ports, containersOnly }: Flow): string {
  return `${proto.toUpperCase()} ${ports.words}${containersOnly ? ", from a container" : ""}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return ["<!-- deno-fmt-ignore-start -->", ...lines, "<!-- deno-fmt-ignore-end -->"].join("\n");
}
