import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { FoundSession } from "../../../../lib/auth/session.ts";
import { dateLabel, sessionRow, whenLabel } from "../../../../lib/web/pages/account_view.ts";

const NOW_MS = Date.UTC(2026, 6, 14, 9, 5);

const SESSION: FoundSession = {
  key: "hash",
  userId: 7,
  epoch: 1,
  publicId: "public",
  by: "second-factor",
  origin: "198.51.100.24",
  agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  beforeMs: null,
  confirmedMs: NOW_MS,
  createdMs: NOW_MS - 3_600_000,
  seenMs: NOW_MS,
};

const row = (more: Partial<FoundSession>, key = "hash") =>
  sessionRow({ ...SESSION, ...more }, { key, zone: "Europe/London", nowMs: NOW_MS });

Deno.test("whenLabel() tells the time with its zone, summer and winter apart", () => {
  strictEqual(whenLabel("Europe/London", Date.UTC(2026, 10, 23, 9, 12)), "23 Nov 2026, 09:12 GMT");
  strictEqual(whenLabel("Europe/London", NOW_MS), "14 Jul 2026, 10:05 BST");
  strictEqual(whenLabel("UTC", Date.UTC(2026, 0, 1)), "1 Jan 2026, 00:00 UTC");
});

Deno.test("dateLabel() tells the local day", () => {
  strictEqual(dateLabel("Pacific/Auckland", Date.UTC(2026, 10, 23, 20)), "24 Nov 2026");
});

Deno.test("sessionRow() says in words where, since when and by what somebody is signed in", () => {
  deepStrictEqual(row({}), {
    id: "public",
    current: true,
    browser: "Firefox 140 on Linux",
    address: "198.51.100.24",
    since: "14 Jul 2026, 09:05 BST",
    seen: "just now",
    by: "Password and second factor",
  });
});

Deno.test("sessionRow() gives nothing that opens the session", () => {
  strictEqual(JSON.stringify(row({ key: "secret" })).includes("secret"), false);
});

const SEEN = [
  { agoMs: 119_000, want: "just now" },
  { agoMs: 120_000, want: "2 min ago" },
  { agoMs: 3 * 3_600_000, want: "3 h ago" },
  { agoMs: -5_000, want: "just now" },
];

for (const { agoMs, want } of SEEN) {
  Deno.test(`sessionRow() says "${want}" of one that was seen ${agoMs} ms ago`, () => {
    strictEqual(row({ seenMs: NOW_MS - agoMs }).seen, want);
  });
}

Deno.test("sessionRow() knows the browser that looks by its key alone", () => {
  strictEqual(row({}, "another").current, false);
});
