/**
 * Whether the operator gets in under the rules just set, tried before they are kept for good: UFW's files are loaded in
 * a network namespace, and from another one, which has the operator's address, a connection is opened to the port of
 * SSH. The host's own routes and connections are left alone.
 *
 * @module
 */

import { addressText, parseAddress } from "../../../lib/domain/address.ts";
import type { HostDescription } from "./description.ts";
import { withDescribedRules, withNamespace } from "./firewall_running.ts";
import { denoArgv } from "./firewall_restorer.ts";
import type { Host } from "./step.ts";

const [HERE, THERE] = ["wattpost-r", "wattpost-o"];

/** Why the operator would be shut out; `null`: a new connection of theirs passes, and SSH listens. */
export async function operatorTrouble(
  on: Host,
  described: HostDescription,
  operatorAddress: string | null,
): Promise<string | null> {
  const { port } = described.ssh;
  const listens = (await on.must(["ss", "-H", "-l", "-t", "-n", `sport = :${port}`])).out.trim() !== "";
  if (!listens) return `Nothing listens on port ${port}, which is described as that of SSH`;
  if (operatorAddress === null) return null; // at the console, which no rule cuts
  const address = parseAddress(operatorAddress);
  if (address === null) return `Cannot tell whether "${operatorAddress}" gets in: it is no address`;
  const passes = await tryFrom(on, addressText(address), port);
  return passes
    ? null
    : `A new connection from ${operatorAddress} to port ${port} of SSH does not get through`;
}

async function tryFrom(on: Host, address: string, port: number): Promise<boolean> {
  const isV6 = address.includes(":");
  const bits = isV6 ? 128 : 32;
  const [first, second] = isV6 ? ["2001:db8::1", "2001:db8::2"] : ["192.0.2.1", "192.0.2.2"];
  const host = address === first ? second : first;
  const noDad = isV6 ? ["nodad"] : [];
  return await withDescribedRules(on, (rules) =>
    withNamespace(on, "operator", async (operator) => {
      const veth = ["type", "veth", "peer", THERE, "netns", operator.name] as const;
      await on.must(["ip", "link", "add", HERE, "netns", rules.name, ...veth]);
      await rules.run(["ip", "link", "set", "lo", "up"]);
      await rules.run(["ip", "addr", "add", `${host}/${bits}`, "dev", HERE, ...noDad]);
      await rules.run(["ip", "link", "set", HERE, "up"]);
      await operator.run(["ip", "addr", "add", `${address}/${bits}`, "dev", THERE, ...noDad]);
      await operator.run(["ip", "link", "set", THERE, "up"]);
      await rules.run(["ip", "route", "add", `${address}/${bits}`, "dev", HERE]);
      await operator.run(["ip", "route", "add", `${host}/${bits}`, "dev", THERE]);
      const argv = denoArgv("firewall_try.ts", ["--allow-net"], [host, String(port)]);
      return (await on.run(["ip", "netns", "exec", operator.name, ...argv])).code === 0;
    }));
}
