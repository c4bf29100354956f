import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { readSettings } from "../../../ops/lib/settings.ts";

/** Gives a function a file of settings and removes it. */
async function withFile(text: string, run: (file: string, folder: string) => Promise<void> | void) {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-settings-" });
  try {
    await Deno.writeTextFile(`${folder}/wattpost.env`, text);
    await run(`${folder}/wattpost.env`, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("operators' tasks work on the database of the host's file, and the environment goes before it", async () => {
  await withFile("DATABASE_URL=mysql://w:secret@db.internal/wattpost\nVISITS_AT_ONCE=50\n", (file) => {
    const filed = readSettings({ file, env: {} });
    strictEqual(filed.ok && filed.value.databaseUrl, "mysql://w:secret@db.internal/wattpost");
    strictEqual(filed.ok && filed.value.visitsAtOnce, 50);
    const given = readSettings({ file, env: { DATABASE_URL: "sqlite:data/other.db", VISITS_AT_ONCE: "" } });
    strictEqual(given.ok && given.value.databaseUrl, "sqlite:data/other.db");
    strictEqual(given.ok && given.value.visitsAtOnce, 50);
  });
});

Deno.test("a secret that the environment gives in either form goes before both forms of the file", async () => {
  await withFile("METRICS_TOKEN=filed-filed-filed-filed\n", async (file, folder) => {
    await Deno.writeTextFile(`${folder}/token`, "given-given-given-given");
    const read = readSettings({ file, env: { METRICS_TOKEN_FILE: `${folder}/token` } });
    strictEqual(read.ok && read.value.metricsToken, "given-given-given-given");
  });
});

Deno.test("an installation below a folder has its data there, whatever its containers call it", async () => {
  await withFile("DATA_DIR=/var/lib/wattpost/data\nLOG_LEVEL=debug\n", (file, folder) => {
    const over = { DATA_DIR: `${folder}/var/lib/wattpost/data` };
    const read = readSettings({ file, env: { DATA_DIR: "data" }, over, strict: false });
    strictEqual(read.ok && read.value.databaseUrl, `sqlite:${folder}/var/lib/wattpost/data/wattpost.db`);
    strictEqual(read.ok && read.value.logLevel, "debug");
  });
});

Deno.test("a host without a file of settings is as good as an empty one", () => {
  const read = readSettings({ file: "/nowhere/wattpost.env", env: { DATA_DIR: "data" } });
  strictEqual(read.ok && read.value.databaseUrl, "sqlite:data/wattpost.db");
});

Deno.test("names in the file that are no settings are left to whom they concern", async () => {
  await withFile("HTTPS_PROXY=http://proxy.internal:3128\nLOG_LEVEL=debug\n", (file) => {
    const read = readSettings({ file, env: {} });
    strictEqual(read.ok && read.value.logLevel, "debug");
  });
});

Deno.test("a file that is not understood stops the task: it would work on another database", async () => {
  await withFile("LOG_LEVEL=debug\nDATABASE_URL: sqlite:x\n", (file) => {
    const read = readSettings({ file, env: {} });
    match(read.ok ? "" : read.error, /line 2, NAME=value is expected/);
  });
  await withFile("LOG_LEVEL=loud\n", (file) => {
    const read = readSettings({ file, env: {} });
    match(read.ok ? "" : read.error, /LOG_LEVEL is "loud"/);
  });
  await withFile("", (_, folder) => {
    const read = readSettings({ file: folder, env: {} });
    match(read.ok ? "" : read.error, /Cannot read the settings of this host/);
  });
});

Deno.test("deno task ops may read the settings of the host", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  const [, places = ""] = /--allow-read=(\S+)/.exec(tasks.ops.command) ?? [];
  deepStrictEqual(places.split(",").filter((place) => place.endsWith(".env")), [
    "/etc/wattpost/wattpost.env",
  ]);
});
