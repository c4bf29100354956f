/**
 * What others reach of the drill's host, over IPv4 and IPv6: ports of the host and of containers on it, SSH, and the
 * site for somebody who guesses passwords.
 *
 * @module
 */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { IDS, PATHS } from "../../ops/lib/host/layout.ts";
import { putBuild } from "./build_in.ts";
import { DOMAIN, type DrillScene } from "./drill_scene.ts";
import { listen, type Place, probe, type Seen } from "./probe.ts";
import { until } from "./run.ts";

/** Ports of the host that are tried, besides all below 1,025. */
const HIGH_PORTS = [2222, 2375, 3000, 3306, 5432, 8000, 8080, 8081, 8082, 8083, 9090, 9100, 33060];

/** Something listens there on the host itself, as if somebody had started it for a moment. */
const OWN_PORT = 8080;

/** Published by containers: without an address, and on all addresses of each family. */
const PUBLISHED = ["8081:8081", "0.0.0.0:8082:8082", "[::]:8083:8083"] as const;
const PUBLISHED_PORTS = [8081, 8082, 8083] as const;
const IPV6_PORT = 8083;

/** Only the site answers to everybody, and SSH to administrators, whatever listens. */
export async function onlyNamedPorts({ host, admin, stranger }: DrillScene): Promise<void> {
  await listen(host, [{ proto: "tcp", port: OWN_PORT }]);
  const within = await startContainer(host);
  const targets = (address: string, ports: readonly number[]) =>
    ports.map((port) => ({ proto: "tcp", address, port }) as const);
  const inside = [
    ...targets("127.0.0.1", [OWN_PORT, ...PUBLISHED_PORTS.filter((port) => port !== IPV6_PORT)]),
    ...targets("::1", [OWN_PORT, IPV6_PORT]),
  ];
  deepStrictEqual(
    await probe(host, inside),
    inside.map(() => "open"),
    "nothing listens that could be closed",
  );
  const ports = [...Array.from({ length: 1_024 }, (_, i) => i + 1), ...HIGH_PORTS];
  const open = async (from: Place, address: string) => {
    const seen = await probe(from, targets(address, ports));
    return ports.filter((_, i) => seen[i] === "open");
  };
  await Promise.all([host.ipv4, host.ipv6].map(async (address) => {
    const [strangers, admins] = await Promise.all([open(stranger, address), open(admin, address)]);
    deepStrictEqual(strangers, [80, 443], `of ${address}, for a stranger`);
    deepStrictEqual(admins, [22, 80, 443], `of ${address}, for an administrator`);
  }));
  await within.remove();
}

/** SSH takes the key of deploy and nothing else; as root, deploy may do what is named. */
export async function keysOnly({ host, admin }: DrillScene): Promise<void> {
  const { name } = IDS.deploy;
  const ssh = (address: string, ...command: readonly string[]) => admin.ssh(name, address, { command });
  strictEqual((await ssh(host.ipv4, "id", "-un")).out, `${name}\n`);
  const guessed = await admin.ssh(name, host.ipv4, { command: ["id"], password: true });
  match(guessed.err, /Permission denied \(publickey\)/);
  match((await admin.ssh("root", host.ipv4, { command: ["id"] })).err, /Permission denied \(publickey\)/);
  const task = [PATHS.deno, "task", "--quiet", "--config", `${PATHS.project}/deno.json`];
  const checked = await ssh(host.ipv6, "sudo", "-n", ...task, "host", "check");
  strictEqual(checked.code, 0, checked.out + checked.err);
  match(checked.out, /^Nothing to change/m);
  match((await ssh(host.ipv6, "sudo", "-n", ...task, "host", "remove", "--yes")).err, /password is required/);
  match((await ssh(host.ipv6, "sudo", "-n", "/bin/sh")).err, /password is required/);
}

/** Of quick tries over SSH the sixth is refused, also from where administrators are. */
export async function sixthTryRefused({ host, deputy }: DrillScene): Promise<void> {
  for (const address of [host.ipv4, host.ipv6]) {
    const tries = Array.from({ length: 7 }, () => ({ proto: "tcp", address, port: 22 }) as const);
    const seen = await probe(deputy, tries, { everyMs: 100 });
    const expected: readonly Seen[] = ["open", "open", "open", "open", "open", "refused", "refused"];
    deepStrictEqual(seen, expected, address);
  }
}

