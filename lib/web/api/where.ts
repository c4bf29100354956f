/**
 * Asking about a thing that lies at a site: it is looked up wherever it is, then its site is asked about, so that one
 * out of reach is refused and written down, and looks like one that is not there.
 *
 * @module
 */

import type { Context } from "fresh";
import { ALL_SITES, type Reach, type SiteAction, type SitePlace } from "../../domain/permission.ts";
import { allowSiteId } from "../allow.ts";
import type { State } from "../state.ts";

/** Looks things up wherever they are: only to ask then whether their site is within reach. */
export const ANYWHERE: readonly Reach[] = [ALL_SITES];

/** An id that no site has. */
const NO_SITE = 0;

/** Asks for something where a thing lies; 404 where it is out of reach or, `undefined`, not there. */
export async function allowWhere(
  ctx: Context<State>,
  place: SitePlace | undefined,
  action: SiteAction,
): Promise<void> {
  try {
    await allowSiteId(ctx, place?.id ?? NO_SITE, action);
  } finally {
    const { state } = ctx;
    // What is not there is written down too, so that both take as long.
    if (state.refusal?.siteId === NO_SITE) state.refusal = { action, siteId: null };
  }
}
