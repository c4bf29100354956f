/**
 * Last step of registering a site: everything once more, and the button that starts it.
 *
 * @module
 */

import { page } from "fresh";
import { endMsOf, halfHourOf } from "../../../../../../lib/domain/half_hour.ts";
import { faultsOf } from "../../../../../../lib/domain/registration.ts";
import { startSite } from "../../../../../../lib/store/site_drafts.ts";
import {
  CheckStepPage,
  type CheckStepPageProps,
} from "../../../../../../lib/ui/pages/register/CheckStepPage.tsx";
import type { Told } from "../../../../../../lib/ui/Told.tsx";
import type { User } from "../../../../../../lib/store/users.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { checkView } from "../../../../../../lib/web/pages/register/check_view.ts";
import { scanKey, scansIn } from "../../../../../../lib/web/pages/register/device_page.ts";
import {
  DRAFTS_PATH,
  frameOf,
  openDraft,
  stepPath,
  timeLabel,
} from "../../../../../../lib/web/pages/register/draft.ts";
import { VERSION } from "../../../../../../lib/web/pages/register/fields.ts";
import { newSiteOf } from "../../../../../../lib/web/pages/register/new_site.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";
import type { SiteDraftRecord } from "../../../../../../lib/store/site_drafts.ts";

const CHANGED: Told = {
  state: "warn",
  title: "This draft was changed in another window meanwhile",
  words: "Look at it once more, then start it.",
};

const NOT_YET: Told = {
  state: "critical",
  title: "The site was not started",
  words: "Put right what is listed below.",
};

export const handler = define.handlers({
  async GET(ctx) {
    const { record } = await openDraft(ctx);
    return page<CheckStepPageProps>(shownOf(record, { told: null, nowMs: ctx.state.base.clock.nowMs() }));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const { record, user, services } = draft;
    const nowMs = ctx.state.base.clock.nowMs();
    const read = readForm(await requireBody(ctx), { version: VERSION });
    if (!read.ok || read.value.version !== record.version) {
      return page<CheckStepPageProps>(shownOf(record, { told: CHANGED, nowMs }), {
        status: read.ok ? 409 : 422,
      });
    }
    if (faultsOf(record.registration).length > 0) {
      return page<CheckStepPageProps>(shownOf(record, { told: NOT_YET, nowMs }), { status: 422 });
    }
    const again = stepPath(record.id, "site");
    const site = newSiteOf(record.registration, halfHourOf(nowMs));
    if (!mayPutInto(user, site.groupId ?? null)) return redirectTo(`${again}?no-group`);
    const own = { draftId: record.id, ownerId: user.id, version: record.version };
    const started = await startSite(services.db, authorOf(ctx.state), { ...own, site, box: services.box });
    if (started.ok) {
      await scansIn(ctx.state, draft).forget(scanKey(draft));
      return redirectTo(`/sites/${started.value}`);
    }
    switch (started.error) {
      case "changed":
        // Started already, by a second press or in another window: the list tells what is left.
        return redirectTo(DRAFTS_PATH);
      case "group-gone":
        return redirectTo(`${again}?no-group`);
      case "name-taken":
        return redirectTo(`${again}?taken`);
    }
  },
});

/** Whether somebody may register into a group; `null`: into none. What they reach may be less than when they chose. */
function mayPutInto({ reach }: User, groupId: number | null): boolean {
  switch (reach.kind) {
    case "all":
      return true;
    case "some":
      return groupId !== null && reach.groupIds.includes(groupId);
  }
}

function shownOf(
  record: SiteDraftRecord,
  { told, nowMs }: { readonly told: Told | null; readonly nowMs: number },
): CheckStepPageProps {
  const zone = record.registration.site?.zone ?? "UTC";
  return {
    frame: frameOf(record, { step: "check", told }),
    action: stepPath(record.id, "check"),
    version: record.version,
    ...checkView(record.registration, record.id),
    beginsLabel: timeLabel(endMsOf(halfHourOf(nowMs)), zone),
  };
}

export default define.page<typeof handler>(({ data }) => <CheckStepPage {...data} />);
