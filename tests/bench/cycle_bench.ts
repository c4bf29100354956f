/**
 * Measures a cycle: simulated sites in another process, each visited with three requests over real sockets and
 * stored, all of them due at the boundary, while pages ask the same database. The first half-hour begins the
 * series and is not measured. `deno run -A tests/bench/cycle_bench.ts [--sites=2000] [--engine=sqlite]`.
 *
 * @module
 */
import process from "node:process";
import { type Collector, createCollector } from "../../collector/runner.ts";
import { planVisit } from "../../collector/visit_plan.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { endMsOf, type HalfHour, halfHourOf } from "../../lib/domain/half_hour.ts";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import { createLog } from "../../lib/log.ts";
import { channelsOf, profileOf } from "../../lib/profiles/mod.ts";
import { startSite } from "../../lib/simulator/site.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { openHalfHour } from "../../lib/store/ledger.ts";
import { listSites } from "../../lib/store/overview.ts";
import { getSitePlan } from "../../lib/store/plans.ts";
import { registerSites, type SiteDraft } from "../../lib/store/sites.ts";
import { migrateOrThrow } from "../collector/estate.ts";
import { meter, siteSpec } from "../collector/simulated.ts";
import { engines, type TestEngine } from "../engines/mod.ts";

/** A meter behind a gateway that is read in three requests. */
const PROFILE = "abb-b23";
const UNITS = [1];
const FIRST: HalfHour = halfHourOf(Date.UTC(2026, 10, 2, 10));

/** Milliseconds between two pages, and between two looks at the event loop. */
const PAGE_MS = 100;
const TICK_MS = 2;

/** Milliseconds that the idle event loop is looked at before the cycle, to know what the machine does by itself. */
const IDLE_MS = 3_000;

function option(name: string, otherwise: string): string {
  return Deno.args.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise;
}

/** The other process: sites on free ports, printed as one line; ends with its standard input. */
async function serve(count: number): Promise<void> {
  const endpoints = [{
    port: 0,
    kind: "gateway" as const,
    meters: UNITS.map((unit) => meter(unit, PROFILE)),
  }];
  const running = [];
  for (let i = 0; i < count; i++) {
    running.push(
      await startSite(siteSpec({ name: `Site ${i}`, seed: i, endpoints }), { clock: systemClock }),
    );
  }
  console.log(JSON.stringify(running.map((site) => site.endpoints[0]?.port)));
  for await (const _ of Deno.stdin.readable); // until whoever measures is done
  Deno.exit(0);
}

async function withSites<T>(count: number, work: (ports: readonly number[]) => Promise<T>): Promise<T> {
  const args = ["run", "--quiet", "--no-check", "-A", new URL(import.meta.url).pathname, `--serve=${count}`];
  const child = new Deno.Command("deno", { args, stdin: "piped", stdout: "piped" }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let said = "";
    while (!said.includes("\n")) said += (await lines.read()).value ?? "\n";
    return await work(JSON.parse(said));
  } finally {
    await child.stdin.close();
    await lines.cancel();
    await child.status;
  }
}

function draftOf(port: number, i: number): SiteDraft {
  const profile = profileOf(PROFILE);
  if (!profile) throw new Error(`There is no profile ${PROFILE}`);
  const meters = UNITS.map((unitId) => ({
    name: `Meter ${unitId}`,
    unitId,
    profileId: PROFILE,
    profileVersion: profile.version,
    endUse: "cooling" as const,
    wholeSite: false,
    maxPowerW: 20_000,
    transformer: null,
    channels: channelsOf(profile),
  }));
  return {
    name: `Site ${i}`,
    town: "",
    zone: "Europe/London",
    latitude: null,
    longitude: null,
    hours: null,
    since: FIRST,
    paths: [{ kind: "cellular", host: "127.0.0.1" }],
    endpoints: [{ port, kind: "gateway", meters }],
  };
}

/** A clock that starts at a boundary and goes on as the machine's. */
function clockFrom(atMs: { start: number; since: number }): Clock {
  return { ...systemClock, nowMs: () => Math.floor(atMs.start + systemClock.monotonicMs() - atMs.since) };
}

/** Milliseconds that this thread has worked, as Linux counts them; elsewhere 0. */
function workedMs(): number {
  try {
    return Number(Deno.readTextFileSync(`/proc/self/task/${Deno.pid}/schedstat`).split(" ")[0]) / 1e6;
  } catch {
    return 0;
  }
}

/** Looks at the event loop until stopped: its longest pause, and the longest work in one pause, in milliseconds.
 * On a busy machine a pause is mostly other processes' work. */
