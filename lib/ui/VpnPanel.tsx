/**
 * The VPN towards routers as administrators see it: how the host stands, and which sites are in it.
 *
 * @module
 */

import type { JSX } from "preact";
import { type Fact, Facts } from "./Data.tsx";
import { countText } from "./format.ts";
import { Empty, Notice } from "./Over.tsx";
import { Panel, Part } from "./Page.tsx";
import type { State } from "./state.ts";
import { DataTable, NAME_COLUMN, type TableColumn } from "./Table.tsx";
import { MissingValue, StateWord } from "./Words.tsx";

/** Why the host has no VPN, or why what it tells is not to be believed. */
export interface HostTrouble {
  /** How grave it is: a server without a VPN is no fault. */
  readonly state: "info" | "warn";
  /** What it is. */
  readonly title: string;
  /** Why, without a full stop; `null`: there is no more to say. */
  readonly said: string | null;
  /** What to do, a sentence. */
  readonly todo: string;
}

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
  /** Its IPv4 address in the VPN; `null`: not known while the host tells of none. */
  readonly address: string | null;
  /** When it was heard last, in words; `null`: it was not. */
  readonly heard: string | null;
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
  readonly trouble: HostTrouble | null;
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
  {
    id: "address",
    head: "Address",
    place: "detail",
    detailName: "address",
    cell: ({ address }) => address ?? <MissingValue reason="the host tells of no VPN" />,
  },
  {
    id: "heard",
    head: "Last heard",
    place: "detail",
    detailName: "heard",
    cell: ({ heard }) => heard ?? <MissingValue reason="not heard yet" />,
  },
];

/** The panel. */
export function VpnPanel(props: VpnPanelProps): JSX.Element {
  const { trouble, endpoint, counts, peers, more } = props;
  return (
    <Panel
      title="VPN"
      id="vpn"
      summary="A tunnel to each router that has a place in it. Its networks need no leave above: whoever runs the server describes them."
      foot={more > 0 && <span class="muted">{`and ${countText(more, "other site")}`}</span>}
      flush
    >
      <div class="panel-body">
        {trouble && (
          <div class="part">
            <HostTroubleNotice trouble={trouble} />
          </div>
        )}
        {endpoint !== null && <HostPart {...props} endpoint={endpoint} />}
        {counts.length > 0 && (
          <Part title="Sites in it">
            <Facts kind="words" facts={counts.map(countFact)} />
          </Part>
        )}
      </div>
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

function HostPart(
  { endpoint, networks, peers }: VpnPanelProps & { readonly endpoint: string },
): JSX.Element {
  return (
    <>
      <div class="part">
        <Facts
          kind="words"
          facts={[
            { label: "Routers reach it at", value: <bdi>{endpoint}</bdi> },
            { label: "Networks", value: networks },
          ]}
        />
      </div>
      {peers.length === 0 && (
        <Empty icon="key" title="No site has a place in it yet">
          Open a site, then “Configure this router”, then “VPN of this router”: its keys are made there.
        </Empty>
      )}
    </>
  );
}

function countFact({ look, words, count }: VpnCount): Fact {
  return {
    label: <StateWord state={look} wrap>{words}</StateWord>,
    id: words,
    value: countText(count, "site"),
  };
}

/** Why the host has no VPN or what is wrong with it, with what helps. */
export function HostTroubleNotice(
  { trouble: { state, title, said, todo } }: { readonly trouble: HostTrouble },
): JSX.Element {
  return (
    <Notice state={state} title={title}>
      {said !== null && (
        <>
          Why: <bdi>{said}</bdi>.{" "}
        </>
      )}
      {todo}
    </Notice>
  );
}
