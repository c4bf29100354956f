/**
 * The maintenance page of a site in words, and its form.
 *
 * @module
 */

import { HALF_HOUR_S, halfHourOf } from "../../../domain/half_hour.ts";
import type { WindowRefusal } from "../../../domain/maintenance.ts";
import { err, ok, type Result } from "../../../result.ts";
import type { Author } from "../../../store/audit.ts";
import type { Database } from "../../../store/db.ts";
import { addWindow, type KeptWindow, listWindows } from "../../../store/maintenance.ts";
import type { SitePlan } from "../../../domain/site.ts";
import type { FieldProps } from "../../../ui/Input.tsx";
import type { MaintenancePageProps, WindowRow } from "../../../ui/pages/device/MaintenancePage.tsx";
import type { Told } from "../../../ui/Told.tsx";
import { type FieldErrors, line, readForm } from "../../form.ts";
import { optionalNumber, tick } from "../register/fields.ts";
import { halfHourText, instantOf, localTexts } from "./local_instant.ts";

/** What the page knows. */
export interface MaintenancePlace {
  /** The database. */
  readonly db: Database;
  /** The site with its devices. */
  readonly plan: Pick<SitePlan, "site" | "meters">;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Names of the fields. */
export const MAINTENANCE_NAMES = [
  "meterId",
  "fromDate",
  "fromTime",
  "toDate",
  "toTime",
  "why",
  "unvisited",
] as const;

/** What was just done, by name. */
const DONE: Readonly<Record<string, Told>> = {
  set: {
    state: "good",
    title: "The window is set",
    words: "Half-hours of it that were not read are explained.",
  },
  ended: {
    state: "good",
    title: "The window is ended",
    words: "From the half-hour under way on the site is expected.",
  },
};

/** The page. */
export async function maintenanceView(
  { db, plan, nowMs }: MaintenancePlace,
  { typed, faults, done }: {
    readonly typed: Readonly<Record<string, string>> | null;
    readonly faults: FieldErrors;
    readonly done: string | null;
  },
): Promise<MaintenancePageProps> {
  const { site, meters } = plan;
  const windows = await listWindows(db, site.id);
  const nowS = halfHourOf(nowMs) * HALF_HOUR_S;
  const [from, to] = [localTexts(site.zone, nowS), localTexts(site.zone, nowS + 4 * HALF_HOUR_S)];
  const values = typed ??
    { fromDate: from.date, fromTime: from.time, toDate: to.date, toTime: to.time, meterId: "", why: "" };
  return {
    site: { name: site.name, href: `/sites/${site.id}` },
    windows: windows.map((window) =>
      rowOf(window, { zone: site.zone, siteId: site.id, now: halfHourOf(nowMs) })
    ),
    action: `/sites/${site.id}/maintenance`,
    fields: fieldsOf(values, meters),
    unvisited: values["unvisited"] === "on",
    faults,
    told: DONE[done ?? ""] ?? null,
  };
}

function fieldsOf(
  values: Readonly<Record<string, string>>,
  meters: SitePlan["meters"],
): readonly FieldProps[] {
  const at = (name: "from" | "to", label: string): readonly FieldProps[] => [
    {
      name: `${name}Date`,
      label: `${label}, date`,
      type: "date",
      value: values[`${name}Date`],
      required: true,
      span: 6,
    },
    {
      name: `${name}Time`,
      label: `${label}, time`,
      type: "time",
      value: values[`${name}Time`],
      required: true,
      span: 6,
    },
  ];
  return [
    {
      name: "meterId",
      label: "Of",
      value: values["meterId"] ?? "",
      options: [
        { value: "", label: "The whole site" },
        ...meters.map(({ id, name }) => ({ value: String(id), label: name })),
      ],
      span: 12,
    },
    ...at("from", "From"),
    ...at("to", "Until"),
    { name: "why", label: "Why", value: values["why"] ?? "", maxLength: 200, required: true, span: 12 },
  ];
}

function rowOf(
  window: KeptWindow,
  { zone, siteId, now }: { readonly zone: string; readonly siteId: number; readonly now: number },
): WindowRow {
  const { id, device, from, to, why, by, endedMs, visited } = window;
  const ended = endedMs === null ? "" : ", ended early";
  const quiet = visited ? "" : ", not visited";
  return {
    id,
    what: device ?? "The whole site",
    from: halfHourText(zone, from),
    to: halfHourText(zone, to),
    why,
    by: `${by === null ? "Set" : `Set by ${by}`}${quiet}${ended}`,
    standing: to <= now
      ? { state: "info", words: "Over" }
      : from > now
      ? { state: "loading", words: "To come" }
      : { state: "maintenance", words: "Now" },
    endAction: to <= now ? null : `/sites/${siteId}/maintenance/${id}/end`,
  };
}

/** Sets the window of a form, or says what is wrong by field. */
export async function setWindow(
  { db, plan }: MaintenancePlace,
  by: Author,
  form: URLSearchParams,
): Promise<Result<number, FieldErrors>> {
  const text = (max: number) => line({ min: 1, max });
  const read = readForm(form, {
    meterId: optionalNumber({ least: 1, most: 2_147_483_647 }),
    fromDate: text(10),
    fromTime: text(8),
    toDate: text(10),
    toTime: text(8),
    why: text(200),
    unvisited: tick,
  });
  if (!read.ok) return read;
  const { meterId, fromDate, fromTime, toDate, toTime, why, unvisited } = read.value;
  const { zone, id: siteId } = plan.site;
  const from = instantOf(zone, { date: fromDate, time: fromTime });
  const to = instantOf(zone, { date: toDate, time: toTime });
  const errors: Record<string, string> = {};
  for (const [name, at] of [["from", from], ["to", to]] as const) {
    if (!at.ok) errors[at.error.includes("time") ? `${name}Time` : `${name}Date`] = at.error;
    else if (at.value % HALF_HOUR_S !== 0) errors[`${name}Time`] = "Half-hours begin at :00 and :30";
  }
  if (unvisited && meterId !== null) {
    errors["meterId"] = "A device alone is visited with its site: choose the whole site";
  }
  if (!from.ok || !to.ok || Object.keys(errors).length > 0) return err(errors);
  const window = { siteId, meterId, from: from.value / HALF_HOUR_S, to: to.value / HALF_HOUR_S };
  const set = await addWindow(db, by, { ...window, why, visited: !unvisited });
  if (set.ok) return ok(set.value);
  return err(Object.fromEntries(set.error.map((refusal) => refusalWords(refusal, zone))));
}

function refusalWords(refusal: WindowRefusal, zone: string): readonly [string, string] {
  switch (refusal.kind) {
    case "ends-before-it-begins":
      return ["toTime", "It ends before it begins"];
    case "too-long":
      return ["toDate", `It is ${Math.ceil(refusal.halfHours / 48)} days long: 30 at most`];
    case "too-early":
      return ["fromDate", `Too early: from ${halfHourText(zone, refusal.notBefore)} on`];
    case "too-late":
      return ["fromDate", `Too late: until ${halfHourText(zone, refusal.notAfter)} at most`];
    case "too-many":
      return ["", "This site has 200 windows, which is the most"];
    case "no-such-device":
      return ["meterId", "Choose the whole site, or one of its devices"];
    case "no-such-window":
    case "over-already":
      return ["", "The window is over already"];
  }
}