/** Who guesses passwords of the running product is kept out, nobody else is, and it ends. */
export async function guesserIsBanned({ host, admin, stranger }: DrillScene): Promise<void> {
  await startApp({ host, admin });
  // It comes over IPv4 alone, so that one address is banned.
  await stranger.must(["tee", "--append", "/etc/hosts"], { input: `${host.ipv4} ${DOMAIN}\n` });
  const web = (from: Place) => probe(from, [{ proto: "tcp", address: host.ipv4, port: 443 }]);
  await until("the guesser is kept out", async () => {
    if ((await web(stranger))[0] !== "open") return true;
    await guess(stranger);
    return undefined;
  }, { deadlineMs: 240_000 });
  deepStrictEqual(await web(admin), ["open"]);
  const listed = await host.task(["bans", "list"]);
  match(listed.out, new RegExp(`^ *${stranger.ipv4.replaceAll(".", "\\.")} .*refused sign-ins`, "m"));
  const ended = await host.task(["bans", "unban", stranger.ipv4]);
  strictEqual(ended.code, 0, ended.out + ended.err);
  deepStrictEqual(await web(stranger), ["open"]);
  await host.must(["systemctl", "stop", "wattpost@blue.service"]);
  await worksOnDatabase({ host });
}

/** An operator's task works on what the app stored, as the app's user, as the page of runbooks says. */
async function worksOnDatabase({ host }: Pick<DrillScene, "host">): Promise<void> {
  const { name } = IDS.app;
  const asApp = [`--uid=${name}`, `--gid=${name}`, `--property=EnvironmentFile=${PATHS.settings}`];
  const there = [`--working-directory=${PATHS.project}`, `--setenv=DENO_DIR=${PATHS.denoDir}`];
  const run = ["systemd-run", "--pipe", "--wait", "--quiet", ...asApp, ...there] as const;
  const { code, out, err } = await host.exec([...run, PATHS.deno, "task", "db:migrate", "--dry-run"]);
  strictEqual(code, 0, out + err);
  match(out, /: 0 of \d+ migrations to apply/);
}

async function startApp({ host, admin }: Pick<DrillScene, "host" | "admin">): Promise<void> {
  await putBuild(host);
  await host.must(["systemctl", "start", "wattpost@blue.service"]);
  await host.must(["ln", "-sfn", `${PATHS.sockets}/blue.sock`, PATHS.upstream]);
  await until("the site answers", async () => (await askStatus(admin, "/sign-in")) === "200" || undefined);
}

/** Status of a page of the site, over IPv4; its certificate is of an authority that only tests have. */
async function askStatus(from: Place, path: string, form?: string): Promise<string> {
  const script = `
    const [url = "", form] = Deno.args;
    const post = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
    const headers = { origin: "https://${DOMAIN}" };
    const answer = await fetch(url, { redirect: "manual", headers, signal: AbortSignal.timeout(5_000), ...post });
    await answer.body?.cancel();
    console.log(answer.status);`;
  const flags = ["--quiet", "--no-config", "--unsafely-ignore-certificate-errors"] as const;
  const args = [`https://${DOMAIN}${path}`, ...(form === undefined ? [] : [form])];
  const { out } = await from.exec(["deno", "eval", ...flags, script, ...args], {
    env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
  });
  return out.trim();
}

async function guess(stranger: Place): Promise<void> {
  const form = new URLSearchParams({ email: "ada@example.test", password: "a wrong guess", back: "/" });
  await askStatus(stranger, "/sign-in", form.toString());
}

/** A container on the host that publishes ports on which something listens; made of the host's own Perl. */
async function startContainer(host: DrillScene["host"]): Promise<{ remove(): Promise<void> }> {
  const listed = await host.must(["ldd", "/usr/bin/perl"]);
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) =>
    path.replace(/^\/lib\//, "/usr/lib/")
  );
  const [base = ""] = (await host.must(["find", "/usr/lib", "-name", "perl-base", "-type", "d"])).split("\n");
  const tar = "/root/door.tar";
  // Files in place of links: what they lead to is needed, where it is looked for.
  const pack = ["tar", "--create", "--absolute-names", "--dereference", `--file=${tar}`] as const;
  await host.must([...pack, "/usr/bin/perl", base, ...libraries]);
  await host.must(["docker", "import", tar, "door"]);
  await host.must(["rm", tar]);
  const publish = PUBLISHED.flatMap((one) => ["--publish", one]);
  await host.must([
    "docker",
    "run",
    "--detach",
    "--name",
    "door",
    ...publish,
    "door",
    "/usr/bin/perl",
    "-e",
    "sleep",
  ]);
  const place: Place = { exec: (argv, options) => host.exec(["docker", "exec", "door", ...argv], options) };
  await listen(place, PUBLISHED_PORTS.map((port) => ({ proto: "tcp", port })));
  return {
    remove: async () => {
      await host.must(["docker", "rm", "--force", "door"]);
      await host.must(["docker", "rmi", "door"]);
    },
  };
}
