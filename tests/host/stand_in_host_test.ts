import { match, strictEqual } from "node:assert/strict";
import { hostTest } from "./docker.ts";
import { startStandIn } from "./stand_in.ts";

hostTest(
  "a stand-in runs systemd on both IP families, runs tasks, and comes back after a reboot",
  async (docker) => {
    const network = await docker.network();
    const host = await startStandIn(docker, { network, domains: ["energy.example.test"] });
    const named = await host.must(["getent", "ahosts", "energy.example.test"]);
    match(named, new RegExp(`${host.ipv4.replaceAll(".", "\\.")} `));
    match(named, new RegExp(`${host.ipv6} `));
    const migrated = await host.task(["db:migrate", "--dry-run"]);
    strictEqual(migrated.code, 0, migrated.out + migrated.err);
    match(migrated.out, /migrations to apply/);
    await host.write("/etc/motd", "kept\n");
    await host.reboot();
    strictEqual(await host.read("/etc/motd"), "kept\n");
  },
);
