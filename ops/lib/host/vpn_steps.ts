/**
 * Steps that give a host its VPN towards routers: WireGuard with a key of the host's own, without a route but that of the
 * VPN's network.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { parseHostVpn } from "../../../lib/domain/vpn_exchange.ts";
import { hostInterfaceText } from "../../../lib/domain/vpn_text.ts";
import type { VpnDescription } from "./description.ts";
import { file, packages, type Part, type Reaction, step, unit } from "./kit.ts";
import { INTERFACES, MADE_BY } from "./layout.ts";
import { driftOf, type StepMaker } from "./step.ts";
import { publicKeyOf, syncPeers, VPN_PLACE } from "./vpn_sync.ts";

/** The unit that brings the interface up. */
export const VPN_UNIT = `wg-quick@${INTERFACES.vpn}.service`;

/** The file that it reads. */
const VPN_CONFIG = `/etc/wireguard/${INTERFACES.vpn}.conf`;

/** Tunnels are down for a moment; routers are back with their next keepalive. */
const RESTART: Reaction = { name: "the VPN reads its file", argv: ["systemctl", "try-restart", VPN_UNIT] };
const RESTART_MS = 5 * 60_000;

/** The VPN; none where none is described. */
export const vpnSteps: StepMaker = ({ vpn }) => {
  if (vpn === null) return [];
  const { keyPath, peersPath } = VPN_PLACE;
  const text = hostInterfaceText({ ...vpn, keyPath, peersPath, madeBy: MADE_BY });
  return [
    step("vpn: WireGuard", "Routers are reached through a tunnel that nobody on the way can read or write.", [
      // The second is for kernels without WireGuard, as some rented machines have: wg-quick falls back to it.
      packages(["wireguard-tools", "wireguard-go"]),
      hostKey(),
      startingPeers(),
      file({ path: VPN_CONFIG, text, mode: 0o600, then: [RESTART] }),
      unit({ name: VPN_UNIT, enabled: true, active: true }),
      running(vpn),
    ]),
    step("vpn: what the app knows", "Pages make files for routers of the host's key, name and networks.", [
      tellApp(vpn),
    ]),
  ];
};

/** The host's key: made here, read by root alone, never shown. */
function hostKey(): Part {
  const path = VPN_PLACE.keyPath;
  return {
    async check(on) {
      const there = await on.stat(path);
      if (there?.kind === "file" && there.mode === 0o600 && there.owner === "root:root") return [];
      const is = there ? `${there.kind} of ${there.owner}, ${there.mode.toString(8)}` : "missing";
      const does = there?.kind === "file"
        ? `give ${path} to root alone`
        : "wg genkey, kept where root alone reads it";
      return [driftOf(path, { is, expected: "a key, root:root 600", does })];
    },
    async apply(on) {
      const modes = { mode: 0o600, owner: "root:root" };
      if ((await on.stat(path))?.kind === "file") return await on.setModes(path, modes);
      await on.must([
        "install",
        "-d",
        "-m",
        "700",
        "-o",
        "root",
        "-g",
        "root",
        path.slice(0, path.lastIndexOf("/")),
      ]);
      const { out } = await on.must(["wg", "genkey"]);
      await on.write(path, { text: out, ...modes });
    },
    async undo(on) {
      await on.must(["rm", "-f", "--", path]);
    },
  };
}

/** The file of peers, which the unit needs to start: empty until the app asks for some. */
function startingPeers(): Part {
  const path = VPN_PLACE.peersPath;
  return {
    async check(on) {
      const there = await on.stat(path);
      if (there?.kind === "file" && there.mode === 0o600) return [];
      return [driftOf(path, {
        is: there ? `${there.kind}, ${there.mode.toString(8)}` : "missing",
        expected: "the peers, root:root 600",
        does: `write ${path}`,
      })];
    },
    async apply(on) {
      const text = await on.read(path) ?? "";
      await on.must(["install", "-d", "-m", "700", "-o", "root", "-g", "root", "/etc/wireguard"]);
      await on.write(path, { text, mode: 0o600, owner: "root:root" });
    },
    async undo(on) {
      await on.must(["rm", "-f", "--", path]);
    },
  };
}

/** The interface itself: a unit that has done its work counts as active, whatever became of the interface since. */
function running({ port }: VpnDescription): Part {
  const { interfaceName, keyPath } = VPN_PLACE;
  return {
    async check(on) {
      const shown = async (what: string) => {
        const { code, out } = await on.run(["wg", "show", interfaceName, what]);
        return code === 0 ? out.trim() : null;
      };
      const [key, own] = [await shown("public-key"), await publicKeyOf(on, keyPath).catch(() => null)];
      const isUp = key !== null;
      if (isUp && key === own && await shown("listen-port") === String(port)) return [];
      return [driftOf(`interface ${interfaceName}`, {
        is: isUp ? "up with another key or port" : "not up",
        expected: `up with this host's key at UDP port ${port}`,
        does: `systemctl restart ${VPN_UNIT}`,
      })];
    },
    async apply(on) {
      await on.must(["systemctl", "restart", VPN_UNIT], { deadlineMs: RESTART_MS });
    },
    undo: () => Promise.resolve(),
  };
}

/** What the app is told does not depend on the minute in which it was. */
function tellApp(vpn: VpnDescription): Part {
  const path = VPN_PLACE.told;
  return {
    async check(on) {
      const text = await on.read(path);
      const told = text === null ? null : parseHostVpn(text);
      const does = "wg show, and what it says for the app";
      const expected = "endpoint, networks and public key of this host";
      if (told === null) return [driftOf(path, { is: "missing", expected, does })];
      if (!told.ok) return [driftOf(path, { is: `not understood: ${told.error}`, expected, does })];
      const { endpoint, port, network, network6, publicKey } = told.value;
      const isSame = endpoint === vpn.endpoint && port === vpn.port && network === vpn.network &&
        network6 === vpn.network6 && publicKey === await publicKeyOf(on, VPN_PLACE.keyPath).catch(() => null);
      return isSame ? [] : [driftOf(path, { is: "of another VPN", expected, does })];
    },
    async apply(on) {
      await syncPeers(on, { vpn, nowMs: systemClock.nowMs() });
    },
    async undo(on) {
      await on.must(["rm", "-f", "--", path]);
    },
  };
}
