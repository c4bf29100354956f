/**
 * A name that belongs to somebody else may say one address when it is judged and another one when it is dialled. The
 * collector asks once for each connection, and dials what it has judged.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readingReasonOf } from "../../lib/domain/reading.ts";
import { NETWORKS_SETTING } from "../../lib/store/dial_places.ts";
import { writeSetting } from "../../lib/store/settings.ts";
import { authorAt } from "../fakes/author.ts";
import { runUntil } from "../fakes/manual_clock.ts";
import { addressWords, type Peer, startPeer } from "../fakes/modbus_peer.ts";
import { type Estate, FIRST, ledgerOf, withEstate } from "./estate.ts";
import { meter } from "./simulated.ts";

/** In a network that is allowed here; nobody answers there. */
const ELSEWHERE = "10.255.255.1";
const HERE = "127.0.0.1";
const FAILED = 4;

interface Scene {
  readonly estate: Estate;
  /** Listens on this machine at the port of the site. */
  readonly bait: Peer;
}

/** A site by a name whose addresses the test says, at a port at which this machine listens too. */
async function withName(body: (scene: Scene) => Promise<void>): Promise<void> {
  const bait = await startPeer(addressWords);
  const gateway = { port: 0, kind: "gateway" as const, meters: [meter(1, "schneider-iem3000")] };
  try {
    await withEstate({ specs: [{ endpoints: [gateway] }] }, async (estate) => {
      const { kysely } = estate.db;
      await kysely.updateTable("path").set({ host: "rebinding.example" }).execute();
      await kysely.updateTable("endpoint").set({ port: bait.port }).execute();
      const value = { allowed: ["10.255.255.0/24"], ports: [bait.port] };
      ok((await writeSetting(estate.db, authorAt(0), { name: NETWORKS_SETTING, value, version: 0 })).ok);
      await body({ estate, bait });
    });
  } finally {
    await bait.close();
  }
}

/** Says these one after the other, the last one for ever. */
function saying(answers: readonly (readonly string[])[]) {
  let asked = 0;
  const resolve = (host: string) => {
    strictEqual(host, "rebinding.example");
    return Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? []);
  };
  return { resolve, asked: () => asked };
}

async function reasonsOf({ db }: Estate): Promise<readonly string[]> {
  const rows = await db.kysely.selectFrom("attempt").select("reason").where("half_hour", "=", FIRST)
    .orderBy("tries").orderBy("attempt_no").execute();
  return rows.map(({ reason }) => reason === null ? "connected" : readingReasonOf(reason));
}

Deno.test("a cycle does not come to this machine by a name that says another address first", async () => {
  await withName(async ({ estate, bait }) => {
    const { resolve, asked } = saying([[ELSEWHERE], [HERE]]);
    await estate.cycle(estate.collector({ loopbackSites: false }, { resolve }));
    const [first, ...later] = await reasonsOf(estate);
    ok(first === "connect-timeout" || first === "no-route" || first === "refused", String(first));
    ok(later.length > 0, "it was tried again");
    deepStrictEqual(new Set(later), new Set(["address-not-allowed"]));
    strictEqual(asked(), 1 + later.length, "asked once for each connection");
    deepStrictEqual((await ledgerOf(estate.db, FIRST)).map(({ state }) => state), [FAILED]);
    strictEqual(bait.connections(), 0);
  });
});

Deno.test("a cycle does not come to this machine by a name that says several addresses at once", async () => {
  await withName(async ({ estate, bait }) => {
    const { resolve } = saying([[HERE, ELSEWHERE, "::ffff:127.0.0.1", "::1"]]);
    await estate.cycle(estate.collector({ loopbackSites: false }, { resolve }));
    ok((await reasonsOf(estate)).every((reason) => reason !== "connected"));
    strictEqual(bait.connections(), 0);
  });
});

Deno.test("reading a meter now does not come to this machine by a name that changes what it says", async () => {
  await withName(async ({ estate, bait }) => {
    const { resolve } = saying([[ELSEWHERE], [HERE]]);
    const { reader } = estate.collector({ loopbackSites: false }, { resolve });
    const { meter_id } = await estate.db.kysely.selectFrom("meter").select("meter_id")
      .executeTakeFirstOrThrow();
    const read = () =>
      runUntil(estate.clock, reader.readMeter(meter_id, new AbortController().signal), () => false);
    ok(!(await read()).ok);
    deepStrictEqual(await read(), { ok: false, error: "address-not-allowed" });
    strictEqual(bait.connections(), 0);
  });
});

Deno.test("the same name is dialled on this machine where sites may be there: the tests above look at the right thing", async () => {
  await withName(async ({ estate, bait }) => {
    const { resolve } = saying([[HERE]]);
    await estate.cycle(estate.collector({ loopbackSites: true }, { resolve }));
    ok(bait.connections() > 0);
  });
});
