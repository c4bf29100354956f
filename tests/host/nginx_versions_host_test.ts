import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Distribution } from "../../ops/lib/host/step.ts";
import { isCi } from "../../ops/lib/test_suites.ts";
import { CANNOT, type NginxAlone, withNginxAlone } from "./nginx_scene.ts";
import { must, run } from "./run.ts";

const MIRROR = "http://archive.ubuntu.com/ubuntu";

/** Releases of Ubuntu, their nginx, and how curl ends where a name is not theirs: 35 is no handshake. */
const RELEASES = [
  { suite: "jammy", distribution: "ubuntu-22.04", version: "1.18.0", unknown: [52, 56, 92] },
  { suite: "noble", distribution: "ubuntu-24.04", version: "1.24.0", unknown: [35] },
] as const;

/** Whether the packages of Ubuntu can be fetched; where tests run for a release they must be. */
async function reachable(): Promise<boolean> {
  if (isCi(Deno.env.get("CI"))) return true;
  const { code } = await run([
    "curl",
    "--silent",
    "--head",
    "--max-time",
    "10",
    `${MIRROR}/dists/jammy/Release`,
  ]);
  return code === 0;
}

const ignore = CANNOT || Deno.build.arch !== "x86_64" || !await reachable();

/** Unpacks the release's nginx with what it needs, and nothing of a system around it. */
async function unpack(folder: string, suite: string): Promise<void> {
  const archive = `${folder}.tar`;
  const source = `deb [trusted=yes] ${MIRROR} ${suite} main universe`;
  await must([
    "mmdebstrap",
    "--quiet",
    "--mode=root",
    "--variant=extract",
    "--include=nginx,libc6",
    suite,
    archive,
    source,
  ], {
    deadlineMs: 300_000,
  });
  await Deno.mkdir(folder);
  await must(["tar", "--extract", "--file", archive, "--directory", folder, "--exclude=./dev/*"]);
  for (const name of ["lib", "lib64"]) {
    const there = await Deno.lstat(join(folder, name)).then(() => true, () => false);
    if (!there) await Deno.symlink(`usr/${name}`, join(folder, name));
  }
  await Deno.writeTextFile(
    join(folder, "etc/passwd"),
    "root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n",
  );
  await Deno.writeTextFile(join(folder, "etc/group"), "root:x:0:\nwww-data:x:33:\n");
  await Deno.mkdir(join(folder, "var/log/nginx"), { recursive: true });
  await Deno.mkdir(join(folder, "scene"));
}

for (const { suite, distribution, version, unknown } of RELEASES) {
  Deno.test({
    name: `nginx ${version} of ${distribution} takes the text, and answers as the others do`,
    ignore,
    async fn() {
      await inRoot(suite, distribution, async (scene, said) => {
        match(said, new RegExp(`nginx/${version.replaceAll(".", "\\.")}`));
        const { status, body, first } = await scene.ask("/");
        strictEqual(status, 502);
        match(body, /does not answer/);
        match(first, /^HTTP\/2 /);
        const { https } = scene.options.ports;
        const refused = await run([...scene.curl, "--insecure", `https://other.example:${https}/`]);
        ok((unknown as readonly number[]).includes(refused.code), `${refused.code} ${refused.err}`);
        const large = ["--http1.1", "--header", `X-Long: ${"x".repeat(12_000)}`];
        strictEqual((await scene.ask("/", { args: large })).status, 431);
        const tab = await scene.ask("/", { args: ["--http1.1", "--request-target", "/sign-\tin"] });
        strictEqual(tab.status, 400, "the app would pass over the tab");
      });
    },
  });
}

type Body = (scene: NginxAlone, said: string) => Promise<void>;

/** Runs the release's nginx in a root of its own, with the text made for it. */
async function inRoot(suite: string, distribution: Distribution, body: Body): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-ubuntu-" });
  try {
    await Deno.chmod(folder, 0o755);
    const root = join(folder, suite);
    await unpack(root, suite);
    const { err } = await run(["chroot", root, "/usr/sbin/nginx", "-v"]);
    // The same paths lead to the same files, inside and outside.
    const scene = join(root, "scene");
    await Deno.mkdir(join(root, root), { recursive: true });
    await Deno.symlink("/scene", join(root, scene));
    const program = ["chroot", root, "/usr/sbin/nginx"] as const;
    await withNginxAlone({ folder: scene, distribution, program }, (alone) => body(alone, err));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
