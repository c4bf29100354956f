/**
 * What goes in and out of `/api/v1`, as schemas: the same ones judge requests, make the OpenAPI document, and are
 * asked of every answer by the tests.
 *
 * @module
 */

import { z } from "zod";

/** Largest id. */
export const ID_MAX = 2_147_483_647;

/** Channels of one request at most. */
export const CHANNELS_MAX = 20;

/** Sites, devices or channels of one page at most. */
export const PAGE_MAX = 200;

/** Readings or intervals of one page at most. */
export const VALUES_MAX = 5_000;

const id = z.int().min(1).max(ID_MAX);
const instant = z.iso.datetime().describe("An instant in UTC");

/** What an id in a path or a query must look like: text in, number out. */
const idText = z.codec(z.string().regex(/^[1-9]\d{0,9}$/, "Expected an id"), id, {
  decode: (text) => Number(text),
  encode: (value) => String(value),
});

const count = (max: number) =>
  z.codec(
    z.string().regex(/^[1-9]\d{0,5}$/, `Expected a number from 1 to ${max}`),
    z.int().min(1).max(max),
    { decode: (text) => Number(text), encode: (value) => String(value) },
  );

const idList = z.codec(
  z.string().regex(/^[1-9]\d{0,9}(,[1-9]\d{0,9})*$/, "Expected ids with commas between").max(230),
  z.array(id).min(1).max(CHANNELS_MAX),
  { decode: (text) => [...new Set(text.split(",").map(Number))], encode: (ids) => ids.join(",") },
);

const cursor = z.string().regex(/^[A-Za-z0-9_-]{1,400}$/, "Expected the next of an earlier page")
  .describe("Where to go on: the `next` of the page before; everything else must be asked as it was");

/** Text without control and direction characters. */
// deno-lint-ignore no-control-regex
const PLAIN = /^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]*$/;

const plainLine = (min: number, max: number) =>
  z.string().trim().min(min).max(max).regex(PLAIN, "Contains characters that cannot be shown");

/** The site of a path. */
export const sitePath = z.strictObject({ site: idText.describe("The site") });

/** The device of a path. */
export const devicePath = z.strictObject({ device: idText.describe("The device") });

/** The channel of a path. */
export const channelPath = z.strictObject({ channel: idText.describe("The channel") });

/** No path parameters, or no query. */
export const nothing = z.strictObject({});

/** Query of the list of sites. */
export const siteQuery = z.strictObject({
  search: plainLine(1, 80).optional().describe("Part of a name or town, whatever its case"),
  group: idText.optional().describe("Sites of this group alone"),
  limit: count(PAGE_MAX).default(100).describe("Sites a page"),
  cursor: cursor.optional(),
});

/** Query of a list that is short enough for one page after another. */
export const pageQuery = z.strictObject({
  limit: count(PAGE_MAX).default(100).describe("Things a page"),
  cursor: cursor.optional(),
});

const whose = {
  site: idText.optional().describe("All channels of a site; or `device`, or `channel`"),
  device: idText.optional().describe("All channels of a device"),
  channel: idList.optional().describe(
    `Channels of one site by id, with commas between, at most ${CHANNELS_MAX}`,
  ),
  quantity: z.string().regex(/^[A-Za-z0-9]{1,64}$/, "Expected a quantity such as importWh").optional()
    .describe("Of these the channels of one quantity, such as `importWh`"),
};

const edge = z.string().regex(
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/,
  "Expected an instant such as 2026-03-29T00:00:00Z, or a local date such as 2026-03-29",
);

const span = {
  from: edge.describe("First boundary: an instant on :00 or :30, or a local date of the site, from midnight"),
  to: edge.describe("Last boundary, itself not included: an instant on :00 or :30, or a local date"),
};

/** Query of interval readings. */
export const intervalQuery = z.strictObject({
  ...whose,
  ...span,
  format: z.enum(["json", "csv", "wide"]).optional()
    .describe(
      "`csv`: a row a half-hour; `wide`: a row a channel and local day; default: by `Accept`, else JSON",
    ),
  limit: count(VALUES_MAX).default(1_000).describe("Half-hours a page of JSON"),
  cursor: cursor.optional(),
});

/** Query of readings. */
export const readingQuery = z.strictObject({
  ...whose,
  ...span,
  format: z.enum(["json", "csv"]).optional().describe("Default: by `Accept`, else JSON"),
  limit: count(VALUES_MAX).default(1_000).describe("Readings a page of JSON"),
  cursor: cursor.optional(),
});

/** Change of a site: what is left out stays. */
export const sitePatch = z.strictObject({
  name: plainLine(1, 80).optional().describe("Unique, whatever its case"),
  town: plainLine(0, 80).optional(),
  groupId: id.nullable().optional().describe("A group within reach; `null`: none"),
}).refine((patch) => Object.keys(patch).length > 0, "Says nothing to change").meta({ id: "SiteChange" });

/** A site. */
export const site = z.strictObject({
  id,
  name: z.string(),
  town: z.string().describe("May be empty"),
  zone: z.string().describe("IANA time zone of its local days"),
  latitude: z.number().nullable().describe("Degrees north; `null`: not given"),
  longitude: z.number().nullable().describe("Degrees east; `null`: not given"),
  groupId: id.nullable().describe("The group it lies in; `null`: none"),
  collected: z.boolean().describe("Whether half-hours are collected"),
  since: instant.describe("When its first expected half-hour starts"),
}).meta({ id: "Site" });

