/**
 * The form of the site itself: what it is called, where it is, and whom to call.
 *
 * @module
 */

import { checkZone, zoneErrorText } from "../../../domain/local_day.ts";
import type { Contact, SiteStep } from "../../../domain/registration.ts";
import { err, ok, type Result } from "../../../result.ts";
import { CONTACT_ROWS, contactField } from "../../../ui/pages/register/names.ts";
import type { SiteTexts } from "../../../ui/pages/register/SiteStepPage.tsx";
import { choice, type Field, type FieldErrors, type Fields, line, readForm } from "../../form.ts";
import { optionalEmail, optionalNumber, tick, VERSION } from "./fields.ts";

/** Digits of a coordinate: whatever a number can hold, as others have registered it. */
const PLACE_DECIMALS = 20;

const PARTS = ["Name", "Phone", "Email"] as const;
const ROWS = Array.from({ length: CONTACT_ROWS }, (_, i) => i + 1);

/** What every form of a step is sent with. */
export interface SentStep {
  /** The version that was looked at. */
  readonly version: number;
  /** Which button was pressed. */
  readonly do: "stay" | "next";
}

/** Fields of the buttons and the version. */
export const SENT: Fields<SentStep> = {
  version: VERSION,
  do: choice(["stay", "next"]),
};

const zone: Field<string> = (text) => {
  const typed = (text ?? "").trim();
  if (typed === "") return err("Is missing: a time zone such as Europe/London");
  const checked = checkZone(typed.slice(0, 64));
  return checked.ok ? checked : err(zoneErrorText(checked.error));
};

/** A form that was read. */
export interface ReadStep<T> extends SentStep {
  /** The step as it is to be. */
  readonly step: T;
}

/** What may stand in the form. */
export interface SiteFormRules {
  /** Groups that the person may put a site into; `null` among them: none at all. */
  readonly groupIds: readonly (number | null)[];
  /** Whether it is asked if half-hours are collected, as of a site that is registered already; default: it is not. */
  readonly asksCollected?: boolean;
}

/** Reads the form. */
export function readSiteForm(
  form: URLSearchParams,
  { groupIds, asksCollected }: SiteFormRules,
): Result<ReadStep<SiteStep>, FieldErrors> {
  const rows: Record<string, Field<string>> = {};
  for (const row of ROWS) {
    rows[contactField(row, "Name")] = line({ min: 0, max: 80 });
    rows[contactField(row, "Phone")] = line({ min: 0, max: 40 });
    rows[contactField(row, "Email")] = optionalEmail;
  }
  const group: Field<number | null> = (text) => {
    const id = text === undefined || text === "" ? null : Number(text);
    return groupIds.includes(id)
      ? ok(id)
      : err(id === null ? "Choose a group: you reach sites by it" : "Choose one of the groups");
  };
  const read = readForm<Record<string, unknown>>(form, {
    ...SENT,
    ...rows,
    ...(asksCollected ? { collected: tick } : {}),
    name: line({ min: 1, max: 80 }),
    group,
    address: line({ min: 0, max: 160 }),
    town: line({ min: 0, max: 80 }),
    zone,
    latitude: optionalNumber({ least: -90, most: 90, decimals: PLACE_DECIMALS }),
    longitude: optionalNumber({ least: -180, most: 180, decimals: PLACE_DECIMALS }),
  });
  const together = { ...halfPlace(form), ...namelessContacts(form) };
  if (!read.ok) return err({ ...together, ...read.error });
  if (Object.keys(together).length > 0) return err(together);
  const value = read.value as unknown as Omit<SiteStep, "contacts" | "groupId"> & SentStep & {
    readonly group: number | null;
  };
  const { collected } = value;
  const contacts = contactsIn(read.value as Record<string, string>);
  const { version, do: pressed, name, address, town, latitude, longitude } = value;
  const step = {
    name,
    groupId: value.group,
    address,
    town,
    zone: value.zone,
    latitude,
    longitude,
    contacts,
    ...(collected === undefined ? {} : { collected }),
  };
  return ok({ version, do: pressed, step });
}

/** Half a position is none. */
function halfPlace(form: URLSearchParams): FieldErrors {
  const [north, east] = ["latitude", "longitude"].map((name) => (form.get(name) ?? "").trim() !== "");
  return north === east ? {} : { [north ? "longitude" : "latitude"]: "Give both, or neither" };
}

function namelessContacts(form: URLSearchParams): FieldErrors {
  const missing = ROWS.filter((row) => {
    const [name, phone, email] = PARTS.map((part) => (form.get(contactField(row, part)) ?? "").trim());
    return name === "" && (phone !== "" || email !== "");
  });
  return Object.fromEntries(missing.map((row) => [contactField(row, "Name"), "Is missing: who is that?"]));
}

function contactsIn(values: Readonly<Record<string, string>>): readonly Contact[] {
  return ROWS.flatMap((row) => {
    const [name = "", phone = "", email = ""] = PARTS.map((part) => values[contactField(row, part)]);
    return name === "" ? [] : [{ name, phone, email }];
  });
}

/** What the form shows of a stored step; `zone` where nothing is stored yet. */
export function siteTexts(step: SiteStep | null, { zone }: { readonly zone: string }): SiteTexts {
  return {
    name: step?.name ?? "",
    group: step?.groupId == null ? "" : String(step.groupId),
    address: step?.address ?? "",
    town: step?.town ?? "",
    zone: step?.zone ?? zone,
    latitude: step?.latitude == null ? "" : String(step.latitude),
    longitude: step?.longitude == null ? "" : String(step.longitude),
    contacts: step?.contacts ?? [],
    collected: step?.collected,
  };
}

/** What was typed, for showing it again. */
export function typedSite(
  form: URLSearchParams,
  { asksCollected }: Pick<SiteFormRules, "asksCollected">,
): SiteTexts {
  const text = (name: string) => (form.get(name) ?? "").slice(0, 200);
  return {
    name: text("name"),
    group: text("group"),
    address: text("address"),
    town: text("town"),
    zone: text("zone"),
    latitude: text("latitude"),
    longitude: text("longitude"),
    contacts: ROWS.map((row) => ({
      name: text(contactField(row, "Name")),
      phone: text(contactField(row, "Phone")),
      email: text(contactField(row, "Email")),
    })),
    collected: asksCollected ? form.has("collected") : undefined,
  };
}
