/**
 * `deno task test`: installs what the tests need where it is missing and may be, runs every suite with the
 * permissions of its kind, two side by side, and ends with `N passed, N failed` on a line of its own.
 *
 * @module
 */
import { systemClock } from "../lib/clock.ts";
import { type ProcessEnd, runProcess } from "./lib/process.ts";
import {
  CHECKS,
  isCi,
  kindOf,
  listTestFiles,
  type Suite,
  suiteOf,
  TEST_KINDS,
  type TestKind,
} from "./lib/test_suites.ts";
import { closingLine, strictly, sumOf, type Tally, tallyOf, troubleOf } from "./lib/test_summary.ts";
import { installPackages, missingPackages, TEST_TOOLS } from "./lib/test_tools.ts";

const FETCH: Suite = { name: "packages", args: ["install", "--quiet"], deadlineMs: 180_000 };
const BUILD: Suite = { name: "build", args: ["task", "-q", "build"], deadlineMs: 180_000 };
/** One build for all test files, in a folder that none of them changes. */
const TEST_BUILD = (folder: string): Suite => ({
  name: "build for tests",
  args: ["run", "--quiet", "--no-check", "--allow-all", "tests/flows/built.ts", folder],
  deadlineMs: 180_000,
});
/** Milliseconds in which servers must have started; MySQL is built once. */
const SERVERS_MS = 420_000;
const SERVERS_END_MS = 45_000;
/** Programs that start servers for test files, and what the files are told where that took too long. */
const HELPERS = {
  databases: {
    entry: "tests/engines/serve.ts",
    late: {
      TEST_MARIADB_MISSING: "its start took too long",
      TEST_MYSQL_MISSING: "its start took too long",
    },
  },
  docker: { entry: "tests/host/serve.ts", late: { TEST_DOCKER_MISSING: "its start took too long" } },
} as const;
type Helper = keyof typeof HELPERS;
const TROUBLE_LIMIT = 30_000;
const QUIET = { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_NO_PROMPT: "1" };

const ci = isCi(Deno.env.get("CI"));
const interrupt = new AbortController();

/** Where servers are, for the test files, and how to end them. */
interface Servers {
  readonly env: Readonly<Record<string, string>>;
  end(): Promise<void>;
}

async function main(wanted: readonly string[]): Promise<Tally> {
  const files = await listTestFiles("tests");
  const is = (name: string) => wanted.length === 0 || wanted.includes(name);
  const trouble = await installPackages(await missingPackages(TEST_TOOLS));
  if (trouble !== undefined) console.log(`packages of the system: ${trouble}`);
  const fetched = await runSuite(FETCH);
  const of = (kind: TestKind) => files.filter((file) => kindOf(file) === kind);
  const suites = TEST_KINDS.filter((kind) => is(kind) && of(kind).length > 0);
  const folder = await Deno.makeTempDir({ prefix: "wattpost-built-" });
  const builds = { WATTPOST_TEST_BUILD: folder };
  const run = (kind: TestKind, env: Servers["env"] = {}) => {
    return suites.includes(kind) ? runSuite(suiteOf(kind, of(kind)), { ...builds, ...env }) : undefined;
  };
  const built = suites.some((kind) => kind !== "unit") ? build(folder) : undefined;
  const lanes = await Promise.all([
    inTurn([
      async () => void await built,
      () => run("unit"),
      () => run("io"),
      () => suites.includes("host") ? withServers(["docker"], (env) => run("host", env)) : undefined,
      ...CHECKS.map((check) => () => runCheck(check, is)),
    ]),
    inTurn([
      async () => void await built,
      () => suites.includes("engine") ? withServers(["databases"], (env) => run("engine", env)) : undefined,
      () => suites.includes("browser") && noBrowser() ? skipBrowser() : run("browser", browserEnv()),
      () => {
        if (!suites.includes("release")) return undefined;
        return withServers(["databases", "docker"], (env) => run("release", env));
      },
    ]),
  ]);
  await Promise.all([...started.values()].map(async (servers) => await (await servers).end()));
  await Deno.remove(folder, { recursive: true });
  const prepared = sumOf([fetched, await built ?? NONE]);
  const total = sumOf(lanes.flat());
  // Preparing is no test: it counts only where it failed, and once.
  return { ...total, failed: total.failed + prepared.failed };
}

const NONE: Tally = { passed: 0, failed: 0, ignored: 0 };

async function build(folder: string): Promise<Tally> {
  return sumOf([await runSuite(BUILD), await runSuite(TEST_BUILD(folder))]);
}

async function inTurn(
  steps: readonly (() => Promise<Tally | void> | undefined)[],
): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const step of steps) {
    if (!interrupt.signal.aborted) tallies.push(await step() ?? NONE);
  }
  return tallies;
}

