/**
 * The form of one device: what it measures, how it is reached, its transformers, and what stands on its plate.
 *
 * @module
 */

import { END_USES, type EndUse } from "../../../domain/end_use.ts";
import type { DeviceStep, Registration } from "../../../domain/registration.ts";
import type { Transformer } from "../../../domain/site.ts";
import { ratioTrouble } from "../../../domain/transformer.ts";
import type { FindProfile } from "../../../profiles/book.ts";
import type { DeviceProfile } from "../../../profiles/profile.ts";
import { err, ok, type Result } from "../../../result.ts";
import type { DeviceTexts } from "../../../ui/pages/register/DeviceForm.tsx";
import { choice, type Field, type FieldErrors, type Fields, line, readForm } from "../../form.ts";
import { number, optional, optionalNumber, tick, VERSION } from "./fields.ts";
import { type ReadStep, type SentStep } from "./site_form.ts";

const KW = 1000;

/** Fields of a device as they are sent, the same for saving and for testing. */
interface Sent extends SentStep {
  readonly name: string;
  readonly endUse: EndUse | null;
  readonly parentId: number | null;
  readonly profileId: string;
  readonly unitId: number;
  readonly endpointId: number;
  readonly wholeSite: boolean;
  readonly appliedBy: Transformer["appliedBy"] | null;
  readonly ctPrimaryA: number | null;
  readonly ctSecondaryA: number | null;
  readonly vtPrimaryV: number | null;
  readonly vtSecondaryV: number | null;
  readonly serial: string | null;
  readonly label: string | null;
  readonly location: string | null;
  readonly maxPowerKw: number | null;
}

/** Where a device belongs. */
export interface DevicePlace {
  /** The draft. */
  readonly registration: Registration;
  /** The id that it has, or gets. */
  readonly id: number;
  /** Finds profiles. */
  readonly find: FindProfile;
}

/** Reads the form of a device of a draft. */
export function readDeviceForm(
  form: URLSearchParams,
  { registration, id, find }: DevicePlace,
): Result<ReadStep<DeviceStep>, FieldErrors> {
  const fixed = registeredDevice(registration, id);
  const read = readForm<Sent>(form, {
    version: VERSION,
    do: (text) => text === undefined ? ok("stay") : choice(["stay", "next"])(text),
    name: line({ min: 0, max: 80 }),
    endUse,
    parentId: oneOf(registration.devices.filter((one) => one.id !== id).map((one) => one.id)),
    wholeSite: tick,
    ...fixed ? fixedWay(fixed) : wayToRead(registration, find),
    serial: optional(64),
    label: optional(80),
    location: optional(80),
    maxPowerKw: optionalNumber({ least: 0.001, most: 1_000_000, decimals: 3 }),
  });
  if (!read.ok) return read;
  const away = fixed ? null : unitTrouble(registration, read.value);
  if (away !== null) return err({ unitId: away });
  const transformer = fixed ? ok(fixed.transformer) : transformerOf(read.value);
  if (!transformer.ok) return transformer;
  return ok({
    version: read.value.version,
    do: read.value.do,
    step: stepOf(read.value, {
      id,
      transformer: transformer.value,
      fixed,
      profile: find(read.value.profileId),
    }),
  });
}

/** The device as it is registered, where the draft changes a site that has it: how it is read is not changed here. */
export function registeredDevice({ change }: Registration, id: number | null): DeviceStep | null {
  return change?.base.devices.find((one) => one.id === id) ?? null;
}

/** How a device is read, as it is sent. */
export type Way = Pick<
  Sent,
  | "profileId"
  | "unitId"
  | "endpointId"
  | "appliedBy"
  | "ctPrimaryA"
  | "ctSecondaryA"
  | "vtPrimaryV"
  | "vtSecondaryV"
>;

