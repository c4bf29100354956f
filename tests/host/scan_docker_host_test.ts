/**
 * What a scan says of containers that run, with a real Docker: one that may too much, one that may what it needs, and a
 * Docker that does not answer.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { runCommand } from "../../ops/lib/host/machine_run.ts";
import type { ScanContext } from "../../ops/lib/scan/check.ts";
import { hardeningCheck } from "../../ops/lib/scan/hardening.ts";
import { exitOf, runChecks } from "../../ops/lib/scan/run.ts";
import { type Docker, hostTest } from "./docker.ts";

const PROJECT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

const HARDENED = [
  ...[
    "--user",
    "65532:65532",
    "--read-only",
    "--cap-drop",
    "ALL",
    "--security-opt",
    "no-new-privileges:true",
  ],
  ...["--memory", "64m", "--pids-limit", "20", "--publish", "127.0.0.1::8000"],
];

/** What looks at the Docker at an address. */
function contextAt(dockerHost: string): ScanContext {
  return {
    run: (argv, options = {}) => runCommand(argv, { ...options, env: { DOCKER_HOST: dockerHost } }),
    read: (path) => Deno.readTextFile(path).catch(() => null),
    list: () => Promise.resolve([]),
    project: PROJECT,
    scratch: "/nowhere",
    described: null,
    target: null,
    cookie: null,
    caFile: null,
    webUrl: null,
    webSeconds: 10,
    nowMs: 0,
  };
}

/** An image of our name, gone after the test. */
async function imageOfOurs(docker: Docker): Promise<string> {
  const image = `wattpost:${docker.nameOf("scanned")}`;
  docker.defer(() => docker.run(["rmi", image]));
  await docker.must(["tag", "debian:12-slim", image]);
  return image;
}

hostTest(
  "a scan finds what a running container may too much, and nothing of a hardened one",
  async (docker, test) => {
    const image = await imageOfOurs(docker);
    const dockerHost = Deno.env.get("DOCKER_HOST") ?? "unix:///var/run/docker.sock";
    const socket = dockerHost.replace(/^unix:\/\//, "");
    const loose = await docker.container({
      what: "loose",
      image,
      args: ["--volume", `${socket}:/var/run/docker.sock`, "--publish", "0.0.0.0::8000"],
    });
    const hardened = await docker.container({ what: "hardened", image, args: HARDENED });
    const foreign = await docker.container({ what: "foreign", image: "debian:12-slim" });

    await test.step("of the loose one each thing is named, and what is not ours is let be", async () => {
      const outcome = await hardeningCheck.run(contextAt(dockerHost));
      ok(outcome.kind === "ran", JSON.stringify(outcome));
      match(outcome.looked, /\d+ containers of ours that run/);
      const idsOf = (name: string) =>
        outcome.findings.filter(({ where }) => where === name).map(({ id }) => id).toSorted();
      deepStrictEqual(idsOf(loose.name), [
        "running-capabilities",
        "running-memory",
        "running-new-privileges",
        "running-privileged",
        "running-processes",
        "running-published",
        "running-read-only",
        "running-user",
      ]);
      deepStrictEqual(idsOf(hardened.name), []);
      deepStrictEqual(idsOf(foreign.name), []);
    });

    await test.step("a Docker that does not answer is no pass, and the files are looked at all the same", async () => {
      const context = contextAt("unix:///nowhere/docker.sock");
      const { report } = await runChecks([hardeningCheck], {
        context,
        acceptances: [],
        monotonicMs: () => performance.now(),
        onCheck: () => undefined,
      });
      match(report.checks[0]?.notRun ?? "it passed", /^in part: Docker does not answer/);
      ok(report.open.some(({ where }) => where === "compose.yaml mysql"));
      strictEqual(exitOf({ ...report, open: [] }), 3);
    });
  },
);
