/**
 * How an act on a device is asked for and carried out: the form is shown, read, refused with what was typed, or done and
 * told on the device's page.
 *
 * @module
 */

import type { PageResponse } from "fresh";
import { page } from "fresh";
import type { Result } from "../../../result.ts";
import type { ActForm, DeviceActPageProps } from "../../../ui/pages/device/DeviceActPage.tsx";
import { authorOf } from "../../author.ts";
import type { Author } from "../../../store/audit.ts";
import { type Field, type FieldErrors, line, requireBody, typed } from "../../form.ts";
import { redirectTo } from "../../redirect.ts";
import { servicesOf, type State } from "../../state.ts";
import { number, optional } from "../register/fields.ts";
import { type DeviceContext, nowFacts, type OpenDevice, openDevice } from "./open_device.ts";

/** What a form shows. */
export type ActShown =
  & Pick<DeviceActPageProps, "choose" | "changes" | "told">
  & {
    readonly form:
      | Omit<ActForm, "action" | "hidden" | "confirm"> & { readonly hidden?: Record<string, string> }
      | null;
  };

/** An act on a device. */
export interface DeviceActKind {
  /** Its place in the path, and what its page tells afterwards. */
  readonly name: string;
  /** What is done. */
  readonly title: string;
  /** What it does, in a sentence or two. */
  readonly lead: string;
  /** Names of the fields. */
  readonly fields: (open: OpenDevice) => readonly string[];
  /** The form, with what was typed or what stands there at first. */
  readonly shown: (
    open: OpenDevice,
    values: Readonly<Record<string, string>> | null,
    url: URL,
  ) => ActShown | Promise<ActShown>;
  /** Reads the form and does it, or says what is wrong by field. */
  readonly done: (
    open: OpenDevice,
    by: Author,
    form: URLSearchParams,
  ) => Promise<Result<unknown, FieldErrors>>;
  /** What must be ticked to have a refusal of this field passed over; absent: nothing. */
  readonly confirm?: string;
}

/** A page context as far as acts need it. */
export interface ActContext extends DeviceContext {
  /** The request. */
  readonly req: Request;
  /** Its address. */
  readonly url: URL;
}

/** Shows the form of an act. */
export async function showAct(
  ctx: ActContext,
  act: DeviceActKind,
): Promise<PageResponse<DeviceActPageProps>> {
  const asked = ctx.url.searchParams.get("profile") ?? "";
  const open = await openDevice(ctx, "site.devices", [asked]);
  return page(await propsOf(ctx, act, { open, values: null, faults: {} }));
}

/** Does an act, or shows its form again. */
export async function postAct(
  ctx: ActContext,
  act: DeviceActKind,
): Promise<Response | PageResponse<DeviceActPageProps>> {
  const open = await openDevice(ctx, "site.devices");
  const form = await requireBody(ctx);
  await servicesOf(ctx.state).profiles.load([form.get("profileId") ?? ""]);
  const done = await act.done(open, authorOf(ctx.state), form);
  if (done.ok) return redirectTo(`${open.href}?done=${act.name}`);
  const values = typed(form, [...act.fields(open), "note"]);
  return page(await propsOf(ctx, act, { open, values, faults: done.error }), { status: 422 });
}

async function propsOf(
  { state, url }: ActContext,
  act: DeviceActKind,
  { open, values, faults }: {
    readonly open: OpenDevice;
    readonly values: Readonly<Record<string, string>> | null;
    readonly faults: FieldErrors;
  },
): Promise<DeviceActPageProps> {
  (state as State).title = `${act.title}: ${open.device.name}`;
  const { form, ...shown } = await act.shown(open, values, url);
  const asksToConfirm = act.confirm !== undefined &&
    Object.values(faults).some((words) => words.startsWith("More than can"));
  return {
    title: act.title,
    lead: act.lead,
    device: { name: open.device.name, href: open.href },
    site: { name: open.siteName, href: `/sites/${open.siteId}` },
    facts: nowFacts(open),
    ...shown,
    form: form && {
      ...form,
      action: `${open.href}/${act.name}`,
      hidden: { seen: String(open.seen), ...form.hidden },
      confirm: asksToConfirm ? act.confirm ?? null : null,
    },
    faults,
  };
}

/** The newest event that was seen when the form was opened. */
export const SEEN: Field<number> = number({ least: 0, most: Number.MAX_SAFE_INTEGER });

/** What people write beside an act. */
export const NOTE: Field<string> = (text) => line({ min: 0, max: 300 })(text);

/** A serial number that may be left out. */
export const SERIAL: Field<string | null> = optional(64);

/** The field for a note. */
export function noteField(values: Readonly<Record<string, string>> | null) {
  return { name: "note", label: "Note", value: values?.["note"] ?? "", maxLength: 300, span: 12 as const };
}
