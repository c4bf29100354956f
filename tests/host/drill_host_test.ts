import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Drift } from "../../ops/lib/host/step.ts";
import { hostTest } from "./docker.ts";
import { renewed } from "./drill_certificates.ts";
import { type Damage, damage, DAMAGES } from "./drill_damages.ts";
import { killAtSteps, type Thoroughness } from "./drill_kills.ts";
import { unexplained } from "./drill_leftovers.ts";
import { guesserIsBanned, keysOnly, onlyNamedPorts, sixthTryRefused } from "./drill_outside.ts";
import { type DrillScene, openScene } from "./drill_scene.ts";
import { differences, differencesOf, type HostState, stampsOf, stateOf } from "./drill_state.ts";

/** `deno task test:host` sets it. */
const THOROUGHNESS: Thoroughness = Deno.env.get("WATTPOST_DRILL") === "whole" ? "whole" : "short";

const NOTHING = /^Nothing to change: the host is as described$/m;

hostTest(
  "a fresh host sets itself up, is put right after damage, and is left as it was",
  async (docker, test) => {
    const scene = await openScene(docker);
    const before = await stateOf(scene.host);
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ["plan says what apply would do, and changes nothing", () => plan(scene)],
      ["apply that is killed within its steps is finished by the next one", () => killed(scene)],
      ["apply changes nothing a second time, and says so", () => again(scene)],
      ["the certificate is renewed, and a stranger is shown another one", () => renewed(scene)],
      [
        "ports of the host and of its containers are closed, but for those that are named",
        () => onlyNamedPorts(scene),
      ],
      ["SSH takes the key of deploy alone, who may do what is named", () => keysOnly(scene)],
      ["the sixth quick try over SSH is refused", () => sixthTryRefused(scene)],
      ["who guesses passwords is banned, and the ban ends", () => guesserIsBanned(scene)],
      ["check lists every damage by name, and apply mends them", () => damages(scene)],
      ["a restart changes nothing", () => restart(scene)],
      ["remove leaves the host as it was before", () => remove(scene, before)],
    ];
    for (const [name, step] of steps) {
      // What comes after builds on it.
      if (!await test.step(name, step)) return;
    }
  },
);

async function plan({ host, task }: DrillScene): Promise<void> {
  const stamps = await stampsOf(host);
  const { code, out, err } = await task("plan");
  strictEqual(code, 0, out + err);
  match(out, /^ +\+\+\+ \/etc\/ssh\/sshd_config\.d\/10-wattpost\.conf$/m);
  match(out, /^ +apt-get install /m);
  match(out, /^\d+ things to change in \d+ of \d+ steps\. Nothing was changed$/m);
  deepStrictEqual(differencesOf(stamps, await stampsOf(host)), []);
}

async function killed(scene: DrillScene): Promise<void> {
  const kills = await killAtSteps(scene, THOROUGHNESS);
  ok(kills.some(({ within }) => within), "apply was never killed within a step");
  const { code, out, err } = await scene.task("apply", "--yes");
  strictEqual(code, 0, out + err);
  match(out, /: the host is as described$/m);
  await clean(scene);
}

async function again(scene: DrillScene): Promise<void> {
  const stamps = await stampsOf(scene.host);
  const { code, out, err } = await scene.task("apply", "--yes");
  strictEqual(code, 0, out + err);
  match(out, NOTHING);
  deepStrictEqual(differencesOf(stamps, await stampsOf(scene.host)), []);
}

/** Nothing is other than described, and check says so. */
async function clean({ task }: DrillScene): Promise<void> {
  const { code, out, err } = await task("check");
  strictEqual(code, 0, out + err);
  match(out, NOTHING);
}

async function damages(scene: DrillScene): Promise<void> {
  for (const one of DAMAGES) await damage(scene, one);
  const { code, out, err } = await scene.task("check", "--json");
  strictEqual(code, 1, out + err);
  const found: readonly { readonly drift: readonly Drift[] }[] = JSON.parse(out).steps;
  const drift = found.flatMap((step) => step.drift);
  const noticed = ({ what, does = /^/ }: Damage) =>
    drift.some((one) => what.test(one.what) && does.test(one.does.join("\n")));
  const unnoticed = DAMAGES.filter((one) => !noticed(one)).map(({ name }) => name);
  deepStrictEqual(unnoticed, [], `noticed were ${drift.map(({ what }) => what).join(", ")}`);
  const applied = await scene.task("apply", "--yes");
  strictEqual(applied.code, 0, applied.out + applied.err);
  await clean(scene);
}

async function restart(scene: DrillScene): Promise<void> {
  await scene.host.reboot();
  await clean(scene);
}

async function remove(scene: DrillScene, before: HostState): Promise<void> {
  const { code, out, err } = await scene.task("remove", "--yes");
  strictEqual(code, 0, out + err);
  // Chains that Docker made are gone after a restart, as are settings of the kernel.
  await scene.host.reboot();
  deepStrictEqual(unexplained(differences(before, await stateOf(scene.host))), []);
  const twice = await scene.task("remove", "--yes");
  strictEqual(twice.code, 0, twice.out + twice.err);
  match(twice.out, /^Nothing to remove/m);
}
