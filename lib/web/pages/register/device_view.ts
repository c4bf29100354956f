/**
 * What the page of devices shows besides the form: the list, the test in words, and a scan.
 *
 * @module
 */

import { END_USES } from "../../../domain/end_use.ts";
import type { LiveValue } from "../../../domain/live.ts";
import { type ProbeReport, type ProbeStep, SCAN_MS, scanCost, scanUnits } from "../../../domain/probe.ts";
import {
  type DeviceStep,
  reachedBy,
  type Registration,
  type TestNote,
  testOf,
} from "../../../domain/registration.ts";
import { portText } from "../../../domain/registration_diff.ts";
import { wiringWords } from "../../../domain/wiring.ts";
import { readingReasonWords } from "../../../domain/words.ts";
import { type FindProfile, parseOwnProfileId } from "../../../profiles/book.ts";
import { PROFILES } from "../../../profiles/mod.ts";
import type { DeviceProfile } from "../../../profiles/profile.ts";
import { bytesText, durationText } from "../../../ui/format.ts";
import type { FieldOption } from "../../../ui/Input.tsx";
import { endUseName } from "../../../ui/Words.tsx";
import type { DeviceFormProps } from "../../../ui/pages/register/DeviceForm.tsx";
import type { DeviceNavItem, ScanFormProps } from "../../../ui/pages/register/DevicesNav.tsx";
import type { TestOutcome, TestStep, TestValue } from "../../../ui/pages/register/LiveTest.tsx";
import type { ScanModel } from "../../../ui/pages/register/ScanPanel.tsx";
import { figureOf, quantityName } from "../read_now.ts";
import type { ScanProgress } from "../../scans.ts";
import { stepPath, timeLabel } from "./draft.ts";

/** Units that a scan asks unless said. */
const SCAN_RANGE = { from: 1, to: 32 } as const;

/** The page of a device. */
export function devicePath(draftId: number, device: number | "new"): string {
  return `${stepPath(draftId, "devices")}/${device}`;
}

/** The devices of a draft in their list. */
export function deviceNav(
  registration: Registration,
  { draftId, openId, find }: {
    readonly draftId: number;
    readonly openId: number | null;
    readonly find: FindProfile;
  },
): readonly DeviceNavItem[] {
  const { devices, site } = registration;
  return devices.map((device) => {
    const { id, name, unitId, profileId } = device;
    const note = testOf(registration, device);
    const model = modelOf(profileId, find);
    return {
      name,
      href: devicePath(draftId, id),
      unitId,
      state: note?.state ?? "todo",
      words: `${model}, ${
        note ? `${note.words}, tested ${timeLabel(note.atMs, site?.zone ?? "UTC")}` : "not tested"
      }`,
      current: id === openId,
    };
  });
}

/** What people call a profile; `find` knows people's own besides the library. */
export function modelOf(profileId: string, find: FindProfile): string {
  const profile = find(profileId);
  return profile ? `${profile.vendor} ${profile.models[0] ?? ""}`.trim() : profileId;
}

/** Which device is open, and what people made. */
export interface OpenDevice {
  /** The device; `null`: a new one. */
  readonly id: number | null;
  /** The newest published version of each register map. */
  readonly own: readonly DeviceProfile[];
  /** Finds profiles. */
  readonly find: FindProfile;
}

/** Choices of the form of a device: the library, people's own, and the version that the device has already. */
export function deviceChoices(
  { router, devices }: Registration,
  { id, own, find }: OpenDevice,
): Pick<DeviceFormProps, "endUses" | "parents" | "profiles" | "endpoints"> {
  const held = devices.map(({ profileId }) => profileId);
  const profiles = [...PROFILES, ...ownOptions({ own, find, held })].filter(({ kind }) => kind !== "router")
    .map(profileOption).sort((one, other) => one.label.localeCompare(other.label, "en"));
  return {
    endUses: [
      { value: "", label: "Not said" },
      ...END_USES.map((use) => ({ value: use, label: endUseName(use) })),
    ],
    parents: [
      { value: "", label: "Nothing" },
      ...devices.filter((one) => one.id !== id).map((one) => ({ value: String(one.id), label: one.name })),
    ],
    profiles: [{ value: "", label: "Choose the model" }, ...profiles],
    endpoints: (router?.endpoints ?? []).map((one) => ({
      value: String(one.id),
      label: capital(portText(one)),
    })),
  };
}

