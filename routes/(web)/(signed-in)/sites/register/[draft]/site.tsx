/**
 * First step of registering a site: what it is called, where it is, and whom to call.
 *
 * @module
 */

import { page } from "fresh";
import { listGroups } from "../../../../../../lib/store/groups.ts";
import {
  SiteStepPage,
  type SiteStepPageProps,
  type SiteTexts,
} from "../../../../../../lib/ui/pages/register/SiteStepPage.tsx";
import type { Told } from "../../../../../../lib/ui/Told.tsx";
import { type FieldErrors, requireBody } from "../../../../../../lib/web/form.ts";
import {
  CHANGED_ELSEWHERE,
  frameOf,
  type OpenDraft,
  openDraft,
  saveStep,
  stepAfter,
  stepPath,
} from "../../../../../../lib/web/pages/register/draft.ts";
import {
  readSiteForm,
  type SiteFormRules,
  siteTexts,
  typedSite,
} from "../../../../../../lib/web/pages/register/site_form.ts";
import { zoneWarningOf } from "../../../../../../lib/web/pages/register/change_view.ts";
import { groupsWithin } from "../../../../../../lib/web/pages/tokens_view.ts";
import { fleetZone } from "../../../../../../lib/web/pages/zone.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

interface Shown {
  readonly values: SiteTexts;
  readonly faults: FieldErrors;
  readonly told: Told | null;
}

const NAME_TAKEN = "Another site has this name already";
const GROUP_GONE = "The group is not there any more, or you do not reach sites by it: choose again";

export const handler = define.handlers({
  async GET(ctx) {
    const draft = await openDraft(ctx);
    const { registration } = draft.record;
    const nowMs = ctx.state.base.clock.nowMs();
    const zone = await fleetZone(draft.services.db, { reaches: [draft.user.reach], nowMs });
    const { searchParams } = ctx.url;
    const faults: FieldErrors = {
      ...searchParams.has("taken") ? { name: NAME_TAKEN } : {},
      ...searchParams.has("no-group") ? { group: GROUP_GONE } : {},
    };
    const values = siteTexts(registration.site, { zone: zone === "UTC" ? "" : zone });
    const shown = await shownOf(draft, { values, faults, told: null });
    return page<SiteStepPageProps>(shown, { status: Object.keys(faults).length > 0 ? 422 : 200 });
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const form = await requireBody(ctx);
    const rules = await rulesOf(draft);
    const values = typedSite(form, rules);
    const read = readSiteForm(form, rules);
    if (!read.ok) {
      return page<SiteStepPageProps>(await shownOf(draft, { values, faults: read.error, told: null }), {
        status: 422,
      });
    }
    const { step, version, do: pressed } = read.value;
    const registration = { ...draft.record.registration, site: step };
    const nowMs = ctx.state.base.clock.nowMs();
    const saved = await saveStep(draft, { registration, version, nowMs });
    if (saved.kind === "changed") {
      const now = { ...draft, record: saved.record };
      const shown = await shownOf(now, { values, faults: {}, told: CHANGED_ELSEWHERE });
      return page<SiteStepPageProps>(shown, { status: 409 });
    }
    return redirectTo(stepPath(draft.record.id, pressed === "next" ? stepAfter("site") : "site"));
  },
});

async function rulesOf(draft: OpenDraft): Promise<SiteFormRules> {
  const { record: { registration: { change } }, user } = draft;
  const groups = (await groupsOf(draft)).map(({ id }) => id);
  return {
    groupIds: [
      ...(user.reach.kind === "all" ? [null] : []),
      ...groups,
      // Whoever reaches a site by its name may leave it where it lies.
      ...(change ? [change.base.site.groupId] : []),
    ],
    asksCollected: change !== undefined,
  };
}

async function groupsOf({ user, services }: OpenDraft) {
  return groupsWithin(await listGroups(services.db), user.reach);
}

async function shownOf(draft: OpenDraft, { values, faults, told }: Shown): Promise<SiteStepPageProps> {
  const { record, user } = draft;
  const groups = await groupsOf(draft);
  const { site, change } = record.registration;
  const now = change && (change.base.site.groupId ?? "");
  const isOffered = user.reach.kind === "all" || groups.some(({ id }) => id === now);
  const asNow = now === undefined || isOffered ? [] : [{ value: String(now), label: "As it is now" }];
  const none = user.reach.kind === "all" || (groups.length === 0 && !change)
    ? [{ value: "", label: "No group" }]
    : [];
  return {
    frame: frameOf(record, { step: "site", told }),
    action: stepPath(record.id, "site"),
    version: record.version,
    values,
    faults,
    groups: [...none, ...asNow, ...groups.map(({ id, name }) => ({ value: String(id), label: name }))],
    zones: Intl.supportedValuesOf("timeZone"),
    place: site?.latitude == null || site.longitude == null
      ? null
      : { latitude: site.latitude, longitude: site.longitude },
    zoneOffsetMin: null,
    zoneWarning: zoneWarningOf(record.registration),
  };
}

export default define.page<typeof handler>(({ data }) => <SiteStepPage {...data} />);
