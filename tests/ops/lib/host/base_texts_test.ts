import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { DISTRIBUTIONS } from "../../../../ops/lib/host/base_distribution.ts";
import { containerPools, daemonText } from "../../../../ops/lib/host/base_docker.ts";
import { logrotateText, logrotateTimerText, turnKb } from "../../../../ops/lib/host/base_logs.ts";
import { baseSteps } from "../../../../ops/lib/host/base_steps.ts";
import {
  journalText,
  REBOOT_TIME,
  SYSCTLS,
  sysctlText,
  upgradesText,
} from "../../../../ops/lib/host/base_system.ts";
import { appUnitText, settingsText, tmpfilesText } from "../../../../ops/lib/host/base_units.ts";
import type { HostDescription } from "../../../../ops/lib/host/description.ts";
import { PATHS } from "../../../../ops/lib/host/layout.ts";
import type { Distribution } from "../../../../ops/lib/host/step.ts";
import { exampleDescription } from "../../../host/example_description.ts";

const SYSTEMS = Object.keys(DISTRIBUTIONS) as Distribution[];

for (const distribution of SYSTEMS) {
  const steps = baseSteps(exampleDescription(), { distribution, operatorAddress: null });
  const parts = steps.flatMap(({ parts }) => parts ?? []);
  Deno.test(`baseSteps() for ${distribution} have names of their own and a reason each`, () => {
    strictEqual(new Set(steps.map(({ name }) => name)).size, steps.length);
    for (const { why } of steps) ok(why.length > 20 && !why.endsWith("."), why);
  });
  Deno.test(`baseSteps() for ${distribution} make the keys before passwords end`, () => {
    const names = steps.map(({ name }) => name);
    ok(names.indexOf("user deploy") < names.indexOf("ssh: keys of deploy"));
    ok(names.indexOf("ssh: keys of deploy") < names.indexOf("ssh: keys only"));
  });
  Deno.test(`baseSteps() for ${distribution} touch nothing twice`, () => {
    const kept = parts.flatMap(({ keeps }) => keeps ?? []);
    deepStrictEqual(kept.filter((name, i) => kept.indexOf(name) !== i), []);
  });
  Deno.test(`upgradesText() for ${distribution} names security alone and empties both lists first`, () => {
    const text = upgradesText(distribution);
    const origins = [...text.matchAll(/^ {2}"(.*)";$/gm)].map(([, origin = ""]) => origin);
    ok(origins.length >= 2 && origins.every((origin) => /security/i.test(origin)), origins.join());
    deepStrictEqual(text.match(/^#clear .*/gm)?.length, 2);
  });
}

Deno.test("baseSteps() restart the socket of sshd where connections come by one", () => {
  const reactionsOf = (distribution: Distribution) =>
    baseSteps(exampleDescription(), { distribution, operatorAddress: null })
      .flatMap(({ parts = [] }) => parts).flatMap(({ reactions = [] }) => reactions)
      .map(({ argv }) => argv.join(" ")).filter((command) => command.includes("ssh"));
  deepStrictEqual(reactionsOf("debian-12"), ["systemctl try-reload-or-restart ssh.service"]);
  deepStrictEqual(reactionsOf("ubuntu-22.04"), ["systemctl try-reload-or-restart ssh.service"]);
  deepStrictEqual(reactionsOf("ubuntu-24.04"), [
    "systemctl try-restart ssh.socket",
    "systemctl try-reload-or-restart ssh.service",
  ]);
});

Deno.test("a restart after upgrades is at least five minutes from a boundary, also in zones a quarter off", () => {
  const [, minutes = NaN] = REBOOT_TIME.split(":").map(Number);
  for (const offset of [0, 15]) {
    const since = (minutes + offset) % 30;
    ok(since >= 5 && since <= 25, `${since} minutes after a boundary`);
  }
});

function routersIn(...networks: readonly string[]): HostDescription {
  return { ...exampleDescription(), routers: { networks, ports: [502] } };
}

Deno.test("containerPools() keep away from routers, the VPN, administrators and the database", () => {
  deepStrictEqual(containerPools(routersIn("10.0.0.0/8")), ["172.30.0.0/16", "172.29.0.0/16"]);
  deepStrictEqual(containerPools(routersIn("172.30.5.0/24", "172.29.255.255")), [
    "172.28.0.0/16",
    "172.27.0.0/16",
  ]);
  deepStrictEqual(containerPools(routersIn("172.16.0.0/12")), ["10.254.0.0/16", "10.253.0.0/16"]);
  const everything = routersIn("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");
  deepStrictEqual(containerPools(everything), ["198.18.0.0/16", "198.19.0.0/16"]);
  deepStrictEqual(containerPools(routersIn("fd00::/8", "0.0.0.0/0")), ["172.30.0.0/16", "172.29.0.0/16"]);
  const vpn = { endpoint: "a", port: 1, network: "172.30.0.0/24", network6: null };
  deepStrictEqual(containerPools({ ...exampleDescription(), vpn }), ["172.29.0.0/16", "172.28.0.0/16"]);
});

Deno.test("daemonText() limits logs and publishes on this machine alone", () => {
  const settings = JSON.parse(daemonText(exampleDescription()));
  deepStrictEqual(settings["log-opts"], { "max-size": "10m", "max-file": "5" });
  deepStrictEqual([settings.ip, settings.ipv6, settings["live-restore"]], ["127.0.0.1", false, true]);
});

Deno.test("sysctlText() sets nothing but the network, for both families", () => {
  for (const name of Object.keys(SYSCTLS)) match(name, /^net\.ipv[46]\./);
  strictEqual(/ip_forward|forwarding/.test(sysctlText()), false);
});

Deno.test("logrotateText() keeps all logs together within what the description allows", () => {
  for (const logsMb of [20, 100, 500, 5_000]) {
    const blocks = [...logrotateText({ logsMb }).matchAll(/rotate (\d+)[^}]*?maxsize (\d+)k/g)];
    const kb = blocks.reduce((sum, [, kept, size]) => sum + (Number(kept) + 2) * Number(size), 0);
    ok(blocks.length === 4 && kb <= logsMb * 1_024, `${kb} kB of ${logsMb} MB`);
  }
  strictEqual(turnKb({ logsMb: 1 }, 10), 64);
});

Deno.test("logrotateText() names no file that nginx's own rotation takes", () => {
  const files = [...logrotateText({ logsMb: 100 }).matchAll(/^(\/\S+) \{$/gm)].map(([, path = ""]) => path);
  deepStrictEqual(files.filter((path) => /^\/var\/log\/nginx\/[^/]*\.log$/.test(path)), []);
  deepStrictEqual(files, [PATHS.accessLog, PATHS.errorLog, PATHS.limitLog, PATHS.signInLog]);
});

Deno.test("logrotateTimerText() replaces the daily look by one every few minutes", () => {
  match(logrotateTimerText(), /^OnCalendar=\nOnCalendar=\*:0\/10$/m);
});

Deno.test("journalText() never lets eight files be more than the whole", () => {
  for (const mb of [8, 64, 500]) {
    const text = journalText(mb);
    const [, file = NaN] = /SystemMaxFileSize=(\d+)M/.exec(text)?.map(Number) ?? [];
    ok(text.includes(`SystemMaxUse=${mb}M`) && file * 8 <= mb, text);
  }
});

Deno.test("appUnitText() gives the app nothing it does not need", () => {
  const text = appUnitText();
  for (
    const line of [
      "User=wattpost",
      "CapabilityBoundingSet=",
      "NoNewPrivileges=yes",
      "ProtectSystem=strict",
      "ReadWritePaths=/var/lib/wattpost/data /run/wattpost /var/log/wattpost",
      "ExecReload=/bin/kill -HUP $MAINPID",
      "KillSignal=SIGTERM",
    ]
  ) ok(text.split("\n").includes(line), line);
});

Deno.test("tmpfilesText() gives nginx's group each socket after a restart", () => {
  match(tmpfilesText(), /^d \/run\/wattpost 2750 wattpost www-data -$/m);
});

Deno.test("settingsText() holds no secret, only where secrets lie", () => {
  const names = [...settingsText(exampleDescription()).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  deepStrictEqual(names, [
    "PUBLIC_URL",
    "TRUST_PROXY",
    "DATA_DIR",
    "HOST_DIR",
    "SIGN_IN_LOG",
    "CREDENTIALS_DIR",
  ]);
});
