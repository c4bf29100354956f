/**
 * Private networks and ports at which sites may be reached, and the addresses from which they are.
 *
 * @module
 */

import { page } from "fresh";
import { type AllowedPlaces, USUAL_PORTS } from "../../../../lib/domain/dial_policy.ts";
import { allowedPlacesOf, NETWORKS_SETTING } from "../../../../lib/store/dial_places.ts";
import { OWN_ADDRESSES_SETTING, ownAddressesOf } from "../../../../lib/store/own_addresses.ts";
import { readSetting, writeSetting } from "../../../../lib/store/settings.ts";
import { vpnPlaces } from "../../../../lib/store/vpn_exchange.ts";
import { listSiteHosts } from "../../../../lib/store/site_hosts.ts";
import { NetworksPage, type NetworksPageProps } from "../../../../lib/ui/pages/NetworksPage.tsx";
import { PageHead } from "../../../../lib/ui/Page.tsx";
import { loadHostVpn } from "../../../../lib/web/pages/vpn_view.ts";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../lib/web/confirmed.ts";
import { requireBody } from "../../../../lib/web/form.ts";
import {
  lostSites,
  readNetworksForm,
  readOwnAddressesForm,
} from "../../../../lib/web/pages/networks_view.ts";
import { vpnPanelProps } from "../../../../lib/web/pages/vpn_list.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../lib/web/state.ts";

const PATH = "/admin/networks";

/** Said where somebody was quicker. */
const CHANGED = "Somebody else changed this meanwhile: look and save again";

async function load(state: State): Promise<NetworksPageProps> {
  const services = servicesOf(state);
  state.title = "Networks";
  const [{ value, version }, hosts, own, told] = await Promise.all([
    readSetting<AllowedPlaces>(services.db, NETWORKS_SETTING, allowedPlacesOf),
    listSiteHosts(services.db),
    readSetting(services.db, OWN_ADDRESSES_SETTING, ownAddressesOf),
    loadHostVpn(state),
  ]);
  const vpn = vpnPlaces(told.vpn);
  const policy = { ports: value.ports, networks: [...value.networks, ...vpn.networks], own: vpn.own };
  const loopback = state.base.config.loopbackSites;
  return {
    networks: value.networks.join("\n"),
    ports: value.ports.join(", "),
    version,
    faults: {},
    usualPorts: USUAL_PORTS,
    lost: lostSites(hosts, { ...policy, loopbackAllowed: loopback }),
    saved: null,
    own: { addresses: own.value.join("\n"), version: own.version, faults: {} },
    loopback,
    mayChange: mightDo(state, "settings.change"),
    vpn: await vpnPanelProps(state, told),
  };
}

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "settings.see");
    const away = mightDo(ctx.state, "settings.change") ? await confirmFirst(ctx, PATH) : null;
    if (away) return away;
    const asked = ctx.url.searchParams.get("saved");
    const saved = asked === null ? null : asked === "own" ? "own" : "networks";
    return page<NetworksPageProps>({ ...await load(ctx.state), saved });
  },
  async POST(ctx) {
    allow(ctx, "settings.change");
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    const services = servicesOf(ctx.state);
    const body = await requireBody(ctx);
    if (body.has("own")) return await saveOwn(ctx.state, body);
    const typed = {
      networks: (body.get("networks") ?? "").slice(0, 4_000),
      ports: (body.get("ports") ?? "").slice(0, 400),
    };
    const again = async (faults: NetworksPageProps["faults"], status: number) =>
      page<NetworksPageProps>({ ...await load(ctx.state), ...typed, faults }, { status });
    const draft = readNetworksForm(body);
    if (!draft.ok) return await again(draft.error, 422);
    const { networks, ports, version } = draft.value;
    const written = await writeSetting(services.db, authorOf(ctx.state), {
      name: NETWORKS_SETTING,
      value: { allowed: networks, ports },
      version,
    });
    if (!written.ok) {
      return await again({ "": CHANGED }, 409);
    }
    return redirectTo(`${PATH}?saved`);
  },
});

async function saveOwn(state: State, body: URLSearchParams) {
  const again = async (faults: NetworksPageProps["faults"], status: number) => {
    const props = await load(state);
    const addresses = (body.get("own") ?? "").slice(0, 4_000);
    return page<NetworksPageProps>({ ...props, own: { ...props.own, addresses, faults } }, { status });
  };
  const draft = readOwnAddressesForm(body);
  if (!draft.ok) return await again(draft.error, 422);
  const written = await writeSetting(servicesOf(state).db, authorOf(state), {
    name: OWN_ADDRESSES_SETTING,
    value: { addresses: draft.value.own },
    version: draft.value.version,
  });
  return written.ok ? redirectTo(`${PATH}?saved=own`) : await again({ "": CHANGED }, 409);
}

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHead title="Networks" summary="Where the server may connect for sites." />
    <NetworksPage {...data} />
  </>
));
