/**
 * A site's place in the VPN, before, while and after it has one, and the question before its end.
 *
 * @module
 */

import { VPN_TEMPLATES } from "../../lib/routers/vpn_templates.ts";
import { RevokeVpn, VpnPage, type VpnPageProps, type VpnPeerShown } from "../../lib/ui/pages/VpnPage.tsx";
import type { HostTrouble } from "../../lib/ui/VpnPanel.tsx";
import { framed, type Specimen } from "./frame.tsx";

const PEER: VpnPeerShown = {
  state: "active",
  look: "good",
  words: "Active",
  address: "10.8.0.7",
  address6: "fd12:3456:789a::7",
  heard: "40 s ago",
  oldKeyUntil: null,
  isTaken: true,
  isFirst: true,
  version: 3,
};

const PAGE: VpnPageProps = {
  siteName: "Kestrel House",
  siteHref: "/sites/7",
  routerHref: "/sites/7/router",
  host: { endpoint: "energy.example.com", port: 51_820, network: "10.8.0.0/16" },
  trouble: null,
  peer: PEER,
  files: VPN_TEMPLATES.map((template) => ({ ...template, href: `/sites/7/router/vpn/${template.id}` })),
  done: null,
  fault: null,
};

const ROTATING: VpnPeerShown = {
  ...PEER,
  state: "rotating",
  look: "warn",
  words: "The key is being changed",
  oldKeyUntil: "Sun 13 Dec 2026",
  isFirst: false,
};

const PLANNED: VpnPeerShown = {
  ...PEER,
  state: "planned",
  look: "info",
  words: "Planned: no file was taken away",
  heard: "not since the VPN began to run",
  isTaken: false,
  isFirst: false,
};

const REVOKED: VpnPeerShown = {
  ...PEER,
  state: "revoked",
  look: "forbidden",
  words: "Revoked",
  heard: "not since the VPN began to run",
  isFirst: false,
};

const NO_VPN: HostTrouble = {
  state: "info",
  title: "This server has no VPN yet",
  said: null,
  todo:
    "Whoever runs it describes one (vpn in ops/host.json) and runs “deno task host apply”; docs/vpn.md says how.",
};

const NOT_UNDERSTOOD: HostTrouble = {
  state: "warn",
  title: "What the host tells of its VPN is not understood",
  said: "it is not JSON",
  todo: "“journalctl -u wattpost-requests” on the host says more.",
};

/** All of them. */
export function vpnSpecimens(): readonly Specimen[] {
  const revoke = {
    siteName: "Kestrel House",
    siteHref: "/sites/7",
    routerHref: "/sites/7/router",
    vpnHref: "/sites/7/router/vpn",
    hostTells: true,
    isFirst: true,
    version: 3,
    fault: null,
  };
  return [
    {
      name: "vpn",
      title: "VPN",
      body: framed(
        "sites",
        <VpnPage {...PAGE} done="The keys are made: bring one of the files to the router" />,
      ),
    },
    {
      name: "vpn-rotating",
      title: "VPN",
      body: framed(
        "sites",
        <VpnPage
          {...PAGE}
          peer={ROTATING}
          fault="Somebody else changed this meanwhile: look and try again"
        />,
      ),
    },
    {
      name: "vpn-planned",
      title: "VPN",
      body: framed("sites", <VpnPage {...PAGE} peer={PLANNED} />),
    },
    {
      name: "vpn-revoked",
      title: "VPN",
      body: framed("sites", <VpnPage {...PAGE} peer={REVOKED} files={[]} />),
    },
    { name: "vpn-none", title: "VPN", body: framed("sites", <VpnPage {...PAGE} peer={null} files={[]} />) },
    {
      name: "vpn-no-host",
      title: "VPN",
      body: framed("sites", <VpnPage {...PAGE} host={null} trouble={NO_VPN} peer={null} files={[]} />),
    },
    {
      name: "vpn-broken-host",
      title: "VPN",
      body: framed(
        "sites",
        <VpnPage
          {...PAGE}
          host={null}
          trouble={NOT_UNDERSTOOD}
          peer={{ ...PEER, address: null, address6: null, heard: null }}
          files={[]}
        />,
      ),
    },
    { name: "vpn-revoke", title: "Revoke the VPN", body: framed("sites", <RevokeVpn {...revoke} />) },
  ];
}
