/**
 * One test of a device: over the first path that answers, then the other paths by a connection alone, because most
 * gateways take only one at a time.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { Channel } from "../lib/domain/channel.ts";
import {
  NEIGHBOURS_MAX,
  type ProbePlace,
  type ProbeReport,
  type ProbeStep,
  type ProbeStepKind,
  type ProbeTarget,
  type SeenStep,
} from "../lib/domain/probe.ts";
import {
  type BlockSeen,
  blockWords,
  isAnswer,
  isSilence,
  type Neighbour,
  type PathSeen,
  plausibleWords,
  type UnitSeen,
} from "../lib/domain/probe_words.ts";
import type { ReadingReason } from "../lib/domain/reading.ts";
import type { Endpoint, Meter } from "../lib/domain/site.ts";
import type { CounterGrowth } from "../lib/domain/wiring.ts";
import { channelsOf } from "../lib/profiles/mod.ts";
import { wordsOf } from "../lib/profiles/profile.ts";
import { readEndpoint, type Task, type TaskOutcome } from "./endpoint_visit.ts";
import { reasonOf } from "./read_error.ts";
import {
  type AskedUnit,
  connectStep,
  pathStep,
  type Span,
  stepOf,
  type TriedPath,
  unitStep,
} from "./probe_steps.ts";
import { betterOrderOf, type DeviceAnswers, findingsOf, growthOf, valuesOf } from "./probe_values.ts";
import { createSession, type DialRules, type Question, type Session } from "./session.ts";
import { type FindProfile, type PlannedChannel, planVisit } from "./visit_plan.ts";

/** What a test works with. */
export interface ProbeTools {
  /** The time. */
  readonly clock: Clock;
  /** How to dial. */
  readonly rules: DialRules;
  /** Finds device profiles. */
  readonly findProfile: FindProfile;
  /** Hears of each step as soon as it is known. */
  readonly onStep?: (seen: SeenStep) => void;
}

/** Milliseconds between two reads of the counters. */
const APART_MS = 2_000;

/** Counters are read twice only where one request brings them, and in less than so many milliseconds. */
const QUICK_MS = 1_000;

interface Probe {
  readonly tools: ProbeTools;
  readonly target: ProbeTarget;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds of the start. */
  readonly startMs: number;
  readonly tasks: readonly Task[];
  readonly channels: readonly PlannedChannel[];
  bytes: number;
}

/** A path that connects. */
interface WayIn extends Span {
  readonly rank: number;
  readonly session: Session;
  readonly unit: UnitAsked;
}

interface UnitAsked extends AskedUnit {
  /** Whether anything at all answers over this path. */
  readonly answers: boolean;
}

