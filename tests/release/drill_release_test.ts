import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { hostTest } from "../host/docker.ts";
import type { Docker } from "../host/docker.ts";
import { until } from "../host/run.ts";
import type { LoadReport } from "./load_plan.ts";
import { productImage } from "./product_image.ts";
import { GUESTS, type RunningLoad, type Scene, type SceneSize, withScene } from "./scene.ts";
import {
  feedOf,
  ledgerWrongs,
  readWrongs,
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

/** A cycle at that pace, and the next one where a half-hour ends meanwhile. */
const CYCLE_MS = 1_200_000;
const STREAMS_MS = 60_000;
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
  await deploy(place, ["--image", image, "--without-backup"]);
  const load = await scene.startLoad();
  strictEqual((await load.report()).streams, size.streams);
  let inCycle = 0;
  for (let n = 1; n <= deploys; n++) {
    const before = await underWay();
    await deploy(place, argsOf(n, image));
    if (before > 0 && await underWay() > 0) inCycle += 1;
    await gather(docker, scene, words);
  }
  assert(inCycle >= Math.floor(deploys / 2), `only ${inCycle} deploys came in mid-cycle`);
  await until("all half-hours are read", async () => await underWay() === 0 || undefined, {
    deadlineMs: CYCLE_MS,
    everyMs: 1_000,
  });
  const report = await load.stop();
  await gather(docker, scene, words);
  judge(report);
  await judgeStreams(scene, load);
  deepStrictEqual(await wrongsOf(scene, report), []);
  deepStrictEqual(await nginxTroubles(scene), []);
}

/** New releases, now and then settings alone, and the way back at the end. */
function argsOf(n: number, image: string): readonly string[] {
  if (n === deploys) return ["rollback"];
  return n % 4 === 2 ? ["--configuration"] : ["--image", image, "--without-backup"];
}

function judge(report: LoadReport): void {
  strictEqual(report.failed, 0, JSON.stringify(report.failures, null, 2));
  const { writes, repeats, lost, told } = report;
  assert(Math.min(writes, repeats, lost, told) > 0, JSON.stringify(report));
  assert(report.resumed >= size.streams * deploys, `${report.resumed} streams came back`);
  const users = size.browsers + size.programs + GUESTS;
  const most = users + lost + report.requests / REQUESTS_A_CONNECTION;
  assert(report.connections <= most, `${report.connections} connections for ${users} that keep theirs`);
}

/** Live pages are told of the newest change within a second or so; then nothing must be missing. */
async function judgeStreams({ databaseUrl }: Scene, load: RunningLoad): Promise<void> {
  const changes = await withDatabase(databaseUrl, feedOf);
  assert(changes.length > 0);
  const seen = async () => {
    const { streams } = await load.report();
    return streams === size.streams && (await load.gaps(changes)).count === 0 ? true : undefined;
  };
  await until("live pages heard of everything", seen, { deadlineMs: STREAMS_MS, everyMs: 1_000 })
    .catch(async (error) => {
      const [{ streams }, gaps] = await Promise.all([load.report(), load.gaps(changes)]);
      throw new Error(`${streams} of ${size.streams} are open; missing: ${JSON.stringify(gaps)}`, {
        cause: error,
      });
    });
}

async function wrongsOf({ databaseUrl, estate, sites }: Scene, report: LoadReport): Promise<Wrongs> {
  const counts = await sites.counts();
  return await withDatabase(databaseUrl, async (db) => [
    ...await ledgerWrongs(db, estate.siteIds),
    ...await readWrongs(db, estate.siteIds, counts),
    ...await writeWrongs(db, report.written),
  ]);
}

/** Answers that were no answers, and what nginx says of whom it asked. */
async function nginxTroubles({ nginx }: Scene): Promise<readonly string[]> {
  const answered = await nginx.access();
  assert(answered.length > 0);
  // 499: a program was gone before the answer.
  const bad = answered.filter(({ status }) => Number(status) >= 429 && status !== 499);
  const said = (await nginx.log("errorLog")).split("\n").filter((line) => /upstream|limiting/.test(line));
  return [...bad.map((line) => JSON.stringify(line)), ...said].slice(0, 20);
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
