import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { budgetOf, rankedWans, type RouterFacts, USUAL_NTP_SERVERS } from "../../../lib/routers/facts.ts";
import { budgetWords } from "../../../lib/routers/header.ts";
import { madeDifferences, madeFrom } from "../../../lib/routers/made_from.ts";
import { CLOCK_MONTH_MB, monthMbOf } from "../../../lib/routers/pings.ts";
import { TEMPLATES } from "../../../lib/routers/templates.ts";

const FACTS: RouterFacts = {
  siteName: "Kiln Lane",
  model: "RUT956",
  serial: null,
  paths: [{ kind: "cellular", host: "198.51.100.7" }, { kind: "wired", host: "198.51.100.9" }],
  ports: [{ port: 502, kind: "router" }],
  unitId: 1,
  sim: { apn: "iot", number: null, allowanceMb: 500 },
  ownAddresses: ["203.0.113.9"],
  ntpServers: USUAL_NTP_SERVERS,
  lanAddress: null,
  day: "2026-11-29",
};

const withAllowance = (allowanceMb: number): RouterFacts => ({
  ...FACTS,
  sim: { apn: "iot", number: null, allowanceMb },
});

for (const allowanceMb of [50, 60, 75, 100, 150, 200, 250, 500, 1_000, 2_000, 5_000, 10_000]) {
  Deno.test(`files for a SIM of ${allowanceMb} MB use less than 5 % of it by themselves`, () => {
    const facts = withAllowance(allowanceMb);
    const checked = rankedWans(facts).find(({ kind }) => kind === "cellular")?.intervalS ?? null;
    ok(checked !== null, "the path is checked");
    const monthMb = monthMbOf(checked) + CLOCK_MONTH_MB;
    ok(monthMb < allowanceMb * 0.05, `${monthMb} MB`);
    for (const { make } of TEMPLATES) {
      const text = make(facts);
      const said = [...text.matchAll(/every (\d+) s\b/g)].map(([, seconds]) => Number(seconds));
      ok(said.every((seconds) => seconds === 3 || seconds >= 10), "no file pings oftener than every 10 s");
    }
  });
}

for (const allowanceMb of [5, 10, 17]) {
  Deno.test(`files for a SIM of ${allowanceMb} MB check nothing over it, and say what its clock takes`, () => {
    const facts = withAllowance(allowanceMb);
    strictEqual(budgetOf(facts).intervalS, null);
    const words = budgetWords(budgetOf(facts)).join(" ");
    ok(words.includes("too small for checks") && words.includes("0.8 MB a month"), words);
    for (const { make } of TEMPLATES.filter(({ id }) => id !== "rutos-file")) {
      ok(make(facts).includes("too small"));
    }
  });
}

Deno.test("madeFrom() is the same on another day, and tells every other change", () => {
  deepStrictEqual(madeDifferences(madeFrom(FACTS), madeFrom({ ...FACTS, day: "2027-01-01" })), []);
  const changes: readonly [string, Partial<RouterFacts>][] = [
    ["Site", { siteName: "Kiln Road" }],
    ["Model", { model: null }],
    ["Serial", { serial: "1" }],
    ["Paths", { paths: [...FACTS.paths].reverse() }],
    ["Ports", { ports: [] }],
    ["Unit id", { unitId: 2 }],
    ["APN", { sim: { apn: "m2m", number: null, allowanceMb: 500 } }],
    ["SIM number", { sim: { apn: "iot", number: "+1", allowanceMb: 500 } }],
    ["Data a month", { sim: { apn: "iot", number: null, allowanceMb: 50 } }],
    ["Admitted addresses", { ownAddresses: [] }],
    ["Time servers", { ntpServers: [] }],
    ["LAN address", { lanAddress: "192.168.1.1" }],
  ];
  for (const [what, change] of changes) {
    const found = madeDifferences(madeFrom(FACTS), madeFrom({ ...FACTS, ...change }));
    deepStrictEqual(found.map((one) => one.what), [what]);
    ok(found[0]?.before !== found[0]?.now);
  }
});

Deno.test("madeDifferences() tells what was not asked for then", () =>
  deepStrictEqual(madeDifferences({ Old: "1" }, { New: "2" }), [
    { what: "Old", before: "1", now: null },
    { what: "New", before: null, now: "2" },
  ]));
