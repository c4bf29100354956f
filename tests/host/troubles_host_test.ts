/**
 * The pages for when something is wrong, typed line by line on a host whose app runs: each command is there, is
 * understood and ends. What they say of a host that is well is looked at too.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatDescription } from "../../ops/lib/host/describe.ts";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { commandLinesOf } from "../house/runbooks.ts";
import { putBuild } from "./build_in.ts";
import { type Docker, hostTest } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { until } from "./run.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

const PAGES = new URL("../../docs/troubles/", import.meta.url);
const ENV = { NO_COLOR: "1", DENO_DIR: PATHS.denoDir, DENO_NO_UPDATE_CHECK: "1", HOME: "/root" };

/** Exit codes that a command may end with on a host that has the app alone: 1 is a verdict, or that nothing is there. */
const VERDICTS = /^(sudo -u wattpost \S+ )?deno task (doctor|certificates|nginx|firewall|vpn|backups)\b/;

/** A host with its base and the app in its unit, as nginx would find it. */
async function startHost(docker: Docker): Promise<StandIn> {
  const host = await startStandIn(docker, { what: "troubles" });
  const program = ["deno", "run", "--quiet", "--no-check", "--cached-only", "--allow-all"] as const;
  const applied = await host.exec([...program, "tests/host/apply_base.ts", "apply"], {
    cwd: PATHS.project,
    env: ENV,
    deadlineMs: 300_000,
  });
  strictEqual(applied.code, 0, applied.err);
  await host.write(PATHS.description, formatDescription(exampleDescription()), 0o640);
  await putBuild(host);
  await host.write(`${PATHS.config}/blue.env`, "RELEASE=r1-troubles\n");
  await host.must(["systemctl", "start", "wattpost@blue.service"]);
  await host.must(["ln", "-s", `${PATHS.sockets}/blue.sock`, PATHS.upstream]);
  return host;
}

/** A line as it is typed on a host, in the project's folder. */
function type(host: StandIn, line: string, deadlineMs = 120_000) {
  return host.exec(["bash", "-o", "pipefail", "-c", line], { cwd: PATHS.project, env: ENV, deadlineMs });
}

hostTest("what the pages for troubles say is typed on a host, and ends", async (docker, test) => {
  const host = await startHost(docker);
  const asApp = `sudo -u wattpost DENO_DIR=${PATHS.denoDir} deno task --quiet`;

  await test.step("the doctor finds the app, its database and its release there", async () => {
    const line = `${asApp} doctor --only app,database,migrations,secrets,sessions,disk,collection --json`;
    const said = await until("the app is ready", async () => {
      const { code, out } = await type(host, line);
      return code === 0 ? out : undefined;
    });
    const { checks } = JSON.parse(said) as { readonly checks: readonly { readonly evidence: string }[] };
    match(
      checks[1]?.evidence ?? "",
      /^release r1-troubles at the socket \/run\/wattpost\/upstream\.sock is ready/,
    );
    deepStrictEqual(checks.length, 8);
  });

  await test.step("root does not open the app's file, and says who may", async () => {
    const { code, out } = await type(host, "deno task --quiet doctor --only database,sessions");
    strictEqual(code, 0);
    match(out, /NOT RUN database .* as user 0: it is user 65532's/);
    strictEqual((await type(host, `find ${PATHS.data} -user root`)).out, "");
    const migrate = await type(host, "deno task --quiet db:migrate --dry-run");
    deepStrictEqual([migrate.code, /Run it as the app's user/.test(migrate.err)], [2, true], migrate.err);
  });

  for (const name of [...Deno.readDirSync(PAGES)].map((page) => page.name).sort()) {
    const lines = commandLinesOf(await Deno.readTextFile(new URL(name, PAGES)));
    await test.step(`commands of docs/troubles/${name}`, async () => {
      ok(lines.length > 0);
      for (const line of lines) await isUnderstood(host, docker, line);
    });
  }
});

async function isUnderstood(host: StandIn, docker: Docker, line: string): Promise<void> {
  if (line.startsWith("docker ")) {
    strictEqual((await docker.run(line.split(" ").slice(1))).code, 0, line);
    return;
  }
  const { code, out, err } = await type(host, line);
  ok(code === 0 || (code === 1 && VERDICTS.test(line)), `${line} ended with ${code}: ${out}${err}`);
}
