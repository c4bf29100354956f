/**
 * Live pages while releases come and go: each keeps a stream as our pages do, comes back with the newest change it
 * has heard of, and remembers what it was told, so that what it was not told can be found.
 *
 * @module
 */
import { createClient } from "./load_http.ts";
import type { Load } from "./load_process.ts";
import type { FeedChange, Gap, Visitor } from "./load_plan.ts";

/** Longest random pause before a page comes back after a good-bye, in ms; as our pages have it. */
const BACK_MS = 2_000;

/** Pause after a failure, in ms. */
const FAILED_MS = 1_000;

/** A live page. */
export interface Page {
  /** Whether its stream is open. */
  readonly open: boolean;
  /** Ends it; resolves when it is over. */
  end(): Promise<void>;
  /** Changes of which it should have heard and did not. */
  missing(changes: readonly FeedChange[]): readonly FeedChange[];
  /** Each time it came back: the newest change it knew, and the newest there was. */
  readonly resumes: readonly string[];
}

interface State {
  /** `null`: it has not heard anything yet. */
  lastId: number | null;
  /** Changes up to here were there when it was first opened. */
  firstId: number;
  /** When it was told to look at everything again, the newest change there was. */
  reloadedId: number;
  /** Ids under which it was told of each site; `all`: of every site. */
  readonly told: Map<number | "all", number[]>;
  readonly resumes: string[];
  open: boolean;
  over: boolean;
}

/** Opens a live page. */
export function openPage(load: Load, n: number, visitor: Visitor): Page {
  const state: State = {
    lastId: null,
    firstId: 0,
    reloadedId: 0,
    told: new Map(),
    resumes: [],
    open: false,
    over: false,
  };
  const client = createClient(load.plan.target);
  const running = keep();
  return {
    get open() {
      return state.open;
    },
    async end() {
      state.over = true;
      client.close();
      await running;
    },
    resumes: state.resumes,
    missing: (changes) => changes.filter((change) => !knows(state, change)),
  };

  async function keep(): Promise<void> {
    while (!state.over) {
      const ending = await listen();
      state.open = false;
      if (state.over) return;
      if (ending.bye) load.counts.resumed += 1;
      else load.failed(`stream ${n}`, ending.why);
      await load.pause(ending.bye ? Math.random() * BACK_MS : FAILED_MS);
    }
  }

  async function listen(): Promise<{ readonly bye: boolean; readonly why: string }> {
    let bye = false;
    let text = "";
    let refused = "";
    const headers = {
      cookie: visitor.cookie,
      accept: "text/event-stream",
      "x-forwarded-for": `127.1.${n >> 8}.${n & 255}`,
      ...(state.lastId === null ? {} : { "last-event-id": String(state.lastId) }),
    };
    try {
      load.counts.requests += 1;
      await client.follow({ path: "/api/live", headers }, {
        head(answer) {
          if (answer.status !== 200) refused = `status ${answer.status}`;
          return answer.status === 200;
        },
        text(part) {
          const blocks = (text + part).split("\n\n");
          text = blocks.pop() ?? "";
          for (const block of blocks) if (hear(load, state, block)) bye = true;
        },
      });
    } catch (error) {
      return { bye, why: error instanceof Error ? error.message : String(error) };
    }
    return { bye, why: refused || "it ended without a good-bye" };
  }
}

/** Takes up a message; whether it was the good-bye. */
function hear({ counts }: Load, state: State, block: string): boolean {
  const fields = new Map(
    block.split("\n").map((line) => {
      const [, name = "", value = ""] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
      return [name, value];
    }),
  );
  const id = Number(fields.get("id") ?? state.lastId ?? 0);
  const data = JSON.parse(fields.get("data") ?? "{}") as Record<string, unknown>;
  switch (fields.get("event")) {
    case "hello":
      state.open = true;
      state.resumes.push(`${state.lastId} ${id} at ${new Date().toISOString()}`);
      if (state.lastId === null) state.firstId = id;
      // A page that hears of a newer change than its own asks for everything again.
      else if (id > state.lastId) state.reloadedId = Math.max(state.reloadedId, id);
      break;
    case "reload":
      state.reloadedId = Math.max(state.reloadedId, id);
      break;
    case "stored":
      counts.told += 1;
      for (const site of Array.isArray(data["sites"]) ? data["sites"].map(Number) : ["all" as const]) {
        state.told.set(site, [...state.told.get(site) ?? [], id]);
      }
      break;
    case "bye":
      return true;
  }
  state.lastId = Math.max(state.lastId ?? 0, id);
  return false;
}

/** Messages gather so many changes at most under the id of the newest. */
const GATHERED = 500;

/** Whether a page was told of a change, or to look at everything after it was made. */
function knows({ firstId, reloadedId, told }: State, { id, siteIds }: FeedChange): boolean {
  if (id <= firstId || id <= reloadedId) return true;
  const named = (site: number | "all") =>
    told.get(site)?.some((under) => under >= id && under <= id + GATHERED) === true;
  return named("all") || siteIds.every(named);
}

/** Changes of which pages should have heard and did not. */
export function gapsOf(pages: readonly Page[], changes: readonly FeedChange[]): readonly Gap[] {
  return pages.flatMap((page, stream) => {
    const { resumes } = page;
    return page.missing(changes).map((change) => ({ stream, change, resumes }));
  });
}
