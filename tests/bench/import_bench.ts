/**
 * Measures the import of 5,000 rows, as a CSV file and as a workbook: reading, judging, registering and taking back,
 * as 1,000 sites of five devices and as 5,000 sites of one, and how long nobody else of the process got a turn.
 * `deno task bench import [--engine=sqlite|mariadb|mysql]`.
 *
 * @module
 */

import { systemClock } from "../../lib/clock.ts";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import { createProfileBook } from "../../lib/profiles/book.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { migrate } from "../../lib/store/migrator.ts";
import {
  countOutcomes,
  createImport,
  type ImportRecord,
  moveImport,
  readImport,
} from "../../lib/store/site_imports.ts";
import { createUser, findUser } from "../../lib/store/users.ts";
import { csvText } from "../../lib/web/csv.ts";
import { judgeImport, letOthersWork, registerImport, undoImport } from "../../lib/web/imports/acts.ts";
import { knowSheet } from "../../lib/web/imports/judge.ts";
import { readSheet } from "../../lib/web/imports/read_file.ts";
import { workbookOf } from "../../lib/web/imports/xlsx_template.ts";
import { migrations } from "../../migrations/mod.ts";
import { engines } from "../engines/mod.ts";
import { authorAt } from "../fakes/author.ts";
import { manySites } from "../lib/web/imports/sheets.ts";

const NEVER = new AbortController().signal;
const LEAST_MS = 60_000;

interface Took {
  readonly ms: number;
  readonly longestMs: number;
}

/** Does something; how long it took, and the longest time in which nobody else got a turn. */
async function measure(run: () => Promise<unknown>): Promise<Took> {
  let longestMs = 0;
  let beforeMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - beforeMs);
    beforeMs = nowMs;
  }, 1);
  const startMs = performance.now();
  await run();
  clearInterval(timer);
  return { ms: performance.now() - startMs, longestMs: Math.max(longestMs, performance.now() - beforeMs) };
}

async function benchOne(db: Database, name: string, bytes: Uint8Array): Promise<boolean> {
  const nowMs = systemClock.nowMs();
  const by = authorAt(nowMs);
  const email = `${crypto.randomUUID()}@example.org`;
  const made = await createUser(db, { email, name: "Bench", role: "operator", passwordHash: "x", nowMs });
  if (!made.ok) throw new Error("No user");
  const user = await findUser(db, made.value.id);
  if (!user) throw new Error("No user");
  const profiles = createProfileBook(() => Promise.resolve([]));
  const desk = {
    db,
    profiles,
    clock: systemClock,
    user: { ...user, reach: ALL_SITES },
    by,
    breathe: letOthersWork,
  };
  const tools = { signal: NEVER, onDone: () => {} };
  const read = { sheet: null as Awaited<ReturnType<typeof knowSheet>> | null };
  const reading = await measure(async () => {
    const table = await readSheet(bytes, letOthersWork);
    if (!table.ok) throw new Error(table.error.words);
    read.sheet = knowSheet(table.value);
  });
  const { sheet } = read;
  if (!sheet?.ok) throw new Error(sheet?.error.words);
  const begun = await createImport(db, {
    ownerId: user.id,
    fileName: name,
    columns: sheet.value.columns,
    nowMs,
  });
  if (!begun.ok) throw new Error("Too many imports");
  const importId = begun.value;
  const judging = await measure(() => judgeImport(desk, { importId, sheet: sheet.value, tools }));
  const record = await readImport(db, { importId, ownerId: user.id }) as ImportRecord;
  await moveImport(db, by, { importId, from: ["judged"], to: "committing" });
  const registering = await measure(() => registerImport(desk, record, tools));
  const { registered } = await countOutcomes(db.kysely, importId);
  await moveImport(db, by, { importId, from: ["committed"], to: "undoing" });
  const undoing = await measure(() => undoImport(desk, { importId, stopsRead: false }, tools));
  const { removed } = await countOutcomes(db.kysely, importId);
  const words = ({ ms, longestMs }: Took) =>
    `${(ms / 1000).toFixed(2)} s (longest turn ${longestMs.toFixed(0)} ms)`;
  console.log(
    `  ${name}, ${(bytes.length / 1e6).toFixed(2)} MB: ${registered} sites registered, ${removed} removed`,
  );
  console.log(`    read ${words(reading)}, judged ${words(judging)}`);
  console.log(`    registered ${words(registering)}, taken back ${words(undoing)}`);
  return registered === removed && reading.ms + judging.ms + registering.ms < LEAST_MS;
}

const wanted = /--engine=(\w+)/.exec(Deno.args.join(" "))?.[1] ?? "sqlite";
let good = true;
for (
  const engine of (await engines()).filter(({ name, missing }) => name === wanted && missing === undefined)
) {
  const db = await openDatabase(await engine.createDatabase(), { poolSize: 6 });
  await migrate(db, migrations, systemClock);
  console.log(engine.name);
  for (const each of [5, 1]) {
    const rows = manySites({ rows: 5_000, each });
    const what = `${5_000 / each} sites of ${each}`;
    good = await benchOne(db, `${what}, CSV`, new TextEncoder().encode(csvText(rows))) && good;
    good = await benchOne(db, `${what}, XLSX`, workbookOf({ sheet: "Sites", rows })) && good;
  }
  await db.close();
}
Deno.exit(good ? 0 : 1);
