/**
 * Applies the steps of bans and requests in a stand-in, as a program of its own there: prints what is not as described
 * afterwards, a line each.
 *
 * @module
 */

import { banSteps, requestSteps } from "../../ops/lib/host/bans_steps.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import { exampleDescription } from "./example_description.ts";

if (import.meta.main) {
  const described = exampleDescription();
  const facts = { distribution: "debian-12", operatorAddress: null } as const;
  const on = openMachine("/var/lib/wattpost-setup");
  const steps = [...banSteps(described, facts), ...requestSteps(described, facts)];
  for (const step of steps) if ((await step.check(on)).length > 0) await step.apply(on);
  for (const step of steps) for (const { what, is } of await step.check(on)) console.log(`${what}: ${is}`);
}
