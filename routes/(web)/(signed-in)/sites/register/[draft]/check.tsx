/**
 * Last step of registering a site: everything once more, and the button that starts it; of changing one its differences,
 * and the button that applies them.
 *
 * @module
 */

import { type Context, HttpError, page, type PageResponse } from "fresh";
import { endMsOf, halfHourOf } from "../../../../../../lib/domain/half_hour.ts";
import { faultsOf } from "../../../../../../lib/domain/registration.ts";
import { startSite } from "../../../../../../lib/store/site_drafts.ts";
import {
  ChangeCheckPage,
  type ChangeCheckPageProps,
} from "../../../../../../lib/ui/pages/register/ChangeCheckPage.tsx";
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
  applyChange,
  changeCheckPage,
  mayLieIn,
  wholeChange,
} from "../../../../../../lib/web/pages/register/change_check.ts";
import {
  DRAFTS_PATH,
  frameOf,
  type OpenDraft,
  openDraft,
  stepPath,
  timeLabel,
} from "../../../../../../lib/web/pages/register/draft.ts";
import { VERSION } from "../../../../../../lib/web/pages/register/fields.ts";
import { newSiteOf } from "../../../../../../lib/web/pages/register/new_site.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, type State } from "../../../../../../lib/web/state.ts";

const CHANGED: Told = {
  state: "warn",
  title: "This draft was changed in another window meanwhile",
  words: "Look at it once more, then go on.",
};

const NOT_YET: Told = {
  state: "critical",
  title: "The site was not started",
  words: "Put right what is listed below.",
};

const NOT_APPLIED: Told = { ...NOT_YET, title: "Nothing was applied" };

const PORT_HELD: Told = {
  state: "critical",
  title: "Nothing was applied: a port cannot go",
  words: "Devices are read through it, or were before they were retired. Leave it on the step of the router.",
};

export const handler = define.handlers({
  async GET(ctx) {
    const draft = await openDraft(ctx);
    const shown = { told: null, nowMs: ctx.state.base.clock.nowMs() };
    return page<Shown>(await pageOf(draft, shown));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const { record, user, services } = draft;
    const nowMs = ctx.state.base.clock.nowMs();
    const { change } = record.registration;
    const read = readForm(await requireBody(ctx), { version: VERSION });
    if (!read.ok || read.value.version !== record.version) {
      return page<Shown>(await pageOf(draft, { told: CHANGED, nowMs }), { status: read.ok ? 409 : 422 });
    }
    if (faultsOf(record.registration).length > 0) {
      const told = change ? NOT_APPLIED : NOT_YET;
      return page<Shown>(await pageOf(draft, { told, nowMs }), { status: 422 });
    }
    if (change) return await applied(ctx, draft);
    const again = stepPath(record.id, "site");
    const site = newSiteOf(record.registration, {
      since: halfHourOf(nowMs),
      find: draft.services.profiles.find,
    });
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

/** Applies a change; what keeps it from that is told here, or on the step where it is put right. */
async function applied(ctx: Context<State>, draft: OpenDraft): Promise<Response | PageResponse<Shown>> {
  const { record } = draft;
  const whole = wholeChange(record.registration);
  const site = `/sites/${whole.change.siteId}`;
  const again = stepPath(record.id, "site");
  if (!mayLieIn(draft, whole)) return redirectTo(`${again}?no-group`);
  const done = await applyChange(draft, authorOf(ctx.state));
  if (done.ok) {
    await scansIn(ctx.state, draft).forget(scanKey(draft));
    return redirectTo(`${site}?done=changed`);
  }
  switch (done.error) {
    case "changed":
      // Applied already, by a second press or in another window.
      return redirectTo(site);
    case "gone":
      throw new HttpError(404);
    case "group-gone":
      return redirectTo(`${again}?no-group`);
    case "name-taken":
      return redirectTo(`${again}?taken`);
    case "site-changed":
    case "port-held": {
      const told = done.error === "port-held" ? PORT_HELD : null;
      const nowMs = ctx.state.base.clock.nowMs();
      return page<Shown>(await pageOf(draft, { told, nowMs }), { status: told ? 422 : 409 });
    }
  }
}

type Shown =
  | { readonly kind: "start"; readonly props: CheckStepPageProps }
  | { readonly kind: "change"; readonly props: ChangeCheckPageProps };

interface ToldAt {
  readonly told: Told | null;
  readonly nowMs: number;
}

async function pageOf(draft: OpenDraft, shown: ToldAt): Promise<Shown> {
  return draft.record.registration.change
    ? { kind: "change", props: await changeCheckPage(draft, shown) }
    : { kind: "start", props: shownOf(draft, shown) };
}

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
  { record, services: { profiles: { find } } }: OpenDraft,
  { told, nowMs }: ToldAt,
): CheckStepPageProps {
  const zone = record.registration.site?.zone ?? "UTC";
  return {
    frame: frameOf(record, { step: "check", told }),
    action: stepPath(record.id, "check"),
    version: record.version,
    ...checkView(record.registration, { draftId: record.id, find }),
    beginsLabel: timeLabel(endMsOf(halfHourOf(nowMs)), zone),
  };
}

export default define.page<typeof handler>(({ data }) =>
  data.kind === "start" ? <CheckStepPage {...data.props} /> : <ChangeCheckPage {...data.props} />
);
