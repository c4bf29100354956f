import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { buildImageArgv, fixImage, IMAGE_MAX_BYTES } from "../../ops/lib/image/build.ts";
import { type Docker, hostTest } from "../host/docker.ts";
import { must, until } from "../host/run.ts";
import { copyProject } from "./compose.ts";
import { clientPath, productImage } from "./product_image.ts";

/** As README and compose.yaml start it: nothing that it does not need. */
const LOCKED = [
  "--init",
  "--read-only",
  ...["--tmpfs", "/tmp"],
  ...["--cap-drop", "ALL"],
  ...["--security-opt", "no-new-privileges"],
  ...["--memory", "1g"],
  ...["--pids-limit", "200"],
];

async function inspect(docker: Docker, image: string) {
  const [facts] = JSON.parse(await docker.must(["image", "inspect", image]));
  return facts;
}

/** What a script says that runs in the image with every permission, as JSON. */
async function ask(docker: Docker, script: string) {
  const image = await productImage(docker);
  const argv = [
    "run",
    "--rm",
    "--network",
    "none",
    ...LOCKED,
    "--entrypoint",
    "deno",
    image,
    "eval",
    "--no-lock",
  ];
  return JSON.parse(await docker.must([...argv, `console.log(JSON.stringify(${script}))`]));
}

hostTest("the image is small, runs as nobody, says what it is and has no shell", async (docker) => {
  const image = await productImage(docker);
  const { Config: config, Size: bytes } = await inspect(docker, image);
  ok(bytes <= IMAGE_MAX_BYTES, `${bytes} bytes`);
  deepStrictEqual([config.User, config.StopSignal, config.Volumes ?? null], ["65532:65532", "SIGTERM", null]);
  match(config.Healthcheck.Test.join(" "), /ops\/alive\.ts$/);
  strictEqual(/allow-all|-A\b|allow-run|allow-ffi/.test(config.Entrypoint.join(" ")), false);
  const labels = ["title", "version", "revision", "created", "licenses"].map((name) =>
    `org.opencontainers.image.${name}`
  );
  deepStrictEqual(labels.filter((name) => !config.Labels[name]), []);
  const shell = await docker.run(["run", "--rm", "--entrypoint", "/bin/sh", image, "-c", "true"]);
  match(shell.err, /no such file/);
});

const FILES = `(() => {
  const found = [], instants = new Set(), open = ["/app", "/deno-dir", "/etc", "/usr", "/var"];
  for (let next = open.pop(); next; next = open.pop()) for (const { name, isDirectory } of Deno.readDirSync(next)) {
    const path = next + "/" + name, { mode, uid, isSymlink, mtime } = Deno.lstatSync(path);
    if (/^.(app|deno-dir|usr)/.test(path) && !path.startsWith("/usr/sbin")) instants.add(mtime.toISOString());
    if (!isSymlink && (uid !== 0 || (mode & 0o22) !== 0) && !/^.etc.(hosts|hostname|resolv.conf|mtab)$/.test(path)) found.push(path);
    if (isDirectory && uid === 0) open.push(path);
  }
  return { found: found.sort(), instants: [...instants] };
})()`;

hostTest(
  "nothing in the image but its data is the app's to change, and no file tells when it was made",
  async (docker) => {
    deepStrictEqual(await ask(docker, FILES), {
      found: ["/app/data", "/etc/wattpost/credentials", "/var/backups/wattpost"],
      instants: ["2020-01-01T00:00:00.000Z"],
    });
  },
);

const PACKAGES = `(() => {
  const root = "/deno-dir/npm/registry.npmjs.org", found = [];
  const names = [...Deno.readDirSync(root)].flatMap(({ name }) => name.startsWith("@") ? [...Deno.readDirSync(root + "/" + name)].map((one) => name + "/" + one.name) : [name]);
  for (const name of names) for (const { name: version } of Deno.readDirSync(root + "/" + name)) {
    if ([...Deno.readDirSync(root + "/" + name + "/" + version)].length > 0) found.push(name + "@" + version);
  }
  return { npm: found.sort(), deno: Deno.version.deno, debian: [...Deno.readDirSync("/var/lib/dpkg/status.d")].map(({ name }) => name).sort(),
    list: JSON.parse(Deno.readTextFileSync("/usr/share/wattpost/sbom.cdx.json")) };
})()`;

