/**
 * The forms by which many sites are changed alike: which sites, and what is to become of them.
 *
 * @module
 */

import { formatHours, parseHours, WEEKDAYS } from "../../../domain/hours.ts";
import type { WeekHours } from "../../../domain/site.ts";
import {
  BULK_MAX,
  type BulkWish,
  type MarkedSite,
  unpackIds,
  unpackMarks,
} from "../../../domain/site_bulk.ts";
import { err, ok, type Result } from "../../../result.ts";
import type { BulkTexts } from "../../../ui/bulk_model.ts";
import { dayField } from "../../../ui/pages/register/names.ts";
import { choice, type Field, type FieldErrors, readForm } from "../../form.ts";
import { tick } from "../register/fields.ts";
import { dayText } from "../register/hours_form.ts";

/** What a press of a button asks for. */
export type BulkStep = "look" | "back" | "apply";

/** A form that was read. */
export interface ReadBulk {
  /** Which button was pressed. */
  readonly step: BulkStep;
  /** The sites that were chosen, with a mark or without. */
  readonly siteIds: readonly number[];
  /** The sites as they were looked at; empty before. */
  readonly marks: readonly MarkedSite[];
  /** What is to become of them. */
  readonly wish: BulkWish;
}

const TOO_MANY = `Expected at most ${BULK_MAX.toLocaleString("en-GB")} sites, as the page before named them`;

/** Reads a form. `groupIds` are those the person may put sites into; `null` among them: none at all. */
export function readBulkForm(
  form: URLSearchParams,
  groupIds: readonly (number | null)[],
): Result<ReadBulk, FieldErrors> {
  const days: Record<string, Field<string>> = {};
  WEEKDAYS.forEach((_, weekday) => days[dayField(weekday)] = (text) => ok((text ?? "").slice(0, 80)));
  const read = readForm<Record<string, unknown>>(form, {
    ...days,
    sameAsMonday: tick,
    do: choice(["look", "back", "apply"]),
    sites: packed(unpackIds),
    marks: packed(unpackMarks),
    group: groupWish(groupIds),
    collected: choice(["keep", "on", "off"]),
    hours: choice(["keep", "none", "set"]),
  });
  const hours = hoursIn(form);
  if (!read.ok || !hours.ok) {
    return err({ ...(read.ok ? {} : read.error), ...(hours.ok ? {} : hours.error) });
  }
  const { do: step, sites, marks, group, collected } = read.value as unknown as Sent;
  const wish: BulkWish = {
    ...(group === "keep" ? {} : { groupId: group }),
    ...(collected === "keep" ? {} : { collected: collected === "on" }),
    ...(hours.value === undefined ? {} : { hours: hours.value }),
  };
  if (step !== "back" && Object.keys(wish).length === 0) return err({ "": "Choose what is to change" });
  const siteIds = [...sites, ...marks.map(({ id }) => id)];
  if (siteIds.length > BULK_MAX || (step === "apply" ? marks : siteIds).length === 0) {
    return err({ "": TOO_MANY });
  }
  return ok({ step, siteIds, marks, wish });
}

interface Sent {
  readonly do: BulkStep;
  readonly sites: readonly number[];
  readonly marks: readonly MarkedSite[];
  readonly group: number | null | "keep";
  readonly collected: "keep" | "on" | "off";
}

function packed<T>(unpack: (text: string) => readonly T[] | null): Field<readonly T[]> {
  return (text) => {
    if (text === undefined || text === "") return ok([]);
    const found = unpack(text);
    return found ? ok(found) : err(TOO_MANY);
  };
}

function groupWish(groupIds: readonly (number | null)[]): Field<number | null | "keep"> {
  return (text) => {
    if (text === undefined || text === "keep") return ok("keep");
    const id = text === "none" ? null : Number(text);
    return groupIds.includes(id) ? ok(id) : err("Choose one of the groups");
  };
}

/** `undefined`: they stay as they are. */
function hoursIn(form: URLSearchParams): Result<WeekHours | null | undefined, FieldErrors> {
  const wanted = form.get("hours");
  if (wanted === "none") return ok(null);
  if (wanted !== "set") return ok(undefined);
  const texts = WEEKDAYS.map((_, weekday) => dayText(form, weekday));
  if (texts.every((text) => text.trim() === "")) {
    return err({ [dayField(0)]: "Is missing: 08:00-18:00, 24h or closed" });
  }
  const hours = parseHours(texts);
  if (hours.ok) return hours;
  return err(Object.fromEntries(hours.error.map(({ weekday, message }) => [dayField(weekday), message])));
}

/** The sites that a form names, whatever else is wrong with it. */
export function chosenIn(form: URLSearchParams): readonly number[] {
  const sites = unpackIds(form.get("sites") ?? "") ?? [];
  const marks = unpackMarks(form.get("marks") ?? "") ?? [];
  return [...sites, ...marks.map(({ id }) => id)].slice(0, BULK_MAX);
}

/** What was typed, for showing it again. */
export function typedBulk(form: URLSearchParams): BulkTexts {
  return {
    group: (form.get("group") ?? "keep").slice(0, 12),
    collected: form.get("collected") ?? "keep",
    hours: form.get("hours") ?? "keep",
    days: WEEKDAYS.map((_, weekday) => dayText(form, weekday).slice(0, 80)),
    sameAsMonday: form.get("sameAsMonday") === "on",
  };
}

/** What a form that was looked at sends along, so that what is applied is what was seen. */
export function wishFields(texts: BulkTexts, { hours }: BulkWish): readonly (readonly [string, string])[] {
  const days = hours ? formatHours(hours) : [];
  return [
    ["group", texts.group],
    ["collected", texts.collected],
    ["hours", texts.hours],
    ...days.map((text, weekday) => [dayField(weekday), text === "" ? "closed" : text] as const),
  ];
}
