/**
 * Five million readings backed up and restored, on each engine: `deno task bench restore`; `--rows=N` for another number,
 * `--engines=mysql,sqlite` for some. A restore of five million must take less than ten minutes on two processors.
 *
 * @module
 */

import { systemClock } from "../../lib/clock.ts";
import { openDatabase } from "../../lib/store/db.ts";
import { migrate } from "../../lib/store/migrator.ts";
import { insertLines } from "../../lib/store/restored_rows.ts";
import { openSnapshot, type SnapshotTable } from "../../lib/store/snapshot.ts";
import { migrations } from "../../migrations/mod.ts";
import { makeBackup } from "../../ops/lib/backup/make.ts";
import { type OpenBackup, openBackup } from "../../ops/lib/backup/read.ts";
import { restore } from "../../ops/lib/backup/restore.ts";
import { restoreTroubleText } from "../../ops/lib/backup/restore_trouble.ts";
import { engines, type TestEngine } from "../engines/mod.ts";

const LIMIT_MS = 600_000;
const LIMIT_ROWS = 5_000_000;
const CHANNELS = 20_000;
const AT_ONCE = 20_000;

const rows = Number(optionOf("rows") ?? LIMIT_ROWS);
const only = optionOf("engines")?.split(",");

function optionOf(name: string): string | undefined {
  return Deno.args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** Readings of counters, as a cycle stores them: half-hour after half-hour. */
function* linesOf(): Iterable<readonly string[]> {
  for (let from = 0; from < rows; from += AT_ONCE) {
    yield Array.from({ length: Math.min(AT_ONCE, rows - from) }, (_, i) => {
      const [halfHour, channel] = [990_000 + Math.floor((from + i) / CHANNELS), (from + i) % CHANNELS + 1];
      const value = 10_000_000 + channel * 1_000 + halfHour * 37;
      const words = (value >>> 0).toString(16).padStart(8, "0");
      return JSON.stringify([
        halfHour,
        channel,
        words,
        4,
        1,
        value,
        value - 11,
        370 + i % 90,
        "m",
        null,
        null,
      ]);
    });
  }
}

async function fill(url: string): Promise<void> {
  const db = await openDatabase(url, { statementTimeoutMs: LIMIT_MS });
  try {
    await migrate(db, migrations, systemClock);
    const snapshot = await openSnapshot(url, systemClock);
    const table = snapshot.tables.find(({ name }) => name === "recent");
    await snapshot.close();
    if (!table) throw new Error("There is no table of readings");
    await db.kysely.connection().execute((connection) => store({ connection }, table));
  } finally {
    await db.close();
  }
}

async function store(filling: Parameters<typeof insertLines>[0], table: SnapshotTable): Promise<void> {
  for (const lines of linesOf()) await insertLines(filling, table, lines);
}

async function backUp(folder: string, url: string, recipient: string): Promise<OpenBackup> {
  const snapshot = await openSnapshot(url, systemClock);
  try {
    const work = { snapshot, files: [], recipients: [recipient], release: "bench", clock: systemClock };
    const made = await makeBackup(folder, work);
    const opened = await openBackup(made.folder);
    if (!opened.ok) throw new Error(opened.error.kind);
    return opened.value;
  } finally {
    await snapshot.close();
  }
}

async function makeKey(folder: string): Promise<readonly [file: string, recipient: string]> {
  const file = `${folder}/bench.key`;
  const made = await new Deno.Command("age-keygen", { args: ["-o", file], stdin: "null" }).output();
  const [recipient] = /age1[0-9a-z]+/.exec(new TextDecoder().decode(made.stderr)) ?? [];
  if (recipient === undefined) throw new Error("Cannot make a key: apt-get install age");
  return [file, recipient];
}

/** Milliseconds that something takes, and what came of it. */
async function timed<T>(work: () => Promise<T>): Promise<readonly [took: number, value: T]> {
  const startMs = performance.now();
  const value = await work();
  return [performance.now() - startMs, value];
}

function say(what: string, tookMs: number, more = ""): void {
  const speed = Math.round(rows / tookMs);
  console.log(`  ${what}: ${(tookMs / 1_000).toFixed(1)} s, ${speed} thousand rows a second${more}`);
}

async function measure(engine: TestEngine): Promise<boolean> {
  console.log(` ${engine.name}, ${rows.toLocaleString("en-GB")} readings`);
  const folder = await Deno.makeTempDir({ prefix: "wattpost-restore-" });
  try {
    const [keyFile, recipient] = await makeKey(folder);
    const [source, target] = [await engine.createDatabase(), await engine.createDatabase()];
    say("filled", (await timed(() => fill(source)))[0]);
    const [backupMs, backup] = await timed(() => backUp(folder, source, recipient));
    const bytes = backup.manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
    say("backed up", backupMs, `, ${Math.round(bytes / 1e6)} MB`);
    const order = { backup, keyFile, url: target, migrations, keep: true, clock: systemClock };
    const [tookMs, restored] = await timed(() => restore({ ...order, say: () => undefined }));
    if (!restored.ok) throw new Error(restoreTroubleText(restored.error.trouble));
    const steps = restored.value.steps.map(({ step, tookMs }) => `${step} ${(tookMs / 1_000).toFixed(1)} s`);
    say("restored and proven", tookMs, ` (${steps.join(", ")})`);
    console.log(`  memory: ${Math.round(Deno.memoryUsage().rss / 1e6)} MB`);
    return tookMs * (LIMIT_ROWS / rows) <= LIMIT_MS;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

let isQuick = true;
for (const engine of await engines()) {
  if (engine.missing !== undefined) console.log(` ${engine.name} is left out: ${engine.missing}`);
  else if (only === undefined || only.includes(engine.name)) isQuick = await measure(engine) && isQuick;
}
if (!isQuick) console.error(`Too slow: ${LIMIT_ROWS.toLocaleString("en-GB")} must be restored in 10 minutes`);
Deno.exit(isQuick ? 0 : 1);
