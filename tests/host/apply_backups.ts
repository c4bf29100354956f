/**
 * Applies the steps of backups in a stand-in, as a program of its own there, by the description that was applied last:
 * prints what is not as described afterwards, a line each. With `undo` it takes them back.
 *
 * @module
 */

import { backupSteps } from "../../ops/lib/host/backup_steps.ts";
import { describedAt } from "../../ops/lib/host/described.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";

if (import.meta.main) {
  const on = openMachine("/var/lib/wattpost-setup");
  const described = await describedAt(on);
  if (!described.ok) throw new Error(described.error);
  const steps = backupSteps(described.value, { distribution: "debian-12", operatorAddress: null });
  if (Deno.args[0] === "undo") {
    for (const step of steps.toReversed()) await step.undo(on);
    Deno.exit(0);
  }
  for (const step of steps) if ((await step.check(on)).length > 0) await step.apply(on);
  for (const step of steps) for (const { what, is } of await step.check(on)) console.log(`${what}: ${is}`);
}
