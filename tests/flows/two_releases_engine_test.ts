/**
 * A release takes over from another in the middle of a half-hour, both on one database and one data folder: nothing is
 * read twice or left out, nobody's request or change is lost, streams go on, and a page that was opened before finds
 * what it loads after.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { newApiToken } from "../../lib/auth/api_token.ts";
import { startPasswords } from "../../lib/auth/password.ts";
import { systemClock } from "../../lib/clock.ts";
import { closedHalfHourAt, HALF_HOUR_MS, type HalfHour } from "../../lib/domain/half_hour.ts";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import type { SimulatedSite } from "../../lib/simulator/site.ts";
import { type Database, openDatabase } from "../../lib/store/db.ts";
import { openKeys, openSecretBox } from "../../lib/store/keys.ts";
import { promoteRelease, workingRelease } from "../../lib/store/releases.ts";
import { listReleasesSeen } from "../../lib/store/releases_seen.ts";
import { createToken } from "../../lib/store/tokens.ts";
import { findUserByEmail } from "../../lib/store/users.ts";
import { runVerify } from "../../ops/audit_verify.ts";
import { ledgerOf, migrateOrThrow } from "../collector/estate.ts";
import { mills } from "../collector/simulated.ts";
import { engines, testOnEngines } from "../engines/mod.ts";
import { authorAt } from "../fakes/author.ts";
import { eventually } from "./product_process.ts";
import { ACCOUNT, createAccount, register, signInByHand, withFolder, withSites } from "./running_product.ts";
import { buildBoth, type Colour, RELEASES, startColour, startSwitch } from "./two_colours.ts";
import { askAlone, keepDoing, keepListening, keepWriting } from "./two_colours_load.ts";

const SITES = 42;

/** So many sites were asked when the release is switched, and about so many are left. */
const ASKED = 12;

/** Pages that listen. */
const LISTENERS = 5;

/** A cycle and a switch take less; so far from a boundary they are begun, in ms. */
const UNDISTURBED_MS = 120_000;

const COMPLETE = 2;

interface Scene {
  readonly folder: string;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly sites: readonly SimulatedSite[];
  readonly siteIds: readonly number[];
  readonly since: HalfHour;
  readonly token: string;
}

/** Makes the database as an operator has it: migrated, with sites expected from now on, and somebody who may sign in. */
async function prepare(db: Database, { folder, sites }: Pick<Scene, "folder" | "sites">) {
  const toBoundaryMs = HALF_HOUR_MS - Date.now() % HALF_HOUR_MS;
  // The processes run by the machine's clock: the half-hour must not change under the test.
  if (toBoundaryMs < UNDISTURBED_MS) await new Promise((resolve) => setTimeout(resolve, toBoundaryMs));
  const since = closedHalfHourAt(Date.now());
  await migrateOrThrow(db, systemClock);
  const siteIds = await register(db, sites, since);
  const passwords = startPasswords();
  try {
    await createAccount({ db, passwords }, Date.now());
  } finally {
    passwords.close();
  }
  const account = await findUserByEmail(db, ACCOUNT.email);
  if (!account) throw new Error("Nobody may sign in");
  const { text, hash } = await newApiToken();
  const dataDir = join(folder, "data");
  await Deno.mkdir(dataDir, { recursive: true });
  const { seal } = await openKeys(db, await openSecretBox({ dataDir, secretsKey: undefined }), Date.now());
  const made = await createToken(db, { ...authorAt(Date.now()), seal }, {
    userId: account.user.id,
    tokenHash: hash,
    name: "Writer",
    mayWrite: true,
    reach: ALL_SITES,
    expiresMs: Date.now() + 86_400_000,
  });
  ok(made.ok);
  return { since, siteIds, token: text };
}

async function withScene(databaseUrl: string, body: (scene: Scene) => Promise<void>): Promise<void> {
  await withFolder((folder) =>
    withSites(mills(SITES), systemClock, async (sites) => {
      const db = await openDatabase(databaseUrl);
      try {
        await body({ folder, db, databaseUrl, sites, ...await prepare(db, { folder, sites }) });
      } finally {
        await db.close();
      }
    })
  );
}

const asked = (sites: readonly SimulatedSite[]) =>
  sites.filter(({ endpoints }) => endpoints.some((endpoint) => endpoint.requests() > 0)).length;

/** What the database says of the half-hour: how each site ended, and how often it was gone to. */
async function outcome({ db, since }: Pick<Scene, "db" | "since">) {
  const ledger = await ledgerOf(db, since);
  const attempts = await db.kysely.selectFrom("attempt").select("site_id").where("half_hour", "=", since)
    .execute();
  const states = ledger.map(({ state }) => state);
  return { complete: states.filter((state) => state === COMPLETE).length, rows: states.length, attempts };
}