function watchLoop() {
  const longest = { pauseMs: 0, workMs: 0 };
  let lastMs = performance.now();
  let worked = workedMs();
  const ticks = setInterval(() => {
    const [nowMs, now] = [performance.now(), workedMs()];
    longest.pauseMs = Math.max(longest.pauseMs, nowMs - lastMs - TICK_MS);
    longest.workMs = Math.max(longest.workMs, now - worked);
    [lastMs, worked] = [nowMs, now];
  }, TICK_MS);
  return () => {
    clearInterval(ticks);
    return longest;
  };
}

/** Looks at the event loop and asks pages of the database until stopped. */
function watch(db: Database) {
  let pages = 0;
  const stopLoop = watchLoop();
  let asking = true;
  const asked = (async () => {
    while (asking) {
      await listSites(db, { reaches: [ALL_SITES], page: 1 + pages++ % 20, pageSize: 50, halfHour: FIRST });
      await systemClock.sleep(PAGE_MS);
    }
  })();
  return async () => {
    asking = false;
    await asked;
    return { ...stopLoop(), pages };
  };
}

async function cycle(collector: Collector): Promise<void> {
  collector.wake();
  await collector.idle();
}

async function measure(engine: TestEngine, ports: readonly number[]) {
  const at = { start: endMsOf(FIRST), since: systemClock.monotonicMs() };
  const clock = clockFrom(at);
  const db = await openDatabase(await engine.createDatabase());
  await migrateOrThrow(db, clock);
  const sites = await registerSites(db, ports.map(draftOf));
  if (!sites.ok) throw new Error("The sites cannot be registered");
  const collector = createCollector({
    db,
    clock,
    random: Math.random,
    log: createLog({ clock, level: "warn", write: (line) => console.error(line) }),
    findProfile: profileOf,
    config: {
      release: "bench",
      visitsAtOnce: Number(option("visits", "200")),
      startsPerSecond: 5_000,
      connectTimeoutMs: 8_000,
      responseTimeoutMs: 5_000,
      loopbackSites: true,
      services: [],
      heldValues: 200_000,
    },
  });
  const plan = await getSitePlan(db, sites.value[0] ?? 0, FIRST);
  const requests = plan ? planVisit(plan, { findProfile: profileOf, wants: () => true }).requestMs.length : 0;
  await openHalfHour(db, FIRST, { dueMsOf: endMsOf });
  await cycle(collector);
  await openHalfHour(db, FIRST + 1, { dueMsOf: endMsOf });
  const stopIdle = watchLoop();
  await systemClock.sleep(IDLE_MS);
  const idleMs = stopIdle().pauseMs;
  Object.assign(at, { start: endMsOf(FIRST + 1), since: systemClock.monotonicMs() });
  const stop = watch(db);
  const before = process.cpuUsage();
  await cycle(collector);
  const cpu = process.cpuUsage(before);
  const { pauseMs, workMs, pages } = await stop();
  const summary = collector.status().lastCycle;
  await collector.drain(1_000);
  const version = db.version;
  await db.close();
  return {
    version,
    requests,
    channels: plan?.channels.length ?? 0,
    summary,
    cpu,
    idleMs,
    pauseMs,
    workMs,
    pages,
  };
}

async function main(): Promise<void> {
  const count = Number(option("sites", "2000"));
  const only = option("engine", "");
  const all = (await engines()).filter(({ name, missing }) => !missing && (only === "" || only === name));
  await withSites(count, async (ports) => {
    for (const engine of all) {
      const { version, requests, channels, summary, cpu, ...loop } = await measure(engine, ports);
      if (!summary) throw new Error("No cycle ended");
      const cpuMs = (cpu.user + cpu.system) / 1000;
      console.table([{
        engine: `${engine.name} ${version}`,
        sites: summary.sites,
        complete: summary.complete,
        "requests, channels a site": `${requests}, ${channels}`,
        "sites a second": Math.round(summary.sites / (summary.tookMs / 1000)),
        "CPU ms a site": Number((cpuMs / summary.sites).toFixed(2)),
        "lateness p50, p95 s": `${summary.latenessP50S?.toFixed(1)}, ${summary.latenessP95S?.toFixed(1)}`,
        "longest pause ms (idle before)": `${Math.round(loop.pauseMs)} (${Math.round(loop.idleMs)})`,
        "of it own work at most": Math.round(loop.workMs),
        pages: loop.pages,
      }]);
    }
  });
}

if (import.meta.main) {
  const serving = option("serve", "");
  if (serving === "") {
    await main();
    Deno.exit(0); // the engines end with this process
  } else await serve(Number(serving));
}
