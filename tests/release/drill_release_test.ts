import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { hostTest } from "../host/docker.ts";
import type { Docker } from "../host/docker.ts";
import { until } from "../host/run.ts";
import type { LoadReport } from "./load_plan.ts";
import { productImage } from "./product_image.ts";
import { imageWith } from "./broken_images.ts";
import { GUESTS, type RunningLoad, type Scene, type SceneSize, withScene } from "./scene.ts";
import {
  feedOf,
  ledgerWrongs,
  readWrongs,
  sitesRead,
  sitesUnderWay,
  withDatabase,
  writeWrongs,
  type Wrongs,
} from "./scene_check.ts";
import { deploy, removeFromDocker } from "./scene_deploy.ts";

/** Half of the deploys come while a cycle runs: at this pace all sites take longer than those deploys. */
const STARTS_PER_SECOND = 2;

/** A drill. */
interface Drill {
  readonly size: SceneSize;
  /** Deploys after the first, the last of which is the way back. */
  readonly deploys: number;
}

const SMALL: Drill = {
  size: {
    sites: 240,
    startsPerSecond: STARTS_PER_SECOND,
    browsers: 8,
    programs: 4,
    streams: 50,
    thinkMs: 500,
  },
  deploys: 3,
};

const WHOLE: Drill = {
  size: {
    sites: 1_000,
    startsPerSecond: STARTS_PER_SECOND,
    browsers: 12,
    programs: 8,
    streams: 200,
    thinkMs: 500,
  },
  deploys: 20,
};

/** A file that pages of the first release load later, and that no other release has. */
const OWN_PATH = "/only-in-the-first-0123456789abcdef.js";
const OWN_FILE = { [`_fresh/static${OWN_PATH}`]: 'export const from = "the first release";\n' };

/** A cycle at that pace, and the next one where a half-hour ends meanwhile. */
const CYCLE_MS = 1_200_000;
const STREAMS_MS = 60_000;
const GAPS_SAID = 3;
const LINES_SAID = 20;

/** Requests that nginx answers on one connection; it says so with the last one. */
const REQUESTS_A_CONNECTION = 1_000;

const { size, deploys } = Deno.env.get("WATTPOST_DRILL") === "whole" ? WHOLE : SMALL;

hostTest(
  `${deploys} deploys under load lose no request, no write, no half-hour, and no live page misses anything`,
  async (docker) => {
    const image = await productImage(docker);
    await withScene(size, async (scene) => {
      docker.defer(() => removeFromDocker(scene.place));
      const words = new Set<string>();
      try {
        await drill(scene, { docker, image, words });
      } catch (error) {
        console.error([...words].join("\n"));
        throw error;
      } finally {
        await removeFromDocker(scene.place);
      }
    });
  },
);

interface Props {
  readonly docker: Docker;
  readonly image: string;
  /** What went wrong in the words of the product. */
  readonly words: Set<string>;
}

async function drill(scene: Scene, { docker, image, words }: Props): Promise<void> {
  const { place, databaseUrl } = scene;
  const underWay = () => withDatabase(databaseUrl, sitesUnderWay);
  const read = () => withDatabase(databaseUrl, sitesRead);
  const first = await imageWith(docker, { base: image, tag: `${place.name}:first`, files: OWN_FILE });
  await deploy(place, ["--image", first, "--without-backup"]);
  const load = await scene.startLoad([OWN_PATH]);
  strictEqual((await load.report()).streams, size.streams);
  let inCycle = 0;
  for (let n = 1; n <= deploys; n++) {
    const before = { underWay: await underWay(), read: await read() };
    await deploy(place, argsOf(n, image));
    if (before.underWay > 0 && await read() > before.read) inCycle += 1;
    await gather(docker, scene, words);
  }
  assert(inCycle >= Math.floor(deploys / 2), `only ${inCycle} deploys came in mid-cycle`);
  await until("all half-hours are read", async () => await underWay() === 0 || undefined, {
    deadlineMs: CYCLE_MS,
    everyMs: 1_000,
  });
  const report = await load.stop();
  await gather(docker, scene, words);
  deepStrictEqual([
    ...requestWrongs(report),
    ...await streamWrongs(scene, load),
    ...await storedWrongs(scene, report),
    ...await nginxWrongs(scene),
  ], []);
}

