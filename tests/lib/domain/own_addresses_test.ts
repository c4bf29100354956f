import { deepStrictEqual, ok } from "node:assert/strict";
import { readOwnAddress } from "../../../lib/domain/own_addresses.ts";

const TAKEN = [
  { text: "8.8.8.8", want: "8.8.8.8" },
  { text: "8.8.8.8/32", want: "8.8.8.8" },
  { text: "10.8.7.6/24", want: "10.8.7.0/24" },
  { text: "2606:4700:0:0::5/48", want: "2606:4700::/48" },
  { text: "2606:4700::5", want: "2606:4700::5" },
];
for (const { text, want } of TAKEN) {
  Deno.test(`readOwnAddress() takes ${text}`, () =>
    deepStrictEqual(readOwnAddress(text), { ok: true, value: want }));
}

const REFUSED = [
  "",
  "0.0.0.0/0",
  "::/0",
  "8.0.0.0/8",
  "10.0.0.0/15",
  "127.0.0.1",
  "::1",
  "169.254.169.254",
  "224.0.0.1",
  "8.8.8.8; reboot",
  "$(reboot)",
  "wattpost.example",
  "8.8.8.8/33",
  "fe80::1%eth0",
];
for (const text of REFUSED) {
  Deno.test(`readOwnAddress() refuses ${JSON.stringify(text)}`, () => ok(!readOwnAddress(text).ok));
}
