/**
 * Fourth step of registering a site: when it is meant to run.
 *
 * @module
 */

import { page } from "fresh";
import { parseHours } from "../../../../../../lib/domain/hours.ts";
import {
  HoursStepPage,
  type HoursStepPageProps,
} from "../../../../../../lib/ui/pages/register/HoursStepPage.tsx";
import type { Told } from "../../../../../../lib/ui/Told.tsx";
import { type FieldErrors, requireBody } from "../../../../../../lib/web/form.ts";
import {
  CHANGED_ELSEWHERE,
  frameOf,
  openDraft,
  saveStep,
  stepAfter,
  stepPath,
} from "../../../../../../lib/web/pages/register/draft.ts";
import {
  type HoursTexts,
  hoursTexts,
  readHoursForm,
  typedHours,
} from "../../../../../../lib/web/pages/register/hours_form.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";
import type { SiteDraftRecord } from "../../../../../../lib/store/site_drafts.ts";

interface Shown {
  readonly texts: HoursTexts;
  readonly faults: FieldErrors;
  readonly told: Told | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const { record } = await openDraft(ctx);
    const texts = hoursTexts(record.registration.hours);
    return page<HoursStepPageProps>(shownOf(record, { texts, faults: {}, told: null }));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const form = await requireBody(ctx);
    const texts = typedHours(form);
    const read = readHoursForm(form);
    if (!read.ok) {
      const shown = shownOf(draft.record, { texts, faults: read.error, told: null });
      return page<HoursStepPageProps>(shown, { status: 422 });
    }
    const { version, do: pressed, hours } = read.value;
    const registration = { ...draft.record.registration, hours, hoursSeen: true };
    const saved = await saveStep(draft, { registration, version, nowMs: ctx.state.base.clock.nowMs() });
    if (saved.kind === "changed") {
      const shown = shownOf(saved.record, { texts, faults: {}, told: CHANGED_ELSEWHERE });
      return page<HoursStepPageProps>(shown, { status: 409 });
    }
    return redirectTo(stepPath(draft.record.id, pressed === "stay" ? "hours" : stepAfter("hours")));
  },
});

function shownOf(record: SiteDraftRecord, { texts, faults, told }: Shown): HoursStepPageProps {
  const hours = parseHours(texts.days);
  return {
    frame: frameOf(record, { step: "hours", told }),
    action: stepPath(record.id, "hours"),
    version: record.version,
    faults,
    ...texts,
    hours: hours.ok && record.registration.hours ? hours.value : null,
  };
}

export default define.page<typeof handler>(({ data }) => <HoursStepPage {...data} />);
