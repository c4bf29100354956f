/**
 * The past of a simulated site: what every visit since its first half-hour would have brought home, judged in
 * their order.
 *
 * @module
 */

import { HALF_HOURS_A_DAY, type HalfHour, indexInDay } from "../../lib/domain/half_hour.ts";
import type { ReadingReason } from "../../lib/domain/reading.ts";
import { phaseMsOf } from "../../lib/domain/schedule.ts";
import type { SitePlan } from "../../lib/domain/site.ts";
import type { Attempt, VisitOutcome } from "../../lib/domain/visit.ts";
import { wordsOf } from "../../lib/profiles/profile.ts";
import type { SimulatedMeter } from "../../lib/simulator/meter.ts";
import { metersOf } from "../../lib/simulator/site.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import type { PastVisit, SiteHistory } from "../../lib/store/history.ts";
import { append, type ChannelTrack, newTrack, openGapOf } from "./demo_judge.ts";
import { broughtHome } from "./demo_readings.ts";
import { type Happening, type MeterPlace, readMsOf, type Troubles, troublesOf } from "./demo_troubles.ts";

/** What to make the past of. */
export interface PastOfSite {
  /** What the simulator serves. */
  readonly spec: SiteSpec;
  /** What was registered of it. */
  readonly plan: SitePlan;
  /** The half-hour after the last. */
  readonly to: HalfHour;
  /** Whether it hung on the operator that was away. */
  readonly operatorAway: boolean;
  /** Called between two meters, so that others get their turn. */
  readonly pause: () => Promise<void>;
}

/** Half-hours whose attempts are kept. */
const ATTEMPT_HALF_HOURS = HALF_HOURS_A_DAY;

/** Makes the past of a site from its first half-hour on. */
export async function historyOf(past: PastOfSite): Promise<SiteHistory> {
  const { spec, plan, to } = past;
  const from = plan.since;
  const troubles = troublesOf(spec, past);
  const lacks = Array.from({ length: to - from }, (): Lacks => ({ asked: 0, missing: 0, reason: null }));
  const meters = placedMeters(spec, plan);
  const tracks: ChannelTrack[] = [];
  for (const [index, meter] of meters.entries()) {
    if (meter) tracks.push(...meterPast(past, { ...meter, index, troubles, lacks }));
    await past.pause();
  }
  const visits = lacks.map((lack, i) => visitOf(past, { halfHour: from + i, lack, troubles }));
  return {
    siteId: plan.site.id,
    channels: tracks.map(({ about, rows }) => ({
      channelId: about.channel.id,
      kind: about.channel.kind,
      rows,
    })),
    visits,
    series: tracks.flatMap(({ series }) => series),
    openGaps: tracks.flatMap((track) => openGapOf(track) ?? []),
  };
}

/** What a visit lacks while it is counted. */
interface Lacks {
  asked: number;
  missing: number;
  reason: ReadingReason | null;
}

interface PlacedMeter extends MeterPlace {
  readonly device: SimulatedMeter;
  readonly meterId: number;
}

/** The devices with the meters that were registered for them. */
function placedMeters(spec: SiteSpec, plan: SitePlan): readonly PlacedMeter[] {
  return metersOf(spec).flatMap((devices, endpoint) => {
    const port = spec.endpoints[endpoint]?.port;
    const endpointId = plan.endpoints.find((it) => it.port === port)?.id;
    return devices.flatMap((device) => {
      const { unitId } = device.spec;
      const meter = plan.meters.find((it) => it.endpointId === endpointId && it.unitId === unitId);
      return meter ? [{ device, meterId: meter.id, endpoint, unitId }] : [];
    });
  });
}

interface MeterPast extends PlacedMeter {
  readonly index: number;
  readonly troubles: Troubles;
  readonly lacks: readonly Lacks[];
}

function meterPast({ spec, plan, to }: PastOfSite, meter: MeterPast): readonly ChannelTrack[] {
  const { device, troubles, lacks, index } = meter;
  const tracks = tracksOf(plan, meter);
  const phaseMs = phaseMsOf(plan.site.id);
  const dailyTurn = plan.site.id % HALF_HOURS_A_DAY;
  for (let halfHour = plan.since; halfHour < to; halfHour++) {
    const met = troubles.at(halfHour);
    const lateS = met.kind === "read" ? met.lateS : 0;
    const atMs = readMsOf(spec, { halfHour, phaseMs, lateS, index });
    const missing = met.kind === "missing" ? met.reason : troubles.ofMeter(halfHour, meter);
    const answers = missing === null ? device.readingAt(atMs, troubles.readingFaults) : {};
    const lack = lacks[halfHour - plan.since];
    const isDailyTurn = indexInDay(halfHour) === dailyTurn;
    for (const track of tracks) {
      const { channel, spec: register } = track.about;
      if (register.daily && channel.kind !== "counter" && !isDailyTurn) continue;
      const answer = answers[channel.quantity];
      const brought = answer ? broughtHome(answer, register) : missing ?? "not-a-number";
      append(track, { halfHour, atMs, brought });
      const reason = typeof brought === "string" ? brought : brought.reason;
      const noValue = reason === "not-a-number" && channel.kind !== "counter";
      if (lack) count(lack, noValue ? null : reason);
    }
  }
  return tracks;
}

