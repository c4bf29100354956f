/**
 * The product as it is delivered, in a process of its own: refuses settings it does not understand, shows the set-up
 * link, ends in order on SIGTERM, and loses and doubles nothing when it is killed in the middle of a half-hour.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../lib/clock.ts";
import { closedHalfHourAt, HALF_HOUR_MS, type HalfHour } from "../../lib/domain/half_hour.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { ledgerOf, migrateOrThrow } from "../collector/estate.ts";
import { mills } from "../collector/simulated.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import { buildInto, eventually, startProcess } from "./product_process.ts";
import { ask, register, startProduct, withFolder, withSites } from "./running_product.ts";

const SITES = 40;

/** So many sites have been asked when the product is killed. */
const ASKED = 15;

/** Longer than any claim of the killed process lives, in ms. */
const CLAIMS_OVER_MS = 180_000;

/** So far from a boundary a process is started and killed, in ms. */
const UNDISTURBED_MS = 30_000;

const COMPLETE = 2;

/** States of the ledger that say how a half-hour ended: complete, partial, failed. */
const ENDED = new Set([2, 3, 4]);

async function inDatabase<T>(folder: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(`sqlite:${join(folder, "data/wattpost.db")}`);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Makes the database as an operator has it before a start: migrated, with sites expected from now on. */
async function prepare(folder: string, sites: readonly SimulatedSite[]): Promise<HalfHour> {
  const toBoundaryMs = HALF_HOUR_MS - Date.now() % HALF_HOUR_MS;
  // The process runs by the machine's clock: the half-hour must not change under the test.
  if (toBoundaryMs < UNDISTURBED_MS) await new Promise((resolve) => setTimeout(resolve, toBoundaryMs));
  const since = closedHalfHourAt(Date.now());
  await Deno.mkdir(join(folder, "data"), { recursive: true });
  await inDatabase(folder, async (db) => {
    await migrateOrThrow(db, systemClock);
    await register(db, sites, since);
  });
  return since;
}

/** Every reading of a half-hour, whole. */
function readingsOf(db: Database, halfHour: HalfHour) {
  return db.kysely.selectFrom("recent").select([
    "channel_id",
    "read_s",
    "value",
    "boundary",
    "amount",
    "reading_reason",
    "amount_reason",
  ]).where("half_hour", "=", halfHour).orderBy("channel_id").execute();
}

const asked = (sites: readonly SimulatedSite[]) =>
  sites.filter(({ endpoints }) => endpoints.some((endpoint) => endpoint.requests() > 0)).length;

/** Counters whose amounts do not add up to the difference of their boundary counters, or lack a reason. */
async function doubtful(
  db: Database,
  { from, to }: { readonly from: HalfHour; readonly to: HalfHour },
): Promise<readonly string[]> {
  const rows = await db.kysely.selectFrom("recent as r").innerJoin(
    "channel as c",
    "c.channel_id",
    "r.channel_id",
  )
    .select(["r.channel_id", "r.half_hour", "r.boundary", "r.amount", "r.reading_reason", "r.amount_reason"])
    .where("c.kind", "=", 0).where("r.half_hour", ">=", from).where("r.half_hour", "<=", to)
    .orderBy("r.channel_id").orderBy("r.half_hour").execute();
  const faults: string[] = [];
  for (const own of Map.groupBy(rows, (row) => row.channel_id).values()) {
    const bounds = own.filter(({ boundary }) => boundary !== null);
    const [first, last] = [bounds[0], bounds.at(-1)];
    const counted = own.filter(({ half_hour }) => first && half_hour > first.half_hour)
      .reduce((sum, { amount }) => sum + Number(amount ?? 0), 0);
    const grown = Number(last?.boundary ?? 0) - Number(first?.boundary ?? 0);
    if (bounds.length < 2 || counted !== grown) {
      faults.push(`${own[0]?.channel_id}: ${counted} counted, the counter grew by ${grown}`);
    }
    const bare = own.filter(({ amount, reading_reason, amount_reason }) =>
      amount === null && reading_reason === null && amount_reason === null
    );
    if (bare.length > 0) faults.push(`${own[0]?.channel_id}: neither amount nor reason`);
  }
  return faults;
}

Deno.test("the product as delivered, in a process of its own", async (t) => {
  await withFolder(async (folder) => {
    await buildInto(folder);

    await t.step("two bad settings are both named with an example, before anything opens", async () => {
      const data = join(folder, "never");
      const process = await startProcess(folder, {
        DATA_DIR: data,
        VISITS_AT_ONCE: "none",
        DATABASE_URL: "postgres://nowhere",
      });
      strictEqual((await process.ended()).code, 2);
      const said = process.said();
      match(said, /2 settings are not understood/);
      match(
        said,
        /VISITS_AT_ONCE is "none"\s+expected: a whole number from 1 to \d+\s+example: {2}VISITS_AT_ONCE=\d+/,
      );
      match(said, /DATABASE_URL is \(hidden\)\s+expected: sqlite: .*\s+example: {2}DATABASE_URL=mysql:/);
      await Deno.stat(data).then(() => ok(false, "it made its folder"), () => {});
    });

    await withSites(mills(SITES), systemClock, async (sites) => {
      const since = await prepare(folder, sites);

      await t.step("killed in the middle of a cycle, it has stored some sites and not others", async () => {
        const process = await startProcess(folder, { VISITS_AT_ONCE: "4", STARTS_PER_SECOND: "10" });
        await eventually(`${ASKED} sites were asked`, () => asked(sites) >= ASKED);
        strictEqual((await process.end("SIGKILL")).signal, "SIGKILL");
        await inDatabase(folder, async (db) => {
          const states = (await ledgerOf(db, closedHalfHourAt(Date.now()))).map(({ state }) => state);
          strictEqual(states.length, SITES);
          const complete = states.filter((state) => state === COMPLETE).length;
          ok(complete > 0 && complete < SITES, `${complete} of ${SITES} were complete`);
        });
      });

      await t.step("the next start explains every half-hour and counts nothing twice", async () => {
        const killedIn = closedHalfHourAt(Date.now());
        const before = await inDatabase(folder, (db) => readingsOf(db, killedIn));
        const read = new Map(
          before.filter(({ value }) => value !== null).map((row) => [row.channel_id, row]),
        );
        ok(read.size > 0);
        const clock = manualClock(Date.now() + CLAIMS_OVER_MS);
        const again = await startProduct({ folder: join(folder, "data"), clock });
        try {
          await again.settle(again.product.idle());
          const { db } = again.opened;
          const due = closedHalfHourAt(clock.nowMs());
          await again.collect(due + 1);
          await again.collect(due + 2);
          for (let halfHour = since; halfHour <= due + 2; halfHour++) {
            const ledger = await ledgerOf(db, halfHour);
            strictEqual(ledger.length, SITES);
            ok(ledger.every(({ state }) => ENDED.has(state)), `half-hour ${halfHour} is left open`);
          }
          const newest = (await ledgerOf(db, due + 2)).map(({ state }) => state);
          deepStrictEqual(newest, Array.from({ length: SITES }, () => COMPLETE));
          for (const row of await readingsOf(db, killedIn)) {
            const known = read.get(row.channel_id);
            if (known) deepStrictEqual([row.read_s, row.value], [known.read_s, known.value]);
          }
          deepStrictEqual(await doubtful(db, { from: since, to: due + 2 }), []);
        } finally {
          await again.stop();
        }
      });
    });

    await t.step("the first start prints the set-up link, SIGTERM ends it in order", async () => {
      const data = join(folder, "data");
      await Deno.remove(data, { recursive: true });
      await withSites(mills(3), systemClock, async (sites) => {
        const since = await prepare(folder, sites);
        const process = await startProcess(folder);
        await process.ready();
        await eventually("the set-up link is shown", () => /\/setup\?token=\S+/.test(process.said()));
        const [link = ""] = /http\S+\/setup\?token=\S+/.exec(process.said()) ?? [];
        ok(link.startsWith(process.origin));
        strictEqual((await ask("", link)).status, 200);
        await eventually("all sites were asked", () => asked(sites) === sites.length);
        const status = await process.end("SIGTERM");
        strictEqual(status.code, 0, process.said());
        match(process.said(), /"msg":"Stopped"/);
        await inDatabase(folder, async (db) => {
          const ledger = await ledgerOf(db, since);
          const left = ledger.filter(({ token, state }) => token !== null && !ENDED.has(state));
          deepStrictEqual(left, [], "a claimed site was left behind");
          ok((await readingsOf(db, since)).length > 0, "nothing was stored");
        });
      });
    });
  });
});