/** New releases, now and then settings alone, and the way back at the end. */
function argsOf(n: number, image: string): readonly string[] {
  if (n === deploys) return ["rollback"];
  return n % 4 === 2 ? ["--configuration"] : ["--image", image, "--without-backup"];
}

function requestWrongs(report: LoadReport): Wrongs {
  const { failed, failures, requests, connections, writes, repeats, lost, told, resumed } = report;
  const users = size.browsers + size.programs + GUESTS;
  const most = users + lost + requests / REQUESTS_A_CONNECTION;
  return [
    ...failed === 0 ? [] : [`${failed} requests failed`, ...failures.map((one) => JSON.stringify(one))],
    ...Math.min(writes, repeats, lost, told) > 0
      ? []
      : [`The load did too little: ${JSON.stringify(report)}`],
    ...resumed >= size.streams * deploys ? [] : [`Only ${resumed} streams came back`],
    ...connections <= most ? [] : [`${connections} connections for ${users} that keep theirs`],
  ];
}

/** Live pages are told of the newest change within a second or so; then nothing must be missing. */
async function streamWrongs({ databaseUrl }: Scene, load: RunningLoad): Promise<Wrongs> {
  const changes = await withDatabase(databaseUrl, feedOf);
  const look = async (): Promise<Wrongs> => {
    const [{ streams }, { count, first }] = [await load.report(), await load.gaps(changes)];
    return [
      ...changes.length > 0 ? [] : ["Nothing was stored"],
      ...streams === size.streams ? [] : [`Only ${streams} streams are open`],
      ...count === 0
        ? []
        : [`${count} changes were missed, such as ${JSON.stringify(first.slice(0, GAPS_SAID))}`],
    ];
  };
  const none = async () => (await look()).length === 0 || undefined;
  const all = await until("live pages heard of everything", none, { deadlineMs: STREAMS_MS, everyMs: 1_000 })
    .catch(() => false);
  return all ? [] : await look();
}

async function storedWrongs({ databaseUrl, estate, sites }: Scene, report: LoadReport): Promise<Wrongs> {
  const counts = await sites.counts();
  return await withDatabase(databaseUrl, async (db) => [
    ...await ledgerWrongs(db, estate.siteIds),
    ...await readWrongs(db, estate.siteIds, counts),
    ...await writeWrongs(db, report.written),
  ]);
}

/** Answers that were no answers, and what nginx says of whom it asked. */
async function nginxWrongs({ nginx }: Scene): Promise<Wrongs> {
  const answered = await nginx.access();
  // 499: a program was gone before the answer.
  const bad = answered.filter(({ status }) => Number(status) >= 429 && status !== 499);
  const said = (await nginx.log("errorLog")).split("\n").filter((line) => /upstream|limiting/.test(line));
  return [
    ...answered.length > 0 ? [] : ["nginx was not asked"],
    ...[...bad.map((line) => JSON.stringify(line)), ...said].slice(0, LINES_SAID),
  ];
}

/** Warnings and errors of both colours, before their containers are made anew. */
async function gather(docker: Docker, { place }: Scene, words: Set<string>): Promise<void> {
  for (const colour of ["blue", "green"]) {
    const filters = [`project=${place.name}`, `service=${colour}`].flatMap((
      label,
    ) => ["--filter", `label=com.docker.compose.${label}`]);
    const ids = (await docker.must(["ps", "--all", "--quiet", ...filters])).split("\n").filter((id) =>
      id !== ""
    );
    for (const id of ids) {
      const { out, err } = await docker.run(["logs", id]);
      for (const line of `${out}\n${err}`.split("\n")) {
        if (/"level":"(warn|error)"/.test(line)) words.add(line);
      }
    }
  }
}
