/**
 * The list of somebody's drafts. A change of a site that is out of reach by now stands there without its name, so that it
 * can be taken away.
 *
 * @module
 */

import { HttpError } from "fresh";
import { faultsOf, STEPS, stepStates } from "../../../domain/registration.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import { findSitePlace } from "../../../store/site_places.ts";
import { DRAFTS_MAX, listDrafts, type SiteDraftRecord } from "../../../store/site_drafts.ts";
import type { DraftRow, DraftsPageProps } from "../../../ui/pages/register/DraftsPage.tsx";
import type { Told } from "../../../ui/Told.tsx";
import { mightDo } from "../../allow.ts";
import { servicesOf, type State } from "../../state.ts";
import { whenLabel } from "../account_view.ts";
import { countDifferences } from "./change_check.ts";
import { DRAFTS_PATH, profilesIn, stepPath } from "./draft.ts";

/** Told where no more drafts are kept. */
export const FULL: Told = {
  state: "warn",
  title: `There are ${DRAFTS_MAX} drafts already`,
  words: "Start, apply or remove one before you begin another.",
};

/** Puts the list together. */
export async function draftsPage(state: State, told: Told | null): Promise<DraftsPageProps> {
  state.title = "Register sites";
  const { db, profiles } = servicesOf(state);
  const drafts = await listDrafts(db, userIdOf(state));
  const find = await profiles.load(drafts.flatMap(({ registration }) => profilesIn(registration)));
  return {
    drafts: await Promise.all(drafts.map((draft) => rowOf(state, { draft, find }))),
    beginAction: DRAFTS_PATH,
    draftsMax: DRAFTS_MAX,
    told,
  };
}

/** Who asks. */
export function userIdOf({ user }: State): number {
  if (!user) throw new HttpError(401);
  return user.id;
}

async function rowOf(
  state: State,
  { draft, find }: { readonly draft: SiteDraftRecord; readonly find: FindProfile },
): Promise<DraftRow> {
  const { id, registration, changedMs } = draft;
  const { site, devices, change } = registration;
  const removeAction = `${DRAFTS_PATH}/${id}/remove`;
  const savedLabel = whenLabel(site?.zone ?? "UTC", changedMs);
  if (change && !await reaches(state, change.siteId)) {
    const none = { name: "", town: "", href: null, done: 0, next: "check", faults: 0, devices: 0 } as const;
    return { id, ...none, savedLabel, removeAction, change: { differences: 0 } };
  }
  const states = stepStates(registration);
  const next = change ? "check" : STEPS.find((step) => states[step] !== "done") ?? "check";
  const seen = STEPS.filter((step) => states[step] !== "todo");
  return {
    id,
    name: change ? change.base.site.name : site?.name ?? "",
    town: site?.town ?? "",
    href: stepPath(id, next),
    savedLabel,
    done: STEPS.filter((step) => states[step] === "done").length,
    next,
    faults: faultsOf(registration).filter(({ step }) => seen.includes(step)).length,
    devices: devices.length,
    removeAction,
    change: change ? { differences: countDifferences(registration, find) } : null,
  };
}

async function reaches(state: State, siteId: number): Promise<boolean> {
  const place = await findSitePlace(servicesOf(state).db, siteId);
  return place !== null && mightDo(state, "site.change", place);
}
