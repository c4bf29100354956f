/**
 * The question every route asks before it does anything: may this person do this, here? A route that asks nothing is
 * answered with an error by the middleware of the pages behind the door, whatever it has answered itself.
 *
 * What is out of reach does not exist: it is looked up, refused and shown exactly as an id that nothing has.
 *
 * @module
 */

import { HttpError } from "fresh";
import {
  type Asker,
  may,
  type PlaceAction,
  reachesSite,
  type SiteAction,
  type SitePlace,
} from "../domain/permission.ts";
import { findSitePlace } from "../store/site_places.ts";
import type { User } from "../store/users.ts";
import { siteIdOf } from "./params.ts";
import { servicesOf, type State } from "./state.ts";

/** The part of a request's context that is asked about. */
export interface AskedContext {
  /** Who asks. */
  readonly state: State;
  /** Parameters of the route. */
  readonly params: Readonly<Record<string, string>>;
}

/** Who asks when a person does it in a browser. */
export function askerOf(user: User): Asker {
  return { role: user.role, reaches: [user.reach], mayWrite: true };
}

/**
 * Asks for something that is done at no site in particular; 403 when the role may not.
 *
 * @returns Who asks: what is listed for them is only of the sites within `reaches`.
 */
export function allow({ state }: Pick<AskedContext, "state">, action: PlaceAction): Asker {
  const asker = asked(state);
  if (may(asker, action)) return asker;
  state.refusal = { action, siteId: null };
  throw new HttpError(403);
}

/**
 * Asks for something at the site in the path: 404 when there is none or it is out of reach, 403 when it may be seen
 * but this may not be done there.
 */
export async function allowSite({ state, params }: AskedContext, action: SiteAction): Promise<SitePlace> {
  const asker = asked(state);
  const siteId = siteIdOf(params);
  return await placeWithin(state, { asker, siteId, action });
}

/** Administration pages in the order in which they are offered. */
const ADMIN_PAGES: readonly [AskedPage, ...AskedPage[]] = [
  { action: "people.see", label: "People", href: "/admin/people" },
  { action: "people.see", label: "Groups", href: "/admin/groups" },
  { action: "settings.see", label: "Networks", href: "/admin/networks" },
  { action: "settings.see", label: "Messages", href: "/admin/mail" },
  { action: "settings.see", label: "Security", href: "/admin/security" },
  { action: "settings.see", label: "Bans", href: "/admin/bans" },
  { action: "settings.see", label: "Scan", href: "/admin/scan" },
  { action: "settings.see", label: "Backups", href: "/admin/backups" },
  { action: "audit.see", label: "Audit", href: "/admin/audit" },
];

/** One administration page. */
export interface AdminPage {
  /** Its name in the navigation. */
  readonly label: string;
  /** Where it is. */
  readonly href: string;
}

interface AskedPage extends AdminPage {
  readonly action: PlaceAction;
}

/** The administration pages that somebody may see. */
export function adminPagesOf(asker: Asker): readonly AdminPage[] {
  return ADMIN_PAGES.filter(({ action }) => may(asker, action));
}

/** The first administration page that somebody may see; `null`: none. */
export function adminHrefOf(asker: Asker): string | null {
  return adminPagesOf(asker)[0]?.href ?? null;
}

/** Asks for administration as a whole; where it begins for whoever asks, 403 when they may see none of it. */
export function allowAdmin(context: Pick<AskedContext, "state">): string {
  const asker = asked(context.state);
  const { action, href } = ADMIN_PAGES.find((page) => may(asker, page.action)) ?? ADMIN_PAGES[0];
  allow(context, action);
  return href;
}

/** Whether something would be allowed, for what a page shows; asking this is not the question a route must ask. */
export function mightDo(state: State, action: PlaceAction): boolean;
/** At a site that is within reach. */
export function mightDo(state: State, action: SiteAction, place: SitePlace): boolean;
export function mightDo(state: State, action: PlaceAction | SiteAction, place?: SitePlace): boolean {
  const { asker } = state;
  if (!asker) return false;
  return place ? may(asker, action as SiteAction, place) : may(asker, action as PlaceAction);
}

/** Asks for something at a site that the path does not name, such as one of the query; as {@link allowSite}. */
export async function allowSiteId(
  { state }: Pick<AskedContext, "state">,
  siteId: number,
  action: SiteAction,
): Promise<SitePlace> {
  return await placeWithin(state, { asker: asked(state), siteId, action });
}

interface SiteQuestion {
  readonly asker: Asker;
  readonly siteId: number;
  readonly action: SiteAction;
}

async function placeWithin(state: State, { asker, siteId, action }: SiteQuestion): Promise<SitePlace> {
  const services = servicesOf(state);
  const place = await findSitePlace(services.db, siteId);
  if (!place || !reachesSite(asker, place)) {
    // Whoever reaches all sites has only mistyped; of anybody else both are written down, so that both take as long.
    if (asker.reaches.some(({ kind }) => kind === "some")) state.refusal = { action, siteId };
    throw new HttpError(404);
  }
  if (may(asker, action, place)) return place;
  state.refusal = { action, siteId };
  throw new HttpError(403);
}

function asked(state: State): Asker {
  state.asked = true;
  if (!state.asker) throw new HttpError(401);
  return state.asker;
}
