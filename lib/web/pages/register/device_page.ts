/**
 * The page of one device of a draft: its form, the list beside it, its test and a scan.
 *
 * @module
 */

import { HttpError } from "fresh";
import type { ProbePlace } from "../../../domain/probe.ts";
import { DEVICES_MAX, type DeviceStep, type Registration } from "../../../domain/registration.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import { hasFarTwin } from "../../../store/host_twins.ts";
import type { DeviceTexts } from "../../../ui/pages/register/DeviceForm.tsx";
import type { DevicesStepPageProps } from "../../../ui/pages/register/DevicesStepPage.tsx";
import type { TestOutcome } from "../../../ui/pages/register/LiveTest.tsx";
import type { ScanModel } from "../../../ui/pages/register/ScanPanel.tsx";
import type { Told } from "../../../ui/Told.tsx";
import type { FieldErrors } from "../../form.ts";
import { type ScanProgress, type Scans, scansOf } from "../../scans.ts";
import type { State } from "../../state.ts";
import { draftAt, workbenchHref } from "../maps/place.ts";
import { fixedDevice } from "./change_view.ts";
import { deviceTexts } from "./device_form.ts";
import { deviceChoices, deviceNav, devicePath, scanForm, scanModel } from "./device_view.ts";
import { frameOf, type OpenDraft, stepPath } from "./draft.ts";

/** Bytes that a test costs, in words: three to six requests of a meter and the packets around them. */
const TEST_COST = "about 4 kB";

/** The device in the path; `null`: a new one. */
export function deviceIn({ devices }: Registration, text: string | undefined): DeviceStep | null {
  if (text === "new") return null;
  const device = devices.find(({ id }) => String(id) === text);
  if (!device) throw new HttpError(404);
  return device;
}

/** The id that a new device gets; 422 where there are as many as there may be. */
export function newDeviceId({ devices }: Registration): number {
  if (devices.length >= DEVICES_MAX) throw new HttpError(422);
  return Math.max(0, ...devices.map(({ id }) => id)) + 1;
}

/** Finds the profile that a form names, be it a version that people published, and those of the draft. */
export async function findTyped({ services }: OpenDraft, form: URLSearchParams): Promise<FindProfile> {
  await services.profiles.load([form.get("profileId") ?? ""]);
  return services.profiles.find;
}

/** What is shown. */
export interface ShownDevice {
  /** The device; `null`: a new one. */
  readonly device: DeviceStep | null;
  /** As typed; absent: as stored. */
  readonly values?: DeviceTexts;
  /** What a new one begins with. */
  readonly begins?: { readonly endpointId: number; readonly unitId: number | null };
  /** What was wrong, by field. */
  readonly faults?: FieldErrors;
  /** What is told at the head. */
  readonly told?: Told | null;
  /** How a test went. */
  readonly outcome?: TestOutcome;
  /** What was wrong with a scan, with what was typed. */
  readonly scan?: {
    readonly typed: { readonly endpointId: string; readonly from: string; readonly to: string };
    readonly faults: FieldErrors;
  };
  /** Whether a scan that has ended is not shown any more. */
  readonly hidesScan?: boolean;
}

/** The scans of this process. */
export function scansIn(state: State, { services }: Pick<OpenDraft, "services">): Scans {
  const { clock, log } = state.base;
  return scansOf({ prober: services.prober, clock, log });
}

/** Under which name a draft's scan is known. */
export function scanKey({ record, user }: OpenDraft) {
  return { name: `draft ${record.id}`, personId: user.id };
}

/** Told where an address is of a site out of reach: what stands behind it is not shown to whoever asks. */
export const FAR_TWIN = "This address and port are of a site that you do not reach";

/** Whether a port of the draft's router is, under one of its addresses, of a site that whoever asks does not reach. */
export async function isFarTwin(
  { user, services: { db } }: OpenDraft,
  { paths, endpoint }: ProbePlace,
): Promise<boolean> {
  const hosts = paths.map(({ host }) => host);
  return await hasFarTwin(db, { hosts, ports: [endpoint.port], reach: user.reach });
}

/** Puts the page together. */
export function devicePage(state: State, draft: OpenDraft, shown: ShownDevice): DevicesStepPageProps {
  const { record } = draft;
  const { services: { profiles: { find } }, own } = draft;
  const { device, faults = {}, told = null, outcome = { kind: "none" } } = shown;
  const { registration, id: draftId, version } = record;
  const path = devicePath(draftId, device?.id ?? "new");
  const fixed = fixedDevice(registration, { device, find });
  const first = registration.router?.endpoints.find(({ kind }) => kind === "gateway") ??
    registration.router?.endpoints[0];
  const begins = shown.begins ?? { endpointId: first?.id ?? 0, unitId: null };
  const scan = shown.hidesScan ? null : scansIn(state, draft).read(scanKey(draft));
  const action = `${stepPath(draftId, "devices")}/scan`;
  return {
    frame: frameOf(record, { step: "devices", told }),
    version,
    nav: {
      devices: deviceNav(registration, { draftId, openId: device?.id ?? null, find }),
      addHref: devicePath(draftId, "new"),
      scan: scan?.state === "running" ? null : scanForm(registration, { action, faults: {}, ...shown.scan }),
    },
    device: {
      action: path,
      removeAction: device && !fixed ? `${path}/remove` : null,
      fixed,
      values: shown.values ?? deviceTexts(device, begins),
      faults,
      ...deviceChoices(registration, { id: device?.id ?? null, own, find }),
    },
    test: { action: `${path}/test`, outcome },
    scan: scan && scanShown(state, draft, scan),
    testCostWords: TEST_COST,
    workbenchHref: device ? workbenchHref(device.profileId, draftAt(draftId, device.id)) : undefined,
  };
}

/** A scan for the page. */
export function scanShown(state: State, { record }: OpenDraft, scan: ScanProgress): ScanModel {
  const { router, devices } = record.registration;
  const portOf = (endpointId: number) => router?.endpoints.find(({ id }) => id === endpointId)?.port;
  const { port } = scan.place.endpoint;
  return scanModel(scan, {
    draftId: record.id,
    endpointId: router?.endpoints.find((one) => one.port === port)?.id ?? 0,
    taken: devices.filter(({ endpointId }) => portOf(endpointId) === port).map(({ unitId }) => unitId),
    nowMs: state.base.clock.nowMs(),
  });
}
