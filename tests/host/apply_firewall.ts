/**
 * Runs the steps of the firewall in a stand-in, as a program of its own there: `apply_firewall.ts apply|remove FILE
 * [ADDRESS]` with the description in a file and the address of the operator. Prints what is not as described
 * afterwards, as JSON.
 *
 * @module
 */

import { readDescription } from "../../ops/lib/host/describe.ts";
import { firewallSteps } from "../../ops/lib/host/firewall_steps.ts";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import type { Drift } from "../../ops/lib/host/step.ts";

if (import.meta.main) {
  const [order, path = "", operatorAddress = null] = Deno.args;
  const described = readDescription(await Deno.readTextFile(path));
  if (!described.ok) throw new Error(`The description "${path}" is not understood`);
  const on = openMachine(PATHS.state);
  const steps = firewallSteps(described.value, { distribution: "debian-12", operatorAddress });
  if (order === "apply") {
    for (const step of steps) if ((await step.check(on)).length > 0) await step.apply(on);
  } else for (const step of steps.toReversed()) await step.undo(on);
  const left: Drift[] = [];
  if (order === "apply") { for (const step of steps) left.push(...await step.check(on)); }
  console.log(JSON.stringify(left));
}
