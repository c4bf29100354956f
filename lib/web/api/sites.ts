/**
 * Sites of the API: listed, seen, and changed by those who have seen them as they are.
 *
 * @module
 */

import { startMsOf } from "../../domain/half_hour.ts";
import { type Asker, reachesSite } from "../../domain/permission.ts";
import {
  changeSiteWords,
  findSiteWithin,
  type ListedSite,
  listSitesAfter,
  type SiteRefusal,
  type SiteWords,
} from "../../store/api_sites.ts";
import { countTry, type Limit } from "../../kv/limits.ts";
import { allow, allowSiteId } from "../allow.ts";
import { writeRefusal } from "../refusal.ts";
import type { Services, State } from "../state.ts";
import { bearerOf, tokenAuthorOf } from "./bearer.ts";
import { cursorOf, placeOf, questionOf } from "./cursor.ts";
import { etagOf, isSeen, jsonAnswer } from "./etag.ts";
import { CHANGE_SITE, GET_SITE, LIST_SITES, RENAMES_AN_HOUR } from "./operations.ts";
import { type Kept, keptText, KEY_TAKEN, knownAnswer, replayed, writtenAnswer } from "./once.ts";
import { type Refusal, wrong } from "./problem.ts";
import type { SiteAnswer } from "./schemas.ts";
import { served } from "./serve.ts";

/** Sites within reach, a page of them. */
export const listSites = served(LIST_SITES, async ({ ctx, services, query }) => {
  allow(ctx, "sites.list");
  const { search, group, limit, cursor } = query;
  const question = questionOf(LIST_SITES.id, query);
  const place = cursor === undefined ? { after: 0 } : placeOf(question, cursor);
  if (!place) return FORGED;
  const { reaches } = bearerOf(ctx.state).asker;
  const found = await listSitesAfter(services.db, {
    reaches,
    afterId: place.after,
    limit: limit + 1,
    search,
    groupId: group,
  });
  return pageAnswer(ctx.req, { found, limit, question, answerOf: siteAnswer });
});

/** One site. */
export const getSite = served(GET_SITE, async ({ ctx, services, params }) => {
  await allowSiteId(ctx, params.site, "site.see");
  const { reaches } = bearerOf(ctx.state).asker;
  const site = await findSiteWithin(services.db, { siteId: params.site, reaches });
  return site ? jsonAnswer(ctx.req, siteAnswer(site)) : { status: 404 };
});

/** Changes a site. */
export const changeSite = served(CHANGE_SITE, async ({ ctx, services, params, body, write }) => {
  await allowSiteId(ctx, params.site, "site.change");
  const known = await knownAnswer(services.db, write);
  if (known) return known;
  const { asker } = bearerOf(ctx.state);
  const site = await findSiteWithin(services.db, { siteId: params.site, reaches: asker.reaches });
  if (!site) return { status: 404 };
  const seen = isSeen(ctx.req.headers, etagOf(JSON.stringify(siteAnswer(site))));
  if (seen === null) return { status: 428 };
  // The same write may have been done while the site was looked up: its program heard no answer and asks again.
  if (!seen) return await knownAnswer(services.db, write) ?? { status: 412 };
  const { name = site.name, town = site.town, groupId = site.groupId } = body;
  const wanted: SiteWords = { name, town, groupId };
  if (groupId !== site.groupId && !mayMove(asker, site.id, groupId)) return NO_GROUP;
  const guesses = name !== site.name && asker.reaches.some(({ kind }) => kind === "some");
  const tooMany = guesses ? await countRename(services, ctx.state) : null;
  if (tooMany) return tooMany;
  const author = tokenAuthorOf(ctx.state);
  const once = write && { write, answerOf: (it: ListedSite) => keptText(keptSite(it)) };
  const changed = await changeSiteWords(services.db, author, {
    siteId: site.id,
    seen: site,
    wanted,
    ...(once && { once }),
  });
  if (!changed.ok) {
    const taken = changed.error.kind === "name-taken";
    if (guesses && taken) {
      await writeRefusal(ctx.state, { action: "site.change", siteId: site.id, by: author });
    }
    return refusalOf(changed.error);
  }
  return writtenAnswer(keptSite(changed.value));
});

function keptSite(site: ListedSite): Kept {
  const body = JSON.stringify(siteAnswer(site));
  return { etag: etagOf(body), body };
}

/** New names of sites by one person who does not reach all: that one is taken tells of a site they do not see. */
const RENAMES: Limit = { name: "api-rename", tries: RENAMES_AN_HOUR, windowMs: 3_600_000 };

async function countRename({ kv }: Services, state: State): Promise<Refusal | null> {
  const tried = { who: String(bearerOf(state).user.id), nowMs: state.base.clock.nowMs() };
  const { allowed, retryAfterS } = await countTry(kv, RENAMES, tried);
  if (allowed) return null;
  const detail = `At most ${RENAMES_AN_HOUR} new names of sites an hour`;
  return { status: 429, detail, headers: { "retry-after": String(retryAfterS) } };
}

const NO_GROUP = wrong({ groupId: "There is no such group" }, 422);

/** Nobody gives a site to a group that they do not reach, or loses it by moving it. */
function mayMove(asker: Asker, siteId: number, groupId: number | null): boolean {
  const known = groupId === null ||
    asker.reaches.every((reach) => reach.kind === "all" || reach.groupIds.includes(groupId));
  return known && reachesSite(asker, { id: siteId, groupId });
}

function refusalOf(refusal: SiteRefusal): Response | Refusal {
  switch (refusal.kind) {
    case "answered":
      return replayed(refusal.answer);
    case "other-request":
      return KEY_TAKEN;
    case "unknown":
      return { status: 404 };
    case "stale":
      return { status: 412 };
    case "name-taken":
      return { status: 409, errors: { name: "Another site has this name" } };
    case "unknown-group":
      return NO_GROUP;
  }
}

/** The answer to a cursor that was not made for this question. */
export const FORGED: Refusal = wrong({ cursor: "Is not the next of an earlier page of this question" });

/** A page of a list by id. */
export interface IdPage<T> {
  /** What was found, one more than the page has if there is more. */
  readonly found: readonly T[];
  /** Things of a page. */
  readonly limit: number;
  /** What was asked. */
  readonly question: string;
  /** A thing as it goes out. */
  readonly answerOf: (one: T) => unknown;
}

/** The answer with a page of a list by id. */
export function pageAnswer<T extends { readonly id: number }>(
  request: Request,
  { found, limit, question, answerOf }: IdPage<T>,
): Response {
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const next = last ? cursorOf(question, { after: last.id, halfHour: 0 }) : null;
  return jsonAnswer(request, { items: page.map(answerOf), next });
}

/** An instant in UTC as it goes out. */
export function instantOf(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

function siteAnswer(site: ListedSite): SiteAnswer {
  const { id, name, town, zone, latitude, longitude, groupId, collected, since } = site;
  return {
    id,
    name,
    town,
    zone,
    latitude,
    longitude,
    groupId,
    collected,
    since: instantOf(startMsOf(since)),
  };
}
