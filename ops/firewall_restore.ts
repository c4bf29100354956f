/**
 * Brings the former firewall back unless the new one was confirmed. The timer calls it, in a process of its own that
 * outlives whatever connection the change was made over: `firewall_restore.ts [--boot | --after SECONDS]`.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { PID_FILE, restore, WITHIN_S } from "./lib/host/firewall_rollback.ts";
import { PATHS } from "./lib/host/layout.ts";
import { openMachine } from "./lib/host/machine.ts";

if (import.meta.main) {
  const [flag, value] = Deno.args;
  const machine = openMachine(PATHS.state);
  if (flag === "--after") {
    await systemClock.sleep(Math.min(Number(value), WITHIN_S.most) * 1_000);
    await machine.run(["rm", "-f", "--", PID_FILE]); // from now on nobody stops us
  }
  if (await restore(machine, { boot: flag === "--boot" })) {
    const words = "The new firewall was not confirmed in time: the former one is back";
    console.log(words);
    if (flag === "--after") await machine.run(["logger", "--tag", "wattpost-firewall", words]);
  }
}
