/**
 * What a draft changes of a registered site, difference by difference in words, and as the audit trail keeps it. Pure.
 *
 * @module
 */

import type { EndUse } from "./end_use.ts";
import { formatHours, WEEKDAYS } from "./hours.ts";
import type {
  Contact,
  DeviceStep,
  EndpointStep,
  PathStep,
  RouterStep,
  SiteState,
  SiteStep,
  StepName,
} from "./registration.ts";
import type { Transformer, WeekHours } from "./site.ts";
import { isSame } from "./site_change.ts";

/** A difference. */
export interface Difference {
  /** Where it is put right. */
  readonly step: StepName;
  /** The device that is meant, by its number within the draft; `null`: none in particular. */
  readonly deviceId: number | null;
  /** What differs, such as `Town`. */
  readonly what: string;
  /** As it is; `null`: not there, or not given. */
  readonly before: string | null;
  /** As it is to be; `null`: taken away, or not given. */
  readonly after: string | null;
}

/** What people call things that are known by their ids here. */
export interface DiffWords {
  /** A group of sites. */
  readonly group: (id: number) => string;
  /** A device profile. */
  readonly model: (profileId: string) => string;
  /** An end use. */
  readonly endUse: (use: EndUse) => string;
}

/** All differences between a site and what is to become of it, in the order of the steps. */
export function differencesOf(
  before: SiteState,
  after: SiteState,
  words: DiffWords,
): readonly Difference[] {
  return [
    ...siteDifferences(before.site, after.site, words),
    ...routerDifferences(before.router, after.router, words),
    ...deviceDifferences(before, after, words),
    ...hoursDifferences(before.hours, after.hours),
  ];
}

/** Texts of one thing by what they are called, in order; `null`: not given. */
type Texts = Readonly<Record<string, string | null>>;

interface Place {
  readonly step: StepName;
  readonly deviceId: number | null;
}

function textDifferences(before: Texts, after: Texts, place: Place): readonly Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((what) => {
    const [was, becomes] = [before[what] ?? null, after[what] ?? null];
    return was === becomes ? [] : [{ ...place, what, before: was, after: becomes }];
  });
}

function siteDifferences(before: SiteStep, after: SiteStep, words: DiffWords): readonly Difference[] {
  return textDifferences(siteTexts(before, words), siteTexts(after, words), { step: "site", deviceId: null });
}

function siteTexts(site: SiteStep, { group }: DiffWords): Texts {
  const { name, groupId, address, town, zone, latitude, longitude, contacts, collected } = site;
  return {
    "Name": name,
    "Group": groupId === null ? null : group(groupId),
    "Street address": orNull(address),
    "Town": orNull(town),
    "Time zone": zone,
    "Position": latitude === null || longitude === null ? null : `${latitude}, ${longitude}`,
    "Contacts": orNull(contacts.map(contactText).join("; ")),
    "Half-hours": collected === false ? "not collected" : "collected",
  };
}

function contactText({ name, phone, email }: Contact): string {
  return [name, phone, email].filter((part) => part !== "").join(", ");
}

function routerDifferences(before: RouterStep, after: RouterStep, words: DiffWords): readonly Difference[] {
  const place: Place = { step: "router", deviceId: null };
  const [was, becomes] = [routerTexts(before, words), routerTexts(after, words)];
  return [
    ...textDifferences(pathTexts(before.paths), pathTexts(after.paths), place),
    ...endpointDifferences(before.endpoints, after.endpoints),
    ...textDifferences(was, becomes, place),
  ];
}

function pathTexts(paths: readonly PathStep[]): Texts {
  return Object.fromEntries(
    paths.map(({ kind, host }, i) => [i === 0 ? "Main path" : `Path ${i + 1}`, `${host}, ${PATHS[kind]}`]),
  );
}

const PATHS = { cellular: "cellular", wifi: "Wi-Fi", wired: "wired" } as const;

function routerTexts(router: RouterStep, { model }: DiffWords): Texts {
  const { profileId, unitId, user, sim } = router;
  return {
    "Router": router.model,
    "Serial number of the router": router.serial,
    "Its own registers": profileId === null ? null : `${model(profileId)}, unit ${unitId}`,
    "User of its pages": user,
    "ICCID": sim.iccid,
    "Telephone number of the SIM": sim.number,
    "Operator": sim.operator,
    "APN": sim.apn,
    "Allowance a month": sim.allowanceMB === null ? null : `${sim.allowanceMB} MB`,
  };
}

function endpointDifferences(
  before: readonly EndpointStep[],
  after: readonly EndpointStep[],
): readonly Difference[] {
  return pairsOf(before, after).flatMap(({ was, becomes }) => {
    const [one, other] = [was && endpointText(was), becomes && endpointText(becomes)];
    if (one === other) return [];
    const { port } = was ?? becomes ?? { port: 0 };
    return [{
      step: "router" as const,
      deviceId: null,
      what: `Port ${port}`,
      before: one ?? null,
      after: other ?? null,
    }];
  });
}

function endpointText({ kind, port, pauseMs, responseTimeoutMs }: EndpointStep): string {
  return [
    portText({ kind, port }),
    ...pauseMs === 0 ? [] : [`pause ${pauseMs} ms`],
    ...responseTimeoutMs === null ? [] : [`wait ${responseTimeoutMs} ms`],
  ].join(", ");
}

/** A port in words: `serial gateway at port 1502`. */
export function portText({ kind, port }: Pick<EndpointStep, "kind" | "port">): string {
  switch (kind) {
    case "router":
      return `router's own server at port ${port}`;
    case "gateway":
      return `serial gateway at port ${port}`;
    case "device":
      return `device at port ${port}`;
  }
}

