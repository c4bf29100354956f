/**
 * People and programs that use the product while releases come and go, in a process of their own: browsers that keep
 * their connections, programs that write with a key for each write, live pages. Whatever is not as it should be is
 * counted. The plan is the first line of standard input; `report`, `stop` and `gaps CHANGES` are answered with a line
 * of JSON each.
 *
 * @module
 */
import { linesOf } from "./lines.ts";
import type { Failure, FeedChange, LoadPlan, LoadReport, Written } from "./load_plan.ts";
import { gapsOf, openPage, type Page } from "./load_streams.ts";
import { browse, comeAndGo, write } from "./load_users.ts";

/** The load while it runs. */
export interface Load {
  readonly plan: LoadPlan;
  /** Counted up to now. */
  readonly counts: {
    requests: number;
    connections: number;
    writes: number;
    repeats: number;
    lost: number;
    resumed: number;
    told: number;
  };
  /** What each program wrote, by its site. */
  readonly written: Map<number, Written>;
  /** Whether browsers and programs are to end. */
  readonly over: boolean;
  /** Counts a failure. */
  failed(what: string, why: string): void;
  /** Waits. */
  pause(ms: number): Promise<void>;
}

/** Failures that are told with words. */
const SAID = 60;

/** Gaps that are told. */
const GAPS_SAID = 20;

/** Pages that open their streams at once at the start. */
const OPENED_AT_ONCE = 10;

async function main(): Promise<void> {
  const lines = linesOf(Deno.stdin.readable);
  const { value } = await lines.next();
  const plan = JSON.parse(value ?? "") as LoadPlan;
  const failures: Failure[] = [];
  let [failed, over] = [0, false];
  const load: Load = {
    plan,
    counts: { requests: 0, connections: 0, writes: 0, repeats: 0, lost: 0, resumed: 0, told: 0 },
    written: new Map(),
    get over() {
      return over;
    },
    failed(what, why) {
      failed += 1;
      if (failures.length < SAID) failures.push({ at: new Date().toISOString(), what, why });
    },
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  const pages: Page[] = [];
  const report = (): LoadReport => ({
    ...load.counts,
    written: [...load.written.values()],
    streams: pages.filter(({ open }) => open).length,
    failed,
    failures,
  });
  const say = (what: unknown) => console.log(JSON.stringify(what));
  await openPages(load, pages);
  const users = [
    ...Array.from({ length: plan.browsers }, (_, n) => browse(load, n)),
    ...plan.tokens.map((token, n) => write(load, n, token)),
    ...plan.emails.map((_, n) => comeAndGo(load, n)),
  ];
  say(report());
  for await (const line of lines) {
    if (line === "report") say(report());
    if (line === "stop") {
      over = true;
      await Promise.all(users);
      say(report());
    }
    if (line.startsWith("gaps ")) {
      const gaps = gapsOf(pages, JSON.parse(line.slice("gaps ".length)) as readonly FeedChange[]);
      say({ count: gaps.length, first: gaps.slice(0, GAPS_SAID) });
    }
  }
}

/** Opens all live pages, some at once. */
async function openPages(load: Load, pages: Page[]): Promise<void> {
  const { plan } = load;
  while (pages.length < plan.streams) {
    const visitor = plan.visitors[pages.length % plan.visitors.length];
    if (!visitor) throw new Error("Nobody is signed in");
    pages.push(openPage(load, pages.length, visitor));
    if (pages.length % OPENED_AT_ONCE === 0 || pages.length === plan.streams) await opened(load, pages);
  }
}

async function opened(load: Load, pages: readonly Page[]): Promise<void> {
  for (let tries = 0; tries < 600 && !pages.every(({ open }) => open); tries++) await load.pause(50);
}

await main();
Deno.exit(0);
