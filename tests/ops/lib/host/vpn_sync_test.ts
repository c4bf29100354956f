import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { formatPeers, parseHostVpn } from "../../../../lib/domain/vpn_exchange.ts";
import { HostError } from "../../../../ops/lib/host/step.ts";
import { type SyncHost, syncPeers, VPN_PLACE } from "../../../../ops/lib/host/vpn_sync.ts";

const VPN = { endpoint: "energy.example.com", port: 51_820, network: "10.86.0.0/20", network6: null };
const key = (letter: string) => `${letter.repeat(42)}A=`;

/** A host as far as syncing touches it: programs that answer what they would, and files in memory. */
function hostWith(answers: Readonly<Record<string, string | null>>, files: Record<string, string>): SyncHost {
  const run: SyncHost["run"] = (argv) => {
    const out = answers[argv[0] === "wg" ? `wg ${argv[1]}` : argv[0]] ?? null;
    return Promise.resolve(out === null ? { code: 1, out: "", err: "no" } : { code: 0, out, err: "" });
  };
  return {
    run,
    must: async (argv) => {
      const end = await run(argv);
      if (end.code !== 0) throw new HostError(argv.join(" "));
      return end;
    },
    read: (path) => Promise.resolve(files[path] ?? null),
    write: (path, { text }) => Promise.resolve(void (files[path] = text)),
  };
}

Deno.test("a router that is revoked while the VPN is down does not come back with it", async () => {
  const files: Record<string, string> = {
    [VPN_PLACE.keyPath]: `${key("H")}\n`,
    [VPN_PLACE.peersPath]: `[Peer]\nPublicKey = ${key("R")}\nAllowedIPs = 10.86.0.2/32\n`,
  };
  const asked = formatPeers([{ keys: [key("S")], addresses: ["10.86.0.3"] }]);
  const host = hostWith({ "setpriv": asked, "wg show": null, "wg pubkey": key("P") }, files);
  const { peers, refused } = await syncPeers(host, { vpn: VPN, nowMs: 1 });
  match(refused ?? "", /^the interface wattpost0 is not up/);
  strictEqual(peers, null);
  doesNotMatch(files[VPN_PLACE.peersPath] ?? "", /RRRR/);
  match(files[VPN_PLACE.peersPath] ?? "", /SSSS/);
  const told = parseHostVpn(files[VPN_PLACE.told] ?? "");
  deepStrictEqual(told.ok && told.value.refused, refused);
});

Deno.test("what the app asks and nobody understands leaves the routers as they were", async () => {
  const before = `[Peer]\nPublicKey = ${key("R")}\n`;
  const files: Record<string, string> = {
    [VPN_PLACE.keyPath]: `${key("H")}\n`,
    [VPN_PLACE.peersPath]: before,
  };
  const host = hostWith({ "setpriv": "{}", "wg show": "", "wg pubkey": key("P") }, files);
  const { refused } = await syncPeers(host, { vpn: VPN, nowMs: 1 });
  match(refused ?? "", /does not have what is expected/);
  strictEqual(files[VPN_PLACE.peersPath], before);
});
