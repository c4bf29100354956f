import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { h } from "preact";
import type { Ban, BanList } from "../../../../lib/domain/ban.ts";
import { BansPage } from "../../../../lib/ui/pages/BansPage.tsx";
import type { Told } from "../../../../lib/store/host_exchange.ts";
import { banNamed, BANS_SHOWN, bansPageProps } from "../../../../lib/web/pages/bans_view.ts";
import { BAN_AFTER } from "../../../../ops/lib/host/bans.ts";

const NOW = Date.UTC(2026, 10, 29, 17, 30);

const ban = (address: string, more: Partial<Ban> = {}): Ban => ({
  address,
  jail: "wattpost-sign-in",
  sinceMs: NOW - 60_000,
  untilMs: NOW + 3_540_000,
  ...more,
});

const told = (bans: readonly Ban[], more: Partial<BanList> = {}): Told<BanList> => ({
  kind: "told",
  value: { atMs: NOW, bans, more: 0, fault: null, ...more },
});

const seen = (list: Told<BanList>, more: Partial<Parameters<typeof bansPageProps>[0]> = {}) =>
  bansPageProps({ told: list, asked: [], nowMs: NOW, mayChange: true, ended: null, isGone: false, ...more });

Deno.test("bansPageProps() says why and until when, and leaves out bans that are over by now", () => {
  const over = ban("192.0.2.9", { untilMs: NOW - 1 });
  const { rows } = seen(told([ban("192.0.2.7"), over, ban("192.0.2.8", { jail: "sshd", untilMs: null })]));
  deepStrictEqual(rows.map(({ address, why, until }) => [address, why, until]), [
    ["192.0.2.7", "Refused sign-ins", "Sun 29 Nov 2026, 18:29 UTC"],
    ["192.0.2.8", "Refused over SSH", "when somebody ends it"],
  ]);
});

const ENDING = [
  { name: "that was asked to end a moment ago is ending", askedMs: NOW - 1_000, ending: true },
  {
    name: "that the host did not end in three minutes can be ended again",
    askedMs: NOW - 181_000,
    ending: false,
  },
  { name: "that began after an older request is not", askedMs: NOW - 61_000, ending: false },
];
for (const { name, askedMs, ending } of ENDING) {
  Deno.test(`a ban ${name}`, () => {
    const sinceMs = name.includes("three") ? NOW - 600_000 : NOW - 60_000;
    const props = seen(told([ban("192.0.2.7", { sinceMs })]), { asked: [{ address: "192.0.2.7", askedMs }] });
    strictEqual(props.rows[0]?.ending, ending);
  });
}

const TROUBLES: readonly { readonly list: Told<BanList>; readonly kind: string | undefined }[] = [
  { list: { kind: "absent" }, kind: "absent" },
  { list: { kind: "unreadable", why: "it is not JSON" }, kind: "unreadable" },
  { list: told([], { fault: "fail2ban does not answer" }), kind: "fault" },
  { list: told([], { atMs: NOW - 301_000 }), kind: "stale" },
  { list: told([]), kind: undefined },
];
for (const { list, kind } of TROUBLES) {
  Deno.test(`the page says that the list is ${kind ?? "as it should be"}`, () => {
    strictEqual(seen(list).trouble?.kind, kind);
  });
}

Deno.test("bansPageProps() shows the newest and counts the others", () => {
  const bans = Array.from({ length: BANS_SHOWN + 5 }, (_, n) => ban(`10.0.${n >> 8}.${n & 255}`));
  const { rows, more } = seen(told(bans, { more: 2 }));
  deepStrictEqual([rows.length, more], [BANS_SHOWN, 7]);
});

Deno.test("banNamed() finds only what is in the list, however it is spelled", () => {
  const list = told([ban("2001:db8:1:2::/64")]);
  strictEqual(banNamed(list, "2001:DB8:1:2:0::/64")?.address, "2001:db8:1:2::/64");
  strictEqual(banNamed(list, "2001:db8:1:2::1"), null);
  strictEqual(banNamed(list, "<script>"), null);
  strictEqual(banNamed({ kind: "absent" }, "192.0.2.7"), null);
});

Deno.test("the page tells the rules by which addresses are banned", () => {
  const html = renderToString(h(BansPage, seen(told([]))));
  match(html, new RegExp(`${BAN_AFTER.signIn.tries} within ten minutes; wrong passwords`));
  match(html, new RegExp(`${BAN_AFTER.limits.tries} requests over a limit within a minute`));
  match(html, new RegExp(`>${BAN_AFTER.ssh.tries} within ten minutes<`));
  deepStrictEqual([BAN_AFTER.signIn.seconds, BAN_AFTER.limits.seconds, BAN_AFTER.ssh.seconds], [
    600,
    60,
    600,
  ]);
});
