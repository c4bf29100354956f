/**
 * The last step of a change: its differences in words, whether the site still stands as the draft was made from it, and
 * what comes of applying it.
 *
 * @module
 */

import { HttpError } from "fresh";
import { endMsOf, halfHourOf } from "../../../domain/half_hour.ts";
import { isWithin } from "../../../domain/permission.ts";
import {
  type ChangedSite,
  faultsOf,
  type Registration,
  type SiteState,
} from "../../../domain/registration.ts";
import { type Difference, differencesOf } from "../../../domain/registration_diff.ts";
import { isAsSeen, isSame } from "../../../domain/site_change.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import { listGroups } from "../../../store/groups.ts";
import { hasSecret } from "../../../store/secrets.ts";
import { updateSite, type UpdateTrouble } from "../../../store/site_changes.ts";
import { draftSecretName } from "../../../store/site_drafts.ts";
import { readSiteState } from "../../../store/site_state.ts";
import type {
  ChangeCheckPageProps,
  ChangeWarning,
  DifferencePart,
} from "../../../ui/pages/register/ChangeCheckPage.tsx";
import { stepLabel } from "../../../ui/pages/register/RegisterFrame.tsx";
import type { Told } from "../../../ui/Told.tsx";
import { endUseName } from "../../../ui/Words.tsx";
import type { Author } from "../../../store/audit.ts";
import type { Result } from "../../../result.ts";
import { groupsWithin } from "../tokens_view.ts";
import { zoneWarningOf } from "./change_view.ts";
import { devicePath, modelOf } from "./device_view.ts";
import { frameOf, type OpenDraft, stepPath, timeLabel } from "./draft.ts";
import { meterOf, routerMeter } from "./new_site.ts";

/** A draft that changes a site, whole. */
export interface WholeChange {
  /** What it was made from. */
  readonly change: ChangedSite;
  /** What is to become of the site. */
  readonly target: SiteState;
}

/** The change of a draft; 404 where it changes no site. */
export function wholeChange({ change, site, router, devices, hours }: Registration): WholeChange {
  if (!change || !site || !router) throw new HttpError(404);
  return { change, target: { site, router, devices, hours } };
}

/** The page. */
export async function changeCheckPage(
  draft: OpenDraft,
  { told, nowMs }: { readonly told: Told | null; readonly nowMs: number },
): Promise<ChangeCheckPageProps> {
  const { record, services: { db } } = draft;
  const { id, registration, version } = record;
  const { change, target } = wholeChange(registration);
  const stored = await readSiteState(db, change.siteId);
  if (!stored.ok && stored.error === "gone") throw new HttpError(404);
  const stands = stored.ok && isAsSeen(change, stored.value.state);
  return {
    frame: frameOf(record, { step: "check", told }),
    action: stepPath(id, "check"),
    version,
    parts: partsOf(await allDifferences(draft), { target, draftId: id }),
    faults: faultsOf(registration).map(({ step, deviceId, words }) => {
      const device = target.devices.find((one) => one.id === deviceId);
      return {
        where: device?.name ?? stepLabel(step),
        href: device ? devicePath(id, device.id) : stepPath(id, step),
        words,
      };
    }),
    warnings: warningsOf(registration),
    takeOverAction: stands ? null : `/sites/register/${id}/take-over`,
    removeAction: `/sites/register/${id}/remove`,
    nextLabel: timeLabel(endMsOf(halfHourOf(nowMs)), target.site.zone),
  };
}

/** How many differences a draft has, for the list of drafts. */
export function countDifferences(
  { change, site, router, devices, hours }: Registration,
  find: FindProfile,
): number {
  if (!change || !site || !router) return 0;
  const words = { group: String, model: (id: string) => modelOf(id, find), endUse: endUseName };
  return differencesOf(change.base, { site, router, devices, hours }, words).length;
}

async function allDifferences(
  { record, user, services: { db, profiles } }: OpenDraft,
): Promise<readonly Difference[]> {
  const { change, target } = wholeChange(record.registration);
  const groups = groupsWithin(await listGroups(db), user.reach);
  const words = {
    group: (id: number) =>
      groups.find((one) => one.id === id)?.name ?? "a group that you do not reach sites by",
    model: (id: string) => modelOf(id, profiles.find),
    endUse: endUseName,
  };
  const password = await hasSecret(db, draftSecretName(record.id))
    ? "a new one"
    : change.forgetsPassword
    ? null
    : undefined;
  return [
    ...differencesOf(change.base, target, words),
    ...(password === undefined ? [] : [{
      step: "router" as const,
      deviceId: null,
      what: "Password of its pages",
      before: "as it is kept",
      after: password,
    }]),
  ];
}

function partsOf(
  differences: readonly Difference[],
  { target, draftId }: { readonly target: SiteState; readonly draftId: number },
): readonly DifferencePart[] {
  const groups = Map.groupBy(differences, ({ step, deviceId }) => `${step} ${deviceId ?? ""}`);
  return [...groups.values()].flatMap((rows): readonly DifferencePart[] => {
    const [first] = rows;
    if (!first) return [];
    const { step, deviceId } = first;
    const device = target.devices.find(({ id }) => id === deviceId);
    return [{
      step,
      device: device?.name ?? null,
      href: device ? devicePath(draftId, device.id) : stepPath(draftId, step),
      rows,
    }];
  });
}

function warningsOf(registration: Registration): readonly ChangeWarning[] {
  const { change, target } = wholeChange(registration);
  const zone = zoneWarningOf(registration);
  const stops = change.base.site.collected !== false && target.site.collected === false;
  const moves = !isSame(change.base.router.paths, target.router.paths);
  return [
    ...(zone === null ? [] : [{ title: "The time zone changes", words: zone }]),
    ...(stops
      ? [{
        title: "Its half-hours are not collected any more",
        words:
          "None is expected from the next one on, and what is counted meanwhile has no half-hours of its own.",
      }]
      : []),
    ...(moves && !wasTested(registration)
      ? [{
        title: "No device was tested at the new address",
        words: "A test on the page of a device reads it there before anything is changed.",
      }]
      : []),
  ];
}

function wasTested({ tests }: Registration): boolean {
  return Object.values(tests).some(({ state }) => state !== "critical");
}

/** Applies the change of a draft that nothing keeps from it. */
export async function applyChange(
  { record, user, services: { db, box, profiles } }: OpenDraft,
  by: Author,
): Promise<Result<number, UpdateTrouble>> {
  const { change, target } = wholeChange(record.registration);
  const { profileId, unitId } = target.router;
  const begins = change.routerMeterId === null && profileId !== null;
  return await updateSite(db, by, {
    draftId: record.id,
    ownerId: user.id,
    version: record.version,
    change,
    target,
    since: halfHourOf(by.atMs),
    meterOf: (device) => meterOf(device, profiles.find),
    routerMeter: begins ? routerMeter({ unitId, profileId }, profiles.find) : null,
    box,
  });
}

/** Whether somebody may put the site where the change wants it: into a group of theirs, or where it lies already. */
export function mayLieIn(
  { user: { reach } }: Pick<OpenDraft, "user">,
  { change, target }: WholeChange,
): boolean {
  const { groupId } = target.site;
  if (groupId === change.base.site.groupId || reach.kind === "all") return true;
  return groupId !== null && isWithin({ ...reach, siteIds: [] }, { id: 0, groupId });
}
