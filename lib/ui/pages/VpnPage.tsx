/**
 * A site's peer in the VPN: how it stands, the files that bring its router in, a new key, and its end.
 *
 * @module
 */

import type { JSX } from "preact";
import type { VpnState } from "../../domain/vpn_peer.ts";
import { type Fact, Facts } from "../Data.tsx";
import { Button, LinkButton, PostButton } from "../Input.tsx";
import { Dialog, Empty, Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Part, Split } from "../Page.tsx";
import type { State } from "../state.ts";
import { StateWord } from "../Words.tsx";
import { type HostTrouble, HostTroubleNotice } from "../VpnPanel.tsx";
import { type RouterConfigTemplate, TemplatePanel } from "./RouterConfigPage.tsx";

/** A peer as it is shown. */
export interface VpnPeerShown {
  /** How it stands. */
  readonly state: VpnState;
  /** How that looks. */
  readonly look: State;
  /** The state in words. */
  readonly words: string;
  /** Its IPv4 address; `null`: not known while the host tells of no VPN. */
  readonly address: string | null;
  /** Its IPv6 address; `null`: it has none. */
  readonly address6: string | null;
  /** When it was heard last, in words; `null`: not known while the host tells of no VPN. */
  readonly heard: string | null;
  /** Day on which the old key ends; `null`: none is being changed. */
  readonly oldKeyUntil: string | null;
  /** Whether a file with its newest key was taken away. */
  readonly isTaken: boolean;
  /** Whether its address is the site's first. */
  readonly isFirst: boolean;
  /** Version that was seen. */
  readonly version: number;
}

/** What the page needs. */
export interface VpnPageProps {
  /** Name of the site. */
  readonly siteName: string;
  /** Its page. */
  readonly siteHref: string;
  /** The page of its router. */
  readonly routerHref: string;
  /** The host in the VPN; `null`: it has none. */
  readonly host: { readonly endpoint: string; readonly port: number; readonly network: string } | null;
  /** What is wrong with the host's VPN; `null`: nothing. */
  readonly trouble: HostTrouble | null;
  /** The site's peer; `null`: it has none. */
  readonly peer: VpnPeerShown | null;
  /** Files to take away; empty: there is nothing to bring in. */
  readonly files: readonly RouterConfigTemplate[];
  /** What was just done, in a sentence; `null`: nothing. */
  readonly done: string | null;
  /** Why something was not done; `null`: nothing was refused. */
  readonly fault: string | null;
}

/** The page. */
export function VpnPage(props: VpnPageProps): JSX.Element {
  const { siteName, siteHref, routerHref, trouble, done, fault, peer, files, host } = props;
  return (
    <>
      <PageHead
        title="VPN of the router"
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: siteName, href: siteHref },
          { label: "Router", href: routerHref },
          { label: "VPN" },
        ]}
        summary="A tunnel between this server and the router of this site: what goes through it nobody on the way can read or change."
      />
      {done !== null && <Notice state="good" title={done} live="polite" />}
      {fault !== null && <Notice state="critical" title={fault} live="assertive" />}
      {trouble && <HostTroubleNotice trouble={trouble} />}
      <Split cut="5-2">
        <Column>
          {peer?.state === "rotating" && <Rotating peer={peer} />}
          {host === null
            ? <NoHost />
            : peer === null || peer.state === "revoked"
            ? <NoPeer {...props} />
            : files.map((file) => <TemplatePanel key={file.id} template={holdingKey(file)} ready />)}
        </Column>
        <Column>
          {peer && (
            <Panel title="This router" id="peer">
              <Facts facts={factsOf(peer, host)} />
            </Panel>
          )}
          {peer && peer.state !== "revoked" && <Acts {...props} peer={peer} />}
        </Column>
      </Split>
    </>
  );
}

function holdingKey(file: RouterConfigTemplate): RouterConfigTemplate {
  return { ...file, does: `${file.does} It holds the router's private key.` };
}

function NoHost(): JSX.Element {
  return (
    <Panel title="Files for the router" id="files">
      <Empty icon="missing" title="None can be made now">
        They name the server's end of the tunnel, which is not known while the server tells of no VPN.
      </Empty>
    </Panel>
  );
}

function NoPeer({ peer, routerHref }: VpnPageProps): JSX.Element {
  return (
    <Panel title="Give this site a place in the VPN" id="give">
      <Empty
        icon="key"
        title={peer ? "Its keys were revoked" : "This site has none yet"}
        action={
          <PostButton
            action={`${routerHref}/vpn`}
            name="do"
            value={`issue:${peer?.version ?? 0}`}
            kind="primary"
          >
            {peer ? "Make new keys" : "Make its keys"}
          </PostButton>
        }
      >
        {peer
          ? "It gets new keys and keeps its address; the old file is of no use to anybody."
          : "It gets keys and an address for good. Nothing changes at the site until the router has its file."}
      </Empty>
    </Panel>
  );
}

