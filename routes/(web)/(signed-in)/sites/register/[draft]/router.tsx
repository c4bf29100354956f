/**
 * Second step of registering a site: the router, its addresses and ports, its SIM, and who signs in to it.
 *
 * @module
 */

import { page } from "fresh";
import { PROFILES } from "../../../../../../lib/profiles/mod.ts";
import {
  RouterStepPage,
  type RouterStepPageProps,
  type RouterTexts,
} from "../../../../../../lib/ui/pages/register/RouterStepPage.tsx";
import type { Told } from "../../../../../../lib/ui/Told.tsx";
import { authorOf } from "../../../../../../lib/web/author.ts";
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
import { findTyped } from "../../../../../../lib/web/pages/register/device_page.ts";
import { ownOptions, profileOption } from "../../../../../../lib/web/pages/register/device_view.ts";
import {
  fixedRouter,
  fixedRouterWords,
  heldPorts,
  keepsPassword,
  withPasswordWish,
} from "../../../../../../lib/web/pages/register/change_view.ts";
import { placeWarnings } from "../../../../../../lib/web/pages/register/router_places.ts";
import {
  readRouterForm,
  routerTexts,
  typedRouter,
} from "../../../../../../lib/web/pages/register/router_form.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, type State } from "../../../../../../lib/web/state.ts";

interface Shown {
  readonly values: RouterTexts;
  readonly faults: FieldErrors;
  readonly told: Told | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const draft = await openDraft(ctx);
    const values = routerTexts(draft.record.registration.router);
    return page<RouterStepPageProps>(await shownOf(ctx.state, draft, { values, faults: {}, told: null }));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const form = await requireBody(ctx);
    const values = typedRouter(form);
    const { registration: seen } = draft.record;
    const read = readRouterForm(form, {
      fixed: fixedRouter(seen),
      find: await findTyped(draft, form),
    });
    const faults = read.ok ? heldPorts(seen, { form, endpoints: read.value.step.endpoints }) : read.error;
    if (!read.ok || Object.keys(faults).length > 0) {
      const shown = await shownOf(ctx.state, draft, { values, faults, told: null });
      return page<RouterStepPageProps>(shown, { status: 422 });
    }
    const { step, version, do: pressed, password } = read.value;
    const registration = withPasswordWish({ ...seen, router: step }, password);
    const nowMs = ctx.state.base.clock.nowMs();
    const secret = { by: authorOf(ctx.state), password };
    const saved = await saveStep(draft, { registration, version, nowMs, secret });
    if (saved.kind === "changed") {
      const now = { ...draft, record: saved.record };
      const shown = await shownOf(ctx.state, now, { values, faults: {}, told: CHANGED_ELSEWHERE });
      return page<RouterStepPageProps>(shown, { status: 409 });
    }
    return redirectTo(stepPath(draft.record.id, pressed === "next" ? stepAfter("router") : "router"));
  },
});

async function shownOf(
  state: State,
  draft: OpenDraft,
  { values, faults, told }: Shown,
): Promise<RouterStepPageProps> {
  const { record, own, services: { db, profiles: { find } } } = draft;
  return {
    frame: frameOf(record, { step: "router", told }),
    action: stepPath(record.id, "router"),
    version: record.version,
    values,
    faults,
    profiles: [
      { value: "", label: "Its own registers are not read" },
      ...PROFILES.filter(({ kind }) => kind === "router")
        .map(({ id, vendor, models }) => ({ value: id, label: `${vendor} ${models.join(", ")}` })),
      ...ownOptions({ own, find, held: [record.registration.router?.profileId ?? ""] })
        .filter(({ kind }) => kind === "router").map(profileOption),
    ],
    fixed: fixedRouterWords(record.registration, find),
    passwordKept: await keepsPassword(db, record),
    responseTimeoutDefaultMs: state.base.config.responseTimeoutMs,
    warnings: await placeWarnings(draft, {
      loopbackAllowed: state.base.config.loopbackSites,
      hostDir: state.base.config.hostDir,
    }),
  };
}

export default define.page<typeof handler>(({ data }) => <RouterStepPage {...data} />);
