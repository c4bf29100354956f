/**
 * A site as an operator writes it down, checked as a whole: everything that is wrong is named together, with its
 * value and what was expected. Pure.
 *
 * @module
 */
import { END_USES, type EndUse } from "../../lib/domain/end_use.ts";
import type { HalfHour } from "../../lib/domain/half_hour.ts";
import { checkZone, zoneErrorText } from "../../lib/domain/local_day.ts";
import type { EndpointKind, PathKind, Transformer } from "../../lib/domain/site.ts";
import { channelsOf, profileOf, PROFILES } from "../../lib/profiles/mod.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { EndpointDraft, MeterDraft, PathDraft, SiteDraft } from "../../lib/store/sites.ts";

/** What is wrong with one field. */
export interface FieldError {
  /** Where, such as `endpoints[0].meters[1].unit`. */
  readonly field: string;
  /** What it is. */
  readonly value: string;
  /** What a value looks like, in words. */
  readonly expects: string;
}

/** Meters of one site at most. */
const METERS_MAX = 250;

/** Paths of one router at most. */
const PATHS_MAX = 8;

/** Endpoints of one site at most. */
const ENDPOINTS_MAX = 32;

const PATH_KINDS: readonly PathKind[] = ["cellular", "wifi", "wired"];
const ENDPOINT_KINDS: readonly EndpointKind[] = ["router", "gateway", "device"];

/** Characters of a value that an error shows. */
const SHOWN = 60;

/** Checks a site written as JSON; `since` is the first half-hour in which it is expected. */
export function siteDraftOf(
  json: unknown,
  since: HalfHour,
): Result<SiteDraft, readonly FieldError[]> {
  const form: Form = { errors: [] };
  const site = at(form, "", json);
  const draft: SiteDraft = {
    name: site.text("name", { least: 1, most: 80 }) ?? "",
    town: site.text("town", { least: 0, most: 80, otherwise: "" }) ?? "",
    zone: zoneOf(site),
    latitude: site.number("latitude", { least: -90, most: 90, otherwise: null }),
    longitude: site.number("longitude", { least: -180, most: 180, otherwise: null }),
    hours: null,
    since,
    paths: site.list("paths", { least: 1, most: PATHS_MAX }).map(pathOf),
    endpoints: site.list("endpoints", { least: 1, most: ENDPOINTS_MAX }).map(endpointOf),
  };
  checkTogether(site, draft);
  site.onlyKnown(["name", "town", "zone", "latitude", "longitude", "paths", "endpoints"]);
  return form.errors.length > 0 ? err(form.errors) : ok(draft);
}

/** All errors as people read them in a terminal. */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  return errors.map(({ field, value, expects }) => `  ${field} is ${value}\n    expected: ${expects}`).join(
    "\n",
  );
}

function zoneOf(site: Fields): string {
  const zone = site.text("zone", { least: 1, most: 64 });
  if (zone === null) return "";
  const checked = checkZone(zone);
  if (checked.ok) return checked.value;
  site.refuse("zone", zoneErrorText(checked.error));
  return zone;
}

function pathOf(path: Fields): PathDraft {
  path.onlyKnown(["kind", "host"]);
  const host = path.text("host", { least: 1, most: 253 }) ?? "";
  if (host !== "" && !/^[A-Za-z0-9.:_-]+$/.test(host)) {
    path.refuse("host", "an IPv4 or IPv6 address, or a host name");
  }
  return { kind: path.choice("kind", PATH_KINDS, "cellular"), host };
}

function endpointOf(endpoint: Fields): EndpointDraft {
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
    meters: endpoint.list("meters", { least: 1, most: METERS_MAX }).map((meter) => meterOf(meter, kind)),
  };
}

const METER_FIELDS = ["name", "unit", "profile", "endUse", "wholeSite", "maxPowerW", "transformer"];

