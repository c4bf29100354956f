import { deepStrictEqual, match, ok } from "node:assert/strict";
import {
  lostSites,
  readNetworksForm,
  readOwnAddressesForm,
} from "../../../../lib/web/pages/networks_view.ts";

const read = (networks: string, ports: string) =>
  readNetworksForm(new URLSearchParams({ networks, ports, version: "3" }));

Deno.test("readNetworksForm() takes lists by lines and commas, canonical and once", () => {
  deepStrictEqual(read("10.8.7.6/16\r\n10.8.0.0/16, fd00:1::/32", "4001 4001"), {
    ok: true,
    value: { networks: ["10.8.0.0/16", "fd00:1::/32"], ports: [4001], version: 3 },
  });
  deepStrictEqual(read("", ""), { ok: true, value: { networks: [], ports: [], version: 3 } });
});

Deno.test("readNetworksForm() names every entry that it refuses", () => {
  const form = read("0.0.0.0/0\n10.0.0.0/7\n127.0.0.0/8\nvpn", "22, 99999");
  ok(!form.ok);
  match(
    form.error["networks"] ?? "",
    /"0.0.0.0\/0" is too wide.*"10.0.0.0\/7" is too wide.*"127.0.0.0\/8".*"vpn"/,
  );
  match(form.error["ports"] ?? "", /"22" is never dialled.*"99999" is no port/);
});

Deno.test("readNetworksForm() refuses what is far too long and unknown fields", () => {
  ok(!read("10.0.0.0/8 ".repeat(51), "").ok);
  ok(!read(" ".repeat(5_000), "").ok);
  ok(!readNetworksForm(new URLSearchParams({ networks: "", ports: "", version: "0", role: "x" })).ok);
});

Deno.test("lostSites() names sites none of whose ways may be dialled", () => {
  const hosts = [
    { siteId: 1, name: "Mill", host: "10.8.0.1", port: 502 },
    { siteId: 2, name: "Kiln", host: "10.9.0.1", port: 502 },
    { siteId: 3, name: "Dock", host: "10.9.0.2", port: 502 },
    { siteId: 3, name: "Dock", host: "dock.example", port: 502 },
    { siteId: 4, name: "Yard", host: "8.8.8.8", port: 4001 },
  ];
  const policy = { loopbackAllowed: false, networks: ["10.8.0.0/16"], ports: [], own: [] };
  deepStrictEqual(lostSites(hosts, policy), { count: 2, names: ["Kiln", "Yard"] });
});

Deno.test("readOwnAddressesForm() takes addresses and networks of ours, and names what it refuses", () => {
  const own = (text: string) => readOwnAddressesForm(new URLSearchParams({ own: text, version: "2" }));
  deepStrictEqual(own("8.8.8.8/32, 10.8.7.6/24\n8.8.8.8"), {
    ok: true,
    value: { own: ["8.8.8.8", "10.8.7.0/24"], version: 2 },
  });
  deepStrictEqual(own(""), { ok: true, value: { own: [], version: 2 } });
  const wrong = own("0.0.0.0/0 127.0.0.1 wattpost.example");
  ok(!wrong.ok);
  match(wrong.error["own"] ?? "", /too wide.*"127.0.0.1" is no address.*"wattpost.example" is no address/);
  ok(!own("10.0.0.1 ".repeat(21)).ok);
});
