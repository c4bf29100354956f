import { deepStrictEqual, doesNotMatch, ok } from "node:assert/strict";
import { statusLines } from "../../../../ops/lib/host/vpn_words.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const vpn = { endpoint: "energy.example.com", port: 51_820, network: "10.8.0.0/16", network6: null };
const PRIVATE = "cHJpdmF0ZSBrZXkgb2YgdGhlIGhvc3QgaXRzZWxmISE=";
const OWN = [PRIVATE, "PUBLIC", "51820", "off"].join("\t");
const peer = (key: string, from: string, addresses: string, heardS: number) =>
  [key, "(none)", from, addresses, String(heardS), "1", "2", "off"].join("\t");

Deno.test("statusLines() shows the host and each peer, and never the private key", () => {
  const dump = [
    OWN,
    peer("A", "203.0.113.7:5000", "10.8.0.2/32", NOW / 1_000 - 40),
    peer("B", "(none)", "(none)", 0),
    "",
  ].join("\n");
  const lines = statusLines(dump, { vpn, nowMs: NOW, asked: null });
  deepStrictEqual(lines, [
    "Public key   PUBLIC",
    "Reached at   energy.example.com, UDP port 51820",
    "Networks     10.8.0.0/16",
    "Peers        2",
    "  A  10.8.0.2/32  heard 40 s ago from 203.0.113.7:5000",
    "  B  a new key, not heard yet  never heard since the VPN began to run",
    "The app asks for nothing",
  ]);
  doesNotMatch(lines.join("\n"), new RegExp(PRIVATE));
});

Deno.test("statusLines() has an end, and says what of the app is not understood", () => {
  const dump = [OWN, ...Array.from({ length: 300 }, (_, i) => peer(`K${i}`, "(none)", "10.8.1.1/32", 0))]
    .join("\n");
  const lines = statusLines(dump, { vpn, nowMs: NOW, asked: { ok: false, error: "it is not JSON" } });
  ok(lines.includes("  and 100 others"));
  deepStrictEqual(lines.at(-1), "What the app asks for is not understood: it is not JSON");
});
