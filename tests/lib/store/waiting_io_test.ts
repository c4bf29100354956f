import { match, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../../lib/clock.ts";
import { type Config, parseConfig } from "../../../lib/config.ts";
import { createLog } from "../../../lib/log.ts";
import { openDatabase } from "../../../lib/store/db.ts";
import { migrate } from "../../../lib/store/migrator.ts";
import { openDatabaseWaiting, openKeysWaiting, TooLate } from "../../../lib/store/waiting.ts";
import { migrations } from "../../../migrations/mod.ts";
import { freePort } from "../../engines/server.ts";

function configOf(env: Readonly<Record<string, string>>): Config {
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

const log = createLog({ clock: systemClock, level: "error", write: () => {} });

Deno.test("openDatabaseWaiting() gives up after its deadline, and says what it waited for", async () => {
  const url = `mysql://wattpost:secret@127.0.0.1:${freePort()}/wattpost`;
  const config = configOf({ DATABASE_URL: url, DATABASE_WAIT_S: "1" });
  const waiting = { config, clock: systemClock, log, signal: new AbortController().signal };
  const heard: string[] = [];
  await rejects(
    openDatabaseWaiting({ ...waiting, onWaiting: (what) => heard.push(what) }, migrations),
    (error) => {
      if (!(error instanceof TooLate)) return false;
      match(error.message, /^Cannot work without the database: .*: waited \d+ s for it$/s);
      return !error.message.includes("secret");
    },
  );
  match(heard.join("\n"), /^the database: /);
});

Deno.test("openDatabaseWaiting() waits for a file that another process is about to leave", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const url = `sqlite:${join(folder, "wattpost.db")}`;
    const other = await openDatabase(url);
    const config = configOf({ DATABASE_URL: url });
    const { promise: waits, resolve } = Promise.withResolvers<string>();
    const signal = new AbortController().signal;
    const opening = openDatabaseWaiting(
      { config, clock: systemClock, log, signal, onWaiting: resolve },
      migrations,
    );
    match(await waits, /^the database: .*another process of Wattpost has it open/);
    await other.close();
    const db = await opening;
    strictEqual(db?.engine, "sqlite");
    await db?.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openDatabaseWaiting() says which migration failed, and what the database said", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const config = configOf({ DATABASE_URL: `sqlite:${join(folder, "wattpost.db")}` });
    const waiting = { config, clock: systemClock, log, signal: new AbortController().signal };
    const set = { "0001_mill": { up: () => Promise.reject(new Error("disk I/O error")) } };
    await rejects(
      openDatabaseWaiting({ ...waiting, onWaiting: () => {} }, set),
      /^Error: Cannot apply 0001_mill: disk I\/O error$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openKeysWaiting() says why it waits, and the same again only after minutes", async () => {
  const folder = await Deno.makeTempDir();
  const db = await openDatabase("sqlite::memory:");
  try {
    await migrate(db, migrations, systemClock);
    await Deno.writeTextFile(join(folder, "secrets.key"), "no key");
    const config = configOf({ DATABASE_URL: "sqlite::memory:", DATA_DIR: folder });
    const stop = new AbortController();
    let [tries, atMs] = [0, 0];
    const clock = {
      ...systemClock,
      monotonicMs: () => atMs,
      sleep(ms: number) {
        atMs += ms;
        if (++tries === 200) stop.abort();
        return Promise.resolve();
      },
    };
    const lines: string[] = [];
    const heard: string[] = [];
    const told = createLog({ clock: systemClock, level: "warn", write: (line) => lines.push(line) });
    const waiting = { config, clock, log: told, signal: stop.signal };
    strictEqual(await openKeysWaiting({ ...waiting, onWaiting: (what) => heard.push(what) }, db), null);
    strictEqual(heard.length, 200, "whoever asks hears it each time");
    match(heard[0] ?? "", /^the keys of the secrets: .*secrets\.key/);
    strictEqual(lines.length, 2, "once at the beginning, once after five minutes");
  } finally {
    await db.close();
    await Deno.remove(folder, { recursive: true });
  }
});
