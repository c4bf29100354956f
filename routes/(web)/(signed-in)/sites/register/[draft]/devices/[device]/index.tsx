/**
 * One device of a site that is being registered: its form.
 *
 * @module
 */

import { page } from "fresh";
import { hasAddresses } from "../../../../../../../../lib/domain/registration.ts";
import {
  DevicesStepPage,
  type DevicesStepPageProps,
} from "../../../../../../../../lib/ui/pages/register/DevicesStepPage.tsx";
import { requireBody } from "../../../../../../../../lib/web/form.ts";
import { readDeviceForm, typedDevice } from "../../../../../../../../lib/web/pages/register/device_form.ts";
import {
  deviceIn,
  devicePage,
  findTyped,
  newDeviceId,
} from "../../../../../../../../lib/web/pages/register/device_page.ts";
import { devicePath } from "../../../../../../../../lib/web/pages/register/device_view.ts";
import {
  CHANGED_ELSEWHERE,
  openDraft,
  saveStep,
  stepAfter,
  stepPath,
  withDevice,
} from "../../../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../../../lib/web/state.ts";
import { liveParts } from "../(_live)/parts.tsx";

export const handler = define.handlers({
  async GET(ctx) {
    const draft = await openDraft(ctx);
    const { registration } = draft.record;
    if (!hasAddresses(registration.router)) return redirectTo(stepPath(draft.record.id, "router"));
    const device = deviceIn(registration, ctx.params.device);
    const { searchParams } = ctx.url;
    const [unit, endpoint] = [searchParams.get("unit"), searchParams.get("endpoint")];
    const begins = /^\d{1,3}$/.test(unit ?? "") && /^\d{1,3}$/.test(endpoint ?? "")
      ? { begins: { unitId: Number(unit), endpointId: Number(endpoint) } }
      : {};
    const hidesScan = searchParams.get("scan") === "hide";
    return page<DevicesStepPageProps>(devicePage(ctx.state, draft, { device, hidesScan, ...begins }));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const { registration } = draft.record;
    const device = deviceIn(registration, ctx.params.device);
    const form = await requireBody(ctx);
    const values = typedDevice(form);
    const id = device?.id ?? newDeviceId(registration);
    const read = readDeviceForm(form, { registration, id, find: await findTyped(draft, form) });
    if (!read.ok) {
      const shown = devicePage(ctx.state, draft, { device, values, faults: read.error });
      return page<DevicesStepPageProps>(shown, { status: 422 });
    }
    const { step, version, do: pressed } = read.value;
    const next = withDevice(registration, step);
    const saved = await saveStep(draft, { registration: next, version, nowMs: ctx.state.base.clock.nowMs() });
    if (saved.kind === "changed") {
      const now = { ...draft, record: saved.record };
      const shown = devicePage(ctx.state, now, { device, values, told: CHANGED_ELSEWHERE });
      return page<DevicesStepPageProps>(shown, { status: 409 });
    }
    const { id: draftId } = draft.record;
    return redirectTo(pressed === "next" ? stepPath(draftId, stepAfter("devices")) : devicePath(draftId, id));
  },
});

export default define.page<typeof handler>(({ data }) => (
  <DevicesStepPage
    {...data}
    parts={liveParts(data)}
  />
));