function tracksOf(plan: SitePlan, { device: { profile }, meterId }: PlacedMeter): readonly ChannelTrack[] {
  const meter = plan.meters.find(({ id }) => id === meterId);
  return plan.channels.filter((channel) => channel.meterId === meterId).flatMap((channel) => {
    const spec = profile.registers[channel.quantity];
    return spec && meter ? [newTrack({ channel, meter, profile, spec })] : [];
  });
}

function count(lack: Lacks, reason: ReadingReason | null): void {
  lack.asked++;
  if (reason === null) return;
  lack.missing++;
  lack.reason ??= reason;
}

interface VisitFacts {
  readonly halfHour: HalfHour;
  readonly lack: Lacks;
  readonly troubles: Troubles;
}

function visitOf(past: PastOfSite, { halfHour, lack, troubles }: VisitFacts): PastVisit {
  const { plan, spec, to } = past;
  const met = troubles.at(halfHour);
  const outcome: VisitOutcome = lack.missing === 0
    ? "complete"
    : lack.missing === lack.asked
    ? "failed"
    : "partial";
  const lateS = met.kind === "read" ? met.lateS : 0;
  const at = { halfHour, phaseMs: phaseMsOf(plan.site.id), lateS, index: 0 };
  const startMs = readMsOf(spec, at);
  return {
    halfHour,
    outcome,
    reason: lack.reason,
    pathId: met.kind === "read" && outcome !== "failed" ? plan.paths[met.rank]?.id ?? null : null,
    storedMs: startMs + 2_000,
    attempts: halfHour >= to - ATTEMPT_HALF_HOURS ? attemptsOf(past, { met, startMs }) : [],
  };
}

/** Milliseconds after which a connection that nobody takes, or an answer that does not come, is given up. */
const GIVEN_UP_MS: Readonly<Partial<Record<ReadingReason, number>>> = {
  "connect-timeout": 8_000,
  "response-timeout": 5_000,
};

/** Milliseconds that a request takes over the cellular network. */
const REQUEST_MS = 90;

/** Bytes of a request and of the answer around its words. */
const FRAME_BYTES = 21;

function attemptsOf(
  { plan, spec }: PastOfSite,
  { met, startMs }: { readonly met: Happening; readonly startMs: number },
): readonly Attempt[] {
  const main = plan.paths[0]?.id ?? null;
  const failed = (reason: ReadingReason, endpointId: number | null): Attempt => {
    const tookMs = GIVEN_UP_MS[reason] ?? 40;
    return { atMs: startMs, endpointId, pathId: main, tookMs, requests: 0, bytes: 0, reason };
  };
  const first = plan.endpoints[0]?.id ?? null;
  if (met.kind === "missing") {
    const tried = met.connected ? plan.endpoints.map(({ id }) => id) : [first];
    return tried.map((id) => failed(met.reason, id));
  }
  const pathId = plan.paths[met.rank]?.id ?? null;
  const before = met.mainPath === null ? [] : [failed(met.mainPath, first)];
  const devices = metersOf(spec);
  const atMs = startMs + (before[0]?.tookMs ?? 0);
  const worked = plan.endpoints.map(({ id, port }): Attempt => {
    const index = spec.endpoints.findIndex((it) => it.port === port);
    const { requests, bytes } = trafficOf(devices[index] ?? []);
    return { atMs, endpointId: id, pathId, tookMs: requests * REQUEST_MS, requests, bytes, reason: null };
  });
  return [...before, ...worked];
}

/** What reading every register of devices takes, in requests as large as they allow. */
function trafficOf(
  devices: readonly SimulatedMeter[],
): { readonly requests: number; readonly bytes: number } {
  let requests = 0;
  let bytes = 0;
  for (const { profile } of devices) {
    const words = Object.values(profile.registers).reduce((sum, register) => sum + wordsOf(register), 0);
    const needed = Math.ceil(words / profile.wordsPerRequest);
    requests += needed;
    bytes += needed * FRAME_BYTES + 2 * words;
  }
  return { requests, bytes };
}