/** A device at a site. */
export const device = z.strictObject({
  id,
  siteId: id,
  name: z.string(),
  profileId: z.string().describe("What kind of device it is"),
  unitId: z.int().min(0).max(255).describe("Modbus unit identifier"),
  endUse: z.enum(["server", "ups", "other", "water", "lighting", "cooling", "heating"]).nullable()
    .describe("What its load is for; `null`: it has none"),
  wholeSite: z.boolean().describe(
    "Whether it measures the whole site, so that it must not be added to the others",
  ),
  since: instant.describe("When its first expected half-hour starts"),
  until: instant.nullable().describe("When it was no longer expected; `null`: it still is"),
}).meta({ id: "Device" });

/** A channel of a device. */
export const channel = z.strictObject({
  id,
  siteId: id,
  deviceId: id,
  quantity: z.string().describe("What is measured, such as `importWh`"),
  kind: z.enum(["counter", "gauge", "state", "text"]).describe("Counters alone have interval readings"),
  unit: z.string().describe("Unit of a counter's amounts or a gauge's values; may be empty"),
  decimals: z.int().min(0).max(9).describe("Decimals of a gauge's values"),
  since: instant.describe("When its first expected half-hour starts"),
  until: instant.nullable().describe("When it was no longer expected; `null`: it still is"),
}).meta({ id: "Channel" });

const READING_REASON =
  /^(no-route|refused|connect-timeout|closed|response-timeout|unit-silent|path-unavailable|exception-\d{1,3}|bad-frame|not-a-number|out-of-range|visit-deadline|address-not-allowed|maintenance|we-were-down)$/;

const amountReason = z.enum(["first-reading", "new-series", "implausible", "no-later-reading-yet"]).nullable()
  .describe("Why there is no amount; `null`: there is one");

/** How far a value can be trusted. */
export const quality = z.enum(["measured", "recovered", "estimated", "suspect", "missing", "edited"]).meta({
  id: "Quality",
  description:
    "`measured`: metered at both boundaries; `recovered`: the sum is metered, its shape is not known; " +
    "`estimated`: without a meter; `suspect`: metered but doubtful; `missing`: none; `edited`: by a person",
});

/** The energy (or water, or time) of a half-hour. */
export const interval = z.strictObject({
  channelId: id,
  start: instant.describe("When the half-hour starts"),
  end: instant.describe("When it ends"),
  amount: z.int().nullable().describe("In `unit`; `null`: missing, never 0 for it"),
  unit: z.string(),
  quality,
  amountReason,
  readingReason: z.string().regex(READING_REASON).nullable()
    .describe(
      "Why the reading at the end is missing, also where the amount was recovered; `null`: it was read",
    ),
}).meta({ id: "IntervalReading" });

/** What a channel said at a boundary. */
export const reading = z.strictObject({
  channelId: id,
  due: instant.describe("The boundary at which it was due"),
  at: instant.nullable().describe("When it was read; `null`: it was not, or this is no longer kept"),
  value: z.union([z.number(), z.string()]).nullable().describe(
    "A counter's register count before any ratio, a gauge's value in `unit`, a state's number, a text's words; " +
      "`null`: missing, never 0 for it",
  ),
  unit: z.string().nullable().describe("Of a gauge; `null`: the other kinds have none"),
  words: z.string().regex(/^([0-9a-f]{4})+$/).nullable()
    .describe("Register words as read, in hex; `null`: not read, or no longer kept"),
  quality,
  reason: z.union([z.literal("no-longer-kept"), z.string().regex(READING_REASON)]).nullable()
    .describe("Why there is no value; `null`: there is one, or it was read and not believed (see `quality`)"),
}).meta({ id: "Reading" });

const next = z.string().nullable().describe("The `cursor` of the next page; `null`: this was the last");

/** A page of sites. */
export const sitePage = z.strictObject({ items: z.array(site).max(PAGE_MAX), next }).meta({ id: "SitePage" });

/** A page of devices. */
export const devicePage = z.strictObject({ items: z.array(device).max(PAGE_MAX), next }).meta({
  id: "DevicePage",
});

/** A page of channels. */
export const channelPage = z.strictObject({ items: z.array(channel).max(PAGE_MAX), next }).meta({
  id: "ChannelPage",
});

/** A page of interval readings. */
export const intervalPage = z.strictObject({ items: z.array(interval).max(VALUES_MAX), next }).meta({
  id: "IntervalReadingPage",
});

/** A page of readings. */
export const readingPage = z.strictObject({ items: z.array(reading).max(VALUES_MAX), next }).meta({
  id: "ReadingPage",
});

/** An error (RFC 9457). */
export const problem = z.strictObject({
  type: z.string().describe("`about:blank`: the status says it all; else a name that stays"),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().optional(),
  instance: z.string().describe("Id of the request; it stands in our log too"),
  errors: z.record(z.string(), z.string()).optional().describe("What is wrong, by parameter or field"),
}).meta({ id: "Problem" });

/** The document that describes all this. */
export const anyDocument = z.looseObject({ openapi: z.string() }).meta({
  id: "OpenApiDocument",
  description: "OpenAPI 3.1",
});

/** A site as it goes out. */
export type SiteAnswer = z.output<typeof site>;

/** A device as it goes out. */
export type DeviceAnswer = z.output<typeof device>;

/** A channel as it goes out. */
export type ChannelAnswer = z.output<typeof channel>;

/** An interval reading as it goes out. */
export type IntervalAnswer = z.output<typeof interval>;

/** A reading as it goes out. */
export type ReadingAnswer = z.output<typeof reading>;

/** An error as it goes out. */
export type Problem = z.output<typeof problem>;

/** The query of interval readings, read. */
export type IntervalQuery = z.output<typeof intervalQuery>;

/** The query of readings, read. */
export type ReadingQuery = z.output<typeof readingQuery>;

/** A change of a site, read. */
export type SitePatch = z.output<typeof sitePatch>;
