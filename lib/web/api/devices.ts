/**
 * Devices and channels of the API.
 *
 * @module
 */

import { startMsOf } from "../../domain/half_hour.ts";
import {
  listChannelsAfter,
  listDevicesAfter,
  type ListedChannel,
  type ListedDevice,
} from "../../store/api_devices.ts";
import { allow, allowSiteId } from "../allow.ts";
import { allowWhere, ANYWHERE } from "./where.ts";
import { bearerOf } from "./bearer.ts";
import { placeOf, questionOf } from "./cursor.ts";
import { jsonAnswer } from "./etag.ts";
import { GET_CHANNEL, GET_DEVICE, LIST_CHANNELS, LIST_DEVICES } from "./operations.ts";
import type { ChannelAnswer, DeviceAnswer } from "./schemas.ts";
import { served } from "./serve.ts";
import { FORGED, instantOf, pageAnswer } from "./sites.ts";

/** Devices of a site, a page of them. */
export const listDevices = served(LIST_DEVICES, async ({ ctx, services, params, query }) => {
  await allowSiteId(ctx, params.site, "site.see");
  const { limit, cursor } = query;
  const question = questionOf(LIST_DEVICES.id, params);
  const place = cursor === undefined ? { after: 0 } : placeOf(question, cursor);
  if (!place) return FORGED;
  const { reaches } = bearerOf(ctx.state).asker;
  const part = { reaches, afterId: place.after, limit: limit + 1 };
  const found = await listDevicesAfter(services.db, { ...part, siteId: params.site });
  return pageAnswer(ctx.req, { found, limit, question, answerOf: deviceAnswer });
});

/** One device. */
export const getDevice = served(GET_DEVICE, async ({ ctx, services, params }) => {
  allow(ctx, "sites.list");
  const one = { reaches: ANYWHERE, afterId: 0, limit: 1, deviceId: params.device };
  const [device] = await listDevicesAfter(services.db, one);
  await allowWhere(ctx, device?.place, "site.see");
  return device ? jsonAnswer(ctx.req, deviceAnswer(device)) : { status: 404 };
});

/** Channels of a device, a page of them. */
export const listChannels = served(LIST_CHANNELS, async ({ ctx, services, params, query }) => {
  allow(ctx, "sites.list");
  const { limit, cursor } = query;
  const question = questionOf(LIST_CHANNELS.id, params);
  const place = cursor === undefined ? { after: 0 } : placeOf(question, cursor);
  if (!place) return FORGED;
  const { reaches } = bearerOf(ctx.state).asker;
  const deviceId = params.device;
  const one = { reaches: ANYWHERE, afterId: 0, limit: 1, deviceId };
  const [device] = await listDevicesAfter(services.db, one);
  await allowWhere(ctx, device?.place, "site.see");
  const part = { reaches, afterId: place.after, limit: limit + 1 };
  const found = await listChannelsAfter(services.db, { ...part, deviceId });
  return pageAnswer(ctx.req, { found, limit, question, answerOf: channelAnswer });
});

/** One channel. */
export const getChannel = served(GET_CHANNEL, async ({ ctx, services, params }) => {
  allow(ctx, "sites.list");
  const one = { reaches: ANYWHERE, afterId: 0, limit: 1, channelIds: [params.channel] };
  const [channel] = await listChannelsAfter(services.db, one);
  await allowWhere(ctx, channel?.place, "site.see");
  return channel ? jsonAnswer(ctx.req, channelAnswer(channel)) : { status: 404 };
});

function deviceAnswer(device: ListedDevice): DeviceAnswer {
  const { id, place, name, profileId, unitId, endUse, wholeSite, since, until } = device;
  return {
    id,
    siteId: place.id,
    name,
    profileId,
    unitId,
    endUse,
    wholeSite,
    since: instantOf(startMsOf(since)),
    until: until === null ? null : instantOf(startMsOf(until)),
  };
}

function channelAnswer(channel: ListedChannel): ChannelAnswer {
  const { id, siteId, meterId, quantity, kind, unit, decimals, since, until } = channel;
  return {
    id,
    siteId,
    deviceId: meterId,
    quantity,
    kind,
    unit,
    decimals,
    since: instantOf(startMsOf(since)),
    until: until === null ? null : instantOf(startMsOf(until)),
  };
}
