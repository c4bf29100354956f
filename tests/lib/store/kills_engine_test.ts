import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import { createConnection } from "mysql2/promise";
import { endMsOf } from "../../../lib/domain/half_hour.ts";
import type { SitePlan } from "../../../lib/domain/site.ts";
import type { Claim, StoredVisit } from "../../../lib/domain/visit.ts";
import { type Database, isStoreError, openDatabase } from "../../../lib/store/db.ts";
import { openHalfHour } from "../../../lib/store/ledger.ts";
import { readHalfHours, storeVisits } from "../../../lib/store/readings.ts";
import { onEngines, onEveryEngine, type TestPlace } from "./engines.ts";
import { channelOf, claimAll, counterRow, DUE_AT_ONCE, H, plansOf, seriesAt, visitOf } from "./estate.ts";

/** What a half-hour looks like from all its tables: readings, ledger state, attempts, feed, and the same before. */
async function tracesOf(db: Database, halfHour: number): Promise<readonly number[]> {
  const count = async (table: "recent" | "attempt" | "change_feed", at: number) =>
    (await db.kysely.selectFrom(table).select("half_hour").where("half_hour", "=", at).execute()).length;
  const state = async (at: number) =>
    (await db.kysely.selectFrom("ledger").select("state").where("half_hour", "=", at).executeTakeFirst())
      ?.state ?? -1;
  const recovered = await db.kysely.selectFrom("recent").select("half_hour").where("quality", "=", "r")
    .where("half_hour", "=", halfHour - 1).execute();
  return [
    await state(halfHour),
    await count("recent", halfHour),
    await count("attempt", halfHour),
    await count("change_feed", halfHour),
    await state(halfHour - 1),
    await count("recent", halfHour - 1),
    recovered.length,
    (await db.kysely.selectFrom("open_gap").select("channel_id").execute()).length,
  ];
}

const SERVERS = ["mariadb", "mysql"] as const;
const NOTHING = [1, 0, 0, 0, 0, 0, 0, 0];
const EVERYTHING = [2, 3, 1, 1, 4, 3, 1, 0];

/** A visit after a half-hour that nobody visited: closes it, opens and spends its gap, recovers its amount. */
function lateVisit(plan: SitePlan, halfHour: number): StoredVisit {
  const { boundary } = counterRow(plan, halfHour - 1);
  const channelId = channelOf(plan, "counter");
  return visitOf(plan, halfHour, {
    recovered: [{
      halfHour: halfHour - 1,
      channelId,
      amount: 100,
      boundary: boundary ?? 0,
      quality: "recovered",
    }],
  });
}

interface Scene {
  readonly plan: SitePlan;
  readonly claim: Claim;
  readonly halfHour: number;
}

/** The next pair of half-hours: the first opened and left alone, the second claimed. */
async function nextScene(db: Database, plan: SitePlan, halfHour: number): Promise<Scene> {
  await openHalfHour(db, halfHour - 1, DUE_AT_ONCE);
  return { plan, claim: await claimAll(db, halfHour), halfHour };
}

async function firstReading(db: Database): Promise<SitePlan> {
  const [plan] = await plansOf(db, 1);
  assert(plan);
  const visit = visitOf(plan, H, { newSeries: [seriesAt(plan, H)] });
  await storeVisits(db, await claimAll(db, H), [visit], endMsOf(H));
  return plan;
}

/** Stores with an accident at the n-th statement; whether it happened. */
type Accident = (scene: Scene, n: number) => Promise<boolean>;

async function survive(db: Database, when: "before" | "after", accident: Accident): Promise<void> {
  const plan = await firstReading(db);
  let halfHour = H;
  let accidents = 0;
  for (let n = 1, happened = true; happened; n++) {
    assert(n < 60, "storing never ends");
    halfHour += 2;
    const scene = await nextScene(db, plan, halfHour);
    happened = await accident(scene, n);
    accidents += happened ? 1 : 0;
    const traces = await tracesOf(db, halfHour);
    const whole = JSON.stringify(traces) === JSON.stringify(EVERYTHING);
    assert(
      whole || JSON.stringify(traces) === JSON.stringify(NOTHING),
      `${when} ${n}: half stored, ${traces}`,
    );
    const again = await storeVisits(db, scene.claim, [lateVisit(plan, halfHour)], endMsOf(halfHour));
    deepStrictEqual(again.stored, [plan.site.id]);
    deepStrictEqual(await tracesOf(db, halfHour), EVERYTHING);
  }
  assert(accidents > 10, `only ${accidents} accidents`);
  const [read] = await readHalfHours(db, {
    channelIds: [channelOf(plan, "counter")],
    from: H,
    to: halfHour + 1,
  });
  deepStrictEqual(new Set(read?.amounts), new Set([100]));
}

onEngines(SERVERS, "storeVisits() stores all or nothing, whichever statement fails", async (db, { url }) => {
  await survive(db, "before", async ({ plan, claim, halfHour }, n) => {
    let left = n + 1; // opening asks for the version
    let happened = false;
    const broken = await openDatabase(url, {
      poolSize: 1,
      onStatement: (_, at) => {
        if (at === "before" && --left === 0) {
          happened = true;
          throw new Error("bug");
        }
      },
    });
    await storeVisits(broken, claim, [lateVisit(plan, halfHour)], endMsOf(halfHour)).catch((error) => {
      if (error.message !== "bug") throw error;
    });
    await broken.close();
    return happened;
  });
});

