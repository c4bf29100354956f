/**
 * What the steps show otherwise where a registered site is changed: what is fixed there and changed elsewhere, which
 * ports cannot go, whose password is kept, and what a change of the time zone does.
 *
 * @module
 */

import type { ChangedSite, DeviceStep, EndpointStep, Registration } from "../../../domain/registration.ts";
import { portText, transformerText } from "../../../domain/registration_diff.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import type { Database } from "../../../store/db.ts";
import { hasSecret } from "../../../store/secrets.ts";
import { draftSecretName, type PasswordWish, type SiteDraftRecord } from "../../../store/site_drafts.ts";
import { routerSecretName } from "../../../store/sites.ts";
import type { FixedDevice } from "../../../ui/pages/register/DeviceForm.tsx";
import { ENDPOINT_ROWS, endpointField } from "../../../ui/pages/register/names.ts";
import type { FixedRouterWords } from "../../../ui/pages/register/RouterStepPage.tsx";
import type { FieldErrors } from "../../form.ts";
import { registeredDevice } from "./device_form.ts";
import { modelOf } from "./device_view.ts";
import type { FixedRouter } from "./router_form.ts";

/** What a change of the time zone does, a sentence; `null`: it stays. */
export function zoneWarningOf({ change, site }: Registration): string | null {
  const was = change?.base.site.zone;
  if (was === undefined || !site || site.zone === was) return null;
  return `From ${was} to ${site.zone}: half-hours stay as they are, but its days, operating hours and reports are ` +
    "drawn anew for all of its history, and a day may begin at another half-hour.";
}

/** How the router is read, where it is already; `null`: it is not, or the site is new. */
export function fixedRouter({ change }: Registration): FixedRouter | null {
  if (!change || change.routerMeterId === null) return null;
  const { profileId, unitId } = change.base.router;
  return { profileId, unitId };
}

/** The same in words. */
export function fixedRouterWords(
  registration: Registration,
  find: FindProfile,
): FixedRouterWords | null {
  const { change } = registration;
  const fixed = fixedRouter(registration);
  if (!change || !fixed || fixed.profileId === null || change.routerMeterId === null) return null;
  const words = `${modelOf(fixed.profileId, find)}, unit ${fixed.unitId}`;
  return { words, href: registeredPath(change, change.routerMeterId) };
}

/** The page of a registered device. */
function registeredPath({ siteId }: ChangedSite, meterId: number): string {
  return `/sites/${siteId}/devices/${meterId}`;
}

/** How a registered device is read; `null`: it is a new one. */
export function fixedDevice(
  registration: Registration,
  { device, find }: { readonly device: DeviceStep | null; readonly find: FindProfile },
): FixedDevice | null {
  const { change, router } = registration;
  const registered = registeredDevice(registration, device?.id ?? null);
  const meterId = registered && change?.meterIds[String(registered.id)];
  if (!registered || !change || meterId == null) return null;
  const { profileId, unitId, endpointId, transformer } = registered;
  const endpoint = router?.endpoints.find(({ id }) => id === endpointId);
  return {
    facts: [
      { label: "Profile", value: modelOf(profileId, find) },
      { label: "Unit", value: String(unitId) },
      ...(endpoint ? [{ label: "Through", value: portText(endpoint) }] : []),
      { label: "Transformers", value: transformer ? transformerText(transformer) : "none" },
    ],
    href: registeredPath(change, meterId),
  };
}

/** Messages for ports that are taken away though registered devices are read through them, by the field emptied. */
export function heldPorts(
  { change }: Registration,
  { form, endpoints }: { readonly form: URLSearchParams; readonly endpoints: readonly EndpointStep[] },
): FieldErrors {
  if (!change) return {};
  const { base, routerMeterId } = change;
  const kept = new Set(endpoints.map(({ id }) => id));
  const errors: Record<string, string> = {};
  for (const { id, port, kind } of base.router.endpoints) {
    if (kept.has(id)) continue;
    const names = base.devices.filter((one) => one.endpointId === id).map(({ name }) => name);
    if (kind === "router" && routerMeterId !== null) names.push("the router itself");
    if (names.length === 0) continue;
    const row = Array.from({ length: ENDPOINT_ROWS }, (_, i) => i + 1)
      .find((each) => form.get(endpointField(each, "Id")) === String(id)) ?? 1;
    const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
    errors[endpointField(row, "Port")] = `Port ${port} is read through by ${
      names.slice(0, 3).join(", ")
    }${more}: it cannot go`;
  }
  return errors;
}

/** Whether a password of the router is kept, by the draft or by the site that it changes. */
export async function keepsPassword(
  db: Database,
  { id, registration: { change } }: SiteDraftRecord,
): Promise<boolean> {
  if (await hasSecret(db, draftSecretName(id))) return true;
  return change !== undefined && !change.forgetsPassword &&
    await hasSecret(db, routerSecretName(change.siteId));
}

/** The draft with what becomes of the password that is kept for the site; that of a new site is the draft's own. */
export function withPasswordWish(registration: Registration, { kind }: PasswordWish): Registration {
  const { change } = registration;
  if (!change || kind === "keep") return registration;
  return { ...registration, change: { ...change, forgetsPassword: kind === "forget" } };
}
