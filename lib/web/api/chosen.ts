/**
 * Which channels a question about readings means, of which site, and from when to when.
 *
 * @module
 */

import type { Context } from "fresh";
import { listChannelsAfter, listDevicesAfter, type ListedChannel } from "../../store/api_devices.ts";
import { findSiteWithin, type ListedSite } from "../../store/api_sites.ts";
import { err, ok, type Result } from "../../result.ts";
import { allow, allowSiteId } from "../allow.ts";
import type { Services, State } from "../state.ts";
import { bearerOf } from "./bearer.ts";
import { type Refusal, wrong } from "./problem.ts";
import { CHANNELS_MAX, type IntervalQuery, type ReadingQuery } from "./schemas.ts";
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
  const missing = channelIds !== undefined && quantity === undefined && channels.length < channelIds.length;
  if (missing) return err({ status: 404 });
  if (counters && channels.some(({ kind }) => kind !== "counter")) {
    return err(wrong({ channel: "Counters alone have interval readings" }));
  }
  if (new Set(channels.map((one) => one.siteId)).size > 1) {
    return err(wrong({ channel: "These channels lie at more than one site" }));
  }
  const [device] = deviceId === undefined
    ? []
    : await listDevicesAfter(db, { reaches, afterId: 0, limit: 1, deviceId });
  const place = siteId ?? device?.place.id ?? channels[0]?.siteId;
  if (place === undefined) return err({ status: 404 });
  await allowSiteId(ctx, place, exports ? "site.export" : "site.see");
  const site = await findSiteWithin(db, { siteId: place, reaches });
  if (!site) return err({ status: 404 });
  const span = spanOf({ from: query.from, to: query.to, zone: site.zone, daysMax });
  return span.ok ? ok({ site, channels, span: span.value }) : err(wrong(span.error));
}
