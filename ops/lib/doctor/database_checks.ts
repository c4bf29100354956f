/**
 * The database: whether it answers, its version, its migrations, its clock, the secrets in it, and whether half-hours
 * come.
 *
 * @module
 */

import { collectionFacts } from "../../../lib/health/gather.ts";
import { completenessVerdict, lagVerdict } from "../../../lib/health/checks.ts";
import { worstOf } from "../../../lib/health/verdict.ts";
import { type Database, pingDatabase } from "../../../lib/store/db.ts";
import { readDatabaseBytes, readDatabaseClock, readWorkingRelease } from "../../../lib/store/doctor_facts.ts";
import { findTrailKeys } from "../../../lib/store/keys.ts";
import { pendingContracts, pendingMigrations } from "../../../lib/store/migrator.ts";
import { HEARTBEAT_MS } from "../../../lib/store/releases.ts";
import { SecretError } from "../../../lib/store/secrets.ts";
import { migrations } from "../../../migrations/mod.ts";
import type { Outcome } from "../trial/verdict.ts";
import { type DoctorCheck, onDatabase } from "./context.ts";
import { isNewEnough, LEAST_VERSION } from "./judge.ts";
import { agoText, bytesText, outcomeOf } from "./told.ts";

/** Milliseconds that an answer of the database may take before it is worth a look. */
const SLOW_MS = 200;

/** Milliseconds by which the database's clock may differ from ours. */
const SKEW_MS = 2_000;

/** Whether the database answers, and is new enough. */
export const databaseCheck: DoctorCheck = {
  name: "database",
  about: "the database answers, is new enough, and has our time",
  async run(doctor) {
    const db = await doctor.database();
    if (db.ok) return await judgeDatabase(db.value, doctor.clock.nowMs());
    if (db.error.stranger) return await onDatabase(doctor, (one) => judgeDatabase(one, 0));
    const remedy = "Is it running, and does DATABASE_URL say where? See docs/runbooks/db-migrate.md";
    return { verdict: "fail", evidence: db.error.why, remedy };
  },
};

async function judgeDatabase(db: Database, nowMs: number): Promise<Outcome> {
  const { engine, version } = db;
  if (!isNewEnough(engine, version)) {
    const least = LEAST_VERSION[engine].join(".");
    return { verdict: "fail", evidence: `${engine} ${version}`, remedy: `Use ${engine} ${least} or newer` };
  }
  const clockMs = await readDatabaseClock(db);
  const skewMs = clockMs === null ? 0 : clockMs - nowMs;
  const tookMs = await pingDatabase(db).catch(() => null);
  const bytes = await readDatabaseBytes(db);
  const size = bytes === null ? "" : `, ${bytesText(bytes)}`;
  if (tookMs === null) {
    const evidence = `${engine} ${version}${size} has none of our tables, or they cannot be read`;
    return { verdict: "fail", evidence, remedy: "deno task db:migrate" };
  }
  const evidence = `${engine} ${version} answers in ${tookMs.toFixed(1)} ms${size}`;
  if (Math.abs(skewMs) > SKEW_MS) {
    const seconds = (skewMs / 1_000).toFixed(1);
    return {
      verdict: "warn",
      evidence: `${evidence}; its clock is ${seconds} s off ours`,
      remedy: "Let both machines follow a time server: timedatectl",
    };
  }
  if (tookMs <= SLOW_MS) return { verdict: "pass", evidence };
  return { verdict: "warn", evidence, remedy: "It is slow or far away: look at its load and its disk" };
}

/** Whether the database is of this release. */
export const migrationsCheck: DoctorCheck = {
  name: "migrations",
  about: "the database has all tables of this release",
  run: (doctor) =>
    onDatabase(doctor, async (db) => {
      const pending = await pendingMigrations(db, migrations);
      const contracts = await pendingContracts(db, migrations);
      const all = Object.keys(migrations).length - contracts.length;
      if (pending.length > 0) {
        const evidence = `${pending.length} of ${all} are missing: ${pending.slice(0, 5).join(", ")}`;
        return { verdict: "fail", evidence, remedy: "deno task db:plan, then deno task db:migrate" };
      }
      const later = contracts.length === 0 ? "" : `; ${contracts.length} take something away later`;
      return { verdict: "pass", evidence: `all ${all} are applied${later}` };
    }),
};

/** Whether what lies sealed in the database can be opened by the keys of this installation. */
export const secretsCheck: DoctorCheck = {
  name: "secrets",
  about: "sealed secrets can be opened",
  run: (doctor) =>
    onDatabase(doctor, async (db, settings) => {
      try {
        const keys = await findTrailKeys(db, settings);
        if (keys === null) {
          const evidence = "There are no keys yet: the first start makes them";
          return { verdict: "warn", evidence, remedy: "Start Wattpost once, then look again" };
        }
        return {
          verdict: "pass",
          evidence: `the ring opens them; checkpoints are signed by ${keys.signer.keyId}`,
        };
      } catch (error) {
        if (
          !(error instanceof SecretError) && !(error instanceof Error && /^Cannot use /.test(error.message))
        ) {
          throw error;
        }
        const remedy = "Put back SECRETS_KEY, or secrets.key in DATA_DIR, from the backup";
        return { verdict: "fail", evidence: error.message, remedy };
      }
    }),
};

/** Whether some release works and half-hours come. */
export const collectionCheck: DoctorCheck = {
  name: "collection",
  about: "a release works and half-hours come",
  run: (doctor) =>
    onDatabase(doctor, async (db, { collect }) => {
      const working = await readWorkingRelease(db);
      const nowMs = doctor.clock.nowMs();
      if (working === null) {
        return {
          verdict: "fail",
          evidence: "No release ever worked",
          remedy: "Start Wattpost, with COLLECT on",
        };
      }
      const { release, heartbeatMs } = working;
      const heard = heartbeatMs === 0 ? "gave its work back" : `was heard of ${agoText(nowMs - heartbeatMs)}`;
      if (nowMs - heartbeatMs > HEARTBEAT_MS) {
        return {
          verdict: "fail",
          evidence: `Nobody collects: ${release} ${heard}`,
          remedy: "Start it; another release takes over by itself within two minutes",
        };
      }
      const facts = await collectionFacts(db, doctor.clock, { collects: collect, tickedMs: null });
      const verdicts = [lagVerdict(facts), completenessVerdict(facts)];
      const status = worstOf(verdicts);
      const worst = verdicts.find((one) => one.status === status) ?? { name: "", status };
      const counted = facts.expected === 0
        ? "no site is expected to report"
        : `${facts.reported} of ${facts.expected} sites reported the newest half-hour`;
      return outcomeOf(worst, {
        seen: `${release} ${heard}, ${counted}`,
        remedy: "The page Today says which sites, the log of the app says why",
      });
    }),
};
