/**
 * Where sites may be reached: private networks and ports that an administrator allows.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { Button, Field } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, Panel } from "../Page.tsx";

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
  /** Whether it was saved just now. */
  readonly saved: boolean;
  /** Whether sites on this machine are dialled, as the demo's. */
  readonly loopback: boolean;
  /** Whether who looks may change it. */
  readonly mayChange: boolean;
}

/** The form, and which sites it leaves out. */
export function NetworksPage(props: NetworksPageProps): JSX.Element {
  const { faults, lost, saved, loopback, mayChange, usualPorts } = props;
  const other = faults[""];
  return (
    <Column>
      {saved && (
        <Notice state="good" title="Saved" live="polite">It holds for sites from half a minute on.</Notice>
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
    </Column>
  );
}