/** Changes of the feed, the oldest first. */
async function changesOf({ db }: Scene) {
  const rows = await db.kysely.selectFrom("change_feed").select(["change_id", "site_ids"]).orderBy(
    "change_id",
  )
    .execute();
  return rows.map(({ change_id, site_ids }) => ({
    id: Number(change_id),
    siteIds: JSON.parse(site_ids) as number[],
  }));
}

/** The chunk that a page's chart loads once it is looked at: no page names it. */
async function lazyChunk(origin: string, chunks: string): Promise<string> {
  const island = await (await askAlone(`${origin}/_fresh/js/${chunks}/island-LoadChart.js`)).text();
  const [, lazy] = /import\(["']\.\/([^"']+\.js)["']\)/.exec(island) ?? [];
  if (lazy === undefined) throw new Error("The chart loads nothing lazily");
  return `/_fresh/js/${chunks}/${lazy}`;
}

async function promote(db: Database, release: string): Promise<void> {
  await promoteRelease(db, { release, token: "switch", nowMs: Date.now() });
}

async function releaseAt(origin: string): Promise<string | null> {
  const answer = await askAlone(`${origin}/readyz`);
  strictEqual(answer.status, 200, await answer.text());
  return answer.headers.get("wattpost-release");
}

/** Both have written into one trail and one file of signed states: it is whole, and signed by one key. */
async function provesTrail({ folder, databaseUrl }: Scene): Promise<void> {
  const lines: string[] = [];
  const tools = {
    databaseUrl,
    dataDir: join(folder, "data"),
    secretsKey: undefined,
    print: (line: string) => void lines.push(line),
  };
  strictEqual(await runVerify({ files: [], publicKey: null }, tools), 0, lines.join("\n"));
}

/** Switches; the one that worked before is stopped at once, and stores what it has claimed, or much later. */
async function switchInMidCycle(scene: Scene, stopping: "at once" | "at last"): Promise<void> {
  const { folder, db, databaseUrl, sites, siteIds, since, token } = scene;
  const chunks = await buildBoth(folder);
  await using door = startSwitch();
  const { origin } = door;
  const env = {
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: origin,
    DATA_DIR: join(folder, "data"),
    VISITS_AT_ONCE: "4",
    STARTS_PER_SECOND: "6",
  };
  await using started = new AsyncDisposableStack();
  const start = async (colour: Colour) => {
    const running = await startColour(folder, colour, env);
    started.defer(async () => void await running.end("SIGKILL"));
    return running;
  };

  // Nothing is collected before both are there, however slow the machine is.
  await promote(db, "r0-nobody");
  const [blue, green] = [await start("blue"), await start("green")];
  await Promise.all([blue.ready(), green.ready()]);
  door.to(blue.port);
  const cookie = await signInByHand(origin);
  const page = await (await askAlone(`${origin}/sites/${siteIds[0]}`, { headers: { cookie } })).text();
  match(page, new RegExp(`/_fresh/js/${chunks.blue}/`));
  const lazy = await lazyChunk(origin, chunks.blue);
  const before = await (await askAlone(`${origin}${lazy}`)).text();
  const listeners = Array.from({ length: LISTENERS }, () => keepListening(origin, cookie));
  for (const listener of listeners) started.defer(listener.end);
  const reader = keepDoing(async () => {
    const answer = await askAlone(`${origin}/sites`, { headers: { cookie } });
    if (answer.status !== 200) throw new Error(`/sites answers ${answer.status}`);
  });
  const writer = keepWriting({ origin, token, siteId: siteIds[1] ?? 0 });
  for (const { end } of [reader, writer]) started.defer(end);

  await promote(db, RELEASES.blue);
  const inWaiting = `http://127.0.0.1:${green.port}`;
  strictEqual(await releaseAt(inWaiting), RELEASES.green);
  strictEqual(await workingRelease(db), RELEASES.blue, "who is not promoted does not work");
  await eventually("the cycle is under way", () => asked(sites) >= ASKED);
  ok(asked(sites) < SITES, `${asked(sites)} of ${SITES} were asked before the switch`);

  await promote(db, RELEASES.green);
  door.to(green.port);
  const leave = async () => strictEqual((await blue.end("SIGTERM")).code, 0, blue.said());
  if (stopping === "at once") await leave();
  await eventually("green has read the rest", async () => (await outcome(scene)).complete === SITES);
  if (stopping === "at last") await leave();
  await eventually("pages listen again", () => listeners.every(({ open, done }) => open && done > 1));

  strictEqual(await releaseAt(origin), RELEASES.green);
  const after = await askAlone(`${origin}${lazy}`);
  deepStrictEqual([after.status, await after.text()], [200, before], "the page of blue finds its chunk");
  const young = await (await askAlone(`${origin}/sites/${siteIds[0]}`, { headers: { cookie } })).text();
  match(young, new RegExp(`/_fresh/js/${chunks.green}/`), "the session is still valid");

  await Promise.all([reader, writer, ...listeners].map((one) => one.end()));
  deepStrictEqual([...reader.failures, ...writer.failures], []);
  deepStrictEqual(listeners.flatMap(({ failures }) => failures), []);
  const changes = await changesOf(scene);
  deepStrictEqual(listeners.flatMap((listener) => listener.missing(changes)), []);
  const { complete, rows, attempts } = await outcome(scene);
  deepStrictEqual([complete, rows], [SITES, SITES]);
  const requests = sites.map(({ endpoints }) => endpoints.reduce((sum, it) => sum + it.requests(), 0));
  deepStrictEqual(new Set(requests).size, 1, `requests at each site: ${requests}`);
  deepStrictEqual(attempts.map(({ site_id }) => site_id).sort((a, b) => a - b), siteIds, "one visit a site");
  const written = await db.kysely.selectFrom("audit").select("after_json").where(
    "action",
    "=",
    "site-changed",
  )
    .orderBy("seq").execute();
  const towns = written.map(({ after_json }) => JSON.parse(after_json ?? "").town);
  deepStrictEqual(towns, Array.from({ length: writer.done }, (_, n) => `Town ${n}`));
  const seen = (await listReleasesSeen(db)).map(({ release }) => release).sort();
  deepStrictEqual(seen, Object.values(RELEASES));
  ok(since > 0);
  strictEqual((await green.end("SIGTERM")).code, 0, green.said());
  await provesTrail(scene);
  for (const said of [blue.said(), green.said()]) {
    deepStrictEqual(said.split("\n").filter((line) => /"level":"error"/.test(line)), []);
  }
}

