/**
 * The configuration of a site's router: what it is made of, and the files to download.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import type { EndpointKind } from "../../../../../../lib/domain/site.ts";
import { budgetOf, faultsOf, rankedWans, type RouterFacts } from "../../../../../../lib/routers/facts.ts";
import { afterHandshakes, type VpnPeer } from "../../../../../../lib/domain/vpn_peer.ts";
import { budgetWords, numberOf } from "../../../../../../lib/routers/header.ts";
import { WAY_WORDS, wayInOf } from "../../../../../../lib/domain/way_in.ts";
import { TEMPLATES } from "../../../../../../lib/routers/templates.ts";
import { listRouterFiles } from "../../../../../../lib/store/router_files.ts";
import { getVpnPeer } from "../../../../../../lib/store/vpn_peers.ts";
import {
  type RouterConfigDetails,
  RouterConfigPage,
  type RouterConfigPageProps,
} from "../../../../../../lib/ui/pages/RouterConfigPage.tsx";
import { allowSite, mightDo } from "../../../../../../lib/web/allow.ts";
import { type HostTold, loadHostVpn, stateLook } from "../../../../../../lib/web/pages/vpn_view.ts";
import { define, servicesOf } from "../../../../../../lib/web/state.ts";
import { lastDownloads } from "./(_facts)/last_downloads.ts";
import { loadRouterFacts } from "./(_facts)/load_facts.ts";

const ANSWERS: Readonly<Record<EndpointKind, string>> = {
  router: "the router",
  gateway: "a serial gateway",
  device: "a device",
};

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const place = await allowSite(ctx, "site.see");
    const facts = await loadRouterFacts(servicesOf(ctx.state), {
      siteId: place.id,
      nowMs: base.clock.nowMs(),
    });
    if (!facts) throw new HttpError(404);
    ctx.state.title = `${facts.siteName}, router`;
    const details = mightDo(ctx.state, "site.change", place)
      ? detailsOf(facts, mightDo(ctx.state, "settings.change"))
      : null;
    const [told, peer] = await Promise.all([
      loadHostVpn(ctx.state),
      getVpnPeer(servicesOf(ctx.state).db, place.id),
    ]);
    const vpn = vpnOf({ told, peer, nowMs: base.clock.nowMs() });
    const vpnHref = details && `/sites/${place.id}/router/vpn`;
    const ways = facts.paths.map(({ kind, host }) => ({ kind, ...WAY_WORDS[wayInOf(host, told.vpn)] }));
    const props = { ...propsOf(facts, { siteId: place.id, details }), ways, vpn: { ...vpn, href: vpnHref } };
    if (!details) return page<RouterConfigPageProps>(props);
    const last = lastDownloads(facts, await listRouterFiles(servicesOf(ctx.state).db, place.id));
    const templates = props.templates.map((template) => ({ ...template, last: last.get(template.id) }));
    return page<RouterConfigPageProps>({ ...props, templates });
  },
});

function propsOf(
  facts: RouterFacts,
  { siteId, details }: { readonly siteId: number; readonly details: RouterConfigDetails | null },
): Omit<RouterConfigPageProps, "ways" | "vpn"> {
  const { siteName, model, serial, paths, ports } = facts;
  const href = `/sites/${siteId}`;
  return {
    siteName,
    siteHref: href,
    model,
    serial,
    paths: paths.map(({ kind }) => kind),
    ports: ports.map(({ port, kind }) => `${port}, ${ANSWERS[kind]}`),
    checks: rankedWans(facts).length > 1 ? budgetWords(budgetOf(facts)) : [
      "One kind of way in is registered: there is nothing to fail over to, and checks would only cost data.",
    ],
    templates: TEMPLATES.map(({ id, title, version, does, steps }) => ({
      id,
      title,
      version,
      does,
      steps,
      href: `${href}/router/${id}`,
    })),
    details,
  };
}

/** How the site's peer stands, in words. */
function vpnOf(
  { told: { vpn }, peer, nowMs }: {
    readonly told: HostTold;
    readonly peer: VpnPeer | null;
    readonly nowMs: number;
  },
): Omit<RouterConfigPageProps["vpn"], "href"> {
  if (!peer) return { look: "info", words: vpn ? "Not in the VPN" : "This server has no VPN" };
  return stateLook((vpn ? afterHandshakes(peer, vpn.heard, nowMs) : peer).state);
}

function detailsOf(facts: RouterFacts, maySet: boolean): RouterConfigDetails {
  const { paths, sim, ownAddresses } = facts;
  const allowance = sim?.allowanceMb ?? null;
  return {
    hosts: paths.map(({ host }) => host),
    apn: sim?.apn ?? null,
    number: sim?.number ?? null,
    allowanceLabel: allowance === null ? null : `${numberOf(allowance)} MB`,
    ownAddresses,
    ownAddressesHref: maySet ? "/admin/networks#own-addresses" : null,
    faults: faultsOf(facts),
  };
}

export default define.page<typeof handler>(({ data }) => <RouterConfigPage {...data} />);
