/**
 * Where sites may be reached: private networks and ports that an administrator allows; and from where they are reached,
 * for what routers have to admit.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { Button, Field } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, Panel } from "../Page.tsx";
import { VpnPanel, type VpnPanelProps } from "../VpnPanel.tsx";

/** What the page shows. */
export interface NetworksPageProps {
  /** Allowed networks as typed or stored, one a line. */
  readonly networks: string;
  /** Allowed ports as typed or stored. */
  readonly ports: string;
  /** Version of the setting. */
  readonly version: number;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** Ports that need no leave. */
  readonly usualPorts: readonly number[];
  /** Sites that are not dialled by what is stored. */
  readonly lost: { readonly count: number; readonly names: readonly string[] };
  /** Whether one of both was saved just now; `null`: neither. */
  readonly saved: "networks" | "own" | null;
  /** The addresses from which sites are reached. */
  readonly own: OwnAddressesForm;
  /** Whether sites on this machine are dialled, as the demo's. */
  readonly loopback: boolean;
  /** Whether who looks may change it. */
  readonly mayChange: boolean;
  /** The VPN towards routers. */
  readonly vpn: VpnPanelProps;
}

/** The addresses from which sites are reached, as a form shows them. */
export interface OwnAddressesForm {
  /** As typed or stored, one a line. */
  readonly addresses: string;
  /** Version of the setting. */
  readonly version: number;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
}

/** Both forms, and which sites are left out. */
export function NetworksPage(props: NetworksPageProps): JSX.Element {
  const { faults, lost, saved, loopback, mayChange, usualPorts, own } = props;
  const other = faults[""];
  return (
    <Column>
      {saved && (
        <Notice state="good" title="Saved" live="polite">
          {saved === "own"
            ? "Files for routers admit these addresses from now on; routers that are set up already are not changed."
            : "It holds for sites from half a minute on."}
        </Notice>
      )}
      {loopback && (
        <Notice state="warn" title="Sites on this machine are dialled">
          LOOPBACK_SITES is on, as the demo needs it. Turn it off where real sites are collected.
        </Notice>
      )}
      {lost.count > 0 && (
        <Notice
          state="warn"
          title={`${lost.count === 1 ? "1 site is" : `${lost.count} sites are`} not dialled`}
        >
          {`Their addresses or ports are not allowed: ${lost.names.join(", ")}${
            lost.count > lost.names.length ? " and others" : ""
          }.`}
        </Notice>
      )}
      <Panel
        title="Where sites are reached"
        id="networks"
        summary="Addresses on the open internet need no leave. Loopback, link-local, metadata and special addresses and Wattpost's own services are never dialled."
      >
        <form method="post" action="/admin/networks" class="form">
          <FaultsNotice faults={{ networks: faults["networks"], ports: faults["ports"] }} other={other} />
          <input type="hidden" name="version" value={props.version} />
          <Field
            name="networks"
            label="Private networks"
            lines={6}
            span={12}
            maxLength={4_000}
            value={props.networks}
            fault={faults["networks"]}
            disabled={!mayChange}
            hint="One a line, such as 10.8.0.0/16: the networks of your VPN or private APN and no more."
          />
          <Field
            name="ports"
            label="Further ports"
            span={12}
            maxLength={400}
            value={props.ports}
            fault={faults["ports"]}
            disabled={!mayChange}
            hint={`Besides ${
              usualPorts.join(", ")
            }. Ports of other services such as 22, 80 or 3306 are never dialled.`}
          />
          {mayChange && (
            <div>
              <Button kind="primary">Save</Button>
            </div>
          )}
        </form>
      </Panel>
      <OwnPanel own={own} mayChange={mayChange} />
      <VpnPanel {...props.vpn} />
    </Column>
  );
}

function OwnPanel(
  { own, mayChange }: { readonly own: OwnAddressesForm; readonly mayChange: boolean },
): JSX.Element {
  const { addresses, version, faults } = own;
  return (
    <Panel
      title="Addresses of Wattpost"
      id="own-addresses"
      summary="From where this installation reaches sites: the addresses that a router admits to its Modbus ports, and no others. Configuration files for routers are made with them."
    >
      <form method="post" action="/admin/networks" class="form">
        <FaultsNotice faults={{ own: faults["own"] }} other={faults[""]} />
        <input type="hidden" name="version" value={version} />
        <Field
          name="own"
          label="Addresses and networks"
          lines={3}
          span={12}
          maxLength={4_000}
          value={addresses}
          fault={faults["own"]}
          disabled={!mayChange}
          hint="One a line: the public address of this server, or its address in your VPN or private APN, such as 10.8.0.1. At most 20."
        />
        {mayChange && (
          <div>
            <Button kind="primary">Save addresses</Button>
          </div>
        )}
      </form>
    </Panel>
  );
}
