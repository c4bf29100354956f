/**
 * Makes of the cells of a sheet the forms that the pages of registering send, so that both are judged by the same
 * fields; and says which column each field came from.
 *
 * @module
 */

import type { ColumnId } from "../../domain/site_sheet.ts";
import {
  CONTACT_ROWS,
  contactField,
  dayField,
  endpointField,
  PATH_ROWS,
  pathField,
} from "../../ui/pages/register/names.ts";
import type { NamedEndpoint } from "./named_row.ts";

/** Text of a column. */
type Text = (column: ColumnId) => string;

const SENT = { version: "0", do: "stay" };

const PATHS = Array.from({ length: PATH_ROWS }, (_, i) => i + 1);

const pathColumn = (row: number, part: "kind" | "host") => `path ${row} ${part}` as ColumnId;

/** Days by the column they are written in. */
const DAYS: readonly ColumnId[] = [
  ...Array.from({ length: 5 }, (): ColumnId => "hours weekdays"),
  "hours saturday",
  "hours sunday",
];

/** Which column each field of each form came from; fields of endpoints without their row. */
export const FIELDS: Readonly<
  Record<"site" | "hours" | "router" | "device", Readonly<Record<string, ColumnId>>>
> = {
  site: {
    name: "site",
    group: "group",
    address: "address",
    town: "town",
    zone: "zone",
    latitude: "latitude",
    longitude: "longitude",
    [contactField(1, "Name")]: "contact",
    [contactField(1, "Phone")]: "phone",
    [contactField(1, "Email")]: "e-mail",
  },
  hours: Object.fromEntries(DAYS.map((column, weekday) => [dayField(weekday), column])),
  router: {
    model: "router model",
    serial: "router serial",
    profileId: "router profile",
    unitId: "router unit",
    user: "router user",
    iccid: "iccid",
    simNumber: "sim number",
    operator: "operator",
    apn: "apn",
    allowanceMB: "data mb",
    endpointPort: "port",
    endpointKind: "endpoint",
    endpointPauseMs: "pause ms",
    endpointResponseTimeoutMs: "timeout ms",
    ...Object.fromEntries(PATHS.flatMap((row) => [
      [pathField(row, "Kind"), pathColumn(row, "kind")],
      [pathField(row, "Host"), pathColumn(row, "host")],
    ])),
  },
  device: {
    name: "device",
    endUse: "end use",
    parentId: "part of",
    profileId: "profile",
    unitId: "unit",
    endpointId: "port",
    wholeSite: "whole site",
    appliedBy: "applied by",
    ctPrimaryA: "ct primary a",
    ctSecondaryA: "ct secondary a",
    vtPrimaryV: "vt primary v",
    vtSecondaryV: "vt secondary v",
    serial: "serial",
    label: "label",
    location: "location",
    maxPowerKw: "max power kw",
  },
};

/** The form of a site. */
export function siteForm(text: Text, groupId: number | null): URLSearchParams {
  const form = formOf(FIELDS.site, text, { ...SENT, group: groupId === null ? "" : String(groupId) });
  for (let row = 2; row <= CONTACT_ROWS; row++) {
    for (const part of ["Name", "Phone", "Email"] as const) form.set(contactField(row, part), "");
  }
  return form;
}

/** The form of its hours; `null`: none are given. */
export function hoursForm(text: Text): URLSearchParams | null {
  if (DAYS.every((column) => text(column) === "")) return null;
  return formOf(FIELDS.hours, text, SENT);
}

/** The form of its router. */
export function routerForm(
  text: Text,
  { profileId, endpoints }: { readonly profileId: string; readonly endpoints: readonly NamedEndpoint[] },
): URLSearchParams {
  const {
    endpointPort: _1,
    endpointKind: _2,
    endpointPauseMs: _3,
    endpointResponseTimeoutMs: _4,
    ...fields
  } = FIELDS.router;
  const unitId = text("router unit") === "" ? "1" : text("router unit");
  const form = formOf(fields, text, { ...SENT, profileId, unitId });
  for (const row of PATHS) form.set(pathField(row, "Kind"), pathKind(text(pathColumn(row, "kind"))));
  endpoints.forEach(({ row, port, kind }, i) => {
    form.set(endpointField(i + 1, "Port"), port);
    form.set(endpointField(i + 1, "Kind"), kind);
    form.set(endpointField(i + 1, "PauseMs"), row?.text("pause ms") ?? "");
    form.set(endpointField(i + 1, "ResponseTimeoutMs"), row?.text("timeout ms") ?? "");
  });
  return form;
}

function pathKind(text: string): string {
  const kind = text.toLowerCase();
  return kind === "" ? "cellular" : kind === "wi-fi" ? "wifi" : kind;
}

/** The form of a device, and what is wrong with what no form can send. */
export function deviceForm(
  text: Text,
  { profileId, endpointId }: { readonly profileId: string; readonly endpointId: number },
): { readonly form: URLSearchParams; readonly wholeSiteFault: string | null } {
  const form = formOf(FIELDS.device, text, {
    ...SENT,
    profileId,
    endpointId: String(endpointId),
    parentId: "",
    endUse: text("end use").toLowerCase(),
    appliedBy: text("applied by").toLowerCase(),
  });
  const whole = text("whole site").toLowerCase();
  form.delete("wholeSite");
  if (["yes", "y", "true", "1", "x"].includes(whole)) form.set("wholeSite", "on");
  const isNo = ["", "no", "n", "false", "0"].includes(whole);
  return { form, wholeSiteFault: isNo || form.has("wholeSite") ? null : "Expected yes or no" };
}

function formOf(
  fields: Readonly<Record<string, ColumnId>>,
  text: Text,
  more: Readonly<Record<string, string>>,
): URLSearchParams {
  const texts = Object.entries(fields).map(([field, column]) => [field, text(column)]);
  return new URLSearchParams({ ...Object.fromEntries(texts), ...more });
}
