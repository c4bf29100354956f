/**
 * The devices of a draft with how each was tested, and the ways to more of them: add one, or ask which units answer.
 *
 * @module
 */

import type { JSX } from "preact";
import { Icon } from "../../Icon.tsx";
import { Button, Field, type FieldOption, LinkButton } from "../../Input.tsx";
import { Panel } from "../../Page.tsx";
import { Count } from "../../Words.tsx";
import type { Faults } from "./RegisterFrame.tsx";

/** How a device was tested: a ring stands for "not yet". */
export type TestedState = "good" | "warn" | "critical" | "todo";

/** A device in the list. */
export interface DeviceNavItem {
  /** What people call it. */
  readonly name: string;
  /** Its form. */
  readonly href: string;
  /** Unit id. */
  readonly unitId: number;
  /** How its newest test went. */
  readonly state: TestedState;
  /** Profile and test in words: `Schneider iEM3155, 1 of 14 to settle`. */
  readonly words: string;
  /** Whether its form is open. */
  readonly current: boolean;
}

/** What the form for a scan needs. */
export interface ScanFormProps {
  /** Where it is posted. */
  readonly action: string;
  /** Endpoints that can be scanned. */
  readonly endpoints: readonly FieldOption[];
  /** The endpoint as chosen. */
  readonly endpointId: string;
  /** First unit as typed. */
  readonly from: string;
  /** Last unit as typed. */
  readonly to: string;
  /** What was wrong, by field. */
  readonly faults: Faults;
  /** What it costs, in words: `At most 9 kB of the SIM and 96 s`. */
  readonly costWords: string;
}

/** What the list needs. */
export interface DevicesNavProps {
  /** Devices in order. */
  readonly devices: readonly DeviceNavItem[];
  /** The form of a new one. */
  readonly addHref: string;
  /** Scan of unit ids; `null`: there is no endpoint with several units, or one is running. */
  readonly scan: ScanFormProps | null;
}

/** The list in its panel. */
export function DevicesNav({ devices, addHref, scan }: DevicesNavProps): JSX.Element {
  return (
    <Panel
      title="Devices"
      id="devices-panel"
      beside={<Count>{devices.length}</Count>}
      flush
    >
      {devices.length === 0
        ? <p class="devices-none">None yet. Add the first, or scan for what answers.</p>
        : (
          <ul class="devices-nav">
            {devices.map((device) => <DeviceLink key={device.href} device={device} />)}
          </ul>
        )}
      <div class="panel-foot">
        <LinkButton row icon="plus" href={addHref}>Add</LinkButton>
        {scan && <ScanForm {...scan} />}
      </div>
    </Panel>
  );
}

function DeviceLink({ device }: { readonly device: DeviceNavItem }): JSX.Element {
  const { name, href, unitId, state, words, current } = device;
  return (
    <li data-state={state === "todo" ? undefined : state}>
      <a href={href} aria-current={current ? "page" : undefined}>
        {state === "todo" ? <Ring /> : <Icon name={state} />}
        <bdi>{name}</bdi>
        <span>{`unit ${unitId}`}</span>
        <small>{words}</small>
      </a>
    </li>
  );
}

/** What was not tried yet; the words beside it say so. */
function Ring(): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.7" />
    </svg>
  );
}

function ScanForm(props: ScanFormProps): JSX.Element {
  const { action, endpoints, endpointId, from, to, faults, costWords } = props;
  return (
    <details open={Object.keys(faults).length > 0}>
      <summary class="button" data-size="row">
        <Icon name="search" />
        Scan units
      </summary>
      <form method="post" action={action} class="form scan-form">
        <Field
          name="scanEndpointId"
          label="Endpoint"
          value={endpointId}
          options={endpoints}
          fault={faults["scanEndpointId"]}
        />
        <Field
          name="scanFrom"
          label="From unit"
          value={from}
          fault={faults["scanFrom"]}
          maxLength={3}
          autocomplete="off"
        />
        <Field
          name="scanTo"
          label="To unit"
          value={to}
          fault={faults["scanTo"]}
          maxLength={3}
          autocomplete="off"
        />
        <p>{`${costWords}. It can be stopped.`}</p>
        <div>
          <Button icon="search">Scan</Button>
        </div>
      </form>
    </details>
  );
}
