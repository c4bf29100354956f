import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatDescription } from "../../ops/lib/host/describe.ts";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { FLOWS, type FlowVerdict, type SegmentProbe, segmentProbes } from "../../ops/lib/host/segments.ts";
import { hostTest } from "./docker.ts";
import { makeScene, type Scene, SCENE_DESCRIPTION } from "./firewall_scene.ts";
import { namespaceIn, type Place, probe, type Seen, type Target } from "./probe.ts";
import { until } from "./run.ts";
import type { StandIn } from "./stand_in.ts";

const EXPECTED: Readonly<Record<FlowVerdict, Seen>> = {
  open: "open",
  limited: "open",
  closed: "closed",
  refused: "refused",
};

interface Try extends SegmentProbe {
  readonly words: string;
  readonly target: Target;
}

/** What is seen of each line of the table, `admin → edge, SSH: tcp 192.0.2.1 22: open`, from every place of a segment. */
async function tryAll(scene: Scene): Promise<ReadonlyMap<Try, Seen>> {
  const batches = new Map<string, { readonly place: Place; readonly tries: Try[] }>();
  for (const one of segmentProbes(SCENE_DESCRIPTION)) {
    const { flow, family, port } = one;
    const { from, to, what, proto, containersOnly = false } = flow;
    for (const [at, place] of scene.from(from, family, containersOnly).entries()) {
      const key = `${from} ${family} ${containersOnly} ${at}`;
      const batch = batches.get(key) ?? { place, tries: [] };
      batches.set(key, batch);
      for (const address of scene.to(from, to, family)) {
        const words = `${from}${
          containersOnly || at > 0 ? " in a container" : ""
        } → ${to}, ${what}: ${proto} ${address} ${port}`;
        batch.tries.push({ ...one, words, target: { proto, address, port } });
      }
    }
  }
  const seen = await Promise.all([...batches.values()].map(async ({ place, tries }) => {
    const ends = await probe(place, tries.map(({ target }) => target));
    return tries.map((one, at): [Try, Seen] => [one, ends[at] ?? "closed"]);
  }));
  return new Map(seen.flat());
}

async function assertSegments(scene: Scene, when: string): Promise<void> {
  const seen = [...await tryAll(scene)];
  deepStrictEqual(
    seen.map(([{ words }, end]) => `${words}: ${end}`),
    seen.map(([{ words, flow }]) => `${words}: ${EXPECTED[flow.verdict]}`),
    when,
  );
  for (const flow of FLOWS) {
    ok(seen.some(([one]) => one.flow === flow), `${flow.from} → ${flow.to}, ${flow.what} was not tried`);
  }
}

/** Sets the firewall, and confirms it from another session once it stands. */
async function applyAndConfirm(host: StandIn): Promise<void> {
  const applying = host.task(["firewall", "apply", "--within", "300"]);
  await until("the firewall stands", async () => {
    const { out } = await host.exec(["ip6tables", "-S"]);
    return /^-P INPUT DROP$/m.test(out) && /^-A DOCKER-USER -j DROP$/m.test(out) || undefined;
  });
  match((await host.task(["firewall", "confirm"])).out, /^Confirmed/);
  const { code, out, err } = await applying;
  strictEqual(code, 0, out + err);
}

hostTest(
  "the host opens to each segment what the table says and nothing else, also after reloads and restarts",
  async (docker) => {
    const scene = await makeScene(docker);
    const { host } = scene;
    const before = [...await tryAll(scene)].filter(([, end]) => end !== "open");
    deepStrictEqual(before.map(([{ words }]) => words), [], "without a firewall everything answers");
    await host.must(["mkdir", "-p", PATHS.config]);
    await host.write(PATHS.description, formatDescription(SCENE_DESCRIPTION));
    const plan = await host.task(["firewall", "plan"]);
    strictEqual(plan.code, 0, plan.out + plan.err);
    match(plan.out, /limit tcp 22 from 192\.0\.2\.0\/24, 2001:db8:a::\/64\n +Administrators reach SSH/);
    await applyAndConfirm(host);
    await assertSegments(scene, "once applied");
    await assertLimit(host);
    await assertPing(host);
    await host.must(["ufw", "reload"]);
    await scene.restartDocker();
    await assertSegments(scene, "after a reload of UFW and a restart of Docker");
    match((await host.task(["firewall", "status"])).out, /^The firewall is as described\n/);
  },
);

async function assertLimit(host: StandIn): Promise<void> {
  const admin = namespaceIn(host, "admin");
  for (
    const { source, address } of [{ source: "192.0.2.3", address: "192.0.2.1" }, {
      source: "2001:db8:a::3",
      address: "2001:db8:a::1",
    }]
  ) {
    const own = source.includes(":") ? [`${source}/64`, "nodad"] : [`${source}/24`];
    await host.must(["ip", "-n", "admin", "addr", "add", ...own, "dev", "eth0"]);
    const tries = Array.from({ length: 6 }, (): Target => ({ proto: "tcp", address, port: 22 }));
    deepStrictEqual(
      await probe(admin, tries, { everyMs: 20, source }),
      ["open", "open", "open", "open", "open", "refused"],
    );
  }
}

// UFW itself would forward pings.
async function assertPing(host: StandIn): Promise<void> {
  const pings = async (to: string) => {
    const { code } = await namespaceIn(host, "peer2").exec(["ping", "-c", "3", "-i", "0.2", "-W", "2", to]);
    return `${to}: ${code === 0 ? "answers" : "silent"}`;
  };
  deepStrictEqual(
    await Promise.all(["10.98.0.1", "fd98::1", "10.98.0.3", "fd98::3", "10.20.0.2"].map(pings)),
    [
      "10.98.0.1: answers",
      "fd98::1: answers",
      "10.98.0.3: silent",
      "fd98::3: silent",
      "10.20.0.2: silent",
    ],
  );
}
