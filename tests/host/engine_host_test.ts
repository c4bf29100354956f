import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { PATHS } from "../../ops/lib/host/layout.ts";
import type { Drift } from "../../ops/lib/host/step.ts";
import { hostTest } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { PROJECT, type StandIn, startStandIn } from "./stand_in.ts";

const THEIRS = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";

/** What there is of users, units and packages. */
async function facts(host: StandIn): Promise<readonly string[]> {
  const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const states = await Promise.all(["ours", "theirs", "masked"].map(async (name) => {
    const enabled = await host.exec(["systemctl", "is-enabled", `${name}.service`]);
    const active = await host.exec(["systemctl", "is-active", `${name}.service`]);
    return `${name} ${enabled.out.trim()} ${active.out.trim()}`;
  }));
  return [
    ...lines(await host.must(["getent", "passwd"])),
    ...lines(await host.must(["getent", "group"])),
    ...lines(await host.must(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n"])),
    ...lines(await host.must(["find", "/home", "/etc/systemd/system", "-printf", "%p %M %u:%g %l\n"]))
      .toSorted(),
    ...states,
  ];
}

/** Applies or undoes steps in the stand-in; what is not as described then, and what is kept. */
async function parts(
  host: StandIn,
  ...order: readonly string[]
): Promise<{ readonly drift: readonly string[]; readonly kept: readonly string[] }> {
  const run = ["run", "--no-check", "-A", "tests/host/engine_parts.ts", ...order];
  const { code, out, err } = await host.deno(run, { deadlineMs: 300_000 });
  strictEqual(code, 0, out + err);
  return JSON.parse(out);
}

/** Packages of nobody, each with what it needs. */
const PACKAGES: Readonly<Record<string, string>> = {
  "meter-tool": "meter-data, meter-lib",
  "meter-data": "",
  "meter-lib": "",
  "their-tool": "meter-lib",
};

/** Makes a source of packages in the stand-in, in the place of the network's. */
async function makeSource(host: StandIn): Promise<void> {
  const index: string[] = [];
  for (const [name, needs] of Object.entries(PACKAGES)) {
    const control = [
      `Package: ${name}`,
      "Version: 1",
      "Architecture: all",
      "Maintainer: nobody <nobody@example.test>",
      "Description: nothing",
      ...(needs === "" ? [] : [`Depends: ${needs}`]),
    ].join("\n");
    await host.must(["mkdir", "-p", `/tmp/${name}/DEBIAN`, `/tmp/${name}/etc`, "/srv/packages"]);
    await host.write(`/tmp/${name}/DEBIAN/control`, `${control}\n`);
    await host.write(`/tmp/${name}/DEBIAN/conffiles`, `/etc/${name}.conf\n`);
    await host.write(`/tmp/${name}/etc/${name}.conf`, "usual\n");
    const path = `/srv/packages/${name}.deb`;
    await host.must(["dpkg-deb", "--build", "--root-owner-group", `/tmp/${name}`, path]);
    const [sum] = (await host.must(["sha256sum", path])).split(" ");
    const size = (await host.must(["stat", "-c", "%s", path])).trim();
    index.push(`${control}\nFilename: ./${name}.deb\nSize: ${size}\nSHA256: ${sum}\n`);
  }
  await host.write("/srv/packages/Packages", index.join("\n"));
  await host.write("/etc/apt/sources.list", "deb [trusted=yes] file:/srv/packages ./\n");
}

hostTest("packages, users and units are as they were once they are undone", async (docker) => {
  const host = await startStandIn(docker, { what: "engine-parts" });
  await makeSource(host);
  for (const name of ["theirs", "masked"]) await host.write(`/etc/systemd/system/${name}.service`, THEIRS);
  await host.must(["systemctl", "daemon-reload"]);
  await host.must(["systemctl", "enable", "--now", "theirs.service"]);
  // Only a unit whose file lies elsewhere can be masked.
  await host.must(["mv", "/etc/systemd/system/masked.service", "/usr/lib/systemd/system/masked.service"]);
  await host.must(["systemctl", "mask", "masked.service"]);
  await host.must(["useradd", "--create-home", "--shell", "/bin/sh", "ada"]);
  const before = await facts(host);

  const applied = await parts(host, "apply");
  deepStrictEqual(applied.drift, []);
  deepStrictEqual(applied.kept.filter((name) => name.startsWith("package ")), [
    "package meter-data",
    "package meter-lib",
    "package meter-tool",
  ]);
  await host.must(["apt-get", "-q", "-y", "install", "their-tool"]); // somebody else's, which needs one of ours
  match(await host.must(["id", "meters"]), /uid=61234\(meters\) gid=61234\(meters\) .*\(adm\)/);
  match(await host.must(["getent", "passwd", "ada"]), /:\/bin\/bash$/m);
  match((await host.exec(["passwd", "-S", "visitor"])).out, /^visitor L /);
  strictEqual((await host.exec(["systemctl", "is-active", "theirs.service"])).out, "inactive\n");
  strictEqual((await host.exec(["systemctl", "is-active", "masked.service"])).out, "active\n");
  // What somebody left in a home stays, out of reach of whoever gets the id next.
  await host.must(["install", "-o", "visitor", "/dev/null", "/home/visitor/notes"]);

  const undone = await parts(host, "undo");
  deepStrictEqual(undone.kept, ["package meter-lib"], "what theirs needs stays, and is remembered");
  strictEqual(
    await host.must(["stat", "-c", "%a %U", "/home/visitor", "/home/visitor/notes"]),
    "700 root\n755 root\n",
  );
  match(await host.must(["dpkg-query", "-W", "meter-lib", "their-tool"]), /^meter-lib\t1\ntheir-tool\t1$/m);
  await host.must(["dpkg", "--purge", "their-tool", "meter-lib"]);
  await host.must(["rm", "-r", "/home/visitor"]);
  deepStrictEqual(await facts(host), before);
});

hostTest("what speaks against a set-up is all said before anything is changed", async (docker) => {
  const host = await startStandIn(docker, { what: "engine-input" });
  const described = exampleDescription();
  const plan = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    host.task(["host", "plan", ...args], { env });
  await host.write(
    "/root/typo.json",
    JSON.stringify({ ...described, domian: "x", timeZone: "Europe/Berln" }),
  );
  const typo = await plan(["--file", "/root/typo.json"]);
  strictEqual(typo.code, 2, typo.out);
  match(typo.out, /domian is "x"\n.*did you mean "domain"\?/);
  match(typo.out, /timeZone is "Europe\/Berln"/);
  strictEqual((await plan(["--sideways"])).code, 2);
  match((await plan([])).out, /There is no ops\/host.json: copy ops\/host.example.json/);

  await host.write("/root/host.json", JSON.stringify(described));
  const nobody = await host.task(["host", "plan"], { user: "nobody" });
  strictEqual(nobody.code, 1, nobody.out + nobody.err);
  match(nobody.out, /You are not root.*\n\s+sudo deno task host plan/);

  await otherDatabase(host);
  await otherSystem(host);
  await smallDisk(host);
  const sources = await host.read("/etc/apt/sources.list");

  await host.must(["mkdir", "-p", "/etc/nginx/conf.d"]);
  await host.write("/etc/nginx/conf.d/shop.conf", "server { listen 8080; }\n");
  await host.write("/etc/apt/sources.list", "deb http://packages.invalid/debian bookworm main\n");
  await host.must(["systemd-run", "--quiet", "systemd-socket-activate", "--listen=80", "cat"]);
  const out = await refused(host, { SSH_CONNECTION: "198.51.100.7 50000 192.0.2.2 22" });
  match(out, /connected from 198.51.100.7.*lock yourself out\n.*Add "198.51.100.7\/32"/);
  match(out, /energy.example.test does not resolve/);
  match(out, /listens on tcp port 80, which nginx needs/);
  match(out, /Somebody configured nginx: \/etc\/nginx\/conf.d\/shop.conf/);
  match(out, /package source does not answer: http:\/\/packages.invalid/);

  await host.write("/etc/apt/sources.list", sources);
  await host.must(["ip", "link", "set", "eth0", "down"]);
  match(
    await refused(host),
    /package source does not answer: http\S+ .*\n +See \/etc\/apt\/sources.list .*the network and the proxy/,
  );
  strictEqual((await host.exec(["ls", PATHS.state, PATHS.config])).code, 2);
  match((await host.task(["host", "remove"])).out, /Nothing to remove/);
});

/** What apply says that may not begin; it changed nothing of `/etc`. */
async function refused(host: StandIn, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const etc = async () =>
    (await host.must(["find", "/etc", "-printf", "%p %m %u:%g %s %T@ %l\n"])).split("\n").toSorted();
  const before = await etc();
  // sudo hides from where the operator is connected, but not from root.
  const task = ["sudo", "deno", "task", "--quiet", "host", "apply"] as const;
  const { code, out } = await host.exec([...task, "--file", "/root/host.json", "--yes"], {
    cwd: PROJECT,
    env,
  });
  strictEqual(code, 1, out);
  match(out, /^Nothing was changed, because of this:\n/);
  deepStrictEqual(await etc(), before);
  return out;
}

/** The credential of a database, compared with the one that is described and never shown. */
async function otherDatabase(host: StandIn): Promise<void> {
  const database = { kind: "mysql", host: "db1", port: 3_306 } as const;
  await host.write("/root/mysql.json", JSON.stringify({ ...exampleDescription(), database }));
  const check = async (...more: readonly string[]) =>
    (await host.task(["host", "check", "--file", "/root/mysql.json", ...more])).out;
  const steps: readonly { readonly drift: readonly Drift[] }[] = JSON.parse(await check("--json")).steps;
  const missing = steps.flatMap(({ drift }) => drift).find(({ what }) => what === "credential database_url");
  deepStrictEqual([missing?.is, missing?.does], ["missing", ["sudo deno task credentials set database_url"]]);
  await host.must(["mkdir", "-p", PATHS.credentials]);
  await host.write(`${PATHS.credentials}/database_url`, "mysql://meters:kettle-and-hob@db2/wattpost\n");
  const said = await check();
  match(said, /credential database_url is of another server than host\.json names/);
  strictEqual(/meters:|kettle|db2/.test(said), false, "nothing of it is shown");
  await host.must(["rm", "-r", PATHS.config]);
}

async function otherSystem(host: StandIn): Promise<void> {
  const [path, aside] = ["/etc/os-release", "/etc/os-release.debian"];
  await host.must(["mv", path, aside]);
  await host.write(path, 'ID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora Linux 40"\n');
  match(
    await refused(host),
    /This system is Fedora Linux 40\n +Use Debian 12, Ubuntu 22\.04 or Ubuntu 24\.04/,
  );
  await host.must(["mv", aside, path]);
}

/** A small disk at `/var`; what the system has there stays within reach. */
async function smallDisk(host: StandIn): Promise<void> {
  const kept = "/srv/var";
  await host.must(["mkdir", "-p", kept]);
  await host.must(["mount", "--rbind", "/var", kept]);
  await host.must(["mount", "--make-rprivate", kept]);
  await host.must(["mount", "-t", "tmpfs", "-o", "size=64m,mode=755", "small", "/var"]);
  await host.must(["cp", "-a", `${kept}/run`, `${kept}/lock`, "/var/"]);
  for (const name of ["lib", "cache", "log"]) {
    await host.must(["mkdir", `/var/${name}`]);
    await host.must(["mount", "--rbind", `${kept}/${name}`, `/var/${name}`]);
  }
  match(
    await refused(host),
    /6\d MB are free on \/var\n +Make room: 2000 MB are needed \(apt-get clean; du -xsh \/var\)/,
  );
  for (const path of ["/var", kept]) await host.must(["umount", "--recursive", "--lazy", path]);
}

hostTest(
  "SSH that moves to another port is let in there before sshd is, and no longer once undone",
  async (docker) => {
    const host = await startStandIn(docker, { what: "engine-moved" });
    await host.must(["apt-get", "-q", "update"], { deadlineMs: 300_000 });
    await host.must(["apt-get", "-q", "-y", "--no-install-recommends", "install", "ufw", "iptables"], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      deadlineMs: 300_000,
    });
    const quiet = await parts(host, "check", "moved");
    deepStrictEqual(quiet, { drift: [], kept: [] }, "a firewall that is off shuts nobody out");
    await host.must(["ufw", "allow", "22/tcp"]);
    await host.must(["ufw", "--force", "enable"]);
    const rules = () => host.must(["ufw", "status", "verbose"]);
    const before = await rules();
    deepStrictEqual((await parts(host, "check", "moved")).drift, [
      "way in from 192.0.2.0/24 to any port 2222 proto tcp",
    ]);
    deepStrictEqual((await parts(host, "apply", "moved")).drift, []);
    match(await rules(), /^2222\/tcp\s+LIMIT IN\s+192\.0\.2\.0\/24\s+# Wattpost: ssh$/m);
    match(await rules(), /^22\/tcp\s+ALLOW IN/m);
    deepStrictEqual((await parts(host, "undo", "moved")).kept, []);
    strictEqual(await rules(), before);
  },
);