function wayToRead(registration: Registration, find: FindProfile): Fields<Way> {
  return {
    profileId: deviceProfile(find),
    unitId: unit,
    endpointId: endpointOf(registration),
    ...RATIO_FIELDS,
  };
}

/** Fields of transformers. */
export const RATIO_FIELDS: Fields<Omit<Way, "profileId" | "unitId" | "endpointId">> = {
  appliedBy: (text) => text === undefined || text === "" ? ok(null) : choice(["meter", "wattpost"])(text),
  ctPrimaryA: optionalNumber({ least: 1, most: 100_000, decimals: 3 }),
  ctSecondaryA: optionalNumber({ least: 0.001, most: 10, decimals: 3 }),
  vtPrimaryV: optionalNumber({ least: 1, most: 1_000_000, decimals: 3 }),
  vtSecondaryV: optionalNumber({ least: 1, most: 1_000, decimals: 3 }),
};

/** As it is registered, whatever a form sends: its page has no such fields. */
function fixedWay({ profileId, unitId, endpointId }: DeviceStep): Fields<Way> {
  const none: Field<null> = () => ok(null);
  return {
    profileId: () => ok(profileId),
    unitId: () => ok(unitId),
    endpointId: () => ok(endpointId),
    appliedBy: none,
    ctPrimaryA: none,
    ctSecondaryA: none,
    vtPrimaryV: none,
    vtSecondaryV: none,
  };
}

function stepOf(
  sent: Sent,
  { id, transformer, fixed, profile }: {
    readonly id: number;
    readonly transformer: Transformer | null;
    readonly fixed: DeviceStep | null;
    readonly profile: DeviceProfile | undefined;
  },
): DeviceStep {
  const { endUse: use, parentId, profileId, unitId, endpointId, wholeSite, serial, label, location } = sent;
  const measures = fixed ? fixed.endUse !== null : profile?.kind !== "router" && profile?.kind !== "io";
  return {
    id,
    name: sent.name === "" ? `${profile?.models[0] ?? profileId} ${unitId}`.slice(0, 80) : sent.name,
    endpointId,
    unitId,
    profileId,
    endUse: measures ? use ?? "other" : use,
    wholeSite,
    parentId,
    serial,
    label,
    location,
    maxPowerW: sent.maxPowerKw === null ? null : Math.max(1, Math.round(sent.maxPowerKw * KW)),
    transformer,
  };
}

/** The transformers of a form. Without them no ratio may stand there: whoever typed one means it. */
export function transformerOf(
  sent: Omit<Way, "profileId" | "unitId" | "endpointId">,
): Result<Transformer | null, FieldErrors> {
  const { appliedBy, ctPrimaryA, ctSecondaryA, vtPrimaryV, vtSecondaryV } = sent;
  const given = [ctPrimaryA, ctSecondaryA, vtPrimaryV, vtSecondaryV].some((one) => one !== null);
  if (appliedBy === null) {
    return given ? err({ appliedBy: "Ratios are given: does the display show primary kWh?" }) : ok(null);
  }
  const errors: Record<string, string> = {};
  if (ctPrimaryA === null) errors["ctPrimaryA"] = "Is missing: the rated primary current in A";
  if (ctSecondaryA === null) errors["ctSecondaryA"] = "Is missing: usually 5 or 1 A";
  if ((vtPrimaryV === null) !== (vtSecondaryV === null)) {
    errors[vtPrimaryV === null ? "vtPrimaryV" : "vtSecondaryV"] = "Give both, or neither";
  }
  if (ctPrimaryA === null || ctSecondaryA === null || Object.keys(errors).length > 0) return err(errors);
  const transformer = {
    ctPrimaryA,
    ctSecondaryA,
    vtPrimaryV: vtPrimaryV ?? 1,
    vtSecondaryV: vtSecondaryV ?? 1,
    appliedBy,
  };
  const trouble = ratioTrouble(transformer);
  const field = vtPrimaryV === null ? "ctPrimaryA" : "vtPrimaryV";
  return trouble === null ? ok(transformer) : err({ [field]: `Expected ${trouble}` });
}

