/**
 * The configuration of a site's router, by whoever may take its files away and whoever may not, and the page that says
 * which addresses they admit.
 *
 * @module
 */

import { NetworksPage, type NetworksPageProps } from "../../lib/ui/pages/NetworksPage.tsx";
import {
  type RouterConfigDetails,
  RouterConfigPage,
  type RouterConfigPageProps,
} from "../../lib/ui/pages/RouterConfigPage.tsx";
import { PageHead } from "../../lib/ui/Page.tsx";
import { WAY_WORDS } from "../../lib/domain/way_in.ts";
import { TEMPLATES } from "../../lib/routers/templates.ts";
import { framed, type Specimen } from "./frame.tsx";

const DETAILS: RouterConfigDetails = {
  hosts: ["2001:db8:1111:2222:3333:4444:5555:6666", "198.51.100.8", "kestrel-house.sites.northfold.example"],
  apn: "iot.operator.example",
  number: "+44 7700 900123",
  allowanceLabel: "500 MB",
  ownAddresses: ["203.0.113.9", "2001:db8:5::/48"],
  ownAddressesHref: "/admin/networks#own-addresses",
  faults: [],
};

const PAGE: RouterConfigPageProps = {
  siteName: "Kestrel House",
  siteHref: "/sites/7",
  model: "RUT956",
  serial: "1122334455",
  paths: ["cellular", "wifi", "wired"],
  ports: ["502, the router", "503, a serial gateway", "1502, a device"],
  checks: [
    "A ping and its answer are 168 bytes: every 3 s they are 147 MB a month.",
    "Of the SIM's 500 MB checks may take less than 5 %: every 20 s, 22.1 MB a month.",
  ],
  ways: [
    { kind: "cellular", ...WAY_WORDS.vpn },
    { kind: "wifi", ...WAY_WORDS.public },
    { kind: "wired", ...WAY_WORDS.private },
  ],
  vpn: { look: "good", words: "Active", href: "/sites/7/router/vpn" },
  templates: TEMPLATES.map((template) => ({ ...template, href: `/sites/7/router/${template.id}` })),
  details: DETAILS,
};

const UNSAID: RouterConfigDetails = {
  ...DETAILS,
  apn: null,
  number: null,
  allowanceLabel: null,
  ownAddresses: [],
  faults: [{
    what: "The site's name",
    words: "Expected one line of at most 300 characters that can be seen",
  }],
};

const NETWORKS: NetworksPageProps = {
  networks: "10.8.0.0/16\n100.64.0.0/10",
  ports: "4001",
  version: 3,
  faults: {},
  usualPorts: [502, 503, 802],
  lost: { count: 0, names: [] },
  saved: null,
  own: {
    addresses: "10.8.0.1\n0.0.0.0/0",
    version: 1,
    faults: { own: '"0.0.0.0/0" is too wide: a network has at least 16 bits here' },
  },
  loopback: false,
  mayChange: true,
  vpn: {
    trouble: null,
    endpoint: "energy.example.com, UDP 51820",
    networks: "10.8.0.0/16, fd12:3456:789a::/64",
    counts: [{ look: "good", words: "Active", count: 41 }, {
      look: "warn",
      words: "The key is being changed",
      count: 1,
    }],
    peers: [
      {
        siteId: 7,
        name: "Kestrel House",
        href: "/sites/7/router/vpn",
        look: "good",
        words: "Active",
        address: "10.8.0.2",
        heard: "40 s ago",
      },
      {
        siteId: 9,
        name: "O'Brien's dairy",
        href: "/sites/9/router/vpn",
        look: "warn",
        words: "The key is being changed",
        address: "10.8.0.3",
        heard: "2 min ago",
      },
    ],
    more: 40,
  },
};

/** All of them. */
export function routerSpecimens(): readonly Specimen[] {
  return [
    { name: "router", title: "Router", body: framed("sites", <RouterConfigPage {...PAGE} />) },
    {
      name: "router-unsaid",
      title: "Router",
      body: framed("sites", <RouterConfigPage {...PAGE} model={null} serial={null} details={UNSAID} />),
    },
    {
      name: "router-viewer",
      title: "Router",
      body: framed("sites", <RouterConfigPage {...PAGE} details={null} />),
    },
    networks("networks", NETWORKS.vpn),
    networks("networks-vpn-empty", { ...NETWORKS.vpn, counts: [], peers: [], more: 0 }),
    networks("networks-vpn-broken", BROKEN),
  ];
}

/** The host tells what is not understood, while sites have their places. */
const BROKEN: NetworksPageProps["vpn"] = {
  trouble: {
    state: "warn",
    title: "What the host tells of its VPN is not understood",
    said: "it is not JSON",
    todo: "“journalctl -u wattpost-requests” on the host says more.",
  },
  endpoint: null,
  networks: null,
  counts: [],
  peers: NETWORKS.vpn.peers.map((peer) => ({ ...peer, address: null, heard: null })),
  more: 0,
};

function networks(name: string, vpn: NetworksPageProps["vpn"]): Specimen {
  return {
    name,
    title: "Networks",
    body: framed(
      "none",
      <>
        <PageHead title="Networks" summary="Where the server may connect for sites." />
        <NetworksPage {...NETWORKS} vpn={vpn} />
      </>,
    ),
  };
}
