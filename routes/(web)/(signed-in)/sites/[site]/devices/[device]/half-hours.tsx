/**
 * Half-hours of others: a load profile is compared with what is held of a counter of a device. Nothing is stored.
 *
 * @module
 */

import { type Context, HttpError, page } from "fresh";
import type { Limit } from "../../../../../../../lib/kv/limits.ts";
import { type CountingMeter, readMeterCounters } from "../../../../../../../lib/store/meter_counters.ts";
import {
  ForeignPage,
  type ForeignPageProps,
  PROFILE_FIELD,
} from "../../../../../../../lib/ui/pages/ForeignPage.tsx";
import { allowSite } from "../../../../../../../lib/web/allow.ts";
import { writeDown } from "../../../../../../../lib/web/author.ts";
import {
  compareProfile,
  fileTroubleWords,
  foreignPage,
  PROFILE_MAX_BYTES,
  readStatement,
} from "../../../../../../../lib/web/pages/foreign_view.ts";
import { deviceIdOf } from "../../../../../../../lib/web/params.ts";
import { define, servicesOf, type State } from "../../../../../../../lib/web/state.ts";
import { countPerson } from "../../../../../../../lib/web/too_many.ts";
import { requireFormAndFile } from "../../../../../../../lib/web/upload.ts";

/** Comparisons of one person: 60 in ten minutes. */
const COMPARISONS: Limit = { name: "half-hours-compared", tries: 60, windowMs: 600_000 };

interface Place {
  readonly siteId: number;
  readonly meterId: number;
  readonly meter: CountingMeter;
}

export const handler = define.handlers({
  async GET(ctx) {
    return page<ForeignPageProps>(foreignPage(await placeOf(ctx)));
  },
  async POST(ctx) {
    const place = await placeOf(ctx);
    const { state } = ctx;
    const { siteId, meterId, meter } = place;
    const { form, file } = await requireFormAndFile(ctx, {
      field: PROFILE_FIELD,
      maxBytes: PROFILE_MAX_BYTES,
    });
    const stated = readStatement(form, meter);
    // What is too large has no fields any more: they are not what is wrong then.
    const lost = !file.ok && file.error !== "none" && form.size === 0;
    const faults = {
      ...(!stated.ok && !lost && stated.error),
      ...(!file.ok && { [PROFILE_FIELD]: fileTroubleWords(file.error) }),
    };
    if (!stated.ok || !file.ok) {
      return page<ForeignPageProps>(foreignPage({ ...place, form, faults }), { status: 422 });
    }
    await countPerson(state, COMPARISONS);
    const compared = await compareProfile(servicesOf(state).db, stated.value, file.value);
    const { outcome } = compared;
    const { counter, statement: { zone: _, unit, ...statement } } = stated.value;
    await writeDown(state, {
      action: "half-hours-compared",
      subject: `device ${meterId}`,
      siteId,
      after: {
        ...statement,
        quantity: counter.quantity,
        unit: unit.id,
        outcome: outcome.kind === "compared" ? outcome.proof.verdict : outcome.kind,
      },
    });
    const shown = foreignPage({ ...place, form, compared });
    return page<ForeignPageProps>(shown, { status: outcome.kind === "compared" ? 200 : 422 });
  },
});

/** The device in the path of a site where half-hours may be brought in. */
async function placeOf(ctx: Context<State>): Promise<Place> {
  const { id: siteId } = await allowSite(ctx, "site.import-readings");
  const meterId = deviceIdOf(ctx.params);
  const meter = await readMeterCounters(servicesOf(ctx.state).db, { siteId, meterId });
  if (!meter) throw new HttpError(404);
  ctx.state.title = `Half-hours of others, ${meter.name}`;
  return { siteId, meterId, meter };
}

export default define.page<typeof handler>(({ data }) => <ForeignPage {...data} />);
