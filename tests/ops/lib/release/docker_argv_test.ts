import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  dockerAwayText,
  isImageReference,
  listArgv,
  onceArgv,
  readInspected,
  stopArgv,
  upArgv,
} from "../../../../ops/lib/release/docker_argv.ts";

const old = {
  program: ["docker-compose"],
  name: "wattpost",
  folder: "/opt/wattpost/releases/r17-63e2c47",
} as const;
const plugin = { ...old, program: ["docker", "compose"] } as const;
const BEGIN = "--project-name wattpost --file /opt/wattpost/releases/r17-63e2c47/compose.yaml " +
  "--project-directory /opt/wattpost/releases/r17-63e2c47 --profile green";

Deno.test("a colour is started alone, anew and without a build, by either compose", () => {
  const words = "up --detach --no-deps --no-build --force-recreate green";
  strictEqual(upArgv(old, "green").join(" "), `docker-compose ${BEGIN} ${words}`);
  strictEqual(upArgv(plugin, "green").join(" "), `docker compose ${BEGIN} ${words}`);
});

Deno.test("a program that runs once has the rights of its colour and a name by which it is found", () => {
  const argv = onceArgv(old, {
    colour: "green",
    container: "wattpost-migrate",
    data: "/data",
    socket: "/run/green.sock",
    command: ["ops/migrate.ts", "--expand-only"],
  });
  strictEqual(
    argv.join(" "),
    `docker-compose ${BEGIN} run --rm --no-deps -T --name wattpost-migrate green ` +
      "--allow-read=/data,/run/green.sock --allow-write=/data,/run/green.sock ops/migrate.ts --expand-only",
  );
});

Deno.test("containers of a colour are found by their labels, and those that run once are not among them", () => {
  deepStrictEqual(listArgv("wattpost", "blue").filter((word) => word.startsWith("label=")), [
    "label=com.docker.compose.project=wattpost",
    "label=com.docker.compose.service=blue",
    "label=com.docker.compose.oneoff=False",
  ]);
});

Deno.test("a colour is given as long as the app takes to drain", () => {
  deepStrictEqual(stopArgv("abc"), ["docker", "stop", "--time", "150", "abc"]);
});

for (
  const [text, is] of [
    ["wattpost:r17-63e2c47", true],
    ["registry.example:5000/energy/wattpost@sha256:abc", true],
    ["--privileged", false],
    ["", false],
    ["a b", false],
  ] as const
) {
  Deno.test(`isImageReference() ${is ? "takes" : "refuses"} "${text}"`, () =>
    strictEqual(isImageReference(text), is));
}

const RUNNING = { Running: true, Restarting: false, ExitCode: 0, StartedAt: "2026-11-29T20:00:00Z" };

for (
  const { name, state, want } of [
    { name: "one that runs", state: RUNNING, want: "running" },
    {
      name: "one that Docker starts again and again",
      state: { ...RUNNING, Restarting: true },
      want: "restarting",
    },
    { name: "one that ended", state: { ...RUNNING, Running: false, ExitCode: 3 }, want: "ended" },
  ]
) {
  Deno.test(`readInspected() knows ${name}`, () => {
    const text = JSON.stringify([
      { Id: "abc", RestartCount: 2, State: state, Config: { Env: ["A=1", "RELEASE=r17-63e2c47"] } },
    ]);
    const found = readInspected(text);
    deepStrictEqual([found?.status, found?.release, found?.restarts], [want, "r17-63e2c47", 2]);
  });
}

Deno.test("readInspected() takes no answer of another shape", () => {
  for (const text of ["", "[]", "{}", "[null]", '[{"Id":"a"}]']) strictEqual(readInspected(text), null);
});

Deno.test("a Docker that does not answer is told from one that has no such image", () => {
  strictEqual(dockerAwayText("Error: No such image: wattpost:17"), null);
  strictEqual(
    dockerAwayText(
      "docker ps failed with code 1: Cannot connect to the Docker daemon at unix:///x. Is it running?\n",
    ),
    "Docker does not answer: Cannot connect to the Docker daemon at unix:///x. Is it running?",
  );
});
