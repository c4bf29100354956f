import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readText } from "../house/image.ts";
import { until } from "../host/run.ts";
import { composeTest, freePort, openProject, type Project } from "./compose.ts";
import type { Docker } from "../host/docker.ts";
import { mysqlImage, mysqlOverride } from "./mysql_image.ts";
import { tellContainers } from "../../ops/lib/tell_containers.ts";
import { productImage } from "./product_image.ts";
import { openPlace } from "./scene_place.ts";

const SITE = JSON.stringify({
  name: "Kiln Lane",
  zone: "Europe/London",
  paths: [{ kind: "cellular", host: "10.20.0.7" }],
  endpoints: [{ port: 502, meters: [{ name: "Main", unit: 1, profile: "eastron-sdm630" }] }],
});

/** Commands of README that begin with compose, without what they say beside it. */
function commandsOfReadme(): readonly (readonly string[])[] {
  const lines = [...readText("README.md").matchAll(/^docker compose (.+)$/gm)].map(([, words = ""]) => words);
  return lines.map((line) => line.replace(/\s*#.*$/, "").split(" "));
}

async function get(port: number, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" });
  return { status: response.status, text: await response.text() };
}

/** What Docker lets a service do, beside what it was told. */
async function limitsOf(docker: Docker, id: string) {
  const [{ Config, HostConfig: host }] = JSON.parse(await docker.must(["inspect", id]));
  return {
    user: Config.User,
    readOnly: host.ReadonlyRootfs,
    dropped: host.CapDrop,
    security: host.SecurityOpt,
    memory: host.Memory,
    processors: host.CpuQuota / host.CpuPeriod,
    processes: host.PidsLimit,
    log: host.LogConfig.Config,
    restarts: host.RestartPolicy.Name,
  };
}

const LIMITS = {
  user: "65532:65532",
  readOnly: true,
  dropped: ["ALL"],
  security: ["no-new-privileges:true"],
  memory: 1_073_741_824,
  processors: 2,
  processes: 200,
  log: { "max-file": "5", "max-size": "10m" },
  restarts: "unless-stopped",
};

/** Names of the volumes of a container, sorted. */
async function volumesOf(docker: Docker, id: string): Promise<readonly string[]> {
  const names = await docker.must(["inspect", "--format", "{{range .Mounts}}{{.Name}} {{end}}", id]);
  return names.trim().split(" ").sort();
}

composeTest("what README says to type ends with a healthy product", async (docker, compose) => {
  const port = freePort();
  const image = `${docker.nameOf("readme")}:built`;
  const env = {
    APP_PORT: `${port}`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    APP_IMAGE: image,
    STAGING_IMAGE: image,
    STAGING_PORT: `${freePort()}`,
  };
  docker.defer(() => docker.run(["image", "rm", image]));
  const project = await openProject(docker, { compose, env });
  const [up, logs, ...more] = commandsOfReadme();
  ok(up?.[0] === "up" && logs?.[0] === "logs" && more.length === 0, "README starts it and shows its log");
  await project.must(up);
  // A second installation beside it, from the same file.
  await project.must(["--profile", "staging", "up", "-d", "--no-build", "staging"]);
  const app = await project.healthy("app");
  const staging = await project.healthy("staging");
  deepStrictEqual(
    await volumesOf(docker, staging),
    ["configuration", "credentials", "data"].map((name) => `${project.name}_staging-${name}`),
  );
  match(await project.must(logs), /\/setup\?token=/);
  strictEqual((await get(port, "/readyz")).text, "ready\n");
  strictEqual((await get(port, "/")).status, 303);
  deepStrictEqual(await limitsOf(docker, app), LIMITS);
  const published = (await docker.must(["port", app])).trim();
  strictEqual(published, `8000/tcp -> 127.0.0.1:${port}`);
  await registered(project);
  await until(
    "it is ready again",
    () => get(port, "/readyz").then(({ status }) => status === 200 || undefined, () => undefined),
  );
  await toldAgain(docker, { app, project });
});

/** A site is registered as docs/registering.md says, in a container of its own, while the product is stopped. */
async function registered(project: Project): Promise<void> {
  await project.must(["stop", "app"]);
  const once = await project.must(["run", "--rm", "-T", "app", "ops/register.ts", "--file", "-"], {
    input: SITE,
  });
  match(once, /^Registered "Kiln Lane"/m);
  await project.must(["start", "app"]);
}

/** A secret is put into its volume and taken over on SIGHUP; a setting by a restart. Data stay. */
async function toldAgain(
  docker: Docker,
  { app, project }: { readonly app: string; readonly project: Project },
): Promise<void> {
  const secret = `${project.folder}/metrics_token`;
  await Deno.writeTextFile(secret, "a-token-of-16-or-more\n", { mode: 0o400 });
  await Deno.writeTextFile(`${project.folder}/wattpost.env`, "LOG_LEVEL=debug\nVISITS_AT_ONCE=nine\n");
  const tar = ["tar", "--create", "--owner=65532", "--group=65532", "--mode=0400", "metrics_token"];
  const { success, stdout } = await new Deno.Command("tar", { args: tar.slice(1), cwd: project.folder })
    .output();
  ok(success);
  await docker.must(["cp", "-", `${app}:/etc/wattpost/credentials`], { input: stdout });
  await project.must(["kill", "-s", "HUP", "app"]);
  const logs = async () => {
    const { out, err } = await docker.run(["logs", app]);
    return out + err;
  };
  await until(
    "the secret is taken over",
    async () => /metrics_token|METRICS_TOKEN/.test(await logs()) || undefined,
  );
  await docker.must(["cp", `${project.folder}/wattpost.env`, `${app}:/etc/wattpost/wattpost.env`]);
  await project.must(["restart", "app"]);
  await until("the setting is read", async () => /VISITS_AT_ONCE is "nine"/.test(await logs()) || undefined);
}

composeTest("MySQL, its migrations and the product start in this order", async (docker, compose) => {
  const port = freePort();
  const env = {
    APP_PORT: `${port}`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    APP_IMAGE: await productImage(docker),
    MYSQL_IMAGE: await mysqlImage(docker),
  };
  const project = await openProject(docker, { compose, env, files: ["compose.yaml", "override.yaml"] });
  await Deno.writeTextFile(`${project.folder}/override.yaml`, mysqlOverride());
  const password = crypto.randomUUID();
  await writeSecret(project, "mysql_password", password);
  await writeSecret(project, "database_url", `mysql://wattpost:${password}@mysql:3306/wattpost`);
  await project.must(["--profile", "mysql", "up", "-d", "app-mysql"]);
  await project.healthy("app-mysql");
  strictEqual((await get(port, "/readyz")).text, "ready\n");
  const [mysql = "", migrate = "", app = ""] = await Promise.all(
    ["mysql", "migrate", "app-mysql"].map((service) => project.find(service)),
  );
  const format = "{{.State.ExitCode}} {{.State.StartedAt}} {{.State.FinishedAt}}";
  const inspected = (await docker.must(["inspect", "--format", format, mysql, migrate, app])).trim().split(
    "\n",
  );
  const [database, migrated, served] = inspected.map((line) => line.split(" "));
  strictEqual(migrated?.[0], "0");
  ok(
    (database?.[1] ?? "") < (migrated?.[1] ?? "") && (migrated?.[2] ?? "") < (served?.[1] ?? ""),
    inspected.join(),
  );
  ok(
    !(await docker.must(["inspect", mysql, migrate, app])).includes(password),
    "the password is a file alone",
  );
});

async function writeSecret({ folder }: Project, name: string, text: string): Promise<void> {
  await Deno.mkdir(`${folder}/secrets`, { recursive: true });
  await Deno.writeTextFile(`${folder}/secrets/${name}`, text, { mode: 0o400 });
  await Deno.chown(`${folder}/secrets/${name}`, 65_532, 65_532);
}

composeTest("a colour serves on its own socket from the host's folders", async (docker, compose) => {
  const place = await openPlace({
    name: docker.nameOf("place"),
    databaseUrl: "sqlite:/var/lib/wattpost/data/w.db",
  }, {
    PUBLIC_URL: "https://wattpost.example",
  });
  docker.defer(() => place.close());
  await place.tell({});
  const env = {
    WATTPOST_ROOT: place.root,
    WATTPOST_SETTINGS: place.paths.settings,
    GREEN_IMAGE: await productImage(docker),
    GREEN_RELEASE: "r7-63e2c47",
  };
  const project = await openProject(docker, { compose, env });
  await project.must(["--profile", "green", "up", "-d", "--no-deps", "--no-build", "green"]);
  const green = await project.healthy("green");
  deepStrictEqual(await limitsOf(docker, green), LIMITS);
  const client = Deno.createHttpClient({
    proxy: { transport: "unix", path: `${place.paths.sockets}/green.sock` },
  });
  const response = await fetch("http://localhost/readyz", { client });
  deepStrictEqual([await response.text(), response.headers.get("wattpost-release")], [
    "ready\n",
    "r7-63e2c47",
  ]);
  client.close();
  // Its permissions end at its own socket: the other colour's is not its to take.
  const rights = (await docker.must(["inspect", "--format", "{{json .Config.Cmd}}", green])).trim();
  ok(rights.includes("/run/wattpost/green.sock") && !rights.includes("blue.sock"), rights);
  const socket = await Deno.lstat(`${place.paths.sockets}/green.sock`);
  strictEqual(((socket.mode ?? 0) & 0o777).toString(8), "660");
  const { credentials } = place.paths;
  await Deno.writeTextFile(`${credentials}/metrics_token`, "a-token-of-16-or-more\n", { mode: 0o640 });
  await Deno.chown(`${credentials}/metrics_token`, 0, 65_532);
  const told = await tellContainers((args) => docker.run(args), project.name);
  deepStrictEqual(told, { told: [`green (${green.slice(0, 12)})`], failed: [] });
  await until("the secret is taken over", async () => {
    const { out, err } = await docker.run(["logs", green]);
    return /metrics_token|METRICS_TOKEN/.test(out + err) || undefined;
  });
  await project.must(["--profile", "green", "stop", "green"]);
  strictEqual((await docker.must(["inspect", "--format", "{{.State.ExitCode}}", green])).trim(), "0");
});
