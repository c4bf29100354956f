/**
 * Applies the first steps of a host in a stand-in, as a program of its own there: prints what was not as described
 * before, and what is not afterwards, as JSON. Docker is left to the drill: it takes as long as all the rest.
 *
 * @module
 */

import { baseSteps } from "../../ops/lib/host/base_steps.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import type { Drift, Host, Step } from "../../ops/lib/host/step.ts";
import { exampleDescription } from "./example_description.ts";

/** What it prints. */
export interface Applied {
  readonly before: readonly Drift[];
  readonly after: readonly Drift[];
}

if (import.meta.main) {
  const [order = "apply", ...keys] = Deno.args;
  const described = exampleDescription(keys);
  const on = openMachine("/var/lib/wattpost-setup");
  const steps = baseSteps(described, { distribution: "debian-12", operatorAddress: null })
    .filter(({ name }) => name !== "docker");
  const before = await driftOf(steps, on);
  if (order === "apply") {
    for (const step of steps) if ((await step.check(on)).length > 0) await step.apply(on);
  }
  if (order === "remove") { for (const step of steps.toReversed()) await step.undo(on); }
  console.log(JSON.stringify({ before, after: await driftOf(steps, on) } satisfies Applied));
}

async function driftOf(steps: readonly Step[], on: Host): Promise<readonly Drift[]> {
  const found: Drift[] = [];
  for (const step of steps) found.push(...await step.check(on));
  return found;
}