function meterOf(meter: Fields, kind: EndpointKind): MeterDraft {
  meter.onlyKnown(METER_FIELDS);
  const unitId = meter.whole("unit", { least: 0, most: 255 }) ?? 0;
  const direct = kind === "gateway" ? "1 to 247 behind a gateway" : "0 to 247, or 255";
  const behindGateway = kind === "gateway" && (unitId === 0 || unitId === 255);
  if ((unitId >= 248 && unitId <= 254) || behindGateway) meter.refuse("unit", direct);
  const profileId = meter.text("profile", { least: 1, most: 80 });
  const profile = profileId === null ? undefined : profileOf(profileId);
  if (profileId !== null && !profile) {
    meter.refuse("profile", `one of ${PROFILES.map(({ id }) => id).join(", ")}`);
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
  return {
    ctPrimaryA: ratio.number("ctPrimaryA", { least: 1, most: 100_000 }) ?? 1,
    ctSecondaryA: ratio.number("ctSecondaryA", { least: 0.001, most: 10 }) ?? 1,
    vtPrimaryV: ratio.number("vtPrimaryV", { least: 1, most: 1_000_000, otherwise: null }) ?? 1,
    vtSecondaryV: ratio.number("vtSecondaryV", { least: 1, most: 1_000, otherwise: null }) ?? 1,
    appliedBy: ratio.choice("appliedBy", ["meter", "wattpost"] as const, "meter"),
  };
}

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

interface Form {
  readonly errors: FieldError[];
}

interface Range<O> {
  readonly least: number;
  readonly most: number;
  /** The value without it; absent: it must be there. */
  readonly otherwise?: O;
}

interface Fields {
  text(name: string, range: Range<string>): string | null;
  number(name: string, range: Range<null>): number | null;
  whole(name: string, range: Range<null>): number | null;
  flag(name: string): boolean;
  choice<T extends string>(name: string, choices: readonly T[], otherwise: T): T;
  optionalChoice<T extends string>(name: string, choices: readonly T[]): T | null;
  list(name: string, range: Range<never>): readonly Fields[];
  inner(name: string): Fields | null;
  refuse(name: string, expects: string): void;
  onlyKnown(names: readonly string[]): void;
}

/** The fields of an object within the form. */
function at(form: Form, place: string, json: unknown): Fields {
  const object = isObject(json) ? json : {};
  if (!isObject(json)) {
    form.errors.push({ field: place || "the site", value: shown(json), expects: "an object" });
  }
  const refuse = (name: string, expects: string) =>
    void form.errors.push({ field: join(place, name), value: shown(valueAt(object, name)), expects });
  const number = (name: string, range: Range<null>, kind: "a number" | "a whole number") => {
    const value = object[name];
    if ((value === undefined || value === null) && range.otherwise !== undefined) return range.otherwise;
    const fits = typeof value === "number" && value >= range.least && value <= range.most &&
      (kind === "a number" || Number.isInteger(value));
    if (!fits) refuse(name, `${kind} from ${range.least} to ${range.most}`);
    return fits ? value : null;
  };
  const fields: Fields = {
    text(name, { least, most, otherwise }) {
      const value = typeof object[name] === "string" ? object[name].trim() : object[name];
      if ((value === undefined || value === null) && otherwise !== undefined) return otherwise;
      const fits = typeof value === "string" && value.length >= least && value.length <= most;
      if (!fits) refuse(name, `a text of ${least} to ${most} characters`);
      return fits ? value : null;
    },
    number: (name, range) => number(name, range, "a number"),
    whole: (name, range) => number(name, range, "a whole number"),
    flag(name) {
      const value = object[name] ?? false;
      if (typeof value !== "boolean") refuse(name, "true or false");
      return value === true;
    },
    choice: (name, choices, otherwise) => fields.optionalChoice(name, choices) ?? otherwise,
    optionalChoice(name, choices) {
      if (object[name] === undefined || object[name] === null) return null;
      const choice = choices.find((one) => one === object[name]);
      if (choice === undefined) refuse(name, `one of ${choices.join(", ")}`);
      return choice ?? null;
    },
    list(name, { least, most }) {
      const value = object[name];
      const fits = Array.isArray(value) && value.length >= least && value.length <= most;
      if (!fits) refuse(name, `a list of ${least} to ${most}`);
      return fits ? value.map((entry, i) => at(form, `${join(place, name)}[${i}]`, entry)) : [];
    },
    inner: (name) =>
      object[name] === undefined || object[name] === null ? null : at(form, join(place, name), object[name]),
    refuse,
    onlyKnown(names) {
      for (const name of Object.keys(object)) {
        if (!names.includes(name)) refuse(name, `no such field; known are ${names.join(", ")}`);
      }
    },
  };
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueAt(object: Record<string, unknown>, name: string): unknown {
  return object[name.split(/[.[]/, 1)[0] ?? name];
}

function join(place: string, name: string): string {
  return place === "" ? name : `${place}.${name}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "not given";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
