/**
 * Begins drafts from a registered site: one that changes it, and one of another site that is like it.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { Registration } from "../../../domain/registration.ts";
import { changeOf, cloneOf, copyNames, type RegisteredSite } from "../../../domain/site_change.ts";
import { err, ok, type Result } from "../../../result.ts";
import { createDraft, listDrafts } from "../../../store/site_drafts.ts";
import { freeName } from "../../../store/site_names.ts";
import { readSiteState } from "../../../store/site_state.ts";
import type { Told } from "../../../ui/Told.tsx";
import { servicesOf, type State } from "../../state.ts";
import { FULL, userIdOf } from "./drafts_page.ts";

/** Characters of a site's name at most. */
const NAME_MAX = 80;

/** Names that are tried for a copy. */
const COPIES_MAX = 50;

const TOO_LARGE: Told = {
  state: "warn",
  title: "This site has more than these pages hold",
  words: "At most 4 addresses, 6 ports and 100 devices of a site are changed or copied here.",
};

/** Begins a draft that changes a site, or takes up again the one that is there; its id, or what is told. */
export function beginChange(state: State, siteId: number): Promise<Result<number, Told>> {
  return begin(state, siteId, (site) => Promise.resolve(changeOf(site)));
}

/** Begins a draft of another site that is like this one; its id, or what is told. */
export function beginClone(state: State, siteId: number): Promise<Result<number, Told>> {
  return begin(state, siteId, async (site) => cloneOf(site, await copyName(state, site.state.site.name)));
}

async function begin(
  state: State,
  siteId: number,
  make: (site: RegisteredSite) => Promise<Registration>,
): Promise<Result<number, Told>> {
  const { db } = servicesOf(state);
  const stored = await readSiteState(db, siteId);
  if (!stored.ok) {
    if (stored.error === "gone") throw new HttpError(404);
    return err(TOO_LARGE);
  }
  const registration = await make(stored.value);
  const nowMs = state.base.clock.nowMs();
  const made = await createDraft(db, { ownerId: userIdOf(state), nowMs, registration });
  if (made.ok) return ok(made.value);
  return err(made.error.kind === "too-many" ? FULL : TOO_LARGE);
}

async function copyName(state: State, name: string): Promise<string> {
  const { db } = servicesOf(state);
  const drafted = (await listDrafts(db, userIdOf(state)))
    .map(({ registration }) => registration.site?.name.toLowerCase());
  const names = copyNames(name, { count: COPIES_MAX, max: NAME_MAX })
    .filter((one) => !drafted.includes(one.toLowerCase()));
  return await freeName(db, names) ?? "";
}
