import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createConnection } from "mysql2/promise";
import { systemClock } from "../../../../lib/clock.ts";
import type { RestoreReport } from "../../../../lib/domain/restore_report.ts";
import { scratchUrl } from "../../../../lib/store/scratch_database.ts";
import { migrations } from "../../../../migrations/mod.ts";
import { drill, type DrillOrder } from "../../../../ops/lib/backup/drill.ts";
import { onEngines, onEveryEngine } from "../../../lib/store/engines.ts";
import { backUp, fillAwkward, makeKey, withFolder } from "./scene.ts";

interface Trial {
  /** What was told, in order. */
  readonly told: RestoreReport[];
  readonly run: (more?: Partial<DrillOrder>) => Promise<RestoreReport>;
}

function trialOf(order: Pick<DrillOrder, "backups" | "keyFile" | "runningUrl">): Trial {
  const told: RestoreReport[] = [];
  return {
    told,
    run: (more = {}) =>
      drill({
        scratchFile: `${order.backups}/scratch.db`,
        migrations,
        clock: systemClock,
        say: () => undefined,
        before: told.at(-1) ?? null,
        tell: (report) => Promise.resolve(void told.push(report)),
        signal: new AbortController().signal,
        ...order,
        ...more,
      }),
  };
}

onEveryEngine(
  "the newest backup is proven beside the running database, which goes on",
  async (db, { url }) => {
    await fillAwkward(db);
    await withFolder(async (backups) => {
      const key = await makeKey(backups);
      const { manifest } = await backUp(backups, { url, key });
      const { run, told } = trialOf({ backups, keyFile: key.file, runningUrl: url });
      const report = await run();
      strictEqual(report.failed, null, report.failed?.words ?? "");
      strictEqual(report.proven?.backup, manifest.name);
      match(report.proven?.into ?? "", new RegExp(`^${db.engine} `));
      deepStrictEqual(told.map(({ running }) => running?.backup ?? null), [manifest.name, null]);
      const sites = await db.kysely.selectFrom("site").select("site_id").execute();
      strictEqual(sites.length, 3, "what runs is as it was");
      strictEqual((await run()).failed, null, "and nothing is in the way of the next trial");
    });
  },
);

onEngines(
  ["mariadb", "mysql"],
  "an account without the right to make databases is told which one to make",
  async (db, { url }) => {
    await fillAwkward(db);
    await withFolder(async (backups) => {
      const key = await makeKey(backups);
      await backUp(backups, { url, key });
      const root = await createConnection({ uri: url });
      const [database, scratch] = [url, scratchUrl(url)].map((one) => new URL(one).pathname.slice(1));
      const user = `drill_${crypto.randomUUID().slice(0, 8)}`;
      try {
        await root.query(`create user '${user}'@'%' identified by 'x'`);
        await root.query(`grant all privileges on ${database}.* to '${user}'@'%'`);
        const runningUrl = Object.assign(new URL(url), { username: user, password: "x" }).href;
        const { run } = trialOf({ backups, keyFile: key.file, runningUrl });
        const refused = await run();
        match(refused.failed?.words ?? "", new RegExp(`^Cannot make the scratch database "${scratch}": `));
        match(refused.failed?.todo ?? "", /^Make an empty database /);
        await root.query(`create database ${scratch}`);
        await root.query(`grant all privileges on ${scratch}.* to '${user}'@'%'`);
        const proven = await run();
        strictEqual(proven.failed, null, proven.failed?.words ?? "");
        const [tables] = await root.query(`show tables in ${scratch}`);
        ok(Array.isArray(tables));
        strictEqual(tables.length, 0, "what a person made stays, empty");
      } finally {
        await root.query(`drop user if exists '${user}'@'%'`);
        await root.query(`drop database if exists ${scratch}`);
        await root.end();
      }
    });
  },
);
