import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { type Docker, hostTest } from "../host/docker.ts";
import { must, run, type RunEnd } from "../host/run.ts";
import { backUp, makeKey, withFolder } from "../ops/lib/backup/scene.ts";
import { productImage } from "./product_image.ts";
import { PROJECT, removeFromDocker } from "./scene_deploy.ts";
import { fillDatabase } from "./scene_estate.ts";

/** Longest that a whole rehearsal may take on a slow machine, in ms. */
const REHEARSAL_MS = 600_000;

/** Whether a whole rehearsal is made too, which takes minutes. */
const IS_WHOLE = Deno.env.get("WATTPOST_DRILL") === "whole";

/** A folder and a name that nobody else has, and the way to call tasks there. */
interface Stage {
  readonly root: string;
  /** Volumes that Docker has of it, a line each. */
  volumes(): Promise<string>;
  call(...args: readonly string[]): Promise<RunEnd>;
}

async function stageFor(docker: Docker): Promise<Stage> {
  // As on a host: the app's user, who backs up, reads Deno's packages.
  const { denoDir } = JSON.parse(await must([Deno.execPath(), "info", "--json"], { env: { NO_COLOR: "1" } }));
  const packages = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "wattpost-packages-" });
  docker.defer(() => Deno.remove(packages));
  await must(["mount", "--bind", denoDir, packages]);
  docker.defer(() => must(["umount", packages]));
  const parent = await Deno.makeTempDir({ dir: "/tmp", prefix: "wattpost-staging-" });
  docker.defer(() => Deno.remove(parent, { recursive: true }));
  const [root, name] = [`${parent}/root`, `wpstage${Deno.pid}`];
  await Deno.chmod(parent, 0o755);
  docker.defer(() => removeFromDocker({ name }));
  const ofStaging = ["--filter", `label=com.docker.compose.project=${name}`] as const;
  return {
    root,
    volumes: () => docker.must(["volume", "ls", "--quiet", ...ofStaging]),
    call: (...args) => {
      const task = [Deno.execPath(), "task", "--quiet", ...args, "--root", root, "--name", name] as const;
      return run(task, {
        cwd: PROJECT,
        env: { DENO_DIR: packages, NO_COLOR: "1" },
        deadlineMs: REHEARSAL_MS,
      });
    },
  };
}

async function isGone({ root }: Stage): Promise<boolean> {
  return await Deno.stat(root).then(() => false, () => true);
}

hostTest(
  "staging comes up with data and an account of its own, and goes away without a trace",
  async (docker) => {
    const stage = await stageFor(docker);
    const image = await productImage(docker);
    const up = await stage.call("staging", "up", "--image", image);
    strictEqual(up.code, 0, up.out + up.err);
    match(up.out, /^Staging serves at .*upstream\.sock/m);
    const smokes = ["smoke", "--socket", `${stage.root}/run/wattpost/upstream.sock`];
    const account = ["--account", `${stage.root}/etc/wattpost/credentials/smoke_account`];
    const meter = ["--meter", "meter:15020"];
    const task = [Deno.execPath(), "task", "--quiet", ...smokes, ...account, ...meter] as const;
    const smoke = await run(task, { cwd: PROJECT, env: { NO_COLOR: "1" } });
    strictEqual(smoke.code, 0, smoke.out + smoke.err);
    match(smoke.out, /^pass +pages inside/m);
    match(smoke.out, /^pass +reading .*from meter:15020/m);
    doesNotMatch(smoke.out, /^NOT RUN +(?!letters)/m);
    const settings = await Deno.readTextFile(`${stage.root}/etc/wattpost/wattpost.env`);
    ok(!/^DATABASE_URL/m.test(settings), settings);
    const down = await stage.call("staging", "down");
    strictEqual(down.code, 0, down.out + down.err);
    ok(await isGone(stage));
    strictEqual((await stage.volumes()).trim(), "");
    const again = await stage.call("staging", "down");
    strictEqual(again.code, 1, "what is no staging is not taken away");
  },
);

/** Rehearses with an image, and what is told besides; every step must go well and nothing may stay. */
async function rehearses(docker: Docker, more: readonly string[]): Promise<void> {
  const stage = await stageFor(docker);
  const image = await productImage(docker);
  const report = await Deno.makeTempFile({ prefix: "wattpost-rehearsal-", suffix: ".html" });
  docker.defer(() => Deno.remove(report));
  const { code, out, err } = await stage.call(
    ...["rehearse", "--before", image, "--image", image, "--report", report],
    ...["--seconds", "10", "--people", "3", "--within-ms", "60000", ...more],
  );
  strictEqual(code, 0, out + err);
  for (const name of ["staging up", "deploy", "smoke", "load", "rollback", "smoke again", "restore drill"]) {
    match(out, new RegExp(`^pass +${name} `, "m"));
  }
  strictEqual(out.match(/^pass +reading .*from meter:15020/gm)?.length, 2, "each smoke reads the meter");
  match(await Deno.readTextFile(report), /Every step went well/);
  ok(await isGone(stage));
}

if (IS_WHOLE) {
  hostTest(
    "a rehearsal deploys, tries, loads, takes back and restores a release, and leaves its report and nothing else",
    (docker) => rehearses(docker, []),
  );

  hostTest(
    "a rehearsal with a sanitised copy reads the simulated meter beside the sites of the copy",
    (docker) =>
      withFolder(async (folder) => {
        const [databaseUrl, key] = [`sqlite:${folder}/wattpost.db`, await makeKey(folder)];
        await fillDatabase({ databaseUrl, network: "10.213", sites: 3, people: 1, tokens: 1 });
        const { folder: backup } = await backUp(folder, { url: databaseUrl, key });
        await rehearses(docker, ["--copy", "--key", key.file, "--backup", backup]);
      }),
  );
}
