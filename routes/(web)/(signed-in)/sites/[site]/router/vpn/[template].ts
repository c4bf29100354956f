/**
 * One file that brings a site's router into the VPN. It holds the router's private key, which no page ever shows.
 *
 * @module
 */

import { HttpError } from "fresh";
import { HOST_PLACE, vpnAddressesOf } from "../../../../../../../lib/domain/vpn.ts";
import { renderVpnTemplate, vpnTemplateOf } from "../../../../../../../lib/routers/vpn_templates.ts";
import { getVpnPeer, takeVpnKey } from "../../../../../../../lib/store/vpn_peers.ts";
import { allowSite } from "../../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../../../lib/web/confirmed.ts";
import { fileNameOf } from "../../../../../../../lib/web/csv.ts";
import { countExport } from "../../../../../../../lib/web/export_limit.ts";
import { loadHostVpn } from "../../../../../../../lib/web/pages/vpn_view.ts";
import { define, servicesOf } from "../../../../../../../lib/web/state.ts";
import { loadRouterFacts } from "../(_facts)/load_facts.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { id: siteId } = await allowSite(ctx, "site.change");
    const away = await confirmFirst(ctx, `/sites/${siteId}/router/vpn`);
    if (away) return away;
    const template = vpnTemplateOf(ctx.params.template ?? "");
    const { db, box, profiles } = servicesOf(ctx.state);
    const { vpn } = await loadHostVpn(ctx.state);
    const peer = await getVpnPeer(db, siteId);
    const own = vpn && peer && vpnAddressesOf(vpn, peer.place);
    const host = vpn && vpnAddressesOf(vpn, HOST_PLACE);
    if (!template || !vpn || !peer || !own || !host) throw new HttpError(404);
    await countExport(ctx.state);
    const facts = await loadRouterFacts({ db, profiles }, { siteId, nowMs: ctx.state.base.clock.nowMs() });
    if (!facts) throw new HttpError(404);
    const { version } = peer;
    const key = await takeVpnKey(db, authorOf(ctx.state), { siteId, template: template.id, version, box });
    if (!key.ok) throw new HttpError(404);
    const { siteName, day, ports } = facts;
    const { publicKey: hostKey, endpoint, port } = vpn;
    const made = { siteName, day, ports, own, host, hostKey, endpoint, port, privateKey: key.value };
    const text = renderVpnTemplate(template, made);
    const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
    if (!text.ok) {
      const words = text.error.map((fault) => `${fault.what}: ${fault.words}\n`).join("");
      return new Response(`No file can be made\n${words}`, { status: 422, headers });
    }
    const name = `${fileNameOf(siteName)}-vpn-${template.id}.${template.ending}`;
    return new Response(text.value, {
      headers: { ...headers, "content-disposition": `attachment; filename="${name}"` },
    });
  },
});
