import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { hostTest } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

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

hostTest("packages, users and units are as they were once they are undone", async (docker) => {
  const host = await startStandIn(docker, { what: "engine-parts" });
  for (const name of ["theirs", "masked"]) await host.write(`/etc/systemd/system/${name}.service`, THEIRS);
  await host.must(["systemctl", "daemon-reload"]);
  await host.must(["systemctl", "enable", "--now", "theirs.service"]);
  // Only a unit whose file lies elsewhere can be masked.
  await host.must(["mv", "/etc/systemd/system/masked.service", "/usr/lib/systemd/system/masked.service"]);
  await host.must(["systemctl", "mask", "masked.service"]);
  await host.must(["useradd", "--create-home", "--shell", "/bin/sh", "ada"]);
  const before = await facts(host);

  const parts = async (order: string) => {
    const { code, out, err } = await host.deno([
      "run",
      "--no-check",
      "-A",
      "tests/host/engine_parts.ts",
      order,
    ], {
      deadlineMs: 300_000,
    });
    strictEqual(code, 0, out + err);
    return JSON.parse(out);
  };
  const applied = await parts("apply");
  deepStrictEqual(applied.drift, []);
  ok(applied.kept.includes("package libjq1"), "what comes along is remembered");
  ok(!applied.kept.includes("package tar"), "what was there is not");
  match(await host.must(["id", "meters"]), /uid=61234\(meters\) gid=61234\(meters\) .*\(adm\)/);
  match(await host.must(["getent", "passwd", "ada"]), /:\/bin\/bash$/m);
  match((await host.exec(["passwd", "-S", "visitor"])).out, /^visitor L /);
  strictEqual((await host.exec(["systemctl", "is-active", "theirs.service"])).out, "inactive\n");
  strictEqual((await host.exec(["systemctl", "is-active", "masked.service"])).out, "active\n");
  // What somebody left in a home stays, out of reach of whoever gets the id next.
  await host.must(["install", "-o", "visitor", "/dev/null", "/home/visitor/notes"]);

  const undone = await parts("undo");
  deepStrictEqual(undone.kept, []);
  strictEqual(
    await host.must(["stat", "-c", "%a %U", "/home/visitor", "/home/visitor/notes"]),
    "700 root\n755 root\n",
  );
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

  await host.must(["mkdir", "-p", "/etc/nginx/conf.d"]);
  await host.write("/etc/nginx/conf.d/shop.conf", "server { listen 8080; }\n");
  await host.write("/etc/apt/sources.list", "deb http://packages.invalid/debian bookworm main\n");
  await host.must(["systemd-run", "--quiet", "systemd-socket-activate", "--listen=80", "cat"]);
  const apply = ["host", "apply", "--file", "/root/host.json", "--yes"] as const;
  const { code, out } = await host.task(apply, {
    env: { SSH_CONNECTION: "198.51.100.7 50000 192.0.2.2 22" },
  });
  strictEqual(code, 1, out);
  match(out, /^Nothing was changed, because of this:\n/);
  match(out, /connected from 198.51.100.7.*lock yourself out\n.*Add "198.51.100.7\/32"/);
  match(out, /energy.example.test does not resolve/);
  match(out, /listens on tcp port 80, which nginx needs/);
  match(out, /Somebody configured nginx: \/etc\/nginx\/conf.d\/shop.conf/);
  match(out, /package source does not answer: http:\/\/packages.invalid/);
  strictEqual((await host.exec(["ls", PATHS.state, PATHS.config])).code, 2);
  match((await host.task(["host", "remove"])).out, /Nothing to remove/);
});
