/**
 * Tests a device as it is typed, whether it is stored or not; one that is stored keeps how it went.
 *
 * @module
 */

import { page } from "fresh";
import type { Limit } from "../../../../../../../../lib/kv/limits.ts";
import {
  DevicesStepPage,
  type DevicesStepPageProps,
} from "../../../../../../../../lib/ui/pages/register/DevicesStepPage.tsx";
import { type FieldErrors, requireBody } from "../../../../../../../../lib/web/form.ts";
import { jsonAnswer } from "../../../../../../../../lib/web/json.ts";
import { wantsLines } from "../../../../../../../../lib/web/lines.ts";
import { readDeviceForm, typedDevice } from "../../../../../../../../lib/web/pages/register/device_form.ts";
import {
  deviceIn,
  devicePage,
  FAR_TWIN,
  findTyped,
  isFarTwin,
  newDeviceId,
} from "../../../../../../../../lib/web/pages/register/device_page.ts";
import {
  linesOfTest,
  runTest,
  targetOf,
  type TestWish,
} from "../../../../../../../../lib/web/pages/register/device_test.ts";
import { devicePath } from "../../../../../../../../lib/web/pages/register/device_view.ts";
import { openDraft } from "../../../../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../../../lib/web/state.ts";
import { countPerson } from "../../../../../../../../lib/web/too_many.ts";
import { liveParts } from "../(_live)/parts.tsx";

/** Tests of one person: 60 in ten minutes; a router is asked by one at a time. */
const TESTS: Limit = { name: "device-test", tries: 60, windowMs: 600_000 };

export const handler = define.handlers({
  /** Whoever comes by the address alone is led to the form. */
  async GET(ctx) {
    const { record } = await openDraft(ctx);
    const device = deviceIn(record.registration, ctx.params.device);
    return redirectTo(devicePath(record.id, device?.id ?? "new"));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const { state, req } = ctx;
    const { registration } = draft.record;
    const device = deviceIn(registration, ctx.params.device);
    const form = await requireBody(ctx);
    const values = typedDevice(form);
    const inLines = wantsLines(req);
    const again = (faults: FieldErrors) =>
      inLines
        ? jsonAnswer({ faults }, { status: 422 })
        : page<DevicesStepPageProps>(devicePage(state, draft, { device, values, faults }), { status: 422 });
    const place = { registration, id: device?.id ?? newDeviceId(registration) };
    const read = readDeviceForm(form, { ...place, find: await findTyped(draft, form) });
    if (!read.ok) return again(read.error);
    const { step } = read.value;
    const target = targetOf(registration, step);
    await countPerson(state, TESTS);
    if (await isFarTwin(draft, target)) return again({ endpointId: FAR_TWIN });
    const wish: TestWish = { draft, device, step, target };
    if (inLines) return linesOfTest(state, wish, req.signal);
    const { outcome, record } = await runTest(state, wish, { signal: req.signal });
    return page<DevicesStepPageProps>(devicePage(state, { ...draft, record }, { device, values, outcome }));
  },
});

export default define.page<typeof handler>(({ data }) => (
  <DevicesStepPage
    {...data}
    parts={liveParts(data)}
  />
));