function deviceDifferences(before: SiteState, after: SiteState, words: DiffWords): readonly Difference[] {
  return pairsOf(before.devices, after.devices).flatMap(({ was, becomes }): readonly Difference[] => {
    if (was && becomes) {
      const place: Place = { step: "devices", deviceId: becomes.id };
      const [one, other] = [{ of: before, words }, { of: after, words }];
      // A port that gets another number is a difference of the router, not of each of its devices.
      const way = isReadAlike(was, becomes) ? [] : textDifferences(
        { "Read as": wayText(was, one) },
        { "Read as": wayText(becomes, other) },
        place,
      );
      return [...textDifferences(deviceTexts(was, one), deviceTexts(becomes, other), place), ...way];
    }
    const device = becomes ?? was;
    if (!device) return [];
    const text = [device.name, wayText(device, { of: becomes ? after : before, words })].join(", ");
    const [what, beforeText, afterText] = becomes ? ["New device", null, text] as const : [
      "Device",
      text,
      null,
    ] as const;
    return [{ step: "devices", deviceId: device.id, what, before: beforeText, after: afterText }];
  });
}

interface Around {
  readonly of: SiteState;
  readonly words: DiffWords;
}

function isReadAlike(one: DeviceStep, other: DeviceStep): boolean {
  return one.profileId === other.profileId && one.unitId === other.unitId &&
    one.endpointId === other.endpointId;
}

function deviceTexts(device: DeviceStep, { of: { devices }, words }: Around): Texts {
  const { name, endUse, wholeSite, parentId, serial, label, location, maxPowerW, transformer } = device;
  return {
    "Name": name,
    "End use": endUse === null ? null : words.endUse(endUse),
    "Measures": wholeSite ? "the whole site" : "its own load",
    "Part of": devices.find(({ id }) => id === parentId)?.name ?? null,
    "Serial number": serial,
    "Label": label,
    "Location": location,
    "Largest power": maxPowerW === null ? null : `${maxPowerW / 1000} kW`,
    "Transformers": transformer && transformerText(transformer),
  };
}

function wayText({ profileId, unitId, endpointId }: DeviceStep, { of: { router }, words }: Around): string {
  const endpoint = router.endpoints.find(({ id }) => id === endpointId);
  return `${words.model(profileId)}, unit ${unitId}${endpoint ? ` through the ${portText(endpoint)}` : ""}`;
}

/** Transformers in words: `CT 250 : 5 A, the display shows primary kWh`. */
export function transformerText(transformer: Transformer): string {
  const { ctPrimaryA, ctSecondaryA, vtPrimaryV, vtSecondaryV, appliedBy } = transformer;
  const vt = vtPrimaryV === vtSecondaryV ? "" : `, VT ${vtPrimaryV} : ${vtSecondaryV} V`;
  const by = appliedBy === "meter" ? "the display shows primary kWh" : "Wattpost multiplies";
  return `CT ${ctPrimaryA} : ${ctSecondaryA} A${vt}, ${by}`;
}

function hoursDifferences(before: WeekHours | null, after: WeekHours | null): readonly Difference[] {
  if (isSame(before, after)) return [];
  const place: Place = { step: "hours", deviceId: null };
  return textDifferences(hoursTexts(before), hoursTexts(after), place);
}

function hoursTexts(hours: WeekHours | null): Texts {
  if (hours === null) return {};
  return Object.fromEntries(
    formatHours(hours).map((text, weekday) => [WEEKDAYS[weekday] ?? "", text === "" ? "closed" : text]),
  );
}

interface Pair<T> {
  readonly was: T | undefined;
  readonly becomes: T | undefined;
}

/** What stands on either side under one number: first what was there, in its order, then what is new. */
function pairsOf<T extends { readonly id: number }>(
  before: readonly T[],
  after: readonly T[],
): readonly Pair<T>[] {
  const later = new Map(after.map((one) => [one.id, one]));
  const earlier = new Set(before.map(({ id }) => id));
  return [
    ...before.map((was) => ({ was, becomes: later.get(was.id) })),
    ...after.filter(({ id }) => !earlier.has(id)).map((becomes) => ({ was: undefined, becomes })),
  ];
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}

/** What was and what became of it, of changed fields alone. */
export interface Trace {
  /** As it was. */
  readonly before: Readonly<Record<string, unknown>>;
  /** As it became. */
  readonly after: Readonly<Record<string, unknown>>;
}

/** A change as the audit trail keeps it; `idOf` gives the id under which a device is registered, `null`: a new one. */
export function traceOfChange(
  before: SiteState,
  after: SiteState,
  idOf: (deviceId: number) => number | null,
): Trace {
  const parts: (readonly [string, object | undefined, object | undefined])[] = [
    ["site", before.site, after.site],
    ["router", before.router, after.router],
    ["hours", { week: before.hours }, { week: after.hours }],
    ...pairsOf(before.devices, after.devices).map(({ was, becomes }) => {
      const { id, name } = becomes ?? was ?? { id: 0, name: "" };
      const known = idOf(id);
      return [known === null ? `new device "${name}"` : `device ${known}`, was, becomes] as const;
    }),
  ];
  const changed = parts.map(([name, was, becomes]) => [name, changedFields(was, becomes)] as const)
    .filter(([, { before: one, after: other }]) => Object.keys({ ...one, ...other }).length > 0);
  return {
    before: Object.fromEntries(changed.map(([name, trace]) => [name, trace.before])),
    after: Object.fromEntries(changed.map(([name, trace]) => [name, trace.after])),
  };
}

function changedFields(before: object | undefined, after: object | undefined): Trace {
  const [one, other] = [new Map(Object.entries(before ?? {})), new Map(Object.entries(after ?? {}))];
  const names = [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => !isSame(one.get(name), other.get(name)));
  const of = (fields: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]));
  return { before: of(one), after: of(other) };
}
