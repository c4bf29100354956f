/**
 * A site's peer in the VPN: looked at, issued, given a new key, and made the first way in.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { vpnAddressesOf } from "../../../../../../../lib/domain/vpn.ts";
import type { HostVpn } from "../../../../../../../lib/domain/vpn_exchange.ts";
import { VPN_TEMPLATES } from "../../../../../../../lib/routers/vpn_templates.ts";
import { putVpnPathFirst, type VpnPathTrouble } from "../../../../../../../lib/store/vpn_path.ts";
import {
  getVpnPeer,
  issueVpnPeer,
  rotateVpnPeer,
  type VpnTrouble,
} from "../../../../../../../lib/store/vpn_peers.ts";
import { VpnPage, type VpnPageProps } from "../../../../../../../lib/ui/pages/VpnPage.tsx";
import { allowSite } from "../../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../../../../lib/web/confirmed.ts";
import { readForm, requireBody } from "../../../../../../../lib/web/form.ts";
import { loadHostVpn, stepVpn, vpnPageProps } from "../../../../../../../lib/web/pages/vpn_view.ts";
import { redirectTo } from "../../../../../../../lib/web/redirect.ts";
import { err, ok, type Result } from "../../../../../../../lib/result.ts";
import { define, servicesOf, type State } from "../../../../../../../lib/web/state.ts";
import { loadRouterFacts } from "../(_facts)/load_facts.ts";

type Act = "issue" | "rotate" | "first";

const DONE: Readonly<Record<string, string>> = {
  issue: "The keys are made: bring one of the files to the router",
  rotate: "The new key is made: bring one of the files to the router",
  first: "This site is read through the VPN first",
  revoked: "The VPN of this site is revoked",
};

async function load(state: State, siteId: number): Promise<VpnPageProps> {
  const facts = await loadRouterFacts(servicesOf(state), { siteId, nowMs: state.base.clock.nowMs() });
  if (!facts) throw new HttpError(404);
  state.title = `${facts.siteName}, VPN`;
  const hosts = facts.paths.map(({ host }) => host);
  const props = await vpnPageProps(state, { siteId, siteName: facts.siteName, hosts });
  if (!props.host || !props.peer || props.peer.state === "revoked") return props;
  const files = VPN_TEMPLATES.map(({ id, title, version, does, steps }) => (
    { id, title, version, does, steps, href: `${props.routerHref}/vpn/${id}` }
  ));
  return { ...props, files };
}

export const handler = define.handlers({
  async GET(ctx) {
    const { id } = await allowSite(ctx, "site.change");
    const away = await confirmFirst(ctx, `/sites/${id}/router/vpn`);
    if (away) return away;
    const done = DONE[ctx.url.searchParams.get("done") ?? ""] ?? null;
    return page<VpnPageProps>({ ...await load(ctx.state, id), done });
  },
  async POST(ctx) {
    const { id } = await allowSite(ctx, "site.change");
    const away = await confirmFirst(ctx, `/sites/${id}/router/vpn`);
    if (away) return away;
    const read = readForm<{ readonly do: Order }>(await requireBody(ctx), { do: orderOf });
    if (!read.ok) throw new HttpError(422);
    const { vpn } = await loadHostVpn(ctx.state);
    const trouble = vpn ? await perform(ctx.state, { siteId: id, vpn, order: read.value.do }) : "no-vpn";
    if (trouble === null) {
      await stepVpn(ctx.state);
      return redirectTo(`/sites/${id}/router/vpn?done=${read.value.do.act}`);
    }
    const status = trouble === "changed" ? 409 : 422;
    return page<VpnPageProps>({ ...await load(ctx.state, id), fault: FAULTS[trouble] }, { status });
  },
});

interface Order {
  readonly act: Act;
  readonly version: number;
}

function orderOf(text: string | undefined): Result<Order, string> {
  const [, act, version] = /^(issue|rotate|first):(\d{1,9})$/.exec(text ?? "") ?? [];
  return act === undefined ? err("Is not known") : ok({ act: act as Act, version: Number(version) });
}

type Trouble = VpnTrouble["kind"] | VpnPathTrouble | "no-vpn";

const FAULTS: Readonly<Record<Trouble, string>> = {
  "changed": "Somebody else changed this meanwhile: look and try again",
  "full": "The VPN's network has no address left: a wider one has to be described for the host",
  "gone": "The site has no address that could be moved back",
  "too-many": "The site has as many addresses as it may have: take one away first",
  "no-vpn": "The server has no VPN",
};

/** Does it; why not, `null`: it is done. */
async function perform(
  state: State,
  { siteId, vpn, order: { act, version } }: {
    readonly siteId: number;
    readonly vpn: HostVpn;
    readonly order: Order;
  },
): Promise<Trouble | null> {
  const { db, box } = servicesOf(state);
  const by = authorOf(state);
  const change = { siteId, version, box, networks: vpn };
  switch (act) {
    case "issue": {
      const issued = await issueVpnPeer(db, by, change);
      return issued.ok ? null : issued.error.kind;
    }
    case "rotate": {
      const rotated = await rotateVpnPeer(db, by, change);
      return rotated.ok ? null : rotated.error.kind;
    }
    case "first": {
      const peer = await getVpnPeer(db, siteId);
      const addresses = peer && peer.state !== "revoked" ? vpnAddressesOf(vpn, peer.place) : null;
      if (!addresses) return "changed";
      const put = await putVpnPathFirst(db, by, { siteId, host: addresses.address });
      return put.ok ? null : put.error;
    }
  }
}

export default define.page<typeof handler>(({ data }) => <VpnPage {...data} />);
