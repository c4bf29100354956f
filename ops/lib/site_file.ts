/**
 * A site as an operator writes it down, checked as a whole: everything that is wrong is named together, with its
 * value and what was expected. Pure.
 *
 * @module
 */
import { END_USES, type EndUse } from "../../lib/domain/end_use.ts";
import type { HalfHour } from "../../lib/domain/half_hour.ts";
import { parseHours, WEEKDAYS } from "../../lib/domain/hours.ts";
import { checkZone, zoneErrorText } from "../../lib/domain/local_day.ts";
import type { EndpointKind, PathKind, Transformer, WeekHours } from "../../lib/domain/site.ts";
import { ratioTrouble } from "../../lib/domain/transformer.ts";
import { type FindProfile, parseOwnProfileId } from "../../lib/profiles/book.ts";
import { channelsOf, PROFILES } from "../../lib/profiles/mod.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { type FieldError, type Fields, fieldsOf } from "./fields.ts";
import type { EndpointDraft, MeterDraft, PathDraft, SiteDraft } from "../../lib/store/sites.ts";

/** Meters of one site at most. */
const METERS_MAX = 250;

/** Paths of one router at most. */
const PATHS_MAX = 8;

/** Endpoints of one site at most. */
const ENDPOINTS_MAX = 32;

const PATH_KINDS: readonly PathKind[] = ["cellular", "wifi", "wired"];
const ENDPOINT_KINDS: readonly EndpointKind[] = ["router", "gateway", "device"];

/** Characters of the name and of the password by which a router is signed in to. */
export const ROUTER_LOGIN = { user: { least: 1, most: 64 }, password: { least: 1, most: 128 } } as const;

/** What a site is checked with. */
export interface SiteReading {
  /** The first half-hour in which it is expected. */
  readonly since: HalfHour;
  /** Finds device profiles. */
  readonly find: FindProfile;
}

/** Ids of published versions of people's own register maps that sites written as JSON speak of. */
export function ownProfilesIn(sites: readonly unknown[]): readonly string[] {
  const inside = (value: unknown, name: string): readonly unknown[] => {
    const list = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    return Array.isArray(list) ? list : [];
  };
  const meters = sites.flatMap((site) => inside(site, "endpoints")).flatMap((one) => inside(one, "meters"));
  const ids = meters.map((meter) => (meter as { readonly profile?: unknown } | null)?.profile);
  return ids.filter((id) => typeof id === "string").map((id) => id.trim())
    .filter((id) => parseOwnProfileId(id) !== null);
}

/** Checks a site written as JSON. */
export function siteDraftOf(
  json: unknown,
  { since, find }: SiteReading,
): Result<SiteDraft, readonly FieldError[]> {
  const errors: FieldError[] = [];
  const site = fieldsOf(errors, "", json);
  const draft: SiteDraft = {
    name: site.text("name", { least: 1, most: 80 }) ?? "",
    town: site.text("town", { least: 0, most: 80, otherwise: "" }) ?? "",
    zone: zoneOf(site),
    latitude: site.number("latitude", { least: -90, most: 90, otherwise: null }),
    longitude: site.number("longitude", { least: -180, most: 180, otherwise: null }),
    hours: hoursOf(site),
    since,
    paths: site.list("paths", { least: 1, most: PATHS_MAX }).map(pathOf),
    endpoints: site.list("endpoints", { least: 1, most: ENDPOINTS_MAX }).map((one) => endpointOf(one, find)),
    ...routerOf(site),
  };
  checkTogether(site, draft);
  site.onlyKnown(["name", "town", "zone", "latitude", "longitude", "hours", "paths", "endpoints", "router"]);
  return errors.length > 0 ? err(errors) : ok(draft);
}

/** Who signs in to the router. What is wrong with a password is said without it. */
function routerOf(site: Fields): Pick<SiteDraft, "router"> {
  const router = site.inner("router", "hides");
  if (!router) return {};
  const user = router.text("user", ROUTER_LOGIN.user);
  const password = router.secret("password", { ...ROUTER_LOGIN.password, otherwise: "" });
  const path = router.text("passwordFile", { least: 1, most: 1_000, otherwise: "" });
  if (password && path) router.refuse("passwordFile", "password or passwordFile, not both");
  if (path === "-") router.refuse("passwordFile", "the path of a file");
  router.onlyKnown(["user", "password", "passwordFile"]);
  return { router: { model: null, serial: null, user } };
}

/** Where a password stands. */
export type PasswordSource =
  | { readonly kind: "typed"; readonly plain: string }
  | { readonly kind: "file"; readonly path: string };

/** The password of the router of a site that {@link siteDraftOf} has accepted; `null`: none is given. */
export function passwordSourceOf(json: unknown): PasswordSource | null {
  const { router } = json as {
    readonly router?: { readonly password?: string; readonly passwordFile?: string };
  };
  const path = router?.passwordFile?.trim();
  if (path) return { kind: "file", path };
  return router?.password ? { kind: "typed", plain: router.password } : null;
}

function zoneOf(site: Fields): string {
  const zone = site.text("zone", { least: 1, most: 64 });
  if (zone === null) return "";
  const checked = checkZone(zone);
  if (checked.ok) return checked.value;
  site.refuse("zone", zoneErrorText(checked.error));
  return zone;
}

/** Characters that one day's hours may have. */
const DAY_TEXT_MAX = 80;

