/**
 * What `/api/v1` can be asked, as data: the routes serve it, the OpenAPI document describes it, and a test compares
 * both. It tells nothing of an installation.
 *
 * @module
 */

import type { z } from "zod";
import {
  anyDocument,
  channel,
  channelPage,
  channelPath,
  device,
  devicePage,
  devicePath,
  intervalPage,
  intervalQuery,
  nothing,
  pageQuery,
  readingPage,
  readingQuery,
  site,
  sitePage,
  sitePatch,
  sitePath,
  siteQuery,
} from "./schemas.ts";

/** Where the API lies. */
export const API_PATH = "/api/v1";

/** Requests of a token in a minute. */
export const TOKEN_A_MINUTE = 600;

/** Heavy requests of a person in a minute, whatever their tokens: those for readings and intervals. */
export const HEAVY_A_MINUTE = 60;

/** Requests of an address or an IPv6 network in a minute, with or without a token. */
export const ADDRESS_A_MINUTE = 1_200;

/** New names of sites an hour by one person who reaches some sites alone. */
export const RENAMES_AN_HOUR = 20;

/** What an answer may be. */
export interface Media {
  /** Such as `application/json`. */
  readonly type: string;
  /** What a JSON answer must be; `null`: a text. */
  readonly schema: z.ZodType | null;
  /** What it is, where the type does not say it. */
  readonly words?: string;
}

/** One thing that may be asked. */
export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType | null = z.ZodType | null,
> {
  /** Names it in the document. */
  readonly id: string;
  /** How it is asked; HEAD goes with GET. */
  readonly method: "GET" | "PATCH";
  /** Below {@link API_PATH}, parameters in braces. */
  readonly path: string;
  /** In a few words. */
  readonly summary: string;
  /** What needs to be known besides. */
  readonly words?: string;
  /** Parameters of the path. */
  readonly params: Params;
  /** Parameters of the query; others are refused. */
  readonly query: Query;
  /** The JSON that is sent; `null`: none is. */
  readonly body: Body;
  /** What may come back, the usual one first. */
  readonly media: readonly Media[];
  /** Statuses of refusals besides those that everything may answer with. */
  readonly refusals: readonly number[];
  /** Whether no token is needed. */
  readonly open?: boolean;
  /** Whether it counts against the smaller limit. */
  readonly heavy?: boolean;
  /** Whether the token must be for writing. */
  readonly writes?: boolean;
}

function operation<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | null>(
  it: Operation<P, Q, B>,
): Operation<P, Q, B> {
  return it;
}

function json(schema: z.ZodType): Media {
  return { type: "application/json", schema };
}

/** Sites within reach. */
export const LIST_SITES = operation({
  id: "listSites",
  method: "GET",
  path: "/sites",
  summary: "Sites within reach, by id",
  params: nothing,
  query: siteQuery,
  body: null,
  media: [json(sitePage)],
  refusals: [400],
});

/** One site. */
export const GET_SITE = operation({
  id: "getSite",
  method: "GET",
  path: "/sites/{site}",
  summary: "A site",
  params: sitePath,
  query: nothing,
  body: null,
  media: [json(site)],
  refusals: [400, 404],
});

/** Changes a site. */
export const CHANGE_SITE = operation({
  id: "changeSite",
  method: "PATCH",
  path: "/sites/{site}",
  summary: "Change what a site is called and where it lies",
  words: "Send the `ETag` of the site as `If-Match`: who has not seen it as it is may not change it. " +
    "With an `Idempotency-Key` of your own the change may be asked for again when its answer got lost: for a day the " +
    "answer is the same, with `Idempotency-Replayed: true`, and nothing is changed twice.",
  params: sitePath,
  query: nothing,
  body: sitePatch,
  media: [json(site)],
  refusals: [400, 403, 404, 408, 409, 412, 413, 415, 422, 428],
  writes: true,
});

/** Devices of a site. */
export const LIST_DEVICES = operation({
  id: "listDevices",
  method: "GET",
  path: "/sites/{site}/devices",
  summary: "Devices of a site, by id, also those that are no longer read",
  params: sitePath,
  query: pageQuery,
  body: null,
  media: [json(devicePage)],
  refusals: [400, 404],
});

/** One device. */
export const GET_DEVICE = operation({
  id: "getDevice",
  method: "GET",
  path: "/devices/{device}",
  summary: "A device",
  params: devicePath,
  query: nothing,
  body: null,
  media: [json(device)],
  refusals: [400, 404],
});

/** Channels of a device. */
export const LIST_CHANNELS = operation({
  id: "listChannels",
  method: "GET",
  path: "/devices/{device}/channels",
  summary: "Channels of a device, by id, also those that are no longer read",
  params: devicePath,
  query: pageQuery,
  body: null,
  media: [json(channelPage)],
  refusals: [400, 404],
});

/** One channel. */
export const GET_CHANNEL = operation({
  id: "getChannel",
  method: "GET",
  path: "/channels/{channel}",
  summary: "A channel",
  params: channelPath,
  query: nothing,
  body: null,
  media: [json(channel)],
  refusals: [400, 404],
});

/** Readings as they were read. */
export const LIST_READINGS = operation({
  id: "listReadings",
  method: "GET",
  path: "/readings",
  summary: "What channels said at the boundaries of half-hours, at most 31 days",
  words:
    "By channel, then by time. Name a site, a device or channels; they must lie at one site. Half-hours " +
    "in which nothing was expected, or that were not yet visited, are left out.",
  params: nothing,
  query: readingQuery,
  body: null,
  media: [json(readingPage), { type: "text/csv", schema: null, words: "A row a reading" }],
  refusals: [400, 403, 404],
  heavy: true,
});

/** Energy by half-hours. */
export const LIST_INTERVALS = operation({
  id: "listIntervalReadings",
  method: "GET",
  path: "/interval-readings",
  summary: "Half-hourly energy (and water, and time), at most 400 days",
  words:
    "By channel, then by time. Name a site, a device or channels; they must lie at one site. Half-hours " +
    "in which nothing was expected, or that were not yet visited, are left out. `format=wide` has a row for each " +
    "channel and local day with 48 columns 00:00 to 23:30 by the clock on the wall: where clocks jump forward the " +
    "skipped columns are empty, where they are set back the repeated half-hours stand in `extra_1` and `extra_2`, " +
    "and `clock_change` says so.",
  params: nothing,
  query: intervalQuery,
  body: null,
  media: [
    json(intervalPage),
    {
      type: "text/csv",
      schema: null,
      words: "A row a half-hour, or with `format=wide` a row a channel and day",
    },
  ],
  refusals: [400, 403, 404],
  heavy: true,
});

/** This description. */
export const GET_OPENAPI = operation({
  id: "getOpenApi",
  method: "GET",
  path: "/openapi.json",
  summary: "This description; it is the same for every installation and needs no token",
  params: nothing,
  query: nothing,
  body: null,
  media: [json(anyDocument)],
  refusals: [400],
  open: true,
});

/** All of them. */
export const OPERATIONS: readonly Operation[] = [
  LIST_SITES,
  GET_SITE,
  CHANGE_SITE,
  LIST_DEVICES,
  GET_DEVICE,
  LIST_CHANNELS,
  GET_CHANNEL,
  LIST_READINGS,
  LIST_INTERVALS,
  GET_OPENAPI,
];
