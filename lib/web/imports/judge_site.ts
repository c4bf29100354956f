/**
 * Judges the rows of one site by the very fields of the pages that register a site one by one, and says what is wrong
 * beside the cell it stands in.
 *
 * @module
 */

import {
  DEVICES_MAX,
  type DeviceStep,
  EMPTY_REGISTRATION,
  ENDPOINTS_MAX,
  faultsOf,
  type Registration,
  type RouterStep,
} from "../../domain/registration.ts";
import { type ColumnId, SHEET_COLUMNS } from "../../domain/site_sheet.ts";
import type { FindProfile } from "../../profiles/book.ts";
import { readDeviceForm } from "../pages/register/device_form.ts";
import { readHoursForm } from "../pages/register/hours_form.ts";
import { readRouterForm } from "../pages/register/router_form.ts";
import { readSiteForm } from "../pages/register/site_form.ts";
import { noteOf, shortened } from "./cells.ts";
import { deviceForm, FIELDS, hoursForm, routerForm, siteForm } from "./forms.ts";
import type { NamedEndpoint, NamedRow } from "./named_row.ts";
import { findProfile, profileFault } from "./profiles.ts";

/** What is known of the world around the sheet. */
export interface JudgeContext {
  /** Groups that sites may be put into, by their name in lower case. */
  readonly groups: ReadonlyMap<string, number>;
  /** Whether a site may lie in no group. */
  readonly mayBeWithoutGroup: boolean;
  /** Whether a site of that name is registered. */
  isTaken(name: string): boolean;
  /** Whom an address and port belong to already, in words; `null`: nobody. */
  twinOf(host: string, port: number): string | null;
  /** Finds device profiles, among people's own those that the sheet names. */
  readonly find: FindProfile;
}

/** A site as it was judged. */
export interface JudgedSite {
  /** What is to be registered; `null`: something is refused. */
  readonly registration: Registration | null;
}

/** Judges the rows of a site; what is noticed is added to their notes. */
export function judgeSite(rows: readonly NamedRow[], context: JudgeContext): JudgedSite {
  const [first] = rows;
  if (!first) throw new RangeError("A site has at least one row");
  const shared = sharedOf(rows);
  const site = judgeSiteStep(shared, context);
  const { router, endpointIds } = judgeRouter(rows, { shared, find: context.find });
  const hours = judgeHours(shared);
  const devices = judgeDevices(rows, { router, endpointIds, find: context.find });
  const registration: Registration = { ...EMPTY_REGISTRATION, site, router, devices: devices.steps, hours };
  if (site && context.isTaken(site.name)) {
    shared.refuse("site", "A site of this name is registered already: another name is expected");
  }
  judgeTogether(registration, { shared, rowsOfDevices: devices.rows });
  if (router) warnOfTwins(router, { shared, context });
  const isGood = rows.every(({ notes }) => notes.every(({ state }) => state !== "refused"));
  return { registration: isGood && site && router ? registration : null };
}

/** What the rows of a site say together. */
interface Shared {
  /** Text of a column that all rows share. */
  text(column: ColumnId): string;
  /** Refuses what stands in a column, where it was said first. */
  refuse(column: ColumnId, words: string): void;
  /** Notes something about a column, where it was said first. */
  warn(column: ColumnId, words: string): void;
}

const SHARED = SHEET_COLUMNS.filter((column) => column.of === "site" || column.of === "router");

/** Texts of the site's and the router's columns: said once, or alike in every row. */
function sharedOf(rows: readonly NamedRow[]): Shared {
  const said = new Map<ColumnId, NamedRow>();
  for (const { id } of SHARED) {
    for (const row of rows) {
      const text = row.text(id);
      const before = said.get(id);
      if (text === "") continue;
      if (!before) said.set(id, row);
      else if (before.text(id) !== text && !(id === "site")) {
        const other = shortened(before.text(id));
        row.notes.push(
          noteOf(id, text, `Row ${before.row} of this site says “${other}”: rows of one site say the same`),
        );
      }
    }
  }
  const where = (column: ColumnId) => said.get(column) ?? rows[0];
  const text = (column: ColumnId) => said.get(column)?.text(column) ?? "";
  return {
    text,
    refuse(column, words) {
      const row = where(column);
      // A cell that is refused already needs no second reason.
      if (!row || rows.some(({ notes }) => notes.some((note) => note.column === column))) return;
      row.notes.push(noteOf(column, text(column), words));
    },
    warn(column, words) {
      where(column)?.notes.push({ column, state: "warn", value: shortened(text(column)), words });
    },
  };
}