function Rotating({ peer }: { readonly peer: VpnPeerShown }): JSX.Element {
  return (
    <Notice state="warn" title="Bring the new file to the router">
      {`The old key holds until the router is heard with the new one, and ends on ${peer.oldKeyUntil} whatever happens: then the site is cut off until the new file is loaded.`}
    </Notice>
  );
}

function Acts(
  { routerHref, peer, host }: VpnPageProps & { readonly peer: VpnPeerShown },
): JSX.Element {
  const action = `${routerHref}/vpn`;
  return (
    <Panel title="Change it" id="acts">
      {host && !peer.isFirst && (
        <Part title="Read it through the VPN">
          <p>
            The VPN becomes the first way into the site; its other addresses stay as further ways.
            {isHeard(peer) ||
              " Wait until the router was heard: before that each reading first tries it in vain."}
          </p>
          <PostButton action={action} name="do" value={`first:${peer.version}`}>Use the VPN first</PostButton>
        </Part>
      )}
      {host && (
        <Part title="A new key">
          <p>{`For example when somebody saw its file. ${oldKeyWords(peer)}`}</p>
          <PostButton action={action} name="do" value={`rotate:${peer.version}`}>Change the key</PostButton>
        </Part>
      )}
      <Part title="The end">
        <p>For example when the router was stolen. You are asked once more.</p>
        <div>
          <LinkButton href={`${action}/revoke`} kind="danger">Revoke…</LinkButton>
        </div>
      </Part>
    </Panel>
  );
}

function isHeard({ state }: VpnPeerShown): boolean {
  return state === "active" || state === "rotating";
}

function oldKeyWords(peer: VpnPeerShown): string {
  return isHeard(peer)
    ? "The old key holds until the router is heard with the new one."
    : "The router was not heard yet: files that were taken away are then of no use.";
}

function factsOf(peer: VpnPeerShown, host: VpnPageProps["host"]): readonly Fact[] {
  const unknown = <span class="muted">not known</span>;
  return [
    { label: "State", value: <StateWord state={peer.look} wrap>{peer.words}</StateWord> },
    { label: "Last heard", value: peer.heard ?? unknown },
    { label: "Address", value: peer.address ?? unknown },
    ...(peer.address6 === null ? [] : [{ label: "IPv6", value: <bdi>{peer.address6}</bdi> }]),
    ...(host === null ? [] : [{ label: "Read first", value: peer.isFirst ? "yes" : "no" }]),
    ...(peer.oldKeyUntil === null ? [] : [{ label: "Old key until", value: peer.oldKeyUntil }]),
    ...(host === null
      ? []
      : [{ label: "Server", value: <bdi>{`${host.endpoint}, UDP\u00a0${host.port}`}</bdi> }]),
  ];
}

/** What the question before the end needs. */
export interface RevokeVpnProps {
  /** Name of the site. */
  readonly siteName: string;
  /** Its page. */
  readonly siteHref: string;
  /** The page of its router. */
  readonly routerHref: string;
  /** The page of its peer. */
  readonly vpnHref: string;
  /** Whether the host tells of its VPN, and so does what is asked within a minute. */
  readonly hostTells: boolean;
  /** Whether its address is the site's first. */
  readonly isFirst: boolean;
  /** Version that was seen. */
  readonly version: number;
  /** Why it was not done; `null`: it was not tried. */
  readonly fault: string | null;
}

/** The question before a peer is revoked. */
export function RevokeVpn(props: RevokeVpnProps): JSX.Element {
  const { siteName, siteHref, routerHref, vpnHref, hostTells, isFirst, version, fault } = props;
  return (
    <>
      <PageHead
        title="Revoke the VPN"
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: siteName, href: siteHref },
          { label: "Router", href: routerHref },
          { label: "VPN", href: vpnHref },
          { label: "Revoke" },
        ]}
      />
      {fault !== null && <Notice state="critical" title={fault} live="assertive" />}
      <Dialog
        id="revoke"
        title={`Revoke the VPN of ${siteName}?`}
        inline
        actions={
          <>
            <LinkButton href={vpnHref}>Leave it</LinkButton>
            <form method="post" action={`${vpnHref}/revoke`}>
              <input type="hidden" name="version" value={String(version)} />
              <Button kind="danger">Revoke</Button>
            </form>
          </>
        }
      >
        <p>
          {hostTells ? "Within a minute" : "As soon as it tells of its VPN again"}{" "}
          this server knows no key of the router any more: nothing comes through the tunnel, and the file that
          the router has is worthless.
        </p>
        <p>
          {isFirst
            ? "The site is read through the VPN first: it is then read over its other addresses, or not at all where it has none."
            : "The site is not read through the VPN first: readings go on over its other addresses."}
        </p>
      </Dialog>
    </>
  );
}