const endUse: Field<EndUse | null> = (text) =>
  text === undefined || text === "" ? ok(null) : choice(END_USES)(text);

function deviceProfile(find: FindProfile): Field<string> {
  return (text) => {
    if (text === undefined || text === "") return err("Choose the model");
    const profile = find(text);
    const known = profile !== undefined && profile.kind !== "router";
    return known ? ok(text) : err("Choose one of the models in the list");
  };
}

const unit: Field<number> = (text) => {
  const read = number({ least: 0, most: 255 })(text);
  if (!read.ok || read.value < 248 || read.value === 255) return read;
  return err(`Unit ${read.value} is nobody's: 1 to 247, or 0 and 255 for a device reached directly`);
};

/** Behind a gateway 0 means everybody, and 255 the gateway itself. */
function unitTrouble({ router }: Registration, { unitId, endpointId }: Way): string | null {
  const endpoint = router?.endpoints.find(({ id }) => id === endpointId);
  return endpoint?.kind === "gateway" && (unitId === 0 || unitId === 255)
    ? `Unit ${unitId} is for a device that is reached directly, expected 1 to 247 behind a gateway`
    : null;
}

function endpointOf({ router }: Registration): Field<number> {
  return (text) => {
    const id = Number(text);
    return router?.endpoints.some((one) => one.id === id) ? ok(id) : err("Choose a port of the router");
  };
}

function oneOf(ids: readonly number[]): Field<number | null> {
  return (text) => {
    if (text === undefined || text === "") return ok(null);
    return ids.includes(Number(text)) ? ok(Number(text)) : err("Choose one of the devices of this site");
  };
}

/** What the form shows of a stored device, or of a new one behind a port. */
export function deviceTexts(
  step: DeviceStep | null,
  { endpointId, unitId }: { readonly endpointId: number; readonly unitId: number | null },
): DeviceTexts {
  const text = (value: string | number | null | undefined) => value == null ? "" : String(value);
  const transformer = step?.transformer;
  const hasVt = transformer != null && transformer.vtPrimaryV !== transformer.vtSecondaryV;
  return {
    name: text(step?.name),
    endUse: text(step?.endUse),
    parentId: text(step?.parentId),
    profileId: text(step?.profileId),
    unitId: text(step ? step.unitId : unitId),
    endpointId: text(step?.endpointId ?? endpointId),
    wholeSite: step?.wholeSite ?? false,
    appliedBy: text(transformer?.appliedBy),
    ctPrimaryA: text(transformer?.ctPrimaryA),
    ctSecondaryA: text(transformer?.ctSecondaryA),
    vtPrimaryV: hasVt ? text(transformer.vtPrimaryV) : "",
    vtSecondaryV: hasVt ? text(transformer.vtSecondaryV) : "",
    serial: text(step?.serial),
    label: text(step?.label),
    location: text(step?.location),
    maxPowerKw: step?.maxPowerW == null ? "" : String(step.maxPowerW / KW),
  };
}

/** What was typed, for showing it again. */
export function typedDevice(form: URLSearchParams): DeviceTexts {
  const text = (name: string) => (form.get(name) ?? "").slice(0, 200);
  return {
    name: text("name"),
    endUse: text("endUse"),
    parentId: text("parentId"),
    profileId: text("profileId"),
    unitId: text("unitId"),
    endpointId: text("endpointId"),
    wholeSite: form.has("wholeSite"),
    appliedBy: text("appliedBy"),
    ctPrimaryA: text("ctPrimaryA"),
    ctSecondaryA: text("ctSecondaryA"),
    vtPrimaryV: text("vtPrimaryV"),
    vtSecondaryV: text("vtSecondaryV"),
    serial: text("serial"),
    label: text("label"),
    location: text("location"),
    maxPowerKw: text("maxPowerKw"),
  };
}
