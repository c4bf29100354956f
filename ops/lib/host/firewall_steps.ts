/**
 * UFW with the rules of this host, set so that nobody is shut out: a change goes back by itself unless it is confirmed.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import type { HostDescription } from "./description.ts";
import { awaitEnding } from "./firewall_ask.ts";
import { changeFirewall, firewallDrift, KEPT_AS, removeFirewall } from "./firewall_change.ts";
import { operatorTrouble } from "./firewall_proof.ts";
import { thisRestorer } from "./firewall_restorer.ts";
import { confirm, restore, rollbackState, USUAL_WITHIN_S } from "./firewall_rollback.ts";
import { packages, step, unit } from "./kit.ts";
import { type Drift, type Host, HostError, type HostFacts, type Part, type Step } from "./step.ts";

/** The steps, in order. */
export function firewallSteps(described: HostDescription, facts: HostFacts): readonly Step[] {
  return [
    step("firewall: UFW", "The one owner of the filter, as operators know it", [
      packages(["ufw", "iptables", "iproute2"]),
    ]),
    step(
      "firewall: rules",
      "Deny by default, SSH from admin networks, pages for everybody, Modbus towards routers alone; Docker opens nothing",
      [rules(described, facts), unit({ name: "ufw.service", enabled: true, active: true })],
    ),
  ];
}

function rules(described: HostDescription, { operatorAddress }: HostFacts): Part {
  return {
    keeps: [KEPT_AS],
    check: async (on) => [...await waitingDrift(on), ...await firewallDrift(on, described)],
    async apply(on) {
      // What an apply that was killed left waiting: the timer would undo what is made now.
      if ((await rollbackState(on)).kind !== "none") await restore(on, { boot: false });
      const withinS = USUAL_WITHIN_S;
      const at = new Date(systemClock.nowMs()).toISOString();
      await changeFirewall(on, described, { withinS, at, restorer: thisRestorer() });
      await keep(on, { described, operatorAddress, withinS });
    },
    undo: removeFirewall,
  };
}

async function waitingDrift(on: Host): Promise<readonly Drift[]> {
  const { kind } = await rollbackState(on);
  if (kind === "none") return [];
  const is = kind === "waiting" ? "waits to be confirmed" : "was not taken back to its end";
  return [{
    what: "a change of the firewall",
    is,
    expected: "settled",
    does: ["deno task firewall rollback"],
  }];
}

interface Keeping {
  readonly described: HostDescription;
  readonly operatorAddress: string | null;
  readonly withinS: number;
}

// With a terminal the operator says that they get in; else it is tried. Either way the timer is faster than doubt.
async function keep(on: Host, { described, operatorAddress, withinS }: Keeping): Promise<void> {
  const trouble = await operatorTrouble(on, described, operatorAddress);
  if (trouble !== null) {
    await restore(on, { boot: false });
    throw new HostError(`${trouble}: the former firewall is back`);
  }
  const asks = operatorAddress !== null && Deno.stdin.isTerminal() && !Deno.args.includes("--yes");
  if (!asks) {
    if (!await confirm(on)) throw new HostError("The firewall was set too slowly: the former one is back");
    return;
  }
  console.log(
    `The firewall is set. Open another SSH session now; if you get in, type yes here within ${withinS} s`,
  );
  if (await awaitEnding(on, { withinS, terminal: true }) === "back") {
    throw new HostError("The firewall was not confirmed in time: the former one is back");
  }
}
