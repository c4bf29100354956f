import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { openDatabase } from "../../../lib/store/db.ts";
import { engines, testOnEngines } from "../../engines/mod.ts";

testOnEngines(
  (await engines()).filter(({ name }) => name !== "sqlite"),
  "a database takes a new password for new connections while a transaction goes on",
  async (url) => {
    const root = await openDatabase(url);
    const user = `w${crypto.randomUUID().slice(0, 8)}`;
    const as = (password: string) => {
      const own = new URL(url);
      own.username = user;
      own.password = password;
      return own.href;
    };
    const run = (text: string) => sql.raw(text).execute(root.kysely);
    await run(`create user '${user}'@'%' identified by 'one'`);
    await run(`grant all on *.* to '${user}'@'%'`);
    const db = await openDatabase(as("one"), { poolSize: 2 });
    try {
      const whoever = sql<{ who: string }>`select current_user() as who`;
      await db.kysely.transaction().execute(async (tx) => {
        await whoever.execute(tx);
        await run(`alter user '${user}'@'%' identified by 'two'`);
        db.redial(as("two"));
        const { rows: [fresh] } = await whoever.execute(db.kysely);
        strictEqual(fresh?.who.split("@")[0], user, "a new connection works");
        const { rows: [held] } = await whoever.execute(tx);
        strictEqual(held?.who.split("@")[0], user, "the transaction goes on");
      });
      const { rows } = await sql<{ n: number }>`select 1 as n`.execute(db.kysely);
      deepStrictEqual(rows.map(({ n }) => n), [1]);
    } finally {
      await db.close();
      await run(`drop user '${user}'@'%'`);
      await root.close();
    }
  },
);