/** A file belongs to one process: the next one waits until it is free, and goes on where the half-hour stands. */
async function switchOnSqlite(): Promise<void> {
  await withFolder((folder) =>
    withSites(mills(SITES), systemClock, async (sites) => {
      await buildBoth(folder);
      await Deno.mkdir(join(folder, "data"));
      const databaseUrl = `sqlite:${join(folder, "data/wattpost.db")}`;
      const inDatabase = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
        const db = await openDatabase(databaseUrl);
        return await work(db).finally(db.close);
      };
      const { since, siteIds } = await inDatabase((db) => prepare(db, { folder, sites }));
      const env = { DATA_DIR: join(folder, "data"), VISITS_AT_ONCE: "4", STARTS_PER_SECOND: "6" };
      await using started = new AsyncDisposableStack();
      const start = async (colour: Colour) => {
        const running = await startColour(folder, colour, env);
        started.defer(async () => void await running.end("SIGKILL"));
        return running;
      };
      const blue = await start("blue");
      await eventually("the cycle is under way", () => asked(sites) >= ASKED);
      const green = await start("green");
      ok(asked(sites) < SITES, `${asked(sites)} of ${SITES} were asked before the switch`);
      strictEqual((await blue.end("SIGTERM")).code, 0, blue.said());
      await green.ready();
      await eventually("green has read the rest", () => /"Half-hour collected"/.test(green.said()));
      strictEqual((await green.end("SIGTERM")).code, 0, green.said());
      const { complete, rows, attempts } = await inDatabase((db) => outcome({ db, since }));
      deepStrictEqual([complete, rows], [SITES, SITES]);
      deepStrictEqual(attempts.map(({ site_id }) => site_id).sort((a, b) => a - b), siteIds);
    })
  );
}

Deno.test(
  "a release on SQLite begins where the one before has ended, in the middle of a half-hour",
  switchOnSqlite,
);

const [mariadb, mysql] = (await engines()).filter(({ name }) => name !== "sqlite");

testOnEngines(
  mariadb ? [mariadb] : [],
  "a release takes over in the middle of a half-hour from one that is stopped at once, and nobody notices",
  (databaseUrl) => withScene(databaseUrl, (scene) => switchInMidCycle(scene, "at once")),
);

testOnEngines(
  mysql ? [mysql] : [],
  "a release takes over in the middle of a half-hour from one that goes on serving, and nobody notices",
  (databaseUrl) => withScene(databaseUrl, (scene) => switchInMidCycle(scene, "at last")),
);
