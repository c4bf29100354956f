/**
 * Tests a device as it is typed, whether it is stored or not; one that is stored keeps how it went.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import type { ProbeTarget } from "../../../../../../../../lib/domain/probe.ts";
import type { DeviceStep, Registration } from "../../../../../../../../lib/domain/registration.ts";
import type { Limit } from "../../../../../../../../lib/kv/limits.ts";
import {
  DevicesStepPage,
  type DevicesStepPageProps,
} from "../../../../../../../../lib/ui/pages/register/DevicesStepPage.tsx";
import { writeDown } from "../../../../../../../../lib/web/author.ts";
import { requireBody } from "../../../../../../../../lib/web/form.ts";
import { readDeviceForm, typedDevice } from "../../../../../../../../lib/web/pages/register/device_form.ts";
import {
  deviceIn,
  devicePage,
  FAR_TWIN,
  isFarTwin,
  newDeviceId,
} from "../../../../../../../../lib/web/pages/register/device_page.ts";
import {
  devicePath,
  noteOf,
  testOutcome,
} from "../../../../../../../../lib/web/pages/register/device_view.ts";
import { openDraft, saveStep, withTest } from "../../../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../../../lib/web/state.ts";
import { countPerson } from "../../../../../../../../lib/web/too_many.ts";

/** Tests of one person: 60 in ten minutes; a router is asked by one at a time. */
const TESTS: Limit = { name: "device-test", tries: 60, windowMs: 600_000 };

/** Milliseconds after which a person is told instead of waiting on. */
const TEST_MS = 60_000;

export const handler = define.handlers({
  /** Whoever comes by the address alone is led to the form. */
  async GET(ctx) {
    const { record } = await openDraft(ctx);
    const device = deviceIn(record.registration, ctx.params.device);
    return redirectTo(devicePath(record.id, device?.id ?? "new"));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const { state } = ctx;
    const { registration } = draft.record;
    const device = deviceIn(registration, ctx.params.device);
    const form = await requireBody(ctx);
    const values = typedDevice(form);
    const read = readDeviceForm(form, { registration, id: device?.id ?? newDeviceId(registration) });
    if (!read.ok) {
      const shown = devicePage(state, draft, { device, values, faults: read.error });
      return page<DevicesStepPageProps>(shown, { status: 422 });
    }
    const { step } = read.value;
    const target = targetOf(registration, step);
    await countPerson(state, TESTS);
    if (await isFarTwin(draft, target)) {
      const shown = devicePage(state, draft, { device, values, faults: { endpointId: FAR_TWIN } });
      return page<DevicesStepPageProps>(shown, { status: 422 });
    }
    const signal = AbortSignal.any([ctx.req.signal, AbortSignal.timeout(TEST_MS)]);
    const probed = await draft.services.prober.probe(target, signal);
    await writeDown(state, {
      action: "device-tested",
      subject: `draft ${draft.record.id}`,
      after: {
        hosts: target.paths.map(({ host }) => host),
        port: target.endpoint.port,
        unit: step.unitId,
        outcome: probed.ok ? noteOf(probed.value, step).state : probed.error,
      },
    });
    if (!probed.ok) {
      const busy = devicePage(state, draft, { device, values, outcome: { kind: "busy" } });
      return page<DevicesStepPageProps>(busy);
    }
    const outcome = testOutcome(probed.value, { device: step, zone: registration.site?.zone ?? "UTC" });
    const note = noteOf(probed.value, step);
    const { version } = draft.record;
    const nowMs = state.base.clock.nowMs();
    const noted = withTest(registration, device?.id ?? null, note);
    // Where another window was quicker, the test is shown and not kept.
    const saved = await saveStep(draft, { registration: noted, version, nowMs });
    const now = { ...draft, record: saved.record };
    return page<DevicesStepPageProps>(devicePage(state, now, { device, values, outcome }));
  },
});

function targetOf({ router, devices }: Registration, step: DeviceStep): ProbeTarget {
  const endpoint = router?.endpoints.find(({ id }) => id === step.endpointId);
  if (!router || !endpoint) throw new HttpError(404);
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

export default define.page<typeof handler>(({ data }) => <DevicesStepPage {...data} />);
