import { deepStrictEqual, match } from "node:assert/strict";
import { type HostDescription, USUAL_LIMITS } from "../../../../ops/lib/host/description.ts";
import { allSteps } from "../../../../ops/lib/host/host_run.ts";
import type { Distribution } from "../../../../ops/lib/host/step.ts";

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPCoG+0gShyYU5HXnr8PLBv8PzTXkuT2PnMDkSlA4bsy ada@example.com";
const DESCRIBED: HostDescription = {
  domain: "energy.example.com",
  aliases: [],
  certificates: { email: "o@example.com", directory: "https://acme.example.com/d", staging: false },
  adminNetworks: ["192.0.2.0/24"],
  ssh: { port: 22, keys: [KEY] },
  routers: { networks: ["198.51.100.0/24"], ports: [502] },
  vpn: { endpoint: "energy.example.com", port: 51_820, network: "10.86.0.0/20", network6: null },
  timeZone: "Europe/Berlin",
  database: { kind: "sqlite" },
  limits: USUAL_LIMITS,
};
const OTHER: HostDescription = {
  ...DESCRIBED,
  domain: "other.example.com",
  aliases: ["www.other.example.com"],
  adminNetworks: ["2001:db8::/48"],
  ssh: { port: 2_222, keys: [KEY] },
  routers: { networks: ["203.0.113.0/24"], ports: [502, 503] },
  vpn: { endpoint: "192.0.2.1", port: 51_999, network: "10.87.0.0/20", network6: "fd86:1::/64" },
  timeZone: "UTC",
  database: { kind: "mysql", host: "db1", port: 3_306 },
  limits: { ...USUAL_LIMITS, bodyMb: 99, banMinutes: 99, logsMb: 99, journalMb: 99 },
};

const facts = (distribution: Distribution) => ({ distribution, operatorAddress: null });
const repeated = (names: readonly string[]) => names.filter((name, at) => names.indexOf(name) !== at);

for (const distribution of ["debian-12", "ubuntu-22.04", "ubuntu-24.04"] as const) {
  const steps = allSteps(DESCRIBED, facts(distribution));

  Deno.test(`steps of ${distribution} have names of their own, and reasons`, () => {
    deepStrictEqual(repeated(steps.map(({ name }) => name)), []);
    for (const { why } of steps) match(why, /^\S.{10,}/);
  });

  // A step is told from one that is gone by its name: a value in it would undo what the new one has just done.
  Deno.test(`steps of ${distribution} are called the same whatever is described`, () => {
    deepStrictEqual(
      allSteps(OTHER, facts(distribution)).map(({ name }) => name),
      steps.map(({ name }) => name),
    );
  });

  // Undone, files are put back after their service was: one that had been off, or is gone, must not be started by that.
  Deno.test(`steps of ${distribution} start nothing when a file of theirs is put back`, () => {
    const started = steps.flatMap(({ parts = [] }) => parts.flatMap(({ reactions = [] }) => reactions))
      .map(({ argv }) => argv.join(" "))
      .filter((command) => /^systemctl (start|restart|reload-or-restart) /.test(command));
    deepStrictEqual([...new Set(started)], ["systemctl restart systemd-journald"]);
  });

  // The one that is undone first would put back what was there before, under the feet of the other.
  Deno.test(`no two steps of ${distribution} write the same file`, () => {
    const paths = steps.flatMap(({ parts = [] }) => parts.flatMap(({ keeps = [] }) => keeps))
      .filter((name) => name.startsWith("at "));
    deepStrictEqual(repeated(paths), []);
  });
}