async function runSuite(suite: Suite, env: Servers["env"] = {}): Promise<Tally> {
  const end = await runDeno(suite, env);
  const tally = ci ? strictly(tallyOf(end)) : tallyOf(end);
  tell(suite, tally, end);
  return tally;
}

// A check of the source is one test.
async function runCheck(check: Suite, is: (name: string) => boolean): Promise<Tally> {
  if (!is("checks")) return NONE;
  const end = await runDeno(check, {});
  const tally = { passed: end.code === 0 ? 1 : 0, failed: end.code === 0 ? 0 : 1, ignored: 0 };
  tell(check, tally, end);
  return tally;
}

function tell({ name }: Suite, tally: Tally, { output, seconds }: DenoEnd): void {
  const skipped = tally.ignored > 0 ? `, ${tally.ignored} skipped` : "";
  const took = `${seconds.toFixed(1)} s`;
  const counted = tally.passed + tally.failed + tally.ignored > 0
    ? `${closingLine(tally)}${skipped}, ${took}`
    : took;
  console.log(`${tally.failed > 0 ? "FAILED" : "ok"} ${name}: ${counted}`);
  if (tally.failed > 0) console.log(troubleOf(output, TROUBLE_LIMIT));
  else {for (const [, test] of output.matchAll(/^(.*) \.\.\. ignored .*$/gm)) {
      console.log(`  skipped: ${test}`);
    }}
}

interface DenoEnd extends ProcessEnd {
  readonly seconds: number;
}

async function runDeno({ args, deadlineMs }: Suite, env: Servers["env"]): Promise<DenoEnd> {
  const startMs = systemClock.monotonicMs();
  const { signal } = interrupt;
  const end = await runProcess({ program: "deno", args, env: { ...QUIET, ...env }, deadlineMs, signal });
  return { ...end, seconds: (systemClock.monotonicMs() - startMs) / 1_000 };
}

/** Servers of this run; whoever needs them first starts them for all suites. */
const started = new Map<Helper, Promise<Servers>>();

async function withServers(
  helpers: readonly Helper[],
  body: (env: Servers["env"]) => Promise<Tally> | undefined,
): Promise<Tally> {
  const servers = await Promise.all(helpers.map((helper) => {
    const starting = started.get(helper) ?? startServers(HELPERS[helper]);
    started.set(helper, starting);
    return starting;
  }));
  const env = Object.assign({}, ...servers.map((each) => each.env));
  return interrupt.signal.aborted ? NONE : await body(env) ?? NONE;
}

async function startServers({ entry, late: missing }: typeof HELPERS[Helper]): Promise<Servers> {
  const child = new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-check", "--allow-all", entry],
    env: QUIET,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const started = new AbortController();
  const late = systemClock.sleep(SERVERS_MS, started.signal).then(() => {
    if (!started.signal.aborted) kill(child, "SIGKILL");
  });
  interrupt.signal.addEventListener("abort", () => kill(child, "SIGTERM"));
  const reader = child.stdout.getReader();
  let text = "";
  for (let part = await reader.read(); !part.done && !text.includes("\n"); part = await reader.read()) {
    text += new TextDecoder().decode(part.value);
    if (text.includes("\n")) break;
  }
  started.abort();
  await late;
  return {
    env: text.includes("\n") ? JSON.parse(text) : missing,
    async end() {
      AbortSignal.timeout(SERVERS_END_MS).addEventListener("abort", () => kill(child, "SIGKILL"));
      await child.stdin.close().catch(() => undefined);
      await reader.cancel().catch(() => undefined);
      await child.status;
    },
  };
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended.
  }
}

function browserEnv(): Servers["env"] {
  return { CHROMIUM: Deno.env.get("CHROMIUM") || "/usr/bin/chromium" };
}

function noBrowser(): boolean {
  try {
    return !Deno.statSync(browserEnv().CHROMIUM ?? "").isFile;
  } catch {
    return true;
  }
}

function skipBrowser(): Promise<Tally> {
  console.log(`browser: no Chromium at ${browserEnv().CHROMIUM}; CHROMIUM names another`);
  const skipped = { passed: 0, failed: 0, ignored: 1 };
  return Promise.resolve(ci ? strictly(skipped) : skipped);
}

for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, () => interrupt.abort());
const total = await main(Deno.args);
if (total.ignored > 0) console.log(`${total.ignored} skipped`);
const { aborted } = interrupt.signal;
if (aborted) console.log("interrupted, which counts as one failure");
console.log(closingLine(aborted ? { ...total, failed: total.failed + 1 } : total));
Deno.exit(aborted || total.failed > 0 ? 1 : 0);
