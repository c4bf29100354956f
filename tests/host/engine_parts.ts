/**
 * Applies and undoes parts of the kit in a stand-in, as a program of its own there: prints what was not as described
 * afterwards, as JSON.
 *
 * @module
 */

import { DAEMON_RELOAD, file, packages, step, unit, user } from "../../ops/lib/host/kit.ts";
import { openMachine } from "../../ops/lib/host/machine.ts";
import { reachSteps } from "../../ops/lib/host/reach_steps.ts";
import { exampleDescription } from "./example_description.ts";

const OURS = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";

/** SSH that moved to another port. */
const moved = reachSteps({ ...exampleDescription(), ssh: { port: 2_222, keys: [] } }, {
  distribution: "debian-12",
  operatorAddress: null,
});

const kit = [
  step("packages", "", [packages(["meter-tool", "tar"])]),
  step("users", "", [
    user({ name: "meters", id: 61_234, shell: "/usr/sbin/nologin", home: null, groups: ["adm"] }),
    user({ name: "ada", shell: "/bin/bash", home: "/home/ada", groups: ["adm"] }),
    user({ name: "visitor", shell: "/bin/bash", home: "/home/visitor" }),
  ]),
  step("units", "", [
    file({ path: "/etc/systemd/system/ours.service", text: OURS, then: [DAEMON_RELOAD] }),
    unit({ name: "ours.service", enabled: true, active: true }),
    unit({ name: "theirs.service", enabled: false, active: false }),
    unit({ name: "masked.service", enabled: true, active: true }),
  ]),
];

if (import.meta.main) {
  const on = openMachine("/var/lib/engine-parts");
  const [order, what] = Deno.args;
  const steps = what === "moved" ? moved : kit;
  if (order === "undo") { for (const one of steps.toReversed()) await one.undo(on); }
  if (order === "apply") { for (const one of steps) await one.apply(on); }
  const drift = [];
  for (const one of steps) drift.push(...await one.check(on));
  console.log(JSON.stringify({ drift: drift.map(({ what }) => what), kept: await on.kept.list("") }));
}
