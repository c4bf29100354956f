/**
 * What is said of one device: what it measures, how it is reached, its transformers, and what stands on its plate.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { FaultsNotice } from "../../AlonePage.tsx";
import { type Fact, Facts } from "../../Data.tsx";
import type { IconName } from "../../drawings.ts";
import { Icon } from "../../Icon.tsx";
import { type ButtonKind, type FieldOption, LinkButton, PostButton, Tick } from "../../Input.tsx";
import { Panel } from "../../Page.tsx";
import type { Faults } from "./RegisterFrame.tsx";
import { TextField } from "./TextField.tsx";

/** A device as typed. */
export interface DeviceTexts {
  /** What people call it. */
  readonly name: string;
  /** An end use; empty: none. */
  readonly endUse: string;
  /** Id of the meter it is behind; empty: none. */
  readonly parentId: string;
  /** Id of its profile; empty: not chosen. */
  readonly profileId: string;
  /** Unit id. */
  readonly unitId: string;
  /** Number of its endpoint within the draft. */
  readonly endpointId: string;
  /** Whether it measures the whole site. */
  readonly wholeSite: boolean;
  /** `meter`, `wattpost`, or empty: no transformers. */
  readonly appliedBy: string;
  /** Rated primary current in A. */
  readonly ctPrimaryA: string;
  /** Rated secondary current in A. */
  readonly ctSecondaryA: string;
  /** Rated primary voltage in V; empty: no VT. */
  readonly vtPrimaryV: string;
  /** Rated secondary voltage in V; empty: no VT. */
  readonly vtSecondaryV: string;
  /** Serial number. */
  readonly serial: string;
  /** What is written on the cabinet. */
  readonly label: string;
  /** Where it hangs. */
  readonly location: string;
  /** Largest believable power in kW; empty: as the transformers or the model say. */
  readonly maxPowerKw: string;
}

/** What the form needs. */
export interface DeviceFormProps {
  /** Where it is posted. */
  readonly action: string;
  /** Where its removal is posted; `null`: it is new, or registered. */
  readonly removeAction: string | null;
  /** How it is read, where it is registered already: its own page changes that; absent or `null`: fields here do. */
  readonly fixed?: FixedDevice | null | undefined;
  /** What was typed or is stored. */
  readonly values: DeviceTexts;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Faults;
  /** Ends of use, "none" first. */
  readonly endUses: readonly FieldOption[];
  /** Meters that it may be behind, "nothing" first. */
  readonly parents: readonly FieldOption[];
  /** Profiles, "choose" first. */
  readonly profiles: readonly FieldOption[];
  /** Endpoints of the router step. */
  readonly endpoints: readonly FieldOption[];
}

/** A registered device: how it is read begins at an instant, so it is changed where its history is. */
export interface FixedDevice {
  /** Profile, unit, endpoint and transformers in words. */
  readonly facts: readonly Fact[];
  /** Its page, on which it is moved, replaced and retired. */
  readonly href: string;
}

/** Whether a device is neither in the draft nor registered. */
export function isNewDevice({ removeAction, fixed }: DeviceFormProps): boolean {
  return removeAction === null && !fixed;
}

/** Id of the form, for the buttons elsewhere on the page that send it. */
export const DEVICE_FORM = "device-form";

const APPLIED_BY: readonly FieldOption[] = [
  { value: "", label: "No transformers: it is wired directly" },
  { value: "meter", label: "Yes: it multiplies by its ratios itself" },
  { value: "wattpost", label: "No: it shows what its transformers give" },
];

