/**
 * First step of registering a site: what it is called, where it is, and who is there.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Place } from "../../charts/map_scale.ts";
import { Icon } from "../../Icon.tsx";
import { type FieldOption, Tick } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { Panel } from "../../Page.tsx";
import { Entries, lastUsedRow } from "./Entries.tsx";
import { CONTACT_ROWS, contactField } from "./names.ts";
import { PlaceMap } from "./PlaceMap.tsx";
import { type Faults, RegisterFrame, StepFoot, StepForm, type StepFormProps } from "./RegisterFrame.tsx";
import { TextField } from "./TextField.tsx";

/** A person at the site, as typed. */
export interface ContactTexts {
  /** Name. */
  readonly name: string;
  /** Telephone number. */
  readonly phone: string;
  /** E-mail address. */
  readonly email: string;
}

/** The site as typed. */
export interface SiteTexts {
  /** What people call it. */
  readonly name: string;
  /** Id of its group; empty: none. */
  readonly group: string;
  /** Street and number, lines apart. */
  readonly address: string;
  /** Town. */
  readonly town: string;
  /** IANA zone. */
  readonly zone: string;
  /** Degrees north. */
  readonly latitude: string;
  /** Degrees east. */
  readonly longitude: string;
  /** At most three. */
  readonly contacts: readonly ContactTexts[];
  /** Whether half-hours are collected; absent: that is not asked here. */
  readonly collected?: boolean | undefined;
}

/** Most characters of a contact's fields. */
const CONTACT_LENGTHS = { Name: 80, Phone: 40, Email: 254 } as const;

/** What the page needs. */
export interface SiteStepPageProps extends StepFormProps {
  /** What was typed or is stored. */
  readonly values: SiteTexts;
  /** Groups to choose from, "none" first where that is allowed. */
  readonly groups: readonly FieldOption[];
  /** Zones to choose from; another may be typed. */
  readonly zones: readonly string[];
  /** The position as read; `null`: none or not valid. */
  readonly place: Place | null;
  /** What a change of the zone does; absent or `null`: it stays as it is. */
  readonly zoneWarning?: string | null | undefined;
  /** Minutes that the zone is ahead of UTC in its standard time; `null`: not known. */
  readonly zoneOffsetMin: number | null;
}

/** The page. */
export function SiteStepPage(props: SiteStepPageProps): JSX.Element {
  const { frame } = props;
  return (
    <RegisterFrame frame={frame}>
      <StepForm form={props}>
        <SitePanel {...props} />
        <PositionPanel {...props} />
        <ContactsPanel {...props} />
        <StepFoot frame={frame} />
      </StepForm>
    </RegisterFrame>
  );
}

function SitePanel({ values, groups, zones, faults, zoneWarning }: SiteStepPageProps): JSX.Element {
  return (
    <Panel title="Site" id="site-panel">
      {zoneWarning && <Notice state="warn" title="The time zone changes">{zoneWarning}</Notice>}
      <div class="form">
        <TextField
          faults={faults}
          name="name"
          label="Name"
          value={values.name}
          maxLength={80}
          hint="As people on the telephone say it; no other site may have it."
          span={6}
        />
        <TextField
          faults={faults}
          name="group"
          label="Group"
          value={values.group}
          options={groups}
          hint="Decides who reaches it."
          span={6}
        />
        <TextField
          faults={faults}
          name="address"
          label="Street address"
          value={values.address}
          maxLength={160}
          span={6}
        />
        <TextField
          faults={faults}
          name="town"
          label="Town"
          value={values.town}
          maxLength={80}
          span={3}
        />
        <ZoneField value={values.zone} zones={zones} fault={faults["zone"]} />
        {values.collected !== undefined && (
          <div class="field">
            <Tick name="collected" checked={values.collected}>Collect its half-hours</Tick>
            <span class="hint">Without it nothing is read there, and no half-hour is expected.</span>
          </div>
        )}
      </div>
    </Panel>
  );
}

/** A text with proposals: hundreds of zones are too many to scroll through, and without JavaScript it is typed. */
function ZoneField(
  { value, zones, fault }: {
    readonly value: string;
    readonly zones: readonly string[];
    readonly fault: string | undefined;
  },
): JSX.Element {
  return (
    <div class="field" data-span="3">
      <label for="zone">Time zone</label>
      <input
        class="input"
        id="zone"
        name="zone"
        list="zones"
        value={value}
        maxLength={60}
        placeholder="Europe/London"
        autocomplete="off"
        spellcheck={false}
        aria-invalid={fault ? "true" : undefined}
        aria-describedby={fault ? "zone-fault" : undefined}
      />
      <datalist id="zones">{zones.map((zone) => <option key={zone} value={zone} />)}</datalist>
      {fault && (
        <span class="fault" id="zone-fault">
          <Icon name="critical" />
          {fault}
        </span>
      )}
    </div>
  );
}

function PositionPanel({ values, faults, place, zoneOffsetMin }: SiteStepPageProps): JSX.Element {
  return (
    <Panel
      title="Position"
      id="position-panel"
      summary="For the map of all sites and for the weather. The router's own position is compared with it, so that a moved router is noticed."
    >
      <div class="place">
        <div class="form">
          <TextField
            faults={faults}
            name="latitude"
            label="Latitude"
            value={values.latitude}
            maxLength={20}
            suffix="° north"
            span={6}
          />
          <TextField
            faults={faults}
            name="longitude"
            label="Longitude"
            value={values.longitude}
            maxLength={20}
            suffix="° east"
            span={6}
          />
          <p class="muted">
            Decimal degrees such as 54.9748 and −2.0185; south and west are negative. The point moves when the
            draft is saved. Both may stay empty.
          </p>
        </div>
        <PlaceMap place={place} zoneOffsetMin={zoneOffsetMin} />
      </div>
    </Panel>
  );
}

function ContactsPanel({ values, faults }: SiteStepPageProps): JSX.Element {
  const { contacts } = values;
  const used = lastUsedRow(
    contacts.map(({ name, phone, email }) => [name, phone, email]),
    (row) => rowHasFault(faults, row),
  );
  return (
    <Panel
      title="Contacts"
      id="contacts-panel"
      summary="Who has the keys, who knows the meters. They are called by people and never get messages from Wattpost."
    >
      <Entries noun="contact" kind="contacts" rows={CONTACT_ROWS} lastUsed={used}>
        {(row) => <ContactRow row={row} contact={contacts[row - 1]} faults={faults} />}
      </Entries>
    </Panel>
  );
}

function rowHasFault(faults: Faults, row: number): boolean {
  return (["Name", "Phone", "Email"] as const).some((part) => faults[contactField(row, part)] !== undefined);
}

function ContactRow(
  { row, contact, faults }: {
    readonly row: number;
    readonly contact: ContactTexts | undefined;
    readonly faults: Faults;
  },
): JSX.Element {
  const field = (part: "Name" | "Phone" | "Email", label: string, value: string | undefined) => {
    const name = contactField(row, part);
    return (
      <TextField
        faults={faults}
        name={name}
        label={label}
        value={value}
        maxLength={CONTACT_LENGTHS[part]}
      />
    );
  };
  return (
    <>
      {field("Name", "Name", contact?.name)}
      {field("Phone", "Telephone", contact?.phone)}
      {field("Email", "E-mail", contact?.email)}
    </>
  );
}
