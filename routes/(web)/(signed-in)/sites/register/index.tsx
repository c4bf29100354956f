/**
 * Where registering sites begins: one's own drafts, and a new one.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { faultsOf, STEPS, stepStates } from "../../../../../lib/domain/registration.ts";
import {
  createDraft,
  DRAFTS_MAX,
  listDrafts,
  type SiteDraftRecord,
} from "../../../../../lib/store/site_drafts.ts";
import {
  type DraftRow,
  DraftsPage,
  type DraftsPageProps,
} from "../../../../../lib/ui/pages/register/DraftsPage.tsx";
import type { Told } from "../../../../../lib/ui/Told.tsx";
import { allow } from "../../../../../lib/web/allow.ts";
import { readForm, requireBody } from "../../../../../lib/web/form.ts";
import { whenLabel } from "../../../../../lib/web/pages/account_view.ts";
import { DRAFTS_PATH, stepPath } from "../../../../../lib/web/pages/register/draft.ts";
import { redirectTo } from "../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../lib/web/state.ts";

const FULL: Told = {
  state: "warn",
  title: `There are ${DRAFTS_MAX} drafts already`,
  words: "Start or remove one before you begin another.",
};

const REMOVED: Told = { state: "good", title: "The draft is removed", words: "" };

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "sites.register");
    const told = ctx.url.searchParams.get("done") === "removed" ? REMOVED : null;
    return page<DraftsPageProps>(await shownOf(ctx.state, told));
  },
  async POST(ctx) {
    allow(ctx, "sites.register");
    const { state } = ctx;
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const nowMs = state.base.clock.nowMs();
    const made = await createDraft(servicesOf(state).db, { ownerId: userIdOf(state), nowMs });
    if (!made.ok) return page<DraftsPageProps>(await shownOf(state, FULL), { status: 422 });
    return redirectTo(stepPath(made.value, "site"));
  },
});

async function shownOf(state: State, told: Told | null): Promise<DraftsPageProps> {
  state.title = "Register sites";
  const drafts = await listDrafts(servicesOf(state).db, userIdOf(state));
  return { drafts: drafts.map(rowOf), beginAction: DRAFTS_PATH, draftsMax: DRAFTS_MAX, told };
}

function rowOf({ id, registration, changedMs }: SiteDraftRecord): DraftRow {
  const { site, devices } = registration;
  const states = stepStates(registration);
  const next = STEPS.find((step) => states[step] !== "done") ?? "check";
  const seen = STEPS.filter((step) => states[step] !== "todo");
  return {
    id,
    name: site?.name ?? "",
    town: site?.town ?? "",
    href: stepPath(id, next),
    savedLabel: whenLabel(site?.zone ?? "UTC", changedMs),
    done: STEPS.filter((step) => states[step] === "done").length,
    next,
    faults: faultsOf(registration).filter(({ step }) => seen.includes(step)).length,
    devices: devices.length,
    removeAction: `${DRAFTS_PATH}/${id}/remove`,
  };
}

function userIdOf({ user }: State): number {
  if (!user) throw new HttpError(401);
  return user.id;
}

export default define.page<typeof handler>(({ data }) => <DraftsPage {...data} />);
