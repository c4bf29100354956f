/**
 * The devices of a site: what each reads, how old that is, and a button that reads it now.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import {
  ageText,
  completenessText,
  counterFigure,
  countText,
  durationText,
  powerFigure,
  powerText,
} from "./format.ts";
import { PostButton } from "./Input.tsx";
import { Empty } from "./Over.tsx";
import { Panel } from "./Page.tsx";
import type { DeviceRow } from "./site_model.ts";
import { DataTable, type TableColumn } from "./Table.tsx";
import { Count, EndUseKey, FigureText, MissingValue, StateWord } from "./Words.tsx";

/** What the panel needs. */
export interface DevicesPanelProps {
  /** In order. */
  readonly devices: readonly DeviceRow[];
  /** Why nothing at the site answers; absent: something does. */
  readonly siteReason?: string | undefined;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
  /** Devices that are no longer read, each with its page; absent: none. */
  readonly retired?: readonly { readonly name: string; readonly href: string }[] | undefined;
}

/** Table of devices, and in its foot why the silent ones are silent. */
export function DevicesPanel({ devices, siteReason, csrf, retired = [] }: DevicesPanelProps): JSX.Element {
  if (devices.length === 0) {
    return (
      <Panel title="Devices" id="devices">
        <Empty icon="meter" title="No device is read yet">
          A device stands here from the half-hour on that begins after it was registered.
        </Empty>
        <Retired devices={retired} />
      </Panel>
    );
  }
  return (
    <Panel
      title="Devices"
      id="devices"
      beside={<Count>{devices.length}</Count>}
      flush
      foot={
        <>
          <SilentReasons devices={devices} siteReason={siteReason} />
          <Retired devices={retired} />
        </>
      }
    >
      <DataTable
        caption="Devices of the site"
        columns={columnsOf(csrf)}
        rows={devices}
        keyOf={(device) => device.id}
      />
    </Panel>
  );
}

function Retired({ devices }: { readonly devices: NonNullable<DevicesPanelProps["retired"]> }) {
  if (devices.length === 0) return null;
  return (
    <span>
      Retired: {devices.map(({ name, href }, i) => (
        <>
          {i > 0 && ", "}
          <a key={href} href={href}>{name}</a>
        </>
      ))}
    </span>
  );
}

const REASONS_SHOWN = 3;

function SilentReasons(
  { devices, siteReason }: Pick<DevicesPanelProps, "devices" | "siteReason">,
): JSX.Element {
  if (siteReason !== undefined) {
    return (
      <StateWord state="stale" wrap>
        {`${siteReason}. Values are from the last reading; tried each half-hour.`}
      </StateWord>
    );
  }
  const silent = devices.filter((device) => device.reason !== null);
  if (silent.length === 0) {
    return <span>Every device was heard at the last visit. Power is the mean of a half-hour.</span>;
  }
  return (
    <>
      {silent.slice(0, REASONS_SHOWN).map((device) => (
        <StateWord key={device.id} state="stale" wrap>
          {`${device.name}: ${device.reason}. Tried each half-hour.`}
        </StateWord>
      ))}
      {silent.length > REASONS_SHOWN && (
        <span>{countText(silent.length - REASONS_SHOWN, "more device")} silent</span>
      )}
    </>
  );
}

function columnsOf(csrf: string | undefined): readonly TableColumn<DeviceRow>[] {
  return [
    { id: "name", head: "Device", place: "name", cell: nameOf },
    { id: "use", head: "End use", place: "detail", spare: 2, cell: useOf },
    {
      id: "spark",
      head: "24 h",
      place: "away",
      spare: 2,
      cell: (device) => device.spark ?? <MissingValue reason="nothing to draw" />,
    },
    {
      id: "power",
      head: "Power",
      place: "figure",
      number: true,
      cell: (device) => (
        <>
          <FigureText
            figure={device.powerW === null ? null : powerFigure(device.powerW)}
            estimated={device.estimated}
            reason={device.reason ?? "no amount in the newest half-hour"}
          />
          {device.uncertaintyW != null && <span class="sub">± {powerText(device.uncertaintyW)}</span>}
        </>
      ),
    },
    {
      id: "counter",
      head: "Counter",
      place: "away",
      number: true,
      spare: 3,
      cell: (device) => (
        <FigureText
          figure={device.counterWh === null ? null : counterFigure(device.counterWh)}
          reason={device.reason ?? "never read"}
        />
      ),
    },
    { id: "age", head: "Age", place: "detail", detailName: "age", number: true, cell: ageOf },
    {
      id: "complete",
      head: "Complete",
      place: "detail",
      detailName: "complete",
      number: true,
      spare: 3,
      cell: completeOf,
    },
    {
      id: "do",
      head: "Read it now",
      headUnseen: true,
      place: "do",
      cell: (device) =>
        device.readAction !== null && (
          <PostButton row action={device.readAction} csrf={csrf} label={`Read now: ${device.name}`}>
            Read now
          </PostButton>
        ),
    },
  ];
}

function nameOf(device: DeviceRow): ComponentChildren {
  return (
    <>
      {device.href ? <a href={device.href}>{device.name}</a> : device.name}
      <span class="sub">{device.model}</span>
    </>
  );
}

function useOf(device: DeviceRow): ComponentChildren {
  if (device.wholeSite) return <span class="muted">whole site</span>;
  return device.endUse === null ? <span class="muted">no load</span> : <EndUseKey use={device.endUse} />;
}

function ageOf(device: DeviceRow): ComponentChildren {
  if (device.ageS === null) return <StateWord state="stale">never</StateWord>;
  if (device.stale) return <StateWord state="stale">{durationText(device.ageS)}</StateWord>;
  return <span title={ageText(device.ageS)}>{durationText(device.ageS)}</span>;
}

function completeOf({ complete24h: { have, expected } }: DeviceRow): ComponentChildren {
  const text = completenessText(have, expected);
  return have < expected ? <span class="delta" data-state="warn">{text}</span> : text;
}
