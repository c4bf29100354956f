/**
 * The VPN towards routers as administrators see it: how the host stands, and which sites are in it.
 *
 * @module
 */

import type { JSX } from "preact";
import { Facts } from "./Data.tsx";
import { countText } from "./format.ts";
import { Notice } from "./Over.tsx";
import { Panel } from "./Page.tsx";
import type { State } from "./state.ts";
import { DataTable, NAME_COLUMN, type TableColumn } from "./Table.tsx";
import { StateWord } from "./Words.tsx";

/** A site in the VPN. */
export interface VpnPeerRow {
  /** The site. */
  readonly siteId: number;
  /** What people call it. */
  readonly name: string;
  /** The page of its peer. */
  readonly href: string;
  /** How its state looks. */
  readonly look: State;
  /** Its state in words. */
  readonly words: string;
  /** Its IPv4 address in the VPN. */
  readonly address: string;
  /** When it was heard last, in words. */
  readonly heard: string;
}

/** How many sites are in a state. */
export interface VpnCount {
  /** How the state looks. */
  readonly look: State;
  /** In words. */
  readonly words: string;
  /** Sites. */
  readonly count: number;
}

/** What is shown. */
export interface VpnPanelProps {
  /** Why there is no VPN or what is wrong with it, and what helps; `null`: nothing. */
  readonly trouble: string | null;
  /** Where routers reach the host; `null`: it has no VPN. */
  readonly endpoint: string | null;
  /** Its networks; `null`: it has no VPN. */
  readonly networks: string | null;
  /** Sites by state, those without any left out. */
  readonly counts: readonly VpnCount[];
  /** Sites by name, those that need somebody first. */
  readonly peers: readonly VpnPeerRow[];
  /** Sites that are not in the list. */
  readonly more: number;
}

const COLUMNS: readonly TableColumn<VpnPeerRow>[] = [
  NAME_COLUMN as TableColumn<VpnPeerRow>,
  {
    id: "state",
    head: "State",
    place: "state",
    cell: ({ look, words }) => <StateWord state={look}>{words}</StateWord>,
  },
  { id: "address", head: "Address", place: "detail", detailName: "address", cell: ({ address }) => address },
  { id: "heard", head: "Last handshake", place: "detail", detailName: "heard", cell: ({ heard }) => heard },
];

/** The panel. */
export function VpnPanel({ trouble, endpoint, networks, counts, peers, more }: VpnPanelProps): JSX.Element {
  return (
    <Panel
      title="VPN"
      id="vpn"
      summary="A tunnel to each router that has a place in it. Its networks need no leave above; who runs the server describes them."
      foot={more > 0 && <span class="muted">{`and ${countText(more, "other site")}`}</span>}
    >
      {trouble !== null && (
        <Notice state={endpoint === null ? "info" : "warn"} title="The server's VPN">{trouble}</Notice>
      )}
      {endpoint !== null && (
        <Facts
          facts={[
            { label: "Routers reach it at", value: <bdi>{endpoint}</bdi> },
            { label: "Networks", value: networks },
            ...counts.map(({ look, words, count }) => ({
              label: <StateWord state={look} wrap>{words}</StateWord>,
              id: words,
              value: countText(count, "site"),
            })),
          ]}
        />
      )}
      {peers.length > 0 && (
        <DataTable
          caption="Sites in the VPN"
          columns={COLUMNS}
          rows={peers}
          keyOf={({ siteId }) => siteId}
        />
      )}
    </Panel>
  );
}
