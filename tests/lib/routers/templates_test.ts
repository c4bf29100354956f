import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import {
  checkTargetsOf,
  faultsOf,
  isPrivateAccess,
  OWN_ADDRESSES_FIRST,
  rankedWans,
  type RouterFacts,
} from "../../../lib/routers/facts.ts";
import { renderTemplate, templateOf, TEMPLATES } from "../../../lib/routers/templates.ts";
import { BARE, KILN_LANE, PRIVATE } from "./facts.ts";

function textOf(id: string, facts: RouterFacts): string {
  const template = templateOf(id);
  ok(template);
  const text = renderTemplate(template, facts);
  ok(text.ok);
  return text.value;
}

Deno.test("templateOf() knows its own ids and nothing else", () => {
  deepStrictEqual(TEMPLATES.map(({ id }) => templateOf(id)?.id), [
    "rutos-commands",
    "rutos-file",
    "general-sheet",
  ]);
  for (const id of ["", "rutos", "RUTOS-FILE", "__proto__", "constructor"]) strictEqual(templateOf(id), null);
});

for (const { id, version } of TEMPLATES) {
  Deno.test(`${id} says its version, the day, the site and the router first`, () => {
    const first = textOf(id, KILN_LANE).split("\n").slice(0, 8).join("\n");
    match(first, new RegExp(`version ${version}, made on 2026-11-29`));
    match(first, /Site: Kiln Lane/);
    match(first, /Router: RUT956, serial 1122334455/);
  });

  Deno.test(`${id} opens nothing while the addresses of Wattpost are not known, and says so`, () => {
    for (const facts of [BARE, { ...KILN_LANE, ownAddresses: [] }]) {
      const text = textOf(id, facts);
      ok(text.includes(OWN_ADDRESSES_FIRST));
      doesNotMatch(text, /target=ACCEPT|DNAT|'ACCEPT'|Admit from/);
      doesNotMatch(text, /0\.0\.0\.0\/0|::\/0/);
    }
  });

  Deno.test(`${id} names each of our addresses and no password`, () => {
    const text = textOf(id, KILN_LANE);
    for (const address of KILN_LANE.ownAddresses) ok(text.includes(address), address);
    doesNotMatch(text, /passw(or)?d\s*[=']|option password|username/i);
  });

  Deno.test(`${id} is one line a line, whatever a site is called`, () => {
    const named = (siteName: string) => textOf(id, { ...KILN_LANE, siteName }).split("\n").length;
    strictEqual(named("'; reboot; echo '$(id)`id`"), named("Kiln Lane"));
  });

  Deno.test(`${id} is not made of what breaks out of a line`, () => {
    const template = templateOf(id);
    ok(template);
    for (const siteName of ["Kiln\nreboot", "Kiln\rreboot", "Kiln\u2028reboot", "\u202eKiln"]) {
      const text = renderTemplate(template, { ...KILN_LANE, siteName });
      ok(!text.ok);
      deepStrictEqual(text.error.map(({ what }) => what), ["The site's name"]);
    }
  });
}

const FAULTS: readonly (readonly [string, Partial<RouterFacts>])[] = [
  ["The router's model", { model: "RUT\n956" }],
  ["The router's serial number", { serial: "1\r2" }],
  ["The APN", { sim: { apn: "a\nb", number: null, allowanceMb: null } }],
  ["The SIM's number", { sim: { apn: null, number: "1\n2", allowanceMb: null } }],
  ["An address", { paths: [{ kind: "wired", host: "a\nb" }] }],
  ["A port", { ports: [{ port: 70_000, kind: "router" }] }],
  ["The unit id", { unitId: 1.5 }],
  ["An address of Wattpost", { ownAddresses: ["$(reboot)"] }],
  ["A time server", { ntpServers: ["pool; reboot"] }],
  ["The LAN address", { lanAddress: "192.168.1.1'; reboot" }],
  ["The day", { day: "today" }],
];
for (const [what, over] of FAULTS) {
  Deno.test(`faultsOf() names ${what.toLowerCase()} that goes into no file`, () => {
    deepStrictEqual(faultsOf({ ...KILN_LANE, ...over }).map((fault) => fault.what), [what]);
  });
}

Deno.test("faultsOf() finds nothing wrong with usual routers", () => {
  for (const facts of [KILN_LANE, BARE, PRIVATE]) deepStrictEqual(faultsOf(facts), []);
});

Deno.test("rankedWans() gives each kind of WAN its metric once, and checks the SIM's path by its allowance", () => {
  deepStrictEqual(rankedWans(KILN_LANE).map(({ kind, metric, intervalS }) => [kind, metric, intervalS]), [
    ["cellular", 1, 20],
    ["wifi", 2, 10],
    ["wired", 3, 10],
  ]);
  const twice = {
    ...KILN_LANE,
    paths: [...KILN_LANE.paths, { kind: "cellular" as const, host: "198.51.100.9" }],
  };
  strictEqual(rankedWans(twice).length, 3);
});

Deno.test("checkTargetsOf() asks the internet, or from a private APN our own address", () => {
  deepStrictEqual(checkTargetsOf(KILN_LANE), ["1.1.1.1", "8.8.8.8"]);
  strictEqual(isPrivateAccess(PRIVATE), true);
  deepStrictEqual(checkTargetsOf(PRIVATE), ["10.8.0.1"]);
  deepStrictEqual(checkTargetsOf({ ...PRIVATE, ownAddresses: ["10.9.0.0/24"] }), []);
});

Deno.test("a SIM too small for checks gets none", () => {
  const small = { ...KILN_LANE, sim: { apn: null, number: null, allowanceMb: 1 } };
  match(textOf("rutos-commands", small), /wan "\$CELLULAR" 1 0 /);
  match(textOf("general-sheet", small), /Metric 1: cellular, no checks/);
  match(textOf("rutos-file", small), /mob1s1a1 is not checked/);
});

Deno.test("one way in is not checked: there is nothing to fail over to", () => {
  doesNotMatch(textOf("rutos-commands", BARE), /mwan3\.\$i/);
  doesNotMatch(textOf("rutos-file", BARE), /package mwan3/);
});
