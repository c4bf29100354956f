/**
 * The end of a site's peer in the VPN, after a question.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { revokeVpnPeer } from "../../../../../../../lib/store/vpn_peers.ts";
import { RevokeVpn, type RevokeVpnProps } from "../../../../../../../lib/ui/pages/VpnPage.tsx";
import { allowSite } from "../../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../../../lib/web/confirmed.ts";
import { readForm, requireBody } from "../../../../../../../lib/web/form.ts";
import { loadHostVpn, stepVpn, vpnPageProps } from "../../../../../../../lib/web/pages/vpn_view.ts";
import { redirectTo } from "../../../../../../../lib/web/redirect.ts";
import { err, ok } from "../../../../../../../lib/result.ts";
import { define, servicesOf, type State } from "../../../../../../../lib/web/state.ts";
import { loadRouterFacts } from "../(_facts)/load_facts.ts";

async function load(state: State, siteId: number): Promise<RevokeVpnProps> {
  const facts = await loadRouterFacts(servicesOf(state), { siteId, nowMs: state.base.clock.nowMs() });
  if (!facts) throw new HttpError(404);
  const { siteName } = facts;
  state.title = `${siteName}, VPN`;
  const hosts = facts.paths.map(({ host }) => host);
  const { peer, host, siteHref, routerHref } = await vpnPageProps(state, { siteId, siteName, hosts });
  if (!peer || peer.state === "revoked") throw new HttpError(404);
  const { isFirst, version } = peer;
  const hrefs = { siteHref, routerHref, vpnHref: `${routerHref}/vpn` };
  return { siteName, ...hrefs, hostTells: host !== null, isFirst, version, fault: null };
}

export const handler = define.handlers({
  async GET(ctx) {
    const { id } = await allowSite(ctx, "site.change");
    const away = await confirmFirst(ctx, `/sites/${id}/router/vpn/revoke`);
    return away ?? page<RevokeVpnProps>(await load(ctx.state, id));
  },
  async POST(ctx) {
    const { id: siteId } = await allowSite(ctx, "site.change");
    const away = await confirmFirst(ctx, `/sites/${siteId}/router/vpn/revoke`);
    if (away) return away;
    const shown = await load(ctx.state, siteId);
    const read = readForm<{ readonly version: number }>(await requireBody(ctx), {
      version: (text) => /^\d{1,9}$/.test(text ?? "") ? ok(Number(text)) : err("Is missing"),
    });
    if (!read.ok) throw new HttpError(422);
    const { vpn } = await loadHostVpn(ctx.state);
    const networks = vpn ?? { network: "", network6: null };
    const { version } = read.value;
    const revoked = await revokeVpnPeer(servicesOf(ctx.state).db, authorOf(ctx.state), {
      siteId,
      version,
      networks,
    });
    if (revoked.ok) {
      await stepVpn(ctx.state);
      return redirectTo(`/sites/${siteId}/router/vpn?done=revoked`);
    }
    const fault = "Somebody else changed this meanwhile: look and try again";
    return page<RevokeVpnProps>({ ...shown, fault }, { status: 409 });
  },
});

export default define.page<typeof handler>(({ data }) => <RevokeVpn {...data} />);
