/**
 * What goes wrong at some sites stays there, and a person reads why.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { PHASE_MAX_MS, VISIT_MS } from "../../lib/domain/schedule.ts";
import type { Fault } from "../../lib/simulator/spec.ts";
import { ledgerOf } from "../collector/estate.ts";
import { meter, siteSpec } from "../collector/simulated.ts";
import { FIRST, type Flow, signInByHand, textOf, withFlow } from "./running_product.ts";

const SITES = 50;

/** What is wrong, where, and what people read of it on the page of the site and on Today. */
const TROUBLES: readonly {
  readonly name: string;
  readonly index: number;
  readonly fault: Fault;
  readonly onSite: RegExp;
  readonly onToday: RegExp;
}[] = [
  {
    name: "hangs",
    index: 7,
    fault: { kind: "hang" },
    onSite: /did not answer in time|connects but does not answer/,
    onToday: /The router connects but does not answer/,
  },
  {
    name: "refuses",
    index: 21,
    fault: { kind: "refused" },
    onSite: /the router refuses the port/,
    onToday: /The router refuses the port/,
  },
  {
    name: "sends garbage",
    index: 33,
    fault: { kind: "garbage" },
    onSite: /the answer was garbled/,
    onToday: /The answer was garbled/,
  },
];

function specs() {
  return Array.from({ length: SITES }, (_, i) =>
    siteSpec({
      name: `Mill ${String(i + 1).padStart(2, "0")}`,
      seed: 11 + i,
      endpoints: [{ port: 0, kind: "gateway", meters: [meter(1, "schneider-iem3000")] }],
    }));
}

/** Instants in ms after the boundary at which sites were tried. */
async function triedAfterMs(flow: Flow, siteIds: readonly number[]): Promise<readonly number[]> {
  const rows = await flow.opened.db.kysely.selectFrom("attempt").select("at_ms")
    .where("half_hour", "=", FIRST + 1).where("site_id", "in", siteIds).execute();
  return rows.map(({ at_ms }) => Number(at_ms) - endMsOf(FIRST + 1));
}

Deno.test("one site of 50 hangs, one refuses, one sends garbage", async (t) => {
  await withFlow({ specs: specs() }, async (flow) => {
    const { origin, opened, siteIds, sites } = flow;
    for (const { index, fault } of TROUBLES) await sites[index]?.setFaults([fault]);
    await flow.collect(FIRST + 1);
    await flow.collect(FIRST + 2);
    const bad = new Set(TROUBLES.map(({ index }) => siteIds[index]));
    const good = siteIds.filter((id) => !bad.has(id));

    await t.step("the other 47 are complete in the same cycle, no later than one deadline", async () => {
      for (const halfHour of [FIRST + 1, FIRST + 2]) {
        const rows = await ledgerOf(opened.db, halfHour);
        strictEqual(rows.length, SITES);
        deepStrictEqual(rows.filter(({ state }) => state === 2).map(({ site_id }) => site_id), good);
      }
      const tried = await triedAfterMs(flow, good);
      strictEqual(tried.length, good.length, "a good site was tried more than once");
      ok(Math.max(...tried) <= PHASE_MAX_MS + VISIT_MS[0], `the last one after ${Math.max(...tried)} ms`);
    });

    const cookie = await signInByHand(origin);
    for (const { name, index, onSite, onToday } of TROUBLES) {
      await t.step(`the site that ${name} says why on its page, half-hour by half-hour`, async () => {
        const text = await textOf(origin, `/sites/${siteIds[index]}`, cookie);
        match(text, onSite);
        const table = /Last 48 half-hours(.*)/s.exec(text)?.[1] ?? "";
        for (const end of ["10:30", "11:00"]) {
          match(table, new RegExp(`${end}[^0-9]*–?[^a-z]*(${onSite.source})`, "i"), `${end} has no reason`);
        }
      });
      await t.step(`Today names the site that ${name}, with its reason`, async () => {
        const text = await textOf(origin, "/", cookie);
        match(text, new RegExp(`${sites[index]?.spec.name}\\s+${onToday.source}`));
      });
    }
    await t.step("Today says how many have reported, and that the three are silent", async () => {
      const text = (await textOf(origin, "/", cookie)).replaceAll(/\s+/g, " ");
      match(text, /47 of 50 sites reported 11:30/);
      match(text, /3 are silent/);
    });
    await t.step("a site without fault says nothing of any", async () => {
      const text = await textOf(origin, `/sites/${good[0]}`, cookie);
      for (const { onSite } of TROUBLES) strictEqual(onSite.exec(text), null);
    });
  });
});
