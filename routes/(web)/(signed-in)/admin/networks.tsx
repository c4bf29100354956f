/**
 * Private networks and ports at which sites may be reached.
 *
 * @module
 */

import { page } from "fresh";
import { type AllowedPlaces, USUAL_PORTS } from "../../../../lib/domain/dial_policy.ts";
import { allowedPlacesOf, NETWORKS_SETTING } from "../../../../lib/store/dial_places.ts";
import { readSetting, writeSetting } from "../../../../lib/store/settings.ts";
import { listSiteHosts } from "../../../../lib/store/site_hosts.ts";
import { NetworksPage, type NetworksPageProps } from "../../../../lib/ui/pages/NetworksPage.tsx";
import { PageHead } from "../../../../lib/ui/Page.tsx";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { requireBody } from "../../../../lib/web/form.ts";
import { lostSites, readNetworksForm } from "../../../../lib/web/pages/networks_view.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../lib/web/state.ts";

const PATH = "/admin/networks";

async function load(state: State): Promise<NetworksPageProps> {
  const services = servicesOf(state);
  state.title = "Networks";
  const [{ value, version }, hosts] = await Promise.all([
    readSetting<AllowedPlaces>(services.db, NETWORKS_SETTING, allowedPlacesOf),
    listSiteHosts(services.db),
  ]);
  const loopback = state.base.config.loopbackSites;
  return {
    networks: value.networks.join("\n"),
    ports: value.ports.join(", "),
    version,
    faults: {},
    usualPorts: USUAL_PORTS,
    lost: lostSites(hosts, { ...value, loopbackAllowed: loopback, own: [] }),
    saved: false,
    loopback,
    mayChange: mightDo(state, "settings.change"),
  };
}

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "settings.see");
    const saved = ctx.url.searchParams.has("saved");
    return page<NetworksPageProps>({ ...await load(ctx.state), saved });
  },
  async POST(ctx) {
    allow(ctx, "settings.change");
    const services = servicesOf(ctx.state);
    const body = await requireBody(ctx);
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
      return await again({ "": "Somebody else changed this meanwhile: look and save again" }, 409);
    }
    return redirectTo(`${PATH}?saved`);
  },
});

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHead title="Networks" summary="Where the server may connect for sites." />
    <NetworksPage {...data} />
  </>
));
