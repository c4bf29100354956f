/**
 * A draft as its pages find it: whose it is, where its pages are, and the frame around each step.
 *
 * @module
 */

import { type Context, HttpError } from "fresh";
import {
  type DeviceStep,
  NEW_DEVICE,
  reachedBy,
  type Registration,
  type StepName,
  STEPS,
  stepStates,
  type TestNote,
} from "../../../domain/registration.ts";
import type { DeviceProfile } from "../../../profiles/profile.ts";
import type { Author } from "../../../store/audit.ts";
import {
  type PasswordWish,
  readDraft,
  saveDraft,
  saveDraftAndPassword,
  type SiteDraftRecord,
} from "../../../store/site_drafts.ts";
import type { User } from "../../../store/users.ts";
import type { RegisterFrameProps } from "../../../ui/pages/register/RegisterFrame.tsx";
import type { Told } from "../../../ui/Told.tsx";
import { allow, allowSiteId } from "../../allow.ts";
import { listOwnProfiles } from "../../own_maps.ts";
import { draftIdOf } from "../../params.ts";
import { type Services, servicesOf, type State } from "../../state.ts";

/** Where drafts are listed. */
export const DRAFTS_PATH = "/sites/register";

/** A draft with whom and what its page works. */
export interface OpenDraft {
  /** The draft. */
  readonly record: SiteDraftRecord;
  /** Whose it is. */
  readonly user: User;
  /** The services. */
  readonly services: Services;
  /** The newest published version of each register map that people made. */
  readonly own: readonly DeviceProfile[];
}

/**
 * The draft in the path, of whoever asks; another's does not exist. One that changes a registered site asks for that site
 * too: out of reach meanwhile, the draft does not exist either.
 */
export async function openDraft(ctx: Context<State>): Promise<OpenDraft> {
  const draft = await ownDraft(ctx);
  const { change, site } = draft.record.registration;
  if (change) await allowSiteId(ctx, change.siteId, "site.change");
  ctx.state.title = change ? `Change ${change.base.site.name}` : `Register ${site?.name ?? "a site"}`;
  return draft;
}

/** The draft in the path, of whoever asks, whatever it changes: for taking it away. */
export async function ownDraft(ctx: Context<State>): Promise<OpenDraft> {
  allow(ctx, "sites.register");
  const { user } = ctx.state;
  if (!user) throw new HttpError(401);
  const services = servicesOf(ctx.state);
  const record = await readDraft(services.db, { draftId: draftIdOf(ctx.params), ownerId: user.id });
  if (!record) throw new HttpError(404);
  const own = await listOwnProfiles(services);
  await services.profiles.load(profilesIn(record.registration));
  return { record, user, services, own };
}

/** Ids of all profiles that a draft speaks of. */
export function profilesIn({ router, devices, change }: Registration): readonly string[] {
  const routers = [router?.profileId, change?.base.router.profileId];
  return [...devices, ...change?.base.devices ?? []].map(({ profileId }) => profileId)
    .concat(routers.filter((id) => typeof id === "string"));
}

/** The page of a step. */
export function stepPath(draftId: number, step: StepName): string {
  return `${DRAFTS_PATH}/${draftId}/${step}`;
}

/** The step after one; the last is its own. */
export function stepAfter(step: StepName): StepName {
  return STEPS[STEPS.indexOf(step) + 1] ?? step;
}

/** What stands around a step. */
export function frameOf(
  record: SiteDraftRecord,
  { step, told = null }: { readonly step: StepName; readonly told?: Told | null },
): RegisterFrameProps {
  const { id, registration, version, changedMs } = record;
  const { change } = registration;
  const states = stepStates(registration);
  return {
    siteName: registration.site?.name ?? "",
    step,
    steps: STEPS.map((name) => ({ name, href: stepPath(id, name), state: states[name] })),
    savedLabel: version === 0 ? null : timeLabel(changedMs, registration.site?.zone ?? "UTC"),
    draftsHref: DRAFTS_PATH,
    change: change ? { siteName: change.base.site.name, siteHref: `/sites/${change.siteId}` } : null,
    told,
  };
}

/** A time of day for people, such as `10:46`. */
export function timeLabel(instantMs: number, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" }).format(instantMs);
}

/** Told to the second of two windows. */
export const CHANGED_ELSEWHERE: Told = {
  state: "warn",
  title: "This draft was changed in another window meanwhile",
  words: "What you typed is still here. Save again to put it in place of what the other window saved.",
};

/** With a device added or replaced; one that was tested before it was added keeps how that went. */
export function withDevice(registration: Registration, device: DeviceStep): Registration {
  const at = registration.devices.findIndex(({ id }) => id === device.id);
  const before = registration.devices[at];
  const devices = before ? registration.devices.with(at, device) : [...registration.devices, device];
  const { [NEW_DEVICE]: fresh, ...tests } = registration.tests;
  const isOf = !before && fresh?.of === reachedBy(device);
  return {
    ...registration,
    devices,
    tests: isOf ? { ...tests, [String(device.id)]: fresh } : registration.tests,
  };
}

/** Without a device; what was part of it is part of nothing. */
export function withoutDevice(registration: Registration, deviceId: number): Registration {
  const devices = registration.devices.filter(({ id }) => id !== deviceId)
    .map((device) => device.parentId === deviceId ? { ...device, parentId: null } : device);
  const { [String(deviceId)]: _, ...tests } = registration.tests;
  return { ...registration, devices, tests };
}

/** With the newest test of a device; `null`: of one that is not stored yet. */
export function withTest(registration: Registration, deviceId: number | null, note: TestNote): Registration {
  const key = deviceId === null ? NEW_DEVICE : String(deviceId);
  return { ...registration, tests: { ...registration.tests, [key]: note } };
}

/** What came of saving. */
export type Saved =
  | { readonly kind: "saved"; readonly record: SiteDraftRecord }
  /** Another window was quicker; the draft as it is now. */
  | { readonly kind: "changed"; readonly record: SiteDraftRecord };

/** A change of a draft. */
export interface StepChange {
  /** What is written down now. */
  readonly registration: Registration;
  /** The version that was looked at. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** What becomes of the router's password, and who wants it; absent: it is kept. */
  readonly secret?: { readonly by: Author; readonly password: PasswordWish };
}

/** Saves a change of a draft that was looked at in `version`, with the router's password or not at all. */
export async function saveStep(
  { record, user, services }: OpenDraft,
  { registration, version, nowMs, secret }: StepChange,
): Promise<Saved> {
  const { db, box } = services;
  const own = { draftId: record.id, ownerId: user.id };
  const change = { ...own, registration, version, nowMs };
  const saved = secret
    ? await saveDraftAndPassword(db, secret.by, { ...change, password: secret.password, box })
    : await saveDraft(db, change);
  if (saved.ok) {
    return { kind: "saved", record: { ...record, registration, version: saved.value, changedMs: nowMs } };
  }
  if (saved.error === "too-large") throw new HttpError(413);
  const now = await readDraft(db, own);
  if (!now) throw new HttpError(404);
  return { kind: "changed", record: now };
}
