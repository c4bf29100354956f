import { deepStrictEqual, doesNotMatch, match, notDeepStrictEqual, strictEqual } from "node:assert/strict";
import { formatDescription } from "../../ops/lib/host/describe.ts";
import { UFW_FILES, UFW_PATHS } from "../../ops/lib/host/firewall_files.ts";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { type Container, type Docker, hostTest, type Network } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { ensureImage, SLIM_IMAGE } from "./images.ts";
import { probe, type Seen } from "./probe.ts";
import { until } from "./run.ts";
import { PROJECT, type StandIn, startStandIn } from "./stand_in.ts";

/** UFW's files and the rules that run, without what counts and dates them. */
async function stateOf(host: StandIn): Promise<Readonly<Record<string, string>>> {
  const state: Record<string, string> = {};
  for (const path of UFW_PATHS) state[path] = await host.read(path);
  for (const save of ["iptables-save", "ip6tables-save"]) {
    const text = await host.must([save, "-t", "filter"]);
    state[save] = text.replaceAll(/^#.*\n/gm, "").replaceAll(/\[\d+:\d+\]/g, "");
  }
  return state;
}

interface Scene {
  readonly host: StandIn;
  readonly admin: Container;
  /** How SSH of the host answers the administrator, by IPv4 and IPv6. */
  readonly ssh: () => Promise<readonly Seen[]>;
}

const GOOD = PATHS.description;
const BAD = "/root/shuts-out.json";

async function makeScene(docker: Docker): Promise<Scene> {
  await ensureImage(docker, SLIM_IMAGE);
  const network = await docker.network();
  const args = ["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"];
  const host = await startStandIn(docker, { what: "back", network, args });
  const admin = await docker.container({ what: "admin", image: SLIM_IMAGE, network });
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await host.must(["apt-get", "-qq", "update"], { env });
  await host.must(["mkdir", "-p", PATHS.config]);
  await writeDescriptions(host, network);
  const ssh = () =>
    probe(
      admin,
      [host.ipv4, host.ipv6].map((address) => ({ proto: "tcp", address, port: 22 })),
      { silenceMs: 2_500 },
    );
  return { host, admin, ssh };
}

async function writeDescriptions(host: StandIn, { subnet4, subnet6 }: Network): Promise<void> {
  const good = { ...exampleDescription(), adminNetworks: [subnet4, subnet6] };
  await host.write(GOOD, formatDescription(good));
  await host.write(BAD, formatDescription({ ...good, adminNetworks: ["192.0.2.0/24", "2001:db8::/32"] }));
}

/** Runs the steps of `deno task host`, as it does. */
async function steps(host: StandIn, args: readonly string[]) {
  return await host.deno(["run", "--no-check", "--allow-all", "tests/host/apply_firewall.ts", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

const WAITING = `${PATHS.state}/firewall/waiting.json`;
const RESTORED = `${PATHS.state}/firewall/restored.json`;

function exists(host: StandIn, path: string): () => Promise<true | undefined> {
  return async () => (await host.exec(["test", "-f", path])).code === 0 || undefined;
}

/** Sets rules that shut the administrator out, and ends the program in the middle, as a broken connection may. */
async function applyAndDie(
  host: StandIn,
  withinS: number,
  dies: () => Promise<unknown>,
): Promise<void> {
  const applying = host.task(["firewall", "apply", "--within", String(withinS), "--file", BAD]);
  await dies();
  await host.must(["pkill", "--signal", "KILL", "--full", "ops/firewall[.]ts apply"]);
  strictEqual((await applying).code === 0, false);
}

hostTest(
  "a firewall that shuts the administrator out goes back by itself, whatever became of who set it",
  async (docker) => {
    const { host, ssh } = await makeScene(docker);
    const applied = await steps(host, ["apply", GOOD, host.ipv4.replace(/\d+$/, "200")]);
    strictEqual(applied.code, 0, applied.out + applied.err);
    strictEqual(applied.out, "[]\n");
    deepStrictEqual(await ssh(), ["open", "open"]);
    const good = await stateOf(host);

    await applyAndDie(
      host,
      30,
      () => until("SSH is shut", async () => (await ssh()).every((seen) => seen === "closed") || undefined),
    );
    notDeepStrictEqual(await stateOf(host), good);
    await until(
      "SSH is open again",
      async () => (await ssh()).every((seen) => seen === "open") || undefined,
      { deadlineMs: 120_000 },
    );
    await until("the former state is back whole", exists(host, RESTORED));
    const isAtIt = ["systemctl", "is-active", "--quiet", "wattpost-firewall-rollback.service"] as const;
    await until("the roll-back is over", async () => (await host.exec(isAtIt)).code !== 0 || undefined);
    deepStrictEqual(await stateOf(host), good);
    match(
      await host.must(["journalctl", "--unit", "wattpost-firewall-rollback", "--output", "cat"]),
      /The new firewall was not confirmed in time: the former one is back/,
    );

    // The power fails before anybody confirmed.
    await applyAndDie(host, 3_600, () => until("the change waits", exists(host, WAITING)));
    await host.reboot();
    deepStrictEqual(await stateOf(host), good);
    deepStrictEqual(await ssh(), ["open", "open"]);
  },
);

hostTest(
  "a UFW that was in use is set for whoever gets in under it, mended, and given back as it was",
  async (docker) => {
    const { host, ssh } = await makeScene(docker);
    await useUfw(host);
    const before = await stateOf(host);
    const operator = host.ipv6.replace(/[^:]*$/, "beef");
    const refused = await steps(host, ["apply", BAD, operator]);
    strictEqual(refused.code, 1);
    const words = `A new connection from ${operator} to port 22 of SSH does not get through: the former`;
    match(refused.err, new RegExp(words));
    deepStrictEqual(await stateOf(host), before);

    match(
      await typedYes(host, "deno task --quiet firewall apply --within 300"),
      /type yes here or run[^]*Confirmed/,
    );
    const status = await host.must(["ufw", "status"]);
    match(status, /^9100\/tcp +ALLOW .* keep: monitoring$/m);
    doesNotMatch(status, /8080|^22\/tcp +ALLOW/m);
    deepStrictEqual(await ssh(), ["open", "open"]);
    const good = await stateOf(host);
    for (const damage of DAMAGES) {
      await damage.does(host);
      const told = await host.task(["firewall", "status"]);
      strictEqual(told.code, 1);
      for (const line of damage.told) match(told.out, line);
      const mended = await steps(host, ["apply", GOOD, operator]);
      strictEqual(mended.code, 0, mended.out + mended.err);
      deepStrictEqual(await stateOf(host), good);
    }

    const removed = await steps(host, ["remove", GOOD]);
    strictEqual(removed.code, 0, removed.out + removed.err);
    deepStrictEqual(await stateOf(host), before);
    strictEqual((await host.exec(["test", "-e", `${PATHS.state}/firewall`])).code, 1);
  },
);

/** Rules of somebody, one of them to be kept. */
async function useUfw(host: StandIn): Promise<void> {
  const install = ["install", "--no-install-recommends", "ufw", "iptables"];
  await host.must(["apt-get", "-qq", ...install], { env: { DEBIAN_FRONTEND: "noninteractive" } });
  for (const port of ["22/tcp", "8080/tcp"]) await host.must(["ufw", "allow", port]);
  const monitoring = ["proto", "tcp", "to", "any", "port", "9100", "comment", "keep: monitoring"];
  await host.must(["ufw", "allow", ...monitoring]);
  await host.must(["ufw", "--force", "enable"]);
}

/** What a command prints on a terminal on which somebody types yes. */
async function typedYes(host: StandIn, command: string): Promise<string> {
  const terminal = ["script", "--quiet", "--return", "--command", command, "/dev/null"] as const;
  return await host.must(terminal, {
    cwd: PROJECT,
    input: "yes\n",
    env: { DENO_DIR: PATHS.denoDir, HOME: "/root", NO_COLOR: "1" },
  });
}

interface Damage {
  readonly does: (host: StandIn) => Promise<unknown>;
  readonly told: readonly RegExp[];
}

/** What people do to a firewall in a hurry. */
const DAMAGES: readonly Damage[] = [
  {
    async does(host) {
      await host.must(["ufw", "allow", "8081/tcp"]);
      await host.must(["iptables", "-I", "INPUT", "-p", "tcp", "--dport", "9999", "-j", "ACCEPT"]);
      await host.must(["ip6tables", "-F", "INPUT"]);
      await sed(host, 's/^DEFAULT_INPUT_POLICY=.*/DEFAULT_INPUT_POLICY="ACCEPT"/', UFW_FILES.defaults);
      await sed(host, "/DOCKER-USER -j DROP/d", UFW_FILES.after.ipv6);
    },
    told: [
      /^UFW rule "allow tcp 8081 .*" of IPv4: added by somebody/m,
      /^UFW rule "allow tcp 8081 .*" of IPv6: added by somebody/m,
      /^\/etc\/default\/ufw: not as described/m,
      /^\/etc\/ufw\/after6\.rules: not as described/m,
      /^running rules of IPv4: /m,
      /^ {4}- -A INPUT -p tcp -m tcp --dport 9999 -j ACCEPT/m,
      /^running rules of IPv6: /m,
    ],
  },
  {
    async does(host) {
      await sed(host, "s/^-A wattpost-app -j REJECT$/-A wattpost-app -j NONSENSE/", UFW_FILES.before.ipv4);
      await host.must(["rm", UFW_FILES.after.ipv6]);
    },
    told: [
      /^\/etc\/ufw\/after6\.rules: missing/m,
      /^UFW's files: .* failed with code 1: [^]*NONSENSE[^]*, expected loaded$/m,
    ],
  },
];

async function sed(host: StandIn, script: string, path: string): Promise<void> {
  await host.must(["sed", "-i", script, path]);
}