/** People's own profiles: the newest versions, and older ones that are held already. */
export function ownOptions(
  { own, find, held }: Omit<OpenDevice, "id"> & { readonly held: readonly string[] },
): readonly DeviceProfile[] {
  const older = [...new Set(held)].filter((profileId) =>
    parseOwnProfileId(profileId) !== null && !own.some(({ id }) => id === profileId)
  );
  return [...own, ...older.flatMap((profileId) => find(profileId) ?? [])];
}

/** A profile as it is offered; people's own with its version. */
export function profileOption({ id, vendor, models, version, confidence }: DeviceProfile): FieldOption {
  const name = `${vendor} ${models[0] ?? id}`.trim();
  const isOwn = parseOwnProfileId(id) !== null;
  const what = isOwn ? ` (own, version ${version})` : confidence === "verified" ? "" : " (unverified)";
  return { value: id, label: `${name}${what}` };
}

/** The form for a scan; `null`: there is no port to scan. */
export function scanForm(
  { router }: Registration,
  { action, typed, faults }: {
    readonly action: string;
    readonly typed?: { readonly endpointId: string; readonly from: string; readonly to: string };
    readonly faults: Readonly<Record<string, string>>;
  },
): ScanFormProps | null {
  const endpoints = router?.endpoints ?? [];
  const first = endpoints.find(({ kind }) => kind === "gateway") ?? endpoints[0];
  if (!first) return null;
  const cost = scanCost({ ...SCAN_RANGE, endpoint: first });
  return {
    action,
    endpoints: endpoints.map((one) => ({ value: String(one.id), label: capital(portText(one)) })),
    endpointId: typed?.endpointId ?? String(first.id),
    from: typed?.from ?? String(SCAN_RANGE.from),
    to: typed?.to ?? String(SCAN_RANGE.to),
    faults,
    costWords: `${cost.units} units cost ${bytesText(cost.bytes)} of the SIM and at most ${
      durationText(cost.ms / 1000)
    }`,
  };
}

/** A scan for the page; `taken` are units that are in the list already. */
export function scanModel(
  { place, range, asked, found, startedMs, endedMs, ...scan }: ScanProgress,
  { draftId, endpointId, taken, nowMs }: {
    readonly draftId: number;
    readonly endpointId: number;
    readonly taken: readonly number[];
    readonly nowMs: number;
  },
): ScanModel {
  const path = devicePath(draftId, "new");
  const base = stepPath(draftId, "devices");
  const tookS = ((endedMs ?? nowMs) - startedMs) / 1000;
  const closeHref = `${path}?scan=hide`;
  const state = (): ScanModel["state"] => {
    switch (scan.state) {
      case "running":
        return { kind: "running", stopAction: `${base}/scan/stop`, href: path };
      case "done":
        return { kind: "ended", closeHref };
      case "stopped":
        return { kind: "stopped", closeHref };
      case "busy":
      case "late":
      case "lost":
      case "failed":
        return { kind: "failed", closeHref, words: scanTrouble(scan.state, scan.reason) };
    }
  };
  return {
    ...range,
    endpoint: portText(place.endpoint),
    asked,
    found: found.map(({ unitId, words }) => ({
      unitId,
      words,
      addHref: taken.includes(unitId) ? undefined : `${path}?unit=${unitId}&endpoint=${endpointId}`,
    })),
    costWords: scanWords({ place, range, asked, tookS, runs: scan.state === "running" }),
    state: state(),
  };
}