hostTest("the list in the image names what lies in it, no more and no less", async (docker) => {
  const { npm, deno, debian, list } = await ask(docker, PACKAGES);
  const urls: readonly string[] = list.components.map(({ purl }: { purl: string }) =>
    decodeURIComponent(purl)
  );
  const of = (kind: string) => urls.flatMap((url) => url.startsWith(kind) ? url.slice(kind.length) : []);
  deepStrictEqual(of("pkg:npm/").sort(), [...npm, `deno@${deno}`].sort());
  deepStrictEqual(of("pkg:deb/debian/").map((one) => one.split("@")[0]), debian);
  ok(debian.includes("libc6") && npm.length > 50, `${npm.length} packages of npm`);
  const unproved = list.components.filter((one: { purl: string; hashes?: unknown }) =>
    one.purl.startsWith("pkg:npm/") && !one.purl.startsWith("pkg:npm/deno@") && !one.hashes
  );
  deepStrictEqual(unproved, [], "each package of npm has its sum");
  ok(!npm.some((name: string) => name.startsWith("playwright-core@")), "what tests import is not in it");
});

hostTest(
  "it runs without a network and without rights, becomes healthy and drains when it is told to end",
  async (docker) => {
    const image = await productImage(docker);
    const volume = docker.nameOf("data");
    docker.defer(() => docker.run(["volume", "rm", volume]));
    const name = docker.nameOf("app");
    docker.defer(() => docker.run(["rm", "-f", "-v", name]));
    await docker.must([
      "run",
      "--detach",
      "--name",
      name,
      "--network",
      "none",
      ...LOCKED,
      "--volume",
      `${volume}:/app/data`,
      image,
    ]);
    const health = async () =>
      (await docker.must(["inspect", "--format", "{{.State.Health.Status}}", name])).trim();
    await until("it is healthy", async () => await health() === "healthy" || undefined, {
      deadlineMs: 120_000,
    });
    const status = "Deno.readTextFileSync('/proc/1/status')";
    const told = await docker.must(["exec", name, "deno", "eval", "--no-lock", `console.log(${status})`]);
    deepStrictEqual(
      ["Uid", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp"].map((key) =>
        new RegExp(`^${key}:\\s*(\\S+)`, "m").exec(told)?.[1]
      ),
      ["65532", "0000000000000000", "0000000000000000", "1", "2"],
    );
    await docker.must(["stop", "--time", "150", name], { deadlineMs: 170_000 });
    strictEqual((await docker.must(["inspect", "--format", "{{.State.ExitCode}}", name])).trim(), "0");
    const { out, err } = await docker.run(["logs", name]);
    match(out + err, /"msg":"Stopped"/);
    ok(!/Download|Caching|Transpil/i.test(out + err), "nothing was fetched");
  },
);

hostTest("the same sources make the same digest, at another time, in another folder", async (docker) => {
  await productImage(docker);
  const whole = Deno.env.get("WATTPOST_DRILL") === "whole";
  const sources = { version: "0.1.0", revision: "63e2c47", madeS: 1_700_000_000 };
  const tags = ["one", "other"].map((what) => `${docker.nameOf(what)}:built`);
  for (const tag of tags) docker.defer(() => docker.run(["image", "rm", tag]));
  const folders = await Promise.all(
    tags.map(() => Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-again-" })),
  );
  for (const folder of folders) docker.defer(() => Deno.remove(folder, { recursive: true }));
  const [one = "", other = ""] = folders;
  await copyProject(one);
  const ca = Deno.env.get("NODE_EXTRA_CA_CERTS") ?? null;
  // Copied from the first, so that the sources are the same also while somebody works on them.
  await must(["cp", "-r", `${one}/.`, other]);
  const builds = [];
  for (const [i, tag] of tags.entries()) {
    const order = { client: clientPath(), folder: folders[i] ?? "", tag, ca, sources };
    const [program, ...args] = buildImageArgv(order);
    // Nothing of the second build is taken over from the first but the system's packages; in the drill not even these.
    const again = i === 0 ? [] : whole ? ["--no-cache"] : ["--build-arg", `AGAIN=${tag}`];
    await must([program, ...args.slice(0, -1), ...again, ...args.slice(-1)], {
      env: { DOCKER_BUILDKIT: "1" },
      deadlineMs: 900_000,
    });
    const built = await fixImage(order);
    if (!built.ok) throw new Error(built.error);
    builds.push(built.value.id);
  }
  strictEqual(builds[0], builds[1]);
  strictEqual((await inspect(docker, tags[1] ?? "")).Created, "2023-11-14T22:13:20Z");
});
