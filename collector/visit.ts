/**
 * One visit: the endpoints of a site side by side, the router's own last, all under one deadline; where nothing
 * answers over the main address, over the next one. One site's
 * trouble stays that site's: whatever happens, each planned channel ends with words or with one reason.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import type { SitePlan } from "../lib/domain/site.ts";
import type { Attempt } from "../lib/domain/visit.ts";
import type { Result } from "../lib/result.ts";
import { wordsIn } from "./block.ts";
import { decode, type DecodedValue, type DecodeReason } from "../lib/profiles/decode.ts";
import type { EndpointQueues } from "./endpoint_queue.ts";
import { readEndpoint, type Task, type TaskOutcome } from "./endpoint_visit.ts";
import { reasonOf } from "./read_error.ts";
import { type Answer, createSession, type DialRules, type Route, type SessionEnd } from "./session.ts";
import type { PlannedChannel, PlannedEndpoint, VisitPlan } from "./visit_plan.ts";

/** What a channel's visit ended with. */
export type ChannelOutcome =
  | {
    /** Words were read; they may still mean nothing. */
    readonly kind: "read";
    /** Epoch milliseconds. */
    readonly atMs: number;
    /** Milliseconds the request took. */
    readonly tookMs: number;
    /** The registers. */
    readonly words: readonly number[];
    /** What they mean. */
    readonly value: Result<DecodedValue, DecodeReason>;
  }
  | {
    /** Nothing was read. */
    readonly kind: "missing";
    /** Why. */
    readonly reason: ReadingReason;
  };

/** What a visit brought home. */
export interface VisitResult {
  /** The site. */
  readonly siteId: number;
  /** The path that answered; `null`: none did. */
  readonly pathId: number | null;
  /** An outcome for each planned channel, by channel id. */
  readonly outcomes: ReadonlyMap<number, ChannelOutcome>;
  /** The tries. */
  readonly attempts: readonly Attempt[];
}

/** What all visits of a process share. */
export interface VisitTools {
  /** The time. */
  readonly clock: Clock;
  /** How to dial. */
  readonly rules: DialRules;
  /** One queue for each endpoint. */
  readonly queues: EndpointQueues;
}

/** One visit. */
export interface VisitOptions {
  /** The site. */
  readonly site: SitePlan;
  /** What to ask. */
  readonly plan: VisitPlan;
  /** Milliseconds for all of it. */
  readonly deadlineMs: number;
  /** Gives up early when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a counter's value can follow what is known of it; one that cannot is read again, once. */
  readonly isPlausible?:
    | ((channelId: number, reading: { value: number; atMs: number }) => boolean)
    | undefined;
}

/** Visits a site. Never throws for what the world does. */
export async function visitSite(tools: VisitTools, options: VisitOptions): Promise<VisitResult> {
  const { plan, site } = options;
  const deadline = startDeadline(tools.clock, options);
  const visit: Visit = {
    tools,
    options,
    signal: deadline.signal,
    untilMs: tools.clock.monotonicMs() + options.deadlineMs,
    route: { pathId: null },
    attempts: [],
    outcomes: new Map(),
  };
  try {
    let left: readonly Ahead[] = plan.endpoints.map((planned) => ({ planned, rank: 0 }));
    for (let turn = 1; left.length > 0 && !visit.signal.aborted; turn++) {
      left = await tryPaths(visit, { left, turnsLeft: Math.max(0, site.paths.length - turn) });
    }
  } finally {
    deadline.release();
  }
  for (const id of plan.channels.keys()) {
    if (!visit.outcomes.has(id)) visit.outcomes.set(id, { kind: "missing", reason: "visit-deadline" });
  }
  const { route: { pathId }, outcomes, attempts } = visit;
  return { siteId: site.site.id, pathId, outcomes, attempts };
}

/** The key of an endpoint's queue: whoever talks to this address and port waits in it. */
export function queueKeyOf(
  site: { readonly paths: readonly { readonly host: string }[] },
  endpoint: { readonly port: number },
): string {
  return `${site.paths[0]?.host ?? ""}|${endpoint.port}`;
}

interface Visit {
  readonly tools: VisitTools;
  readonly options: VisitOptions;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds of the deadline. */
  readonly untilMs: number;
  readonly route: Route;
  readonly attempts: Attempt[];
  readonly outcomes: Map<number, ChannelOutcome>;
}

/** An endpoint that is still to be asked, and the place of the first address to ask it at. */
interface Ahead {
  readonly planned: PlannedEndpoint;
  readonly rank: number;
}

/** Asks endpoints, the router last; those that are to be asked over another path. */
async function tryPaths(
  visit: Visit,
  { left, turnsLeft }: { readonly left: readonly Ahead[]; readonly turnsLeft: number },
): Promise<readonly Ahead[]> {
  const share = startShare(visit, turnsLeft);
  const isRouter = ({ planned }: Ahead) => planned.endpoint.kind === "router";
  const ask = async (some: readonly Ahead[]) =>
    await Promise.all(some.map((ahead) => visitEndpoint(visit, { ...ahead, signal: share.signal })));
  try {
    const meters = await ask(left.filter((ahead) => !isRouter(ahead)));
    const routers = await ask(left.filter(isRouter));
    if (turnsLeft === 0) return [];
    return [...meters, ...routers].flatMap((end) => aheadOf(visit, { ...end, cut: share.signal.aborted }));
  } finally {
    share.release();
  }
}

