/**
 * A prober and a simulated site, as the tests of probing need them.
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { createEndpointQueues, type EndpointQueues } from "../../collector/endpoint_queue.ts";
import { createProber } from "../../collector/prober.ts";
import type { DialRules } from "../../collector/session.ts";
import type { FindProfile } from "../../collector/visit_plan.ts";
import type { DialPolicy } from "../../lib/domain/dial_policy.ts";
import type { Prober, ProbeReport, ProbeStep, ProbeStepKind, ProbeTarget } from "../../lib/domain/probe.ts";
import { profileOf } from "../../lib/profiles/mod.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import { LOOPBACK } from "../fakes/dial_policies.ts";
import { type ManualClock, manualClock, runUntil } from "../fakes/manual_clock.ts";
import { startSimulated } from "./simulated.ts";

/** Seven seconds after a boundary. */
export const START_MS = Date.UTC(2026, 10, 2, 10, 0, 7);
/** Never aborts. */
export const NEVER = new AbortController().signal;

/** A simulated site and a prober. */
export interface Scene {
  readonly clock: ManualClock;
  readonly site: SimulatedSite;
  readonly queues: EndpointQueues;
  readonly prober: Prober;
  /** Unit 1 behind the gateway. */
  readonly target: ProbeTarget;
  probe(over?: Partial<ProbeTarget>): Promise<ProbeReport>;
}

/** What a scene is made of. */
export interface SceneOptions extends Partial<SiteSpec> {
  readonly findProfile?: FindProfile;
  readonly policy?: DialPolicy;
}

/** A prober that may dial this machine. */
export function proberAt(
  clock: ManualClock,
  queues: EndpointQueues,
  { findProfile = profileOf, policy = LOOPBACK, rules = {} }: SceneOptions & { rules?: Partial<DialRules> } =
    {},
): Prober {
  const dial = {
    connectTimeoutMs: 8_000,
    responseTimeoutMs: 5_000,
    policy: () => Promise.resolve(policy),
    ...rules,
  };
  return createProber({ clock, queues, findProfile, rules: dial, draining: NEVER });
}

/** Unit 1 behind a gateway on this machine. */
export function targetAt(port: number, over: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    paths: [{ kind: "cellular", host: "127.0.0.1" }],
    endpoint: { port, kind: "gateway", pauseMs: 0, responseTimeoutMs: null },
    unitId: 1,
    profileId: "eastron-sdm630",
    transformer: null,
    neighbours: [],
    ...over,
  };
}

/** Runs a test with a simulated site. */
export async function withScene(options: SceneOptions, body: (scene: Scene) => Promise<void>): Promise<void> {
  const { findProfile, policy, ...spec } = options;
  const clock = manualClock(START_MS);
  const site = await startSimulated(clock, spec);
  const queues = createEndpointQueues();
  const prober = proberAt(clock, queues, { ...(findProfile && { findProfile }), ...(policy && { policy }) });
  const target = targetAt(site.endpoints[0]?.port ?? 0, {
    paths: site.hosts.map((host, i) => ({ kind: i === 0 ? "cellular" : "wired", host })),
  });
  const probe = async (over: Partial<ProbeTarget> = {}) => {
    const report = await runUntil(clock, prober.probe({ ...target, ...over }, NEVER));
    ok(report.ok, "not busy");
    return report.value;
  };
  try {
    await body({ clock, site, queues, prober, target, probe });
    strictEqual(queues.size(), 0, "the endpoint is left to others");
  } finally {
    await site.close();
  }
}

/** The steps with how they went. */
export const statesOf = ({ steps }: ProbeReport) => steps.map(({ kind, state }) => `${kind} ${state}`);

/** The step of a kind. */
export function stepIn({ steps }: ProbeReport, kind: ProbeStepKind, place = 0): ProbeStep {
  const step = steps.filter((step) => step.kind === kind)[place];
  ok(step, `there is a step "${kind}"`);
  return step;
}

/** A test that finds nothing amiss. */
export const ALL_GOOD = ["path good", "connect good", "unit good", "block good", "plausible good"];