/** Seven texts, Monday first; `null`: not given. */
function hoursOf(site: Fields): WeekHours | null {
  const texts = site.texts("hours", { count: WEEKDAYS.length, most: DAY_TEXT_MAX });
  if (texts === null) return null;
  const hours = parseHours(texts);
  if (hours.ok) return hours.value;
  for (const { weekday, message } of hours.error) {
    site.refuse(
      "hours",
      `hours of ${WEEKDAYS[weekday]} such as 08:00-18:00, 8-12, 13-17, 24h or closed: ${message}`,
      weekday,
    );
  }
  return null;
}

function pathOf(path: Fields): PathDraft {
  path.onlyKnown(["kind", "host"]);
  const host = path.text("host", { least: 1, most: 253 }) ?? "";
  if (host !== "" && !/^[A-Za-z0-9.:_-]+$/.test(host)) {
    path.refuse("host", "an IPv4 or IPv6 address, or a host name");
  }
  return { kind: path.choice("kind", PATH_KINDS, "cellular"), host };
}

function endpointOf(endpoint: Fields, find: FindProfile): EndpointDraft {
  endpoint.onlyKnown(["port", "kind", "pauseMs", "responseTimeoutMs", "meters"]);
  const kind = endpoint.choice("kind", ENDPOINT_KINDS, "gateway");
  const responseTimeoutMs = endpoint.whole("responseTimeoutMs", {
    least: 100,
    most: 60_000,
    otherwise: null,
  });
  return {
    port: endpoint.whole("port", { least: 1, most: 65_535 }) ?? 0,
    kind,
    pauseMs: endpoint.whole("pauseMs", { least: 0, most: 5_000, otherwise: null }) ?? 0,
    ...(responseTimeoutMs === null ? {} : { responseTimeoutMs }),
    meters: endpoint.list("meters", { least: 1, most: METERS_MAX }).map((meter) =>
      meterOf(meter, { kind, find })
    ),
  };
}

const METER_FIELDS = ["name", "unit", "profile", "endUse", "wholeSite", "maxPowerW", "transformer"];

function meterOf(
  meter: Fields,
  { kind, find }: { readonly kind: EndpointKind; readonly find: FindProfile },
): MeterDraft {
  meter.onlyKnown(METER_FIELDS);
  const unitId = meter.whole("unit", { least: 0, most: 255 }) ?? 0;
  const direct = kind === "gateway" ? "1 to 247 behind a gateway" : "0 to 247, or 255";
  const behindGateway = kind === "gateway" && (unitId === 0 || unitId === 255);
  if ((unitId >= 248 && unitId <= 254) || behindGateway) meter.refuse("unit", direct);
  const profileId = meter.text("profile", { least: 1, most: 80 });
  const profile = profileId === null ? undefined : find(profileId);
  if (profileId !== null && !profile) {
    const own = parseOwnProfileId(profileId) !== null;
    meter.refuse(
      "profile",
      own
        ? "a published version of a register map: the pages of profiles name them"
        : `one of ${PROFILES.map(({ id }) => id).join(", ")}`,
    );
  }
  const load = profile?.kind !== "router" && profile?.kind !== "io";
  const endUse = meter.optionalChoice<EndUse>("endUse", END_USES);
  return {
    name: meter.text("name", { least: 1, most: 80, otherwise: `${profileId ?? "meter"} ${unitId}` }) ?? "",
    unitId,
    profileId: profileId ?? "",
    profileVersion: profile?.version ?? 1,
    endUse: load ? endUse ?? "other" : endUse,
    wholeSite: meter.flag("wholeSite"),
    maxPowerW: meter.whole("maxPowerW", { least: 1, most: 1_000_000_000, otherwise: null }),
    transformer: transformerOf(meter),
    channels: profile ? channelsOf(profile) : [],
  };
}

function transformerOf(meter: Fields): Transformer | null {
  const ratio = meter.inner("transformer");
  if (!ratio) return null;
  ratio.onlyKnown(["ctPrimaryA", "ctSecondaryA", "vtPrimaryV", "vtSecondaryV", "appliedBy"]);
  const rated = (name: RatedField, { least, most }: { readonly least: number; readonly most: number }) => {
    const given = ratio.number(name, { least, most, ...(name.startsWith("vt") && { otherwise: null }) }) ?? 1;
    if (Math.abs(given - Math.round(given * 1000) / 1000) > 1e-9) ratio.refuse(name, "at most 3 decimals");
    return given;
  };
  const transformer = {
    ctPrimaryA: rated("ctPrimaryA", { least: 1, most: 100_000 }),
    ctSecondaryA: rated("ctSecondaryA", { least: 0.001, most: 10 }),
    vtPrimaryV: rated("vtPrimaryV", { least: 1, most: 1_000_000 }),
    vtSecondaryV: rated("vtSecondaryV", { least: 1, most: 1_000 }),
    appliedBy: ratio.choice("appliedBy", ["meter", "wattpost"] as const, "meter"),
  };
  const trouble = ratioTrouble(transformer);
  if (trouble !== null) ratio.refuse("vtPrimaryV", trouble);
  return transformer;
}

type RatedField = Exclude<keyof Transformer, "appliedBy">;

function checkTogether(site: Fields, { endpoints }: SiteDraft): void {
  const ports = endpoints.map(({ port }) => port);
  if (new Set(ports).size < ports.length) site.refuse("endpoints", "each port once");
  endpoints.forEach(({ meters }, i) => {
    const units = meters.map(({ unitId, profileId }) => `${unitId} ${profileId}`);
    if (new Set(units).size < units.length) site.refuse(`endpoints[${i}].meters`, "each unit once");
  });
  const meters = endpoints.reduce((sum, endpoint) => sum + endpoint.meters.length, 0);
  if (meters > METERS_MAX) site.refuse("endpoints", `at most ${METERS_MAX} meters in all`);
}
