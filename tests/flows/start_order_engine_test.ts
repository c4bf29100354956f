/**
 * The product as delivered, whose database and sessions come after it, go, and come back: it lives all the while, says what is
 * missing, and is never started anew; only one that never had a database ends, for its supervisor to start it again.
 *
 * @module
 */

import { match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../lib/clock.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { migrateOrThrow } from "../collector/estate.ts";
import { engines, testOnEngines } from "../engines/mod.ts";
import { freePort } from "../engines/server.ts";
import { buildInto, eventually, startProcess } from "./product_process.ts";
import { ask, withFolder } from "./running_product.ts";

/** A port behind which a server can be reached, or not. */
interface Gate extends AsyncDisposable {
  readonly port: number;
  open(): void;
  /** Ends all connections; nobody gets a new one. */
  shut(): Promise<void>;
}

function gateTo(server: { readonly hostname: string; readonly port: number }): Gate {
  const port = freePort();
  const open = new Set<Deno.TcpConn>();
  let listener: Deno.TcpListener | null = null;
  let accepting: Promise<void> = Promise.resolve();
  const join = async (client: Deno.TcpConn) => {
    const behind = await Deno.connect(server);
    for (const end of [client, behind]) open.add(end);
    await Promise.allSettled([
      client.readable.pipeTo(behind.writable),
      behind.readable.pipeTo(client.writable),
    ]);
    for (const end of [client, behind]) open.delete(end);
  };
  const shut = async () => {
    listener?.close();
    listener = null;
    for (const end of open) end.close();
    open.clear();
    await accepting;
  };
  return {
    port,
    open() {
      const own = listener = Deno.listen({ hostname: "127.0.0.1", port });
      accepting = (async () => {
        const joined: Promise<void>[] = [];
        for await (const client of own) joined.push(join(client));
        await Promise.allSettled(joined);
      })();
    },
    shut,
    [Symbol.asyncDispose]: shut,
  };
}

const [server] = (await engines()).filter(({ name }) => name === "mariadb");

testOnEngines(
  server ? [server] : [],
  "the product waits for its database, loses it and its sessions and has them back without a new start",
  async (databaseUrl) => {
    const db = await openDatabase(databaseUrl);
    await migrateOrThrow(db, systemClock);
    await db.close();
    const there = new URL(databaseUrl);
    await using gate = gateTo({ hostname: there.hostname, port: Number(there.port) });
    const env = {
      DATABASE_URL:
        Object.assign(new URL(databaseUrl), { hostname: "127.0.0.1", port: String(gate.port) }).href,
    };
    await withFolder(async (folder) => {
      await buildInto(folder);

      const hasty = await startProcess(folder, { ...env, DATABASE_WAIT_S: "1" });
      strictEqual((await hasty.ended()).code, 3);
      match(hasty.said(), /Cannot work without the database: .*: waited \d+ s for it/);

      const patient = await startProcess(folder, env);
      const says = (status: number, text: RegExp) =>
        eventually(`/readyz says ${status}, ${text}`, async () => {
          const answer = await ask(patient.origin, "/readyz").catch(() => null);
          return answer?.status === status && text.test(answer.text);
        });
      try {
        await says(503, /^Waiting for the database$/m);
        strictEqual((await ask(patient.origin, "/livez")).status, 200);
        gate.open();
        await says(200, /^ready$/m);
        await gate.shut();
        await says(503, /^Database away/m);
        strictEqual((await ask(patient.origin, "/livez")).status, 200);
        gate.open();
        await says(200, /^ready$/m);
        const held = new DatabaseSync(join(folder, "data/kv.db"));
        try {
          held.exec("begin exclusive");
          await says(503, /^Sessions away/m);
          strictEqual((await ask(patient.origin, "/livez")).status, 200);
          held.exec("rollback");
        } finally {
          held.close();
        }
        await says(200, /^ready$/m);
      } finally {
        strictEqual((await patient.end("SIGTERM")).code, 0, patient.said());
      }
    });
  },
);
