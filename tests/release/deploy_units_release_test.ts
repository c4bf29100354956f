import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { hostTest } from "../host/docker.ts";
import { until } from "../host/run.ts";
import { type StandIn, startStandIn } from "../host/stand_in.ts";
import { deployed, lay, prepare, ready, task } from "./units_scene.ts";

/** `deno task test:release` sets it. */
const WHOLE = Deno.env.get("WATTPOST_DRILL") === "whole";

/** What takes long, each with a release of its own. */
const LATER = WHOLE
  ? [
    ["the second one takes its place, and operators' tasks are its own", second],
    ["a restart of the host brings the same release back", restart],
  ] as const
  : [];

hostTest(
  "on a host without containers releases are units of systemd: deployed, taken back, there after a restart",
  async (docker, test) => {
    const host = await startStandIn(docker, { what: "units" });
    await prepare(host);
    const steps: readonly (readonly [string, (host: StandIn) => Promise<void>])[] = [
      ["the first release comes up as a unit in its own folder", first],
      ...LATER,
      ["a release that does not start gives way to the old one, which is ready again", doesNotStart],
      ...WHOLE ? [["the first release comes back", back] as const] : [],
    ];
    // What comes after builds on it.
    for (const [name, step] of steps) if (!await test.step(name, () => step(host))) return;
  },
);

async function first(host: StandIn): Promise<void> {
  await deployed(host, "--run", "units");
  const unit = await host.read("/etc/systemd/system/wattpost@blue.service.d/release.conf");
  match(unit, /^WorkingDirectory=\/opt\/wattpost\/releases\/r1-/m);
  strictEqual(await linked(host), "blue.sock");
}

async function second(host: StandIn): Promise<void> {
  await deployed(host);
  strictEqual(await linked(host), "green.sock");
  match(await host.must(["readlink", PATHS.project]), /\/r2-/);
  deepStrictEqual([await enabled(host, "green"), await enabled(host, "blue")], ["enabled", "disabled"]);
}

async function restart(host: StandIn): Promise<void> {
  await host.reboot();
  await until("the release is ready", async () => (await task(host, "status")).code === 0 || undefined);
  strictEqual(await linked(host), "green.sock");
}

async function doesNotStart(host: StandIn): Promise<void> {
  const before = await linked(host);
  const name = await lay(host);
  await host.write(`${PATHS.releases}/${name}/_fresh/server.js`, "Deno.exit(3);\n");
  const { code, out, err } = await task(host);
  strictEqual(code, 1, out + err);
  match(out, /^Why: ready: (blue|green): it ended/m);
  strictEqual(await linked(host), before);
  await ready(host);
}

async function back(host: StandIn): Promise<void> {
  const { code, out, err } = await task(host, "rollback");
  strictEqual(code, 0, out + err);
  match(out, /^r1-\w+ serves as blue/m);
  await ready(host);
}

async function linked(host: StandIn): Promise<string> {
  return (await host.must(["readlink", PATHS.upstream])).trim();
}

async function enabled(host: StandIn, colour: string): Promise<string> {
  return (await host.exec(["systemctl", "is-enabled", `wattpost@${colour}.service`])).out.trim();
}