function judgeSiteStep(shared: Shared, context: JudgeContext): Registration["site"] {
  const { groups, mayBeWithoutGroup } = context;
  const name = shared.text("group");
  const groupId = groups.get(name.toLowerCase());
  if (name !== "" && groupId === undefined) {
    shared.refuse("group", "There is no such group within your reach: the name of one is expected");
  } else if (name === "" && !mayBeWithoutGroup) {
    shared.refuse("group", "Is missing: you reach sites by their group, so one of yours is expected");
  }
  const chosen = groupId ?? (mayBeWithoutGroup ? null : [...groups.values()][0] ?? null);
  const read = readSiteForm(siteForm(shared.text, chosen), { groupIds: [chosen], asksCollected: false });
  if (!read.ok) {
    for (const [field, words] of Object.entries(read.error)) {
      shared.refuse(FIELDS.site[field] ?? "site", words);
    }
  }
  for (const column of ["latitude", "longitude"] as const) sayComma(shared, column);
  return read.ok ? read.value.step : null;
}

/** A comma separates decimals to us: who meant thousands should know. */
function sayComma({ text, warn }: Pick<Shared, "text" | "warn">, column: ColumnId): void {
  const typed = text(column);
  if (/^[+\-\u2212]?\d+,\d+$/.test(typed)) {
    warn(column, `Read as ${typed.replace(",", ".")}: a comma separates decimals`);
  }
}

function judgeHours(shared: Shared): Registration["hours"] {
  const form = hoursForm(shared.text);
  if (form === null) return null;
  const read = readHoursForm(form);
  if (read.ok) return read.value.hours;
  for (const [field, words] of Object.entries(read.error)) {
    shared.refuse(FIELDS.hours[field] ?? "hours weekdays", words);
  }
  return null;
}

interface JudgedRouter {
  readonly router: RouterStep | null;
  /** Id of the endpoint of each row. */
  readonly endpointIds: ReadonlyMap<NamedRow, number>;
}

function judgeRouter(
  rows: readonly NamedRow[],
  { shared, find }: { readonly shared: Shared; readonly find: FindProfile },
): JudgedRouter {
  const { endpoints, endpointIds, overflow } = endpointsOf(rows, shared);
  overflow?.notes.push(
    noteOf(
      "port",
      overflow.text("port"),
      `Is port ${ENDPOINTS_MAX + 1} of its site, at most ${ENDPOINTS_MAX} are read`,
    ),
  );
  const profile = shared.text("router profile");
  const found = profile === "" ? null : findProfile(profile, { wanted: "router", find });
  if (profile !== "" && !found) shared.refuse("router profile", profileFault(profile, "router"));
  const read = readRouterForm(routerForm(shared.text, { profileId: found?.id ?? "", endpoints }), { find });
  if (read.ok) return { router: read.value.step, endpointIds };
  for (const [field, words] of Object.entries(read.error)) {
    const endpoint = /^endpoint(\d)(\w+)$/.exec(field);
    const column = FIELDS.router[endpoint ? `endpoint${endpoint[2]}` : field] ?? "path 1 host";
    const row = endpoint ? endpoints[Number(endpoint[1]) - 1]?.row : null;
    if (row) row.notes.push(noteOf(column, row.text(column), words));
    else shared.refuse(column === "port" ? "router port" : column, words);
  }
  return { router: null, endpointIds };
}

function endpointsOf(rows: readonly NamedRow[], shared: Shared) {
  const endpoints: NamedEndpoint[] = [];
  const endpointIds = new Map<NamedRow, number>();
  let overflow: NamedRow | null = null;
  const add = (endpoint: NamedEndpoint): number => endpoints.push(endpoint);
  const ownPort = shared.text("router port") === "" ? "502" : shared.text("router port");
  if (shared.text("router profile") !== "" || shared.text("router port") !== "") {
    add({ row: null, port: ownPort, kind: "router" });
  }
  for (const row of rows) {
    const port = row.text("port") === "" ? "502" : row.text("port");
    const kind = row.text("endpoint").toLowerCase();
    const at = endpoints.findIndex((one) => one.port === port);
    const known = endpoints[at];
    if (known && kind !== "" && kind !== known.kind) {
      const who = known.row ? `Row ${known.row.row} of this site` : "The router's own profile";
      row.notes.push(noteOf("endpoint", kind, `${who} says that port ${port} is a ${known.kind}`));
    }
    if (!known && endpoints.length >= ENDPOINTS_MAX) overflow ??= row;
    else endpointIds.set(row, known ? at + 1 : add({ row, port, kind: kind === "" ? "gateway" : kind }));
  }
  return { endpoints, endpointIds, overflow };
}

interface JudgedDevices {
  readonly steps: readonly DeviceStep[];
  /** The row of each device, by its id. */
  readonly rows: ReadonlyMap<number, NamedRow>;
}

const DEVICE_COLUMNS = SHEET_COLUMNS.filter((column) => column.of === "device");