/** Tests a device whose endpoint is ours for now. Never throws for what the world does. */
export async function runProbe(
  tools: ProbeTools,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeReport> {
  const { clock } = tools;
  const atMs = clock.nowMs();
  const probe: Probe = {
    tools,
    target,
    signal,
    startMs: clock.monotonicMs(),
    bytes: 0,
    ...planOf(tools, target),
  };
  const tried: TriedPath[] = [];
  const way = await findWayIn(probe, tried);
  const wayIn = [
    tell(probe, connectStep(target, way ?? { rank: null, ...sinceBegin(probe) }, tried)),
    tell(probe, unitStep(target, way?.unit ?? { seen: { kind: "skipped" }, neighbours: [], ...none(probe) })),
  ];
  const read = await readDevice(probe, way);
  for (let rank = tried.length; rank < target.paths.length; rank++) {
    note(probe, tried, await tryPath(probe, rank));
  }
  const paths = target.paths.map((path, rank) =>
    pathStep(path, tried[rank] ?? { seen: { kind: "skipped" }, ...none(probe) })
  );
  const steps = [...paths, ...wayIn, ...read.steps];
  const { values, findings } = read;
  return { atMs, tookMs: sinceStart(probe), bytes: probe.bytes, steps, values, findings };
}

/** A conversation over one path of a place; with several, over the first that connects. */
export function openSession(
  { clock, rules }: Pick<ProbeTools, "clock" | "rules">,
  { paths, endpoint }: ProbePlace,
  signal: AbortSignal,
): Session {
  return createSession({
    endpoint: { ...endpoint, id: ENDPOINT_ID },
    paths: paths.map((path, rank) => ({ ...path, id: rank + 1, rank })),
    route: { pathId: null },
    rules,
    clock,
    signal,
  });
}

/** Ids within a test; none of them is stored. */
const ENDPOINT_ID = 1;
const METER_ID = 1;

/** The requests of the target's profile; none where there is no such profile. */
function planOf({ findProfile }: ProbeTools, target: ProbeTarget): Pick<Probe, "tasks" | "channels"> {
  const profile = findProfile(target.profileId);
  const endpoint: Endpoint = { ...target.endpoint, id: ENDPOINT_ID };
  const { unitId, profileId, transformer } = target;
  const meter: Meter = {
    id: METER_ID,
    endpointId: ENDPOINT_ID,
    name: "",
    unitId,
    profileId,
    transformer,
    endUse: null,
    wholeSite: false,
    maxPowerW: null,
  };
  const channels: readonly Channel[] = (profile ? channelsOf(profile) : []).map((shape, i) => ({
    ...shape,
    id: i + 1,
    siteId: 0,
    meterId: METER_ID,
    since: 0,
    until: null,
  }));
  const plan = planVisit({ endpoints: [endpoint], meters: [meter], channels }, {
    findProfile,
    wants: () => true,
  });
  return { tasks: plan.endpoints[0]?.tasks ?? [], channels: [...plan.channels.values()] };
}

/** Tries the paths until something answers; else the first that connects, closed again. */
async function findWayIn(probe: Probe, tried: TriedPath[]): Promise<WayIn | null> {
  let quiet: WayIn | null = null;
  for (const [rank, path] of probe.target.paths.entries()) {
    if (probe.signal.aborted) break;
    const session = openSession(probe.tools, { ...probe.target, paths: [path] }, probe.signal);
    const beginsMs = sinceStart(probe);
    const connected = await session.connect();
    const span = { beginsMs, tookMs: sinceStart(probe) - beginsMs };
    if (!connected.ok) {
      end(probe, session);
      note(probe, tried, { ...span, seen: failedPath(reasonOf(connected.error)) });
      continue;
    }
    tell(probe, connectStep(probe.target, { rank, ...span }, tried));
    const unit = await askUnit(probe, session);
    note(probe, tried, { ...span, seen: { kind: unit.answers ? "used" : "quiet" } });
    const way: WayIn = { ...span, rank, session, unit };
    if (unit.answers) return way;
    end(probe, session);
    quiet ??= way;
  }
  return quiet;
}

/** Connects over a path and asks nothing. */
async function tryPath(probe: Probe, rank: number): Promise<TriedPath> {
  const path = probe.target.paths[rank];
  if (probe.signal.aborted || path === undefined) return { seen: { kind: "skipped" }, ...none(probe) };
  const beginsMs = sinceStart(probe);
  const session = openSession(probe.tools, { ...probe.target, paths: [path] }, probe.signal);
  const connected = await session.connect();
  end(probe, session);
  const seen: PathSeen = connected.ok ? { kind: "connected" } : failedPath(reasonOf(connected.error));
  return { seen, beginsMs, tookMs: sinceStart(probe) - beginsMs };
}

function failedPath(reason: ReadingReason): PathSeen {
  return reason === "visit-deadline" ? { kind: "skipped" } : { kind: "failed", reason };
}

/** A first small read; where the unit is silent, of its neighbours too. */
async function askUnit(probe: Probe, session: Session): Promise<UnitAsked> {
  const { unitId } = probe.target;
  const beginsMs = sinceStart(probe);
  const question = smallQuestion(probe);
  const first = await session.ask(question);
  const reason = first.ok ? null : reasonOf(first.error);
  const neighbours: Neighbour[] = [];
  let answers = reason === null || speaks(reason);
  const others = probe.target.neighbours.filter((other) => other !== unitId).slice(0, NEIGHBOURS_MAX);
  for (const other of reason !== null && isSilence(reason) ? others : []) {
    if (probe.signal.aborted) break;
    const asked = await session.ask({ ...question, unitId: other });
    const why = asked.ok ? null : reasonOf(asked.error);
    neighbours.push({ unitId: other, answers: why === null || isAnswer(why) });
    answers ||= why === null || speaks(why);
  }
  const seen: UnitSeen = reason === null ? { kind: "answers" } : { kind: "failed", reason };
  return { seen, neighbours, answers, beginsMs, tookMs: sinceStart(probe) - beginsMs };
}

/** Whether a reason shows that something at the other end speaks Modbus, be it only a gateway. */
function speaks(reason: ReadingReason): boolean {
  return isAnswer(reason) || reason === "unit-silent" || reason === "path-unavailable";
}

/** The first quantity of the first request alone; without a profile, the first holding register. */
function smallQuestion({ target, tasks: [task], channels }: Probe): Question {
  const { unitId, endpoint: { pauseMs } } = target;
  if (!task) return { unitId, functionCode: 3, address: 0, count: 1, pauseMs };
  const { functionCode, address, count } = task.span;
  const first = channels.find(({ channel, spec }) =>
    spec.address === address && task.span.quantities.includes(channel.quantity)
  );
  const wanted = first ? wordsOf(first.spec) : count;
  return { unitId, functionCode, address, count: Math.min(count, wanted), pauseMs: task.pauseMs };
}

type Read = Pick<ProbeReport, "values" | "findings" | "steps">;

/** Reads all registers of the profile and judges them. */
async function readDevice(probe: Probe, way: WayIn | null): Promise<Read> {
  const { target: { unitId, profileId }, tasks } = probe;
  const why = whyUnread(way, { unitId, profileId, tasks });
  if (way === null || why !== null) {
    if (way?.unit.answers) end(probe, way.session);
    const words = why ?? "Not read";
    const steps = [
      tell(probe, stepOf("block", blockWords(null, words), none(probe))),
      tell(probe, stepOf("plausible", plausibleWords(null, words), none(probe))),
    ];
    return { steps, values: [], findings: [] };
  }
  const beginsMs = sinceStart(probe);
  const outcomes = await readEndpoint(way.session, { tasks });
  const block = tell(probe, stepOf("block", blockWords(blockOf(outcomes), ""), spanSince(probe, beginsMs)));
  const answers: DeviceAnswers = { channels: probe.channels, outcomes };
  const judged = await judge(probe, { session: way.session, answers });
  end(probe, way.session);
  return { ...judged, steps: [block, ...judged.steps] };
}

/** Why the registers are not read; `null`: they are. */
function whyUnread(
  way: WayIn | null,
  { unitId, profileId, tasks }: Pick<ProbeTarget, "unitId" | "profileId"> & Pick<Probe, "tasks">,
): string | null {
  if (way === null) return "Not read: no connection";
  const { seen } = way.unit;
  if (seen.kind === "failed" && !isAnswer(seen.reason)) return `Not read: unit ${unitId} does not answer`;
  return tasks.length === 0 ? `Not read: there is no profile "${profileId}"` : null;
}

function blockOf(outcomes: ReadonlyMap<Task, TaskOutcome>): BlockSeen {
  const all = [...outcomes];
  return {
    requests: all.length,
    registers: all.reduce((sum, [, outcome]) => sum + (outcome.ok ? outcome.value.words.length : 0), 0),
    failed: all.flatMap(([{ span: { address, count } }, outcome]) =>
      outcome.ok ? [] : [{ address, count, reason: reasonOf(outcome.error) }]
    ),
  };
}

async function judge(
  probe: Probe,
  { session, answers }: { readonly session: Session; readonly answers: DeviceAnswers },
): Promise<Read> {
  const { target } = probe;
  const beginsMs = sinceStart(probe);
  const values = valuesOf(answers);
  if (values.every(({ words }) => words === "")) {
    const words = plausibleWords(null, "Not judged: no registers came");
    return { steps: [tell(probe, stepOf("plausible", words, none(probe)))], values, findings: [] };
  }
  const { growth, fell } = await readTwice(probe, { session, answers });
  const findings = findingsOf(answers, target, growth);
  const words = plausibleWords({ values, findings, fell, betterOrder: betterOrderOf(answers, target) }, "");
  return { steps: [tell(probe, stepOf("plausible", words, spanSince(probe, beginsMs)))], values, findings };
}

/** Reads the counters once more, a little later, where that is cheap. */
async function readTwice(
  { tools: { clock }, channels, signal }: Probe,
  { session, answers }: { readonly session: Session; readonly answers: DeviceAnswers },
): Promise<{ readonly growth: CounterGrowth | null; readonly fell: readonly string[] }> {
  const nothing = { growth: null, fell: [] };
  const counting = [...answers.outcomes].filter(([{ span }]) => span.hasCounter);
  const [task, first] = counting[0] ?? [];
  if (counting.length !== 1 || !task || !first?.ok || first.value.tookMs > QUICK_MS) return nothing;
  await clock.sleep(APART_MS, signal);
  if (signal.aborted) return nothing;
  const outcomes = await readEndpoint(session, { tasks: [task] });
  return growthOf(answers, { channels, outcomes });
}

/** Places after those of the paths. */
const AFTER_PATHS: readonly ProbeStepKind[] = ["connect", "unit", "block", "plausible"];

/** Tells of a step that is known, and gives it back; of a path it is told where it is noted. */
function tell({ tools: { onStep }, target }: Probe, step: ProbeStep): ProbeStep {
  onStep?.({ place: target.paths.length + AFTER_PATHS.indexOf(step.kind), step });
  return step;
}

/** Notes the next path that was tried. */
function note({ tools: { onStep }, target }: Probe, tried: TriedPath[], path: TriedPath): void {
  const place = tried.push(path) - 1;
  const at = target.paths[place];
  if (at) onStep?.({ place, step: pathStep(at, path) });
}

function end(probe: Probe, session: Session): void {
  for (const { bytes } of session.end().attempts) probe.bytes += bytes;
}

function sinceStart({ tools: { clock }, startMs }: Probe): number {
  return Math.round(clock.monotonicMs() - startMs);
}

function spanSince(probe: Probe, beginsMs: number): Span {
  return { beginsMs, tookMs: sinceStart(probe) - beginsMs };
}

/** All of it so far. */
function sinceBegin(probe: Probe): Span {
  return { beginsMs: 0, tookMs: sinceStart(probe) };
}

function none(probe: Probe): Span {
  return { beginsMs: sinceStart(probe), tookMs: 0 };
}