/** A button outside of the form that sends it, to the form's own address or another. */
export function DeviceButton(
  { kind, icon, action, value, children }: {
    readonly kind?: ButtonKind | undefined;
    readonly icon?: IconName | undefined;
    /** Another address than the form's. */
    readonly action?: string | undefined;
    /** Sent as `do`. */
    readonly value?: string | undefined;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <button
      class="button"
      type="submit"
      form={DEVICE_FORM}
      formAction={action}
      name={value === undefined ? undefined : "do"}
      value={value}
      data-kind={kind === "plain" ? undefined : kind}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** The panel with the form. */
export function DeviceForm(
  { device, version }: { readonly device: DeviceFormProps; readonly version: number },
): JSX.Element {
  const { action, removeAction, values, faults, fixed } = device;
  const { "": other, ...fields } = faults;
  const isNew = isNewDevice(device);
  return (
    <Panel title={isNew ? "New device" : values.name} id="device-panel" flush>
      <form method="post" action={action} id={DEVICE_FORM} class="panel-body step-form">
        <div class="form">
          <FaultsNotice faults={fields} other={other} />
          <input type="hidden" name="version" value={version} />
          <WayFields {...device} />
          {!fixed && <TransformerFields {...device} />}
          <PlateFields {...device} />
        </div>
      </form>
      <div class="panel-foot">
        <DeviceButton kind={isNew ? "primary" : "plain"} value="stay">
          {isNew ? "Add device" : "Save"}
        </DeviceButton>
        {removeAction !== null && (
          <PostButton kind="quiet" action={removeAction} label={`Remove ${values.name}`}>Remove</PostButton>
        )}
        {fixed && (
          <LinkButton kind="quiet" href={fixed.href}>Change how it is read, replace or retire it</LinkButton>
        )}
      </div>
    </Panel>
  );
}

function WayFields(props: DeviceFormProps): JSX.Element {
  const { values, faults, endUses, parents } = props;
  return (
    <>
      <TextField
        faults={faults}
        name="name"
        label="Name"
        value={values.name}
        maxLength={80}
        span={6}
      />
      <TextField
        faults={faults}
        name="endUse"
        label="End use"
        value={values.endUse}
        options={endUses}
        span={3}
      />
      <TextField
        faults={faults}
        name="parentId"
        label="Part of"
        value={values.parentId}
        options={parents}
        span={3}
      />
      {props.fixed ? <FixedWay {...props.fixed} /> : <WayToRead {...props} />}
      <div class="field">
        <Tick name="wholeSite" checked={values.wholeSite}>It measures the whole site</Tick>
        {faults["wholeSite"] && (
          <span class="fault" id="wholeSite-fault">
            <Icon name="critical" />
            {faults["wholeSite"]}
          </span>
        )}
      </div>
    </>
  );
}

function WayToRead({ values, faults, profiles, endpoints }: DeviceFormProps): JSX.Element {
  return (
    <>
      <TextField
        faults={faults}
        name="profileId"
        label="Device profile"
        value={values.profileId}
        options={profiles}
        span={6}
      />
      <TextField
        faults={faults}
        name="unitId"
        label="Unit"
        value={values.unitId}
        maxLength={3}
        span={2}
      />
      <TextField
        faults={faults}
        name="endpointId"
        label="Endpoint"
        value={values.endpointId}
        options={endpoints}
        span={4}
      />
    </>
  );
}

function FixedWay({ facts }: FixedDevice): JSX.Element {
  return (
    <div class="fixed-way">
      <Facts facts={facts} />
      <p class="hint">
        How it is read has a history: profile, unit, port and transformers are changed on the device's own
        page, from an instant on.
      </p>
    </div>
  );
}

function TransformerFields({ values, faults }: DeviceFormProps): JSX.Element {
  const rated = (
    name: "ctPrimaryA" | "ctSecondaryA" | "vtPrimaryV" | "vtSecondaryV",
    { label, suffix }: { readonly label: string; readonly suffix: string },
  ) => (
    <TextField
      faults={faults}
      name={name}
      label={label}
      value={values[name]}
      maxLength={9}
      suffix={suffix}
      span={3}
    />
  );
  const given = [values.ctPrimaryA, values.ctSecondaryA, values.vtPrimaryV, values.vtSecondaryV]
    .some((text) => text !== "");
  return (
    <div class="form transformers" data-given={given ? "" : undefined}>
      <h3>Transformers</h3>
      <TextField
        faults={faults}
        name="appliedBy"
        label="Does the display show primary kWh?"
        value={values.appliedBy}
        options={APPLIED_BY}
        span={6}
      />
      <p class="muted" data-span="6">
        Primary kWh are what flows in the mains, as on the bill. If the display counts far too little for the
        building, it shows the secondary side.
      </p>
      <div class="form ratios">
        {rated("ctPrimaryA", { label: "CT primary", suffix: "A" })}
        {rated("ctSecondaryA", { label: "CT secondary", suffix: "A" })}
        {rated("vtPrimaryV", { label: "VT primary", suffix: "V" })}
        {rated("vtSecondaryV", { label: "VT secondary", suffix: "V" })}
      </div>
    </div>
  );
}

function PlateFields({ values, faults }: DeviceFormProps): JSX.Element {
  const text = (name: "serial" | "label" | "location", label: string) => (
    <TextField
      faults={faults}
      name={name}
      label={label}
      value={values[name]}
      maxLength={80}
      span={3}
    />
  );
  return (
    <div class="form plate">
      <h3>On the plate and the cabinet</h3>
      {text("serial", "Serial number")}
      {text("label", "Label")}
      {text("location", "Location")}
      <TextField
        faults={faults}
        name="maxPowerKw"
        label="Largest power"
        value={values.maxPowerKw}
        maxLength={12}
        suffix="kW"
        span={3}
      />
    </div>
  );
}
