import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { appRights } from "../../ops/lib/host/base_units.ts";
import { STAGING_METER } from "../../ops/lib/trial/trial_meter.ts";
import { copiedFiles, instruction, readText as read } from "./image.ts";

const DENO = "2.9.6";
const FLAGS_OF_AN_IMAGE = ["--cached-only", "--no-check", "--env-file=/etc/wattpost/wattpost.env"];

const NAMING = [
  { file: "README.md", pattern: /deno@(\d+\.\d+\.\d+)|Deno\S* (\d+\.\d+\.\d+)/g },
  { file: ".ci/run", pattern: /deno@(\d+\.\d+\.\d+)/g },
  { file: "Dockerfile", pattern: /DENO_VERSION=(\S+)/g },
];
for (const { file, pattern } of NAMING) {
  Deno.test(`${file} names the Deno that we use`, () => {
    const versions = [...read(file).matchAll(pattern)].map(([, first, second]) => first ?? second);
    deepStrictEqual([...new Set(versions)], [DENO]);
  });
}

Deno.test("the tests run on the Deno that we name", () => strictEqual(Deno.version.deno, DENO));

Deno.test("the image runs with the permissions of deno task app", () => {
  const inImage = instruction("ENTRYPOINT");
  const task: string = JSON.parse(read("deno.json")).tasks.app.command;
  deepStrictEqual(inImage.filter((word) => !FLAGS_OF_AN_IMAGE.includes(word)), task.split(" "));
});

/** What flags of Deno give, by name: `--allow-read=a --allow-read=b` is a and b. */
function rightsOf(flags: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const rights = new Map<string, readonly string[]>();
  for (const flag of flags) {
    const [, name, list] = /^(--allow-[a-z]+)(?:=(.*))?$/.exec(flag) ?? [];
    if (name === undefined) continue;
    rights.set(name, [...rights.get(name) ?? [], ...(list ?? "everything").split(",")].sort());
  }
  return rights;
}

for (const colour of ["blue", "green"]) {
  Deno.test(`${colour} in a container may what it may as a unit, and has its data in the image's folder besides`, () => {
    const [, own = ""] = new RegExp(`^  ${colour}:\n(?:    .*\n)*?    command:\n((?:      - .*\n)+)`, "m")
      .exec(read("compose.yaml")) ?? [];
    const command = own.trim().split("\n").map((line) => line.replace(/^\s*- /, ""));
    const inContainer = rightsOf([...instruction("ENTRYPOINT"), ...command]);
    const asUnit = rightsOf(appRights().map((flag) => flag.replaceAll("%i", colour)));
    for (const [name, list] of inContainer) {
      const others = list.filter((one) => one !== "data" || !/read|write/.test(name));
      deepStrictEqual(others, asUnit.get(name), name);
    }
    deepStrictEqual([...inContainer.keys()].sort(), [...asUnit.keys()].sort());
  });
}

Deno.test("the image and compose.yaml agree on who runs and that nothing else is reachable", () => {
  ok(read("Dockerfile").includes("USER 65532:65532"));
  ok(read("compose.yaml").includes('user: "65532:65532"'));
  const ports = [...read("compose.yaml").matchAll(/^ +- "?(.*:8000)"?$/gm)].map(([, port]) => port);
  deepStrictEqual([...new Set(ports)], [
    "127.0.0.1:${APP_PORT:-8000}:8000",
    "127.0.0.1:${STAGING_PORT:-8001}:8000",
  ]);
});

Deno.test("the simulated meter of staging is where trials look for it, contained as the app is and published nowhere", () => {
  const { host, port } = STAGING_METER;
  const [service = ""] = new RegExp(`^  ${host}:\n(?:    .*\n)+`, "m").exec(read("compose.yaml")) ?? [];
  match(service, new RegExp(`^      - --meter=0\\.0\\.0\\.0:${port}$`, "m"));
  match(service, /^ {4}<<: \*contained\n {4}profiles:\n {6}- staging$/m);
  match(service, /^ {6}- colours$/m);
  doesNotMatch(service, /ports:|volumes:/);
});

Deno.test("what is copied into the image is what .dockerignore lets in, but for what the build needs", () => {
  const letIn = [...read(".dockerignore").matchAll(/^!(.+)$/gm)].map(([, path]) => path);
  deepStrictEqual([...copiedFiles(), "build_ca.crt", "dev.ts"].sort(), letIn.sort());
});

Deno.test("nothing of one host alone is copied into the image", () => {
  const own = read(".gitignore").split("\n").filter((path) => path.startsWith("ops/"));
  const lines = read(".dockerignore").split("\n");
  ok(own.length > 0 && own.every((path) => lines.indexOf(path) > lines.indexOf("!ops")), own.join());
});

Deno.test("no password is an argument of a program in a container", () => {
  strictEqual(/ (?:-p|--password=?)["']?\$/.exec(read("compose.yaml"))?.[0], undefined);
});

Deno.test("Docker waits longer than the product takes to drain", () => {
  const of = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const waits = [...read("product.ts").matchAll(/^const (?:DRAIN|REQUESTS|NIGHTLY)_MS = ([\d_]+);$/gm)];
  const drainMs = waits.reduce((sum, [, ms = ""]) => sum + Number(ms.replaceAll("_", "")), 0);
  const inCompose = of(read("compose.yaml"), /stop_grace_period: (\d+)s$/m);
  const byHand = of(read("Dockerfile"), /--stop-timeout (\d+) /);
  ok(waits.length >= 2 && inCompose * 1_000 > drainMs, `${inCompose} s against ${drainMs} ms`);
  strictEqual(byHand, inCompose);
});

Deno.test("every package is pinned to one version", () => {
  const imports: Readonly<Record<string, string>> = JSON.parse(read("deno.json")).imports;
  const loose = Object.entries(imports).filter(([name, to]) =>
    !(name === "fresh" || name.startsWith("fresh/")) && !/^npm:(@[^/]+\/)?[^@/]+@\d+\.\d+\.\d+(\/|$)/.test(to)
  );
  deepStrictEqual(loose, []);
});