onEngines(SERVERS, "storeVisits() looks up a commit whose connection was lost", async (db, { url }) => {
  await survive(db, "after", async ({ plan, claim, halfHour }, n) => {
    let left = n + 1;
    let happened = false;
    const killed = await openDatabase(url, {
      poolSize: 2,
      onStatement: async (_, at) => {
        if (at !== "after" || --left !== 0) return;
        happened = true;
        await killOthers(db, url);
        throw Object.assign(new Error("lost"), { code: "PROTOCOL_CONNECTION_LOST" });
      },
    });
    const visit = lateVisit(plan, halfHour);
    const outcome = await storeVisits(killed, claim, [visit], endMsOf(halfHour)).catch((error) => {
      assert(isStoreError(error, "unavailable"), String(error));
      return null;
    });
    if (outcome) deepStrictEqual(outcome.stored, [plan.site.id]);
    await killed.close();
    return happened;
  });
});

/** Ends every connection to the test's database but those of `db`. */
async function killOthers(db: Database, url: string): Promise<void> {
  const connection = await createConnection({ uri: url });
  const [rows] = await connection.query(
    "select id from information_schema.processlist where db = database() and command <> 'Sleep' and id <> connection_id()",
  );
  const [sleeping] = await connection.query(
    "select id, time from information_schema.processlist where db = database() and id <> connection_id()",
  );
  const ids = [...rows as { id?: number; ID?: number }[], ...sleeping as { id?: number; ID?: number }[]]
    .map((row) => row.id ?? row.ID);
  for (const id of new Set(ids)) await connection.query(`kill ${id}`).catch(() => {});
  await connection.end();
  assert(db.engine !== "sqlite");
}

onEngines(["sqlite"], "storeVisits() survives kill -9 behind every statement", async (db, place) => {
  await db.close();
  await surviveProcesses(place);
});

async function surviveProcesses({ url }: TestPlace): Promise<void> {
  const child = new URL("./kill_child.ts", import.meta.url).pathname;
  const open = () => openDatabase(url);
  let db = await open();
  const plan = await firstReading(db);
  let halfHour = H;
  let kills = 0;
  for (let n = 1, happened = true; happened; n++) {
    halfHour += 2;
    const { claim } = await nextScene(db, plan, halfHour);
    await db.close();
    const order = JSON.stringify({
      url,
      n,
      claim,
      visit: lateVisit(plan, halfHour),
      nowMs: endMsOf(halfHour),
    });
    const { signal, code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--cached-only", child, order],
      stderr: "piped",
    }).output();
    happened = signal === "SIGKILL";
    assert(happened || code === 0, new TextDecoder().decode(stderr));
    kills += happened ? 1 : 0;
    db = await open();
    const traces = await tracesOf(db, halfHour);
    deepStrictEqual(traces, happened && traces[0] === 1 ? NOTHING : EVERYTHING);
    await storeVisits(db, claim, [lateVisit(plan, halfHour)], endMsOf(halfHour));
    deepStrictEqual(await tracesOf(db, halfHour), EVERYTHING);
  }
  await db.close();
  assert(kills > 10, `only ${kills} kills`);
}

onEveryEngine(
  "storeVisits() finds a commit of unknown outcome by the mark on the ledger row",
  async (db, { url }) => {
    const plan = await firstReading(db);
    const { claim, halfHour } = await nextScene(db, plan, H + 2);
    if (db.engine === "sqlite") await db.close();
    let lost = 0;
    const shaky = await openDatabase(url, {
      onStatement: (sql, when) => {
        if (sql !== "commit" || when === "before" || ++lost > 1) return;
        throw Object.assign(new Error("lost"), { code: "PROTOCOL_CONNECTION_LOST" });
      },
    });
    const result = await storeVisits(shaky, claim, [lateVisit(plan, halfHour)], endMsOf(halfHour));
    deepStrictEqual(result.stored, [plan.site.id]);
    strictEqual(lost, 2);
    deepStrictEqual(await tracesOf(shaky, halfHour), EVERYTHING);
    await shaky.close();
  },
);

onEngines(
  SERVERS,
  "storeVisits() says that the database is away, and stores when it is back",
  async (db, { url }) => {
    const plan = await firstReading(db);
    const { claim, halfHour } = await nextScene(db, plan, H + 2);
    const proxy = startProxy(Number(new URL(url).port));
    const far = await openDatabase(Object.assign(new URL(url), { port: String(proxy.port) }).href);
    const store = () => storeVisits(far, claim, [lateVisit(plan, halfHour)], endMsOf(halfHour));
    await proxy.stop();
    await rejects(store, (error) => isStoreError(error, "unavailable"));
    const back = startProxy(Number(new URL(url).port), proxy.port);
    deepStrictEqual((await store()).stored, [plan.site.id]);
    await far.close();
    await back.stop();
  },
);

/** A way to a server that can be cut. */
function startProxy(target: number, port = 0): { readonly port: number; stop(): Promise<void> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  const open = new Set<Deno.TcpConn>();
  const pump = async (from: Deno.TcpConn, to: Deno.TcpConn) => {
    await from.readable.pipeTo(to.writable).catch(() => {});
  };
  const serving = (async () => {
    const pumps: Promise<void>[] = [];
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: target });
      open.add(client).add(server);
      pumps.push(pump(client, server), pump(server, client));
    }
    await Promise.all(pumps);
  })();
  return {
    port: listener.addr.port,
    async stop() {
      listener.close();
      for (const connection of open) {
        try {
          connection.close();
        } catch {
          // the other end closed it first
        }
      }
      await serving;
    },
  };
}
