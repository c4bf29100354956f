/**
 * The form of what a link is judged by.
 *
 * @module
 */

import { RADIUS_LIMITS_M } from "../../domain/geofence.ts";
import { err, ok, type Result } from "../../result.ts";
import { type Field, type FieldErrors, readForm } from "../form.ts";

/** What the form says. */
export interface LinkDraft {
  /** Metres. */
  readonly radius: number;
  /** Day of the month. */
  readonly billingDay: number;
  /** The version that was seen. */
  readonly version: number;
}

/** Reads the form. */
export function readLinkForm(body: URLSearchParams): Result<LinkDraft, FieldErrors> {
  return readForm<LinkDraft>(body, {
    radius: whole(...RADIUS_LIMITS_M),
    billingDay: whole(1, 31),
    version: whole(0, 1_000_000),
  });
}

function whole(least: number, most: number): Field<number> {
  return (text) => {
    const digits = (text ?? "").trim().replaceAll(",", "");
    if (digits === "") return err("Is missing");
    const value = /^\d{1,9}$/.test(digits) ? Number(digits) : NaN;
    const range = `${least} to ${most.toLocaleString("en")}`;
    return value >= least && value <= most
      ? ok(value)
      : err(`"${digits.slice(0, 20)}" is no whole number from ${range}`);
  };
}
