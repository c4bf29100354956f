/**
 * Docker as a host has it: logs of a container that never ends talking end, a port without an address stays on this
 * machine, networks keep away from routers.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { containerPools, daemonText } from "../../ops/lib/host/base_docker.ts";
import { hostTest } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { until } from "./run.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

const ROUTERS = "172.30.0.0/16";
const INSTALL_MS = 300_000;

/** A flood takes seconds; on a busy machine a minute. */
const FLOOD_MS = 120_000;

/** An image of two programs and what they need. */
async function makeImage(host: StandIn): Promise<void> {
  const files = [
    "/usr/bin/yes",
    "/usr/bin/sleep",
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib64/ld-linux-x86-64.so.2",
  ];
  await host.must(["tar", "--create", "--dereference", "--file=/root/image.tar", ...files]);
  await host.must(["docker", "import", "/root/image.tar", "two-programs"]);
}

hostTest(
  "Docker ends the logs of containers, publishes on this machine alone and avoids routers",
  async (docker) => {
    const host = await startStandIn(docker, { what: "docker", docker: true, project: false });
    const described = { ...exampleDescription(), routers: { networks: [ROUTERS], ports: [502] } };
    await host.must(["mkdir", "-p", "/etc/docker"]);
    await host.write("/etc/docker/daemon.json", daemonText(described));
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await host.must(["apt-get", "-qq", "update"], { env, deadlineMs: INSTALL_MS });
    const install = ["apt-get", "-qq", "-y", "install", "--no-install-recommends"] as const;
    await host.must([...install, "docker.io", "iptables"], { env, deadlineMs: INSTALL_MS });
    await makeImage(host);

    const id = (await host.must(["docker", "run", "-d", "two-programs", "/usr/bin/yes", "x".repeat(60)]))
      .trim();
    const folder = `/var/lib/docker/containers/${id}`;
    await until("the fifth file", async () => {
      return (await host.exec(["test", "-e", `${folder}/${id}-json.log.4`])).code === 0 || undefined;
    }, { deadlineMs: FLOOD_MS });
    await host.must(["docker", "kill", id]);
    const sizes = (await host.must(["find", folder, "-name", "*-json.log*", "-printf", "%s\n"])).trim().split(
      "\n",
    );
    strictEqual(sizes.length, 5);
    ok(sizes.every((size) => Number(size) < 10_500_000), sizes.join(" "));

    const published =
      (await host.must(["docker", "run", "-d", "-p", "8080:80", "two-programs", "/usr/bin/sleep", "600"]))
        .trim();
    strictEqual((await host.must(["docker", "port", published])).trim(), "80/tcp -> 127.0.0.1:8080");
    const listening = (await host.must(["ss", "-Hltn", "sport = :8080"])).trim().split("\n");
    deepStrictEqual(listening.map((line) => line.split(/\s+/)[3]), ["127.0.0.1:8080"]);

    const [pool = ""] = containerPools(described);
    ok(pool !== ROUTERS);
    await host.must(["docker", "network", "create", "sites"]);
    const format = "{{(index .IPAM.Config 0).Subnet}}";
    const subnet = await host.must(["docker", "network", "inspect", "sites", "--format", format]);
    match(subnet, new RegExp(`^${pool.split(".").slice(0, 2).join("\\.")}\\.\\d+\\.0/24$`, "m"));
  },
);