/** What a scan has cost, and may still cost: every unit that is left may be silent, whatever the pace so far. */
function scanWords(
  { place: { endpoint }, range, asked, tookS, runs }:
    & Pick<ScanProgress, "place" | "range" | "asked">
    & { readonly tookS: number; readonly runs: boolean },
): string {
  const all = scanCost({ ...range, endpoint });
  const bytes = all.units === 0 ? 0 : all.bytes * asked / all.units;
  const spent = `${bytesText(bytes)} and ${durationText(tookS)} so far`;
  const next = scanUnits(range, endpoint.kind)[asked];
  if (!runs || next === undefined) return spent;
  const mostMs = scanCost({ from: next, to: range.to, endpoint }).ms;
  const leftS = Math.min(mostMs, SCAN_MS - tookS * 1000) / 1000;
  return `${spent}, at most ${durationText(Math.max(1, Math.ceil(leftS)))} more`;
}

function scanTrouble(state: ScanProgress["state"], reason: ScanProgress["reason"]): string {
  if (state === "busy") return "Others are reading through this port. Try again in a moment.";
  if (state === "late") return "Ten minutes were not enough. Scan fewer units at once.";
  return reason === null ? "The connection was lost." : `${capital(readingReasonWords(reason).short)}.`;
}

/** A test in a few words, for the list. */
export function noteOf(report: ProbeReport, device: DeviceStep): TestNote {
  return { atMs: report.atMs, ...verdictOf(report), of: reachedBy(device) };
}

function verdictOf({ steps, values }: ProbeReport): Pick<TestNote, "state" | "words"> {
  const state = worstOf(steps);
  const good = values.filter(({ value }) => value.ok).length;
  if (values.length === 0) return { state, words: "no answer" };
  return { state, words: `${good} of ${values.length} plausible` };
}

/** A path that fails beside one that works is a warning; what fails with the device itself is critical. */
function worstOf(steps: readonly ProbeStep[]): TestNote["state"] {
  if (steps.some(({ kind, state }) => state === "critical" && kind !== "path")) return "critical";
  const paths = steps.filter(({ kind }) => kind === "path");
  if (paths.length > 0 && paths.every(({ state }) => state === "critical")) return "critical";
  return steps.some(({ state }) => state === "warn" || state === "critical") ? "warn" : "good";
}

/** A test for the page. */
export function testOutcome(
  report: ProbeReport,
  { device, zone, find }: {
    readonly device: Pick<DeviceStep, "unitId" | "profileId">;
    readonly zone: string;
    readonly find: FindProfile;
  },
): TestOutcome {
  const { state, words } = verdictOf(report);
  return {
    kind: "ran",
    state,
    words,
    atLabel: new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "medium" }).format(report.atMs),
    tookMs: Math.round(report.tookMs),
    bytes: report.bytes,
    steps: report.steps.map((step) => stepOf(step, { report, unitId: device.unitId })),
    values: report.values.map((value) => valueOf(value, find(device.profileId))),
  };
}

/** A step for the page; what is odd in the values belongs to the last one. */
export function stepOf(
  { kind, state, seen, advice, beginsMs, tookMs }: ProbeStep,
  { report, unitId }: { readonly report: Pick<ProbeReport, "findings">; readonly unitId: number },
): TestStep {
  const ran = state !== "skipped";
  const findings = kind === "plausible" ? report.findings : [];
  return {
    label: stepLabel(kind, unitId),
    state,
    seen,
    advice,
    beginsMs: ran ? Math.round(beginsMs) : null,
    tookMs: ran ? Math.round(tookMs) : null,
    findings: findings.map((finding) => ({
      title: wiringWords(finding),
      words: "Look at the meter and its wiring; nothing is corrected by itself.",
    })),
  };
}

/** What people call a step of a test. */
export function stepLabel(kind: ProbeStep["kind"], unitId: number): string {
  return kind === "unit" ? `Unit ${unitId}` : capital(kind);
}

function valueOf(
  { quantity, address, words, kind, unit, value }: LiveValue,
  profile: DeviceProfile | undefined,
): TestValue {
  return {
    label: quantityName(quantity),
    address,
    type: profile?.registers[quantity]?.encoding ?? "",
    words,
    figure: value.ok ? figureOf(value.value, { kind, unit, quantity }) : null,
    reason: value.ok ? null : readingReasonWords(value.error).short,
  };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
