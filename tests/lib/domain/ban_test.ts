import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type Ban,
  BANS_MAX,
  bansToEnd,
  formatBanList,
  formatUnbanRequests,
  parseBanList,
  parseUnbanRequests,
  readBanned,
  UNBAN_MS,
  UNBANS_MAX,
  withRequest,
} from "../../../lib/domain/ban.ts";

const NOW = Date.UTC(2026, 10, 29, 17);
const ban = (address: string, sinceMs = NOW): Ban => ({
  address,
  jail: "wattpost-sign-in",
  sinceMs,
  untilMs: sinceMs + 3_600_000,
});

const BANNED = [
  { text: "192.0.2.7", want: "192.0.2.7" },
  { text: "192.0.2.7/32", want: "192.0.2.7" },
  { text: "2001:DB8:0:0:0:0:0:5", want: "2001:db8::5" },
  { text: "2001:db8:1:2::9/64", want: "2001:db8:1:2::/64" },
  { text: "2001:db8:1:2::9/64 ", want: null },
  { text: "--help", want: null },
  { text: "192.0.2.7; reboot", want: null },
  { text: "", want: null },
];
for (const { text, want } of BANNED) {
  Deno.test(`readBanned() says ${want ?? "nothing"} of ${JSON.stringify(text)}`, () => {
    strictEqual(readBanned(text), want);
  });
}

Deno.test("parseBanList() reads what formatBanList() writes, the newest first", () => {
  const bans = [ban("192.0.2.7", NOW - 5), { ...ban("2001:db8:1:2::/64"), untilMs: null }];
  const read = parseBanList(formatBanList({ atMs: NOW, bans, more: 0, fault: null }));
  deepStrictEqual(read, { ok: true, value: { atMs: NOW, bans: bans.toReversed(), more: 0, fault: null } });
});

Deno.test("formatBanList() counts what it has no room for", () => {
  const bans = Array.from(
    { length: BANS_MAX + 3 },
    (_, n) => ban(`10.${n >> 16}.${n >> 8 & 255}.${n & 255}`, n),
  );
  const read = parseBanList(formatBanList({ atMs: NOW, bans, more: 1, fault: null }));
  ok(read.ok);
  deepStrictEqual([read.value.bans.length, read.value.more], [BANS_MAX, 4]);
});

const LISTS = [
  { name: "no JSON", text: "{" },
  { name: "a list", text: "[]" },
  { name: "another version", text: `{"version":2,"atMs":1,"bans":[],"more":0,"fault":null}` },
  { name: "a time that is none", text: `{"version":1,"atMs":"x","bans":[],"more":0,"fault":null}` },
  {
    name: "an address that is none",
    text:
      `{"version":1,"atMs":1,"more":0,"fault":null,"bans":[{"address":"<b>","jail":"sshd","sinceMs":1,"untilMs":2}]}`,
  },
  {
    name: "a jail of others",
    text:
      `{"version":1,"atMs":1,"more":0,"fault":null,"bans":[{"address":"192.0.2.1","jail":"x","sinceMs":1,"untilMs":2}]}`,
  },
  { name: "a megabyte", text: " ".repeat(1_000_001) },
];
for (const { name, text } of LISTS) {
  Deno.test(`parseBanList() refuses ${name}`, () => strictEqual(parseBanList(text).ok, false));
}

Deno.test("parseUnbanRequests() reads what formatUnbanRequests() writes", () => {
  const requests = [{ address: "192.0.2.7", askedMs: NOW }];
  deepStrictEqual(parseUnbanRequests(formatUnbanRequests(requests)), { ok: true, value: requests });
});

const REQUESTS = [
  { name: "an option in place of an address", requests: [{ address: "--all", askedMs: 1 }] },
  { name: "a request without a time", requests: [{ address: "192.0.2.7" }] },
  {
    name: "more than fit",
    requests: Array.from({ length: UNBANS_MAX + 1 }, () => ({ address: "::1", askedMs: 1 })),
  },
  { name: "what is no list", requests: { length: 1 } },
];
for (const { name, requests } of REQUESTS) {
  Deno.test(`parseUnbanRequests() refuses ${name}`, () => {
    strictEqual(parseUnbanRequests(JSON.stringify({ version: 1, requests })).ok, false);
  });
}

Deno.test("withRequest() keeps the last request for an address, and forgets what is over", () => {
  const requests = [
    { address: "192.0.2.1", askedMs: NOW - UNBAN_MS },
    { address: "192.0.2.2", askedMs: NOW - 5 },
    { address: "192.0.2.3", askedMs: NOW - 5 },
  ];
  deepStrictEqual(withRequest(requests, { address: "192.0.2.2", askedMs: NOW }), [
    { address: "192.0.2.3", askedMs: NOW - 5 },
    { address: "192.0.2.2", askedMs: NOW },
  ]);
});

const ENDS = [
  { name: "a ban that began before it was asked", askedMs: NOW + 1, ends: true },
  {
    name: "no ban that began later, so that an old request ends none of tomorrow",
    askedMs: NOW - 1,
    ends: false,
  },
  { name: "none by a request of the future", askedMs: NOW + 120_000, ends: false },
];
for (const { name, askedMs, ends } of ENDS) {
  Deno.test(`bansToEnd() ends ${name}`, () => {
    const requests = [{ address: "192.0.2.7", askedMs }];
    const found = bansToEnd([ban("192.0.2.7"), ban("192.0.2.8")], { requests, nowMs: NOW + 2 });
    deepStrictEqual(found.map(({ address }) => address), ends ? ["192.0.2.7"] : []);
  });
}
