/**
 * Which channels a question about readings means, of which site, and from when to when.
 *
 * @module
 */

import type { Context } from "fresh";
import { listChannelsAfter, listDevicesAfter, type ListedChannel } from "../../store/api_devices.ts";
import { findSiteWithin, type ListedSite } from "../../store/api_sites.ts";
import { err, ok, type Result } from "../../result.ts";
import { allow } from "../allow.ts";
import type { SitePlace } from "../../domain/permission.ts";
import type { Database } from "../../store/db.ts";
import type { Services, State } from "../state.ts";
import { bearerOf } from "./bearer.ts";
import { type Refusal, wrong } from "./problem.ts";
import { CHANNELS_MAX, type IntervalQuery, type ReadingQuery } from "./schemas.ts";
import { allowWhere, ANYWHERE } from "./where.ts";
import { type Span, spanOf } from "./span.ts";

/** What is asked about. */
export interface Chosen {
  /** The site at which the channels lie. */
  readonly site: ListedSite;
  /** The channels, by id, at most 20. */
  readonly channels: readonly ListedChannel[];
  /** From when to when. */
  readonly span: Span;
}

/** What is asked, and how much of it. */
export interface Choosing {
  /** The query. */
  readonly query: IntervalQuery | ReadingQuery;
  /** Whether counters alone are meant. */
  readonly counters: boolean;
  /** Longest span in days. */
  readonly daysMax: number;
  /** Whether a file is to be taken away. */
  readonly exports: boolean;
}

/** Finds what is asked about; 404 for what is out of reach. */
export async function choose(
  ctx: Context<State>,
  { db }: Services,
  { query, counters, daysMax, exports }: Choosing,
): Promise<Result<Chosen, Refusal>> {
  allow(ctx, exports ? "sites.export" : "sites.list");
  const { reaches } = bearerOf(ctx.state).asker;
  const { site: siteId, device: deviceId, channel: channelIds, quantity } = query;
  if ([siteId, deviceId, channelIds].filter((one) => one !== undefined).length !== 1) {
    return err(wrong({ site: "Give one of site, device and channel" }));
  }
  const places = new Map((await placesOf(db, query)).map((place) => [place?.id, place]));
  for (const place of places.values()) await allowWhere(ctx, place, exports ? "site.export" : "site.see");
  const [place, another] = places.keys();
  if (place === undefined) return err({ status: 404 });
  if (another !== undefined) return err(wrong({ channel: "These channels lie at more than one site" }));
  const channels = await listChannelsAfter(db, {
    reaches,
    afterId: 0,
    limit: CHANNELS_MAX + 1,
    siteId,
    deviceId,
    channelIds,
    quantity,
    counters: counters && channelIds === undefined,
  });
  if (channels.length > CHANNELS_MAX) {
    return err(wrong({ quantity: `More than ${CHANNELS_MAX} channels: choose by quantity or by channel` }));
  }
  if (counters && channels.some(({ kind }) => kind !== "counter")) {
    return err(wrong({ channel: "Counters alone have interval readings" }));
  }
  const site = await findSiteWithin(db, { siteId: place, reaches });
  if (!site) return err({ status: 404 });
  const span = spanOf({ from: query.from, to: query.to, zone: site.zone, daysMax });
  return span.ok ? ok({ site, channels, span: span.value }) : err(wrong(span.error));
}

type Place = SitePlace | undefined;

/** Where it lies what is asked about, wherever that is; `undefined` for what is not there. */
async function placesOf(db: Database, query: IntervalQuery | ReadingQuery): Promise<readonly Place[]> {
  const { site, device: deviceId, channel: channelIds = [] } = query;
  if (site !== undefined) return [{ id: site, groupId: null }];
  const all = { reaches: ANYWHERE, afterId: 0 };
  if (deviceId !== undefined) {
    const [device] = await listDevicesAfter(db, { ...all, limit: 1, deviceId });
    return [device?.place];
  }
  const found = await listChannelsAfter(db, { ...all, limit: channelIds.length, channelIds });
  const places = new Map(found.map(({ id, place }) => [id, place]));
  return channelIds.map((id) => places.get(id));
}
