/**
 * Applies the steps of a host that have a timer of ours, in a stand-in, as a program of its own there: prints the timers, a
 * line each.
 *
 * @module
 */

import { allSteps } from "../../ops/lib/host/host_run.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import { exampleDescription } from "./example_description.ts";

if (import.meta.main) {
  const on = openMachine("/var/lib/wattpost-setup");
  for (const step of allSteps(exampleDescription(), { distribution: "debian-12", operatorAddress: null })) {
    const keeps = (step.parts ?? []).flatMap((part) => part.keeps ?? []);
    const timers = keeps.flatMap((name) => /^unit (wattpost-.*\.timer)$/.exec(name)?.slice(1) ?? []);
    if (timers.length > 0 && (await step.check(on)).length > 0) await step.apply(on);
    for (const timer of timers) console.log(timer);
  }
}
