import { ok, strictEqual } from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { parseConfig } from "../lib/config.ts";
import { createLog } from "../lib/log.ts";
import { openDatabase } from "../lib/store/db.ts";
import { createProduct } from "../product.ts";
import { migrateOrThrow } from "./collector/estate.ts";
import { engines, testOnEngines } from "./engines/mod.ts";
import { freePort } from "./engines/server.ts";
import { builtOnce } from "./flows/built.ts";

/** Milliseconds that whoever stops waits at least for requests. */
const LEAST_MS = 10_000;

/** Milliseconds given to claimed visits, which is another wait. */
const VISITS_MS = 90_000;

testOnEngines(
  await engines(),
  "a download that takes a minute outlives a switch, where another process answers meanwhile",
  async (url, { name }) => {
    const folder = await Deno.makeTempDir({ prefix: "wattpost-product-" });
    const databaseUrl = name === "sqlite" ? `sqlite:${folder}/wattpost.db` : url;
    const db = await openDatabase(databaseUrl);
    await migrateOrThrow(db, systemClock);
    await db.close();
    const origin = `http://127.0.0.1:${freePort()}`;
    const settings = { LISTEN: new URL(origin).host, PUBLIC_URL: origin, DATA_DIR: folder, COLLECT: "off" };
    const config = parseConfig({ ...settings, DATABASE_URL: databaseUrl });
    ok(config.ok);
    const [asked, answer, waits] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<number>(),
    ];
    let stopping = false;
    const sleep = (ms: number, signal?: AbortSignal) => {
      if (stopping && ms >= LEAST_MS && ms !== VISITS_MS) waits.resolve(ms);
      return systemClock.sleep(ms, signal);
    };
    const clock = { ...systemClock, sleep };
    const log = createLog({ clock, level: "error", write: () => undefined });
    const product = createProduct({ config: config.value, clock, random: Math.random, log, serves: true });
    product.app.get("/.well-known/long", async () => {
      asked.resolve();
      await answer.promise;
      return new Response("the end of it");
    });
    (await builtOnce())(product.app);
    ok(await product.start());
    const download = fetch(`${origin}/.well-known/long`).then((response) => response.text());
    await Promise.race([asked.promise, download.then((text) => Promise.reject(new Error(text)))]);
    stopping = true;
    const stop = product.stop();
    const longestMs = await waits.promise;
    // A pause of the embedded database is not made longer by downloads.
    ok(name === "sqlite" ? longestMs === LEAST_MS : longestMs > 60_000, `${longestMs} ms`);
    answer.resolve();
    strictEqual(await download, "the end of it");
    await stop;
    await Deno.remove(folder, { recursive: true });
  },
);