/** While no path has answered, one gets its share of the time that is left; after that the next has its turn. */
function startShare({ tools: { clock }, route, signal, untilMs }: Visit, turnsLeft: number) {
  const over = new AbortController();
  const stop = new AbortController();
  const shareMs = Math.max(0, untilMs - clock.monotonicMs()) / (turnsLeft + 1);
  if (turnsLeft > 0) {
    clock.sleep(shareMs, stop.signal).then(() => {
      if (!stop.signal.aborted && route.pathId === null) over.abort();
    });
  }
  return {
    signal: turnsLeft > 0 ? AbortSignal.any([signal, over.signal]) : signal,
    release: () => stop.abort(),
  };
}

interface EndpointEnd extends Ahead, Pick<SessionEnd, "answered" | "pathId"> {}

/** An endpoint that kept silent is asked over the path that answers elsewhere, else over the next one. */
function aheadOf(
  { options: { site: { paths } }, route }: Visit,
  { planned, rank, answered, pathId, cut }: EndpointEnd & { readonly cut: boolean },
): readonly Ahead[] {
  if (answered || (pathId === null ? !cut : pathId === route.pathId)) return [];
  const next = 1 + (pathId === null ? rank : paths.findIndex(({ id }) => id === pathId));
  return route.pathId !== null || next < paths.length ? [{ planned, rank: next }] : [];
}

async function visitEndpoint(
  visit: Visit,
  { planned, rank, signal }: Ahead & { readonly signal: AbortSignal },
): Promise<EndpointEnd> {
  const { tools: { clock, rules, queues }, options: { site, plan }, route } = visit;
  const { endpoint, tasks } = planned;
  const byQuantity = new Map(
    [...plan.channels.values()].map((entry) => [keyOf(entry.meter.id, entry.channel.quantity), entry]),
  );
  const channelsOf = ({ meter, span }: Task) =>
    span.quantities.flatMap((quantity) => byQuantity.get(keyOf(meter.id, quantity)) ?? []);
  const doubt = (task: Task, answer: Answer) =>
    channelsOf(task).some((entry) =>
      entry.channel.kind === "counter" &&
      isDoubtful(visit, entry, decodeAnswer({ task, answer, entry, site }))
    );
  let end: SessionEnd = { attempts: [], answered: false, pathId: null };
  const turn = await queues.run({ key: queueKeyOf(site, endpoint), signal }, async () => {
    const paths = route.pathId === null ? site.paths.slice(rank) : site.paths;
    const session = createSession({ endpoint, paths, route, rules, clock, signal });
    try {
      return await readEndpoint(session, { tasks, doubt });
    } finally {
      end = session.end();
      visit.attempts.push(...end.attempts);
    }
  });
  for (const task of turn.ok ? tasks : []) {
    const outcome = turn.ok ? turn.value.get(task) : undefined;
    for (const entry of channelsOf(task)) {
      // Of paths on which nothing answered, the first one's reason stays.
      if (!end.answered && visit.outcomes.has(entry.channel.id)) continue;
      visit.outcomes.set(entry.channel.id, judge({ entry, task, site }, outcome));
    }
  }
  return { planned, rank, answered: end.answered, pathId: end.pathId };
}

/** A channel, the request that reads it, and the site it is read at. */
interface Asked {
  readonly entry: PlannedChannel;
  readonly task: Task;
  readonly site: SitePlan;
}

function judge(asked: Asked, outcome: TaskOutcome | undefined): ChannelOutcome {
  if (outcome === undefined) return { kind: "missing", reason: "visit-deadline" };
  if (!outcome.ok) return { kind: "missing", reason: reasonOf(outcome.error) };
  return decodeAnswer({ ...asked, answer: outcome.value });
}

type ReadOutcome = Extract<ChannelOutcome, { kind: "read" }>;

function decodeAnswer({ task, answer, entry, site }: Asked & { readonly answer: Answer }): ReadOutcome {
  const words = wordsIn(task.span, answer.words, entry.spec);
  const value = decode(words, entry.spec, entry.profile.wordOrder, expectedAt(site, entry.channel.quantity));
  return { kind: "read", atMs: answer.atMs, tookMs: answer.tookMs, words, value };
}

/** Where a position is expected, in degrees: where the site was registered. `null`: nothing is known. */
function expectedAt({ site }: SitePlan, quantity: string): number | null {
  if (quantity === "latitudeDeg") return site.latitude;
  return quantity === "longitudeDeg" ? site.longitude : null;
}

function isDoubtful({ options }: Visit, { channel }: PlannedChannel, { value, atMs }: ReadOutcome): boolean {
  if (!value.ok) return true;
  if (value.value.kind !== "counter") return false;
  return options.isPlausible?.(channel.id, { value: value.value.value, atMs }) === false;
}

function keyOf(meterId: number, quantity: string): string {
  return `${meterId}:${quantity}`;
}

/** A signal that aborts at a deadline, or earlier with another one; must be released when the work is over. */
export function startDeadline(
  clock: Clock,
  { deadlineMs, signal }: Pick<VisitOptions, "deadlineMs" | "signal">,
) {
  const over = new AbortController();
  const stop = new AbortController();
  const abort = () => over.abort();
  if (signal?.aborted) over.abort();
  signal?.addEventListener("abort", abort);
  clock.sleep(Math.max(0, deadlineMs), stop.signal).then(() => {
    if (!stop.signal.aborted) over.abort();
  });
  return {
    signal: over.signal,
    release: () => {
      stop.abort();
      signal?.removeEventListener("abort", abort);
    },
  };
}
