/**
 * What is wrong with one site, or with this process, and stays theirs.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { VISITS_MAX } from "../../lib/domain/schedule.ts";
import { type Database, StoreError } from "../../lib/store/db.ts";
import { runUntil, until } from "../fakes/manual_clock.ts";
import { dueAfter, FIRST, isBusy, ledgerOf, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

const COMPLETE = 2;
const FAILED = 4;
const endpoints = [{ port: 0, kind: "gateway" as const, meters: [meter(1, "eastron-sdm120")] }];

Deno.test("wake() collects the others when one site's plan cannot be read, and that one once it is mended", () =>
  withEstate({ specs: [{ endpoints }, { endpoints }, { endpoints }] }, async (estate) => {
    const { db, siteIds, lines } = estate;
    const collector = estate.collector({ visitsAtOnce: 3 });
    await db.kysely.updateTable("meter").set({ end_use: 99 }).where("site_id", "=", siteIds[1] ?? 0)
      .execute();
    await estate.cycle(collector);
    const states = (await ledgerOf(db, FIRST)).map(({ state }) => state);
    deepStrictEqual(states, [COMPLETE, FAILED, COMPLETE]);
    const said = lines.filter(({ msg }) => msg === "A visit cannot be prepared");
    deepStrictEqual(said.map(({ site }) => site), [siteIds[1]]);
    deepStrictEqual([collector.status().visiting, collector.status().running], [0, []]);
    await db.kysely.updateTable("meter").set({ end_use: null }).execute();
    await estate.goTo(FIRST + 1);
    await estate.cycle(collector);
    deepStrictEqual((await ledgerOf(db, FIRST + 1)).map(({ state }) => state), [
      COMPLETE,
      COMPLETE,
      COMPLETE,
    ]);
  }));

Deno.test("wake() goes on within the half-hour after an error that nobody thought of", () =>
  withEstate({ specs: [{ endpoints }] }, async (estate) => {
    let faults = 3;
    const db = altered(
      estate.db,
      (_, key) => key === "transaction" && faults-- > 0 ? nobodyThoughtOfThis : undefined,
    );
    await estate.cycle(estate.collector({}, { db }));
    deepStrictEqual((await ledgerOf(estate.db, FIRST)).map(({ state }) => state), [COMPLETE]);
    ok(estate.lines.some(({ level }) => level === "error"));
  }));

Deno.test("wake() visits a site no more than nine times whose visits cannot be stored", () =>
  withEstate({ specs: [{ endpoints }] }, async (estate) => {
    await dueAfter(estate.db, FIRST, 0);
    const db = unstorable(estate.db);
    const collector = estate.collector({}, { db });
    collector.wake();
    await runUntil(estate.clock, collector.idle(), () => isBusy(collector));
    const [row] = await ledgerOf(estate.db, FIRST);
    strictEqual(row?.tries, VISITS_MAX);
    ok(estate.clock.nowMs() >= endMsOf(FIRST) + 20 * 60_000, "with pauses that grow");
    ok((row?.state ?? 0) > 2, "it is closed with a reason");
    strictEqual(collector.status().visiting, 0);
  }));

Deno.test("wake() of two collectors visits each site once, however slowly visits may start", () =>
  withEstate({ specs: Array.from({ length: 36 }, () => ({ endpoints })) }, async (estate) => {
    await dueAfter(estate.db, FIRST, 0);
    const [one, other] = [0, 1].map(() => estate.collector({ startsPerSecond: 0.1 }));
    if (!one || !other) throw new Error("There are two");
    one.wake();
    await until("one has begun", () => one.status().running.length > 0 && one.status().visiting > 0);
    other.wake();
    const both = Promise.all([one.idle(), other.idle()]);
    await runUntil(estate.clock, both, () => false);
    const ledger = await ledgerOf(estate.db, FIRST);
    deepStrictEqual(ledger.map(({ state, tries }) => [state, tries]), Array(36).fill([COMPLETE, 1]));
    deepStrictEqual([one, other].map((it) => it.status().metrics.visitsLost), [0, 0]);
  }));

Deno.test("wake() ends a half-hour whose sites could not be claimed, and closes it with its reason", () =>
  withEstate({ specs: [{ endpoints }] }, async (estate) => {
    const away = () => {
      throw new StoreError("unavailable", "away");
    };
    const db = altered(estate.db, (_, key) => key === "updateTable" ? away : undefined);
    const collector = estate.collector({}, { db });
    collector.wake();
    await runUntil(estate.clock, collector.idle(), () => false);
    const lateMs = estate.clock.nowMs() - endMsOf(FIRST + 1);
    ok(lateMs > -60_000 && lateMs < 60_000, `ended ${lateMs} ms after the next boundary`);
    const [row] = await ledgerOf(estate.db, FIRST);
    deepStrictEqual([row?.state, row?.tries, collector.status().visiting], [FAILED, 0, 0]);
  }));

type Get = (target: object, key: string | symbol) => unknown;

/** A database whose properties are told by a function; `undefined`: as they are. */
function altered(db: Database, get: Get): Database {
  return { ...db, kysely: alteredThing(db.kysely, get) };
}

function alteredThing<T extends object>(thing: T, get: Get): T {
  return new Proxy(thing, {
    get(target, key) {
      const value = get(target, key) ?? Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function nobodyThoughtOfThis(): never {
  throw new RangeError("Nobody thought of this");
}

/** A database that takes everything but readings. */
function unstorable(db: Database): Database {
  return altered(db, (_, key) => {
    if (key !== "transaction") return undefined;
    return () => ({
      execute: (run: (tx: unknown) => Promise<unknown>) =>
        db.kysely.transaction().execute((tx) =>
          run(alteredThing(tx, (_, key) => {
            if (key !== "replaceInto") return undefined;
            return (table: "recent" | "ledger") =>
              table === "recent" ? nobodyThoughtOfThis() : tx.replaceInto(table);
          }))
        ),
    });
  });
}
