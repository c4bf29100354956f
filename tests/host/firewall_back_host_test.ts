import { deepStrictEqual, match, notDeepStrictEqual, strictEqual } from "node:assert/strict";
import { formatDescription } from "../../ops/lib/host/describe.ts";
import { UFW_FILES, UFW_PATHS } from "../../ops/lib/host/firewall_files.ts";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { type Container, type Docker, hostTest, type Network } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import { ensureImage, SLIM_IMAGE } from "./images.ts";
import { probe, type Seen } from "./probe.ts";
import { until } from "./run.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

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
async function applyAndDie(host: StandIn, dies: () => Promise<unknown>): Promise<void> {
  const applying = host.task(["firewall", "apply", "--within", "20", "--file", BAD]);
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
      () => until("SSH is shut", async () => (await ssh()).every((seen) => seen === "closed") || undefined),
    );
    notDeepStrictEqual(await stateOf(host), good);
    await until(
      "SSH is open again",
      async () => (await ssh()).every((seen) => seen === "open") || undefined,
      { deadlineMs: 120_000 },
    );
    await until("the former state is back whole", exists(host, RESTORED));
    deepStrictEqual(await stateOf(host), good);
    match(
      await host.must(["journalctl", "--unit", "wattpost-firewall-rollback", "--output", "cat"]),
      /The new firewall was not confirmed in time: the former one is back/,
    );

    // The power fails before anybody confirmed.
    await applyAndDie(host, () => until("the change waits", exists(host, WAITING)));
    await host.reboot();
    deepStrictEqual(await stateOf(host), good);
    deepStrictEqual(await ssh(), ["open", "open"]);
  },
);

hostTest(
  "the steps of a host set the firewall for whoever gets in under it, mend it, and take it away",
  async (docker) => {
    const { host, ssh } = await makeScene(docker);
    const operator = host.ipv6.replace(/[^:]*$/, "beef");
    const refused = await steps(host, ["apply", BAD, operator]);
    strictEqual(refused.code, 1);
    match(
      refused.err,
      new RegExp(`A new connection from ${operator} to port 22 of SSH does not get through: the former`),
    );
    match(await host.must(["ufw", "status"]), /inactive/);
    deepStrictEqual(await ssh(), ["open", "open"]);
    const applied = await steps(host, ["apply", GOOD, operator]);
    strictEqual(applied.code, 0, applied.out + applied.err);
    const good = await stateOf(host);
    await damage(host);
    const status = await host.task(["firewall", "status"]);
    strictEqual(status.code, 1);
    for (
      const words of [
        /^UFW rule "allow tcp 8080 .*" of IPv4: added by somebody/m,
        /^UFW rule "allow tcp 8080 .*" of IPv6: added by somebody/m,
        /^\/etc\/default\/ufw: not as described/m,
        /^\/etc\/ufw\/after6\.rules: not as described/m,
        /^running rules of IPv4: /m,
        /^ {4}- -A INPUT -p tcp -m tcp --dport 9999 -j ACCEPT/m,
        /^running rules of IPv6: /m,
      ]
    ) match(status.out, words);
    const mended = await steps(host, ["apply", GOOD, operator]);
    strictEqual(mended.code, 0, mended.out + mended.err);
    deepStrictEqual(await stateOf(host), good);

    await host.must([
      "sed",
      "-i",
      "s/^-A wattpost-app -j REJECT$/-A wattpost-app -j NONSENSE/",
      UFW_FILES.before.ipv4,
    ]);
    await host.must(["rm", UFW_FILES.after.ipv6]);
    match(
      (await host.task(["firewall", "status"])).out,
      /^UFW's files: .* failed with code 1: [^]*NONSENSE[^]*, expected loaded$/m,
    );
    const again = await steps(host, ["apply", GOOD, operator]);
    strictEqual(again.code, 0, again.out + again.err);
    deepStrictEqual(await stateOf(host), good);

    const removed = await steps(host, ["remove", GOOD]);
    strictEqual(removed.code, 0, removed.out + removed.err);
    for (const save of ["iptables-save", "ip6tables-save"]) {
      strictEqual((await host.exec([save, "-t", "filter"])).out.includes("wattpost"), false);
    }
    deepStrictEqual(await ssh(), ["open", "open"]);
    strictEqual((await host.exec(["test", "-e", `${PATHS.state}/firewall`])).code, 1);
  },
);

/** What people do to a firewall in a hurry. */
async function damage(host: StandIn): Promise<void> {
  await host.must(["ufw", "allow", "8080/tcp"]);
  await host.must(["iptables", "-I", "INPUT", "-p", "tcp", "--dport", "9999", "-j", "ACCEPT"]);
  await host.must(["ip6tables", "-F", "INPUT"]);
  await host.must([
    "sed",
    "-i",
    's/^DEFAULT_INPUT_POLICY=.*/DEFAULT_INPUT_POLICY="ACCEPT"/',
    "/etc/default/ufw",
  ]);
  await host.must(["sed", "-i", "/DOCKER-USER -j DROP/d", "/etc/ufw/after6.rules"]);
}
