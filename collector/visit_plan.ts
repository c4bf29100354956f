/**
 * What a visit has to ask: the expected channels of a site as requests to its endpoints. Pure.
 *
 * @module
 */
import type { Channel } from "../lib/domain/channel.ts";
import type { Endpoint, Meter, SitePlan } from "../lib/domain/site.ts";
import type { FindProfile } from "../lib/profiles/book.ts";
import type { DeviceChannel } from "../lib/profiles/counter_rules.ts";
import type { DeviceProfile, RegisterSpec } from "../lib/profiles/profile.ts";
import { planBlocks, type Span, type Wanted } from "./block.ts";
import type { Task } from "./endpoint_visit.ts";

export type { FindProfile };

/** Makes sure that those of these profiles are found that exist; what it gives finds them for as long as it is held. */
export type LoadProfiles = (profileIds: Iterable<string>) => Promise<FindProfile>;

/** A channel of a visit with what its profile says. */
export type PlannedChannel = DeviceChannel;

/** The requests to one endpoint. */
export interface PlannedEndpoint {
  /** The endpoint. */
  readonly endpoint: Endpoint;
  /** Its requests. */
  readonly tasks: readonly Task[];
}

/** The requests of a visit. */
export interface VisitPlan {
  /** Where and what to ask. */
  readonly endpoints: readonly PlannedEndpoint[];
  /** What the answers are for, by channel id. */
  readonly channels: ReadonlyMap<number, PlannedChannel>;
  /** Channels whose profile or register no longer exists. */
  readonly unknown: readonly Channel[];
  /** Milliseconds that each request is expected to take. */
  readonly requestMs: readonly number[];
}

/** What to plan. */
export interface PlanOptions {
  /** Finds device profiles. */
  readonly findProfile: FindProfile;
  /** Whether a channel is wanted. */
  readonly wants: (channel: Channel, spec: RegisterSpec) => boolean;
}

/** What of a site decides the requests. */
export type PlannedSite = Pick<SitePlan, "endpoints" | "meters" | "channels">;

/** Plans the requests for the wanted channels of a site. */
export function planVisit(plan: PlannedSite, { findProfile, wants }: PlanOptions): VisitPlan {
  const channels = new Map<number, PlannedChannel>();
  const unknown: Channel[] = [];
  const tasksOf = new Map<number, Task[]>(plan.endpoints.map(({ id }) => [id, []]));
  const requestMs: number[] = [];
  const endpoints = new Map(plan.endpoints.map((endpoint) => [endpoint.id, endpoint]));
  for (const meter of plan.meters) {
    const own = plan.channels.filter(({ meterId }) => meterId === meter.id);
    const profile = findProfile(meter.profileId);
    const planned: PlannedChannel[] = [];
    for (const channel of own) {
      const spec = profile?.registers[channel.quantity];
      if (!profile || !spec) unknown.push(channel);
      else if (wants(channel, spec)) planned.push({ channel, meter, profile, spec });
    }
    if (!profile) continue;
    for (const entry of planned) channels.set(entry.channel.id, entry);
    const endpoint = endpoints.get(meter.endpointId);
    const tasks = meterTasks(meter, { profile, planned, pauseMs: endpoint?.pauseMs ?? 0 });
    tasksOf.get(meter.endpointId)?.push(...tasks);
    requestMs.push(...tasks.map(() => profile.requestMs));
  }
  const withTasks = plan.endpoints.map((endpoint) => ({ endpoint, tasks: tasksOf.get(endpoint.id) ?? [] }));
  return { endpoints: withTasks.filter(({ tasks }) => tasks.length > 0), channels, unknown, requestMs };
}

/** Whether a quantity waits for its turn of the day. Counters never do: each half-hour has an amount. */
export function isDaily(spec: RegisterSpec): boolean {
  return spec.daily === true && spec.kind !== "counter";
}

function meterTasks(
  meter: Meter,
  { profile, planned, pauseMs }: {
    readonly profile: DeviceProfile;
    readonly planned: readonly PlannedChannel[];
    readonly pauseMs: number;
  },
): Task[] {
  const wanted = planned.map(({ channel, spec }) => ({ quantity: channel.quantity, spec }));
  const spans = spansOf(wanted, profile);
  return spans.map((span) => ({ meter, span, pauseMs: Math.max(pauseMs, profile.pauseMs ?? 0) }));
}

/** Requests by the quantities they bring: meters of one model are asked alike, thousands of them. */
const KNOWN_SPANS = new WeakMap<DeviceProfile, Map<string, readonly Span[]>>();

/** Selections remembered of a profile: all, without the daily ones, and what was missing at a retry. */
const SELECTIONS_MAX = 50;

function spansOf(wanted: readonly Wanted[], profile: DeviceProfile): readonly Span[] {
  const known = KNOWN_SPANS.get(profile) ?? new Map<string, readonly Span[]>();
  KNOWN_SPANS.set(profile, known);
  const key = wanted.map(({ quantity }) => quantity).join();
  const spans = known.get(key) ?? planBlocks(wanted, profile);
  if (known.size >= SELECTIONS_MAX) known.clear();
  known.set(key, spans);
  return spans;
}