function judgeDevices(
  rows: readonly NamedRow[],
  { router, endpointIds, find }: JudgedRouter & { readonly find: FindProfile },
): JudgedDevices {
  const steps: DeviceStep[] = [];
  const rowsOf = new Map<number, NamedRow>();
  // Devices are judged although their router is not good: what is wrong is said all at once.
  const ids = [...new Set(endpointIds.values())];
  const around: Registration = {
    ...EMPTY_REGISTRATION,
    router: router ?? { ...ANY_ROUTER, endpoints: ids.map((id) => ({ ...ANY_ENDPOINT, id, port: id })) },
  };
  rows.forEach((row, i) => {
    // A site whose router alone is read has a row without a device.
    if (DEVICE_COLUMNS.every(({ id }) => row.text(id) === "") && row.notes.length === 0) return;
    if (i >= DEVICES_MAX) {
      row.notes.push(
        noteOf(
          "device",
          row.text("device"),
          `Is device ${i + 1} of its site, at most ${DEVICES_MAX} are read`,
        ),
      );
      return;
    }
    const step = judgeDevice(row, { around, id: i + 1, endpointId: endpointIds.get(row) ?? 1, find });
    rowsOf.set(i + 1, row);
    if (step) steps.push(step);
  });
  return { steps: withParents(steps, rowsOf), rows: rowsOf };
}

const ANY_ENDPOINT = { port: 502, kind: "device", pauseMs: 0, responseTimeoutMs: null } as const;

const ANY_ROUTER: RouterStep = {
  model: null,
  serial: null,
  profileId: null,
  unitId: 1,
  paths: [],
  endpoints: [],
  user: null,
  sim: { iccid: null, number: null, operator: null, apn: null, allowanceMB: null },
};

interface DevicePlace {
  readonly around: Registration;
  readonly id: number;
  readonly endpointId: number;
  readonly find: FindProfile;
}

function judgeDevice(row: NamedRow, { around, id, endpointId, find }: DevicePlace): DeviceStep | null {
  const refuse = (column: ColumnId, words: string) => {
    if (row.notes.some((note) => note.column === column && note.state === "refused")) return;
    row.notes.push(noteOf(column, row.text(column), words));
  };
  const written = row.text("profile");
  const profile = findProfile(written, { wanted: "device", find });
  if (!profile) refuse("profile", profileFault(written, "device"));
  const form = deviceForm(row.text, { profileId: profile?.id ?? "", endpointId });
  if (form.wholeSiteFault !== null) refuse("whole site", form.wholeSiteFault);
  const read = readDeviceForm(form.form, { registration: around, id, find });
  const warn = (column: ColumnId, words: string) =>
    void row.notes.push({ column, state: "warn", value: shortened(row.text(column)), words });
  for (const column of RATIOS) sayComma({ text: row.text, warn }, column);
  if (read.ok) return read.value.step;
  for (const [field, words] of Object.entries(read.error)) {
    const column = FIELDS.device[field] ?? "device";
    if (column !== "profile" || profile) refuse(column, words);
  }
  return null;
}

const RATIOS: readonly ColumnId[] = [
  "ct primary a",
  "ct secondary a",
  "vt primary v",
  "vt secondary v",
  "max power kw",
];

/** Finds the device that each one is part of, by its name. */
function withParents(
  steps: readonly DeviceStep[],
  rows: ReadonlyMap<number, NamedRow>,
): readonly DeviceStep[] {
  return steps.map((step) => {
    const row = rows.get(step.id);
    const name = row?.text("part of") ?? "";
    if (!row || name === "") return step;
    const named = steps.filter((other) => other.name.toLowerCase() === name.toLowerCase());
    const [parent] = named;
    if (parent && named.length === 1) return { ...step, parentId: parent.id };
    row.notes.push(noteOf(
      "part of",
      name,
      parent ? "Several devices of this site have that name" : "No device of this site has that name",
    ));
    return step;
  });
}

function judgeTogether(
  registration: Registration,
  { shared, rowsOfDevices }: {
    readonly shared: Shared;
    readonly rowsOfDevices: ReadonlyMap<number, NamedRow>;
  },
): void {
  if (!registration.site || !registration.router) return;
  for (const { step, deviceId, words } of faultsOf(registration)) {
    const row = deviceId === null ? undefined : rowsOfDevices.get(deviceId);
    if (row) {
      const column = words.includes("part of itself") ? "part of" : "unit";
      row.notes.push(noteOf(column, row.text(column), words));
    } else if (rowsOfDevices.size === 0) {
      shared.refuse(step === "router" ? "router profile" : "device", words);
    }
  }
}

/** Says that an address and port are of another site too: allowed, but worth a look. */
function warnOfTwins(
  { paths, endpoints }: RouterStep,
  { shared, context }: { readonly shared: Shared; readonly context: JudgeContext },
): void {
  paths.forEach(({ host }, i) => {
    const twins = new Set(
      endpoints.map(({ port }) => context.twinOf(host, port)).filter((twin) => twin !== null),
    );
    const column = `path ${i + 1} host` as ColumnId;
    for (const twin of twins) shared.warn(column, twin);
  });
}
