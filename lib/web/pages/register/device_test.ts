/**
 * A test of a device of a draft, as a whole or line by line while it goes on. One that somebody left is not kept: it
 * says nothing of the device.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { ProbeTarget, SeenStep } from "../../../domain/probe.ts";
import { type DeviceStep, hasAddresses, type Registration } from "../../../domain/registration.ts";
import type { SiteDraftRecord } from "../../../store/site_drafts.ts";
import type { TestLine } from "../../../ui/pages/register/lines.ts";
import type { TestOutcome } from "../../../ui/pages/register/LiveTest.tsx";
import { writeDown } from "../../author.ts";
import { linesAnswer, spoken } from "../../lines.ts";
import type { State } from "../../state.ts";
import { requireStillThere } from "../../still_there.ts";
import { noteOf, stepLabel, stepOf, testOutcome } from "./device_view.ts";
import { type OpenDraft, saveStep, withTest } from "./draft.ts";

/** Milliseconds after which a person is told instead of waiting on. */
const TEST_MS = 60_000;

/** What is tested. */
export interface TestWish {
  /** The draft. */
  readonly draft: OpenDraft;
  /** The device as stored; `null`: a new one. */
  readonly device: DeviceStep | null;
  /** The device as typed. */
  readonly step: DeviceStep;
  /** The same as the prober wants it. */
  readonly target: ProbeTarget;
}

/** What came of a test. */
export interface Tested {
  /** How it went. */
  readonly outcome: TestOutcome;
  /** The draft, which keeps how it went. */
  readonly record: SiteDraftRecord;
}

/** The device of a form as the prober wants it; 404 where its port is gone. */
export function targetOf({ router, devices }: Registration, step: DeviceStep): ProbeTarget {
  const endpoint = router?.endpoints.find(({ id }) => id === step.endpointId);
  if (!hasAddresses(router) || !endpoint) throw new HttpError(404);
  const neighbours = devices.filter(({ id, endpointId }) => id !== step.id && endpointId === step.endpointId);
  return {
    paths: router.paths,
    endpoint,
    unitId: step.unitId,
    profileId: step.profileId,
    transformer: step.transformer,
    neighbours: neighbours.map(({ unitId }) => unitId).filter((unitId) => unitId !== step.unitId),
  };
}

/** Tests a device, writes down that it was, and keeps how it went. */
export async function runTest(
  state: State,
  { draft, device, step, target }: TestWish,
  { signal, onStep }: { readonly signal: AbortSignal; readonly onStep?: (seen: SeenStep) => void },
): Promise<Tested> {
  const { record, services: { prober, profiles } } = draft;
  const { registration, version } = record;
  const until = AbortSignal.any([signal, AbortSignal.timeout(TEST_MS)]);
  const probed = await prober.probe(target, until, onStep ? { onStep } : {});
  const note = probed.ok && !signal.aborted ? noteOf(probed.value, step) : null;
  await writeDown(state, {
    action: "device-tested",
    subject: `draft ${record.id}`,
    after: {
      hosts: target.paths.map(({ host }) => host),
      port: target.endpoint.port,
      unit: step.unitId,
      outcome: signal.aborted ? "left" : note?.state ?? "busy",
    },
  });
  if (!probed.ok) return { outcome: { kind: "busy" }, record };
  const outcome = testOutcome(probed.value, {
    device: step,
    zone: registration.site?.zone ?? "UTC",
    find: profiles.find,
  });
  if (note === null) return { outcome, record };
  await requireStillThere(state);
  const nowMs = state.base.clock.nowMs();
  const noted = withTest(registration, device?.id ?? null, note);
  // Where another window was quicker, the test is shown and not kept.
  const saved = await saveStep(draft, { registration: noted, version, nowMs });
  return { outcome, record: saved.record };
}

/** The same, told line by line; ends at once when whoever asked leaves. */
export function linesOfTest(state: State, wish: TestWish, left: AbortSignal): Response {
  const leaving = new AbortController();
  const lines = spoken<TestLine>();
  const { target, step: { unitId } } = wish;
  lines.say({
    kind: "begun",
    labels: [
      ...target.paths.map(() => stepLabel("path", unitId)),
      ...(["connect", "unit", "block", "plausible"] as const).map((kind) => stepLabel(kind, unitId)),
    ],
  });
  const onStep = ({ place, step }: SeenStep) => {
    lines.say({ kind: "step", place, step: stepOf(step, { report: { findings: [] }, unitId }) });
    // Whoever is not let in any more is told nothing more, and nothing more is asked for them.
    requireStillThere(state).catch((error) => error instanceof HttpError && leaving.abort());
  };
  void runTest(state, wish, { signal: AbortSignal.any([left, leaving.signal]), onStep })
    .then(({ outcome, record }) => lines.say({ kind: "ended", outcome, version: record.version }))
    .catch((error) => {
      if (error instanceof HttpError) return;
      state.base.log.error("A test of a device broke off", { error, requestId: state.requestId });
    })
    .finally(() => lines.end());
  return linesAnswer(lines, () => leaving.abort());
}
