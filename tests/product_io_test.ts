import { ok, strictEqual } from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { parseConfig } from "../lib/config.ts";
import { createLog } from "../lib/log.ts";
import { registerSites } from "../lib/store/sites.ts";
import { createProduct, type Opened } from "../product.ts";
import { draftOf } from "./lib/store/estate.ts";

/** Sites with more counters than one batch of the night's work. */
const SITES = 100;

/** Milliseconds that the night's work rests between two batches here: longer than everything else takes to stop. */
const REST_MS = 1_000;

Deno.test("stop() waits until the nightly work has ended between two batches", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-product-" });
  const config = parseConfig({ DATA_DIR: folder, PUBLIC_URL: "http://127.0.0.1:8000" });
  ok(config.ok);
  const said: Record<string, unknown>[] = [];
  const log = createLog({ clock: systemClock, level: "info", write: (line) => said.push(JSON.parse(line)) });
  const product = createProduct({
    config: config.value,
    clock: systemClock,
    random: Math.random,
    log,
    serves: false,
  });
  const prepare = async ({ db }: Opened) => {
    const drafts = Array.from({ length: SITES }, (_, i) => ({ ...draftOf(`Site ${i}`), collected: false }));
    ok((await registerSites(db, drafts)).ok);
  };
  const opened = await product.start(prepare);
  ok(opened);
  const resting = Promise.withResolvers<void>();
  const sleep = () => {
    resting.resolve();
    return systemClock.sleep(REST_MS);
  };
  Object.assign(opened.db, { clock: { ...systemClock, sleep } });
  await product.idle();
  let ended = false;
  strictEqual(said.some(({ level }) => level === "error"), false);
  const first = product.nightly();
  const night = first.then(() => ended = true);
  strictEqual(product.nightly(), first, "it runs once at a time");
  await resting.promise;
  await product.stop();
  strictEqual(ended, true);
  await night;
  const done = said.find(({ msg }) => msg === "Nightly work done");
  strictEqual(done?.["stopped"], true);
  strictEqual(said.at(-1)?.["msg"], "Stopped");
  await Deno.remove(folder, { recursive: true });
});
