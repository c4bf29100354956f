import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { App } from "fresh";
import { shareAssets, sharedAssets, UNNAMED_MS } from "../../../lib/web/shared_assets.ts";
import type { State } from "../../../lib/web/state.ts";
import { manualClock } from "../../fakes/manual_clock.ts";

const OLD = "_fresh/js/0123456789abcdef/chart.js";
const NEW = "_fresh/js/fedcba9876543210/chart.js";
const SHEET = "css/app-00112233aabbccdd.css";

async function buildOf(root: string, name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
  return folder;
}

async function withFolder(test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function asker(dataDir: string): (path: string, method?: string) => Promise<Response> {
  const handler = new App<State>().use(sharedAssets(dataDir)).handler();
  return async (path, method = "GET") =>
    await handler(new Request(`http://localhost${path}`, { method }), undefined as never);
}

Deno.test("sharedAssets() serves what another release named, and nothing else of the data folder", () =>
  withFolder(async (root) => {
    const clock = manualClock(Date.UTC(2026, 10, 2));
    const dataDir = join(root, "data");
    await Deno.mkdir(dataDir);
    await Deno.writeTextFile(join(dataDir, "secrets-0123456789abcdef.json"), "no");
    const blue = await buildOf(root, "blue", { [OLD]: "export const chart = 1;", [SHEET]: "a{}" });
    const green = await buildOf(root, "green", { [NEW]: "export const chart = 2;", [SHEET]: "a{}" });
    deepStrictEqual(await shareAssets({ from: blue, dataDir, clock }), { named: 2, added: 2, removed: 0 });
    deepStrictEqual(await shareAssets({ from: green, dataDir, clock }), { named: 2, added: 1, removed: 0 });
    const ask = asker(dataDir);
    const old = await ask(`/${OLD}`);
    deepStrictEqual([old.status, await old.text()], [200, "export const chart = 1;"]);
    strictEqual(old.headers.get("content-type"), "text/javascript; charset=utf-8");
    strictEqual(old.headers.get("cache-control"), "public, max-age=31536000, immutable");
    const head = await ask(`/${SHEET}`, "HEAD");
    deepStrictEqual([head.status, await head.text()], [200, ""]);
    const elsewhere = [
      "/secrets-0123456789abcdef.json",
      "/../secrets-0123456789abcdef.json",
      "/..%2fsecrets-0123456789abcdef.json",
      "/%2e%2e/secrets-0123456789abcdef.json",
      "/css/../../secrets-0123456789abcdef.json",
      "/_fresh/js/0123456789abcdef/../../../../secrets-0123456789abcdef.json",
      "/_fresh/js/0123456789abcdef/none.js",
      "/_fresh/js/0123456789abcdef",
      "/kv.db",
    ];
    for (const path of elsewhere) {
      const answer = await ask(path);
      await answer.body?.cancel();
      strictEqual(answer.status, 404, path);
    }
    const posted = await ask(`/${OLD}`, "POST");
    await posted.body?.cancel();
    strictEqual(posted.status, 404);
  }));

Deno.test("shareAssets() removes what no release has named for a week, and never its own", () =>
  withFolder(async (root) => {
    const clock = manualClock(Date.UTC(2026, 10, 2));
    const dataDir = join(root, "data");
    const blue = await buildOf(root, "blue", { [OLD]: "old", [SHEET]: "a{}" });
    const green = await buildOf(root, "green", { [NEW]: "new", [SHEET]: "a{}" });
    await shareAssets({ from: blue, dataDir, clock });
    await clock.advance(UNNAMED_MS - 1_000);
    deepStrictEqual(await shareAssets({ from: green, dataDir, clock }), { named: 2, added: 1, removed: 0 });
    await clock.advance(1_000);
    deepStrictEqual(await shareAssets({ from: green, dataDir, clock }), { named: 2, added: 0, removed: 1 });
    const answer = await asker(dataDir)(`/${OLD}`);
    await answer.body?.cancel();
    strictEqual(answer.status, 404);
    deepStrictEqual(await shareAssets({ from: blue, dataDir, clock }), { named: 2, added: 1, removed: 0 });
  }));

Deno.test("shareAssets() removes what no release can have put there: a file of a time to come", () =>
  withFolder(async (root) => {
    const clock = manualClock(Date.UTC(2026, 10, 2));
    const dataDir = join(root, "data");
    const blue = await buildOf(root, "blue", { [OLD]: "old" });
    const assets = await buildOf(root, "data/assets", { [NEW]: "somebody's" });
    await Deno.utime(join(assets, NEW), new Date("2035-01-01"), new Date("2035-01-01"));
    deepStrictEqual(await shareAssets({ from: blue, dataDir, clock }), { named: 1, added: 1, removed: 1 });
    deepStrictEqual(await shareAssets({ from: blue, dataDir, clock }), { named: 1, added: 0, removed: 0 });
  }));

Deno.test("shareAssets() puts whole files there, also where a kill had left half of one", () =>
  withFolder(async (root) => {
    const clock = manualClock(Date.UTC(2026, 10, 2));
    const dataDir = join(root, "data");
    const blue = await buildOf(root, "blue", { [OLD]: "export const chart = 1;" });
    await buildOf(root, "data/assets", { [OLD]: "export con" });
    deepStrictEqual(await shareAssets({ from: blue, dataDir, clock }), { named: 1, added: 1, removed: 0 });
    const answer = await asker(dataDir)(`/${OLD}`);
    strictEqual(await answer.text(), "export const chart = 1;");
  }));

Deno.test("sharedAssets() follows no link, and shareAssets() puts its own bytes where others lay", () =>
  withFolder(async (root) => {
    const clock = manualClock(Date.UTC(2026, 10, 2));
    const dataDir = join(root, "data");
    const blue = await buildOf(root, "blue", { [OLD]: "export const chart = 1;" });
    await buildOf(root, "data/assets", { [OLD]: "export const chart = 9;" });
    await Deno.writeTextFile(join(dataDir, "secrets.key"), "no");
    await Deno.mkdir(join(dataDir, "assets/css"));
    await Deno.symlink("../../secrets.key", join(dataDir, "assets", SHEET));
    const ask = asker(dataDir);
    const linked = await ask(`/${SHEET}`);
    await linked.body?.cancel();
    strictEqual(linked.status, 404);
    deepStrictEqual(await shareAssets({ from: blue, dataDir, clock }), { named: 1, added: 1, removed: 0 });
    strictEqual(await (await ask(`/${OLD}`)).text(), "export const chart = 1;");
  }));
