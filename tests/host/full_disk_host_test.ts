/**
 * The disk of the data folder is full: the product answers, says so, keeps what it reads, loses nothing that is
 * stored, and goes on by itself when there is room.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { sql } from "kysely";
import { endMsOf, type HalfHour } from "../../lib/domain/half_hour.ts";
import { isCi } from "../../ops/lib/test_suites.ts";
import { dueAfter, ledgerOf } from "../collector/estate.ts";
import { mills, simulatorClock } from "../collector/simulated.ts";
import { manualClock, until } from "../fakes/manual_clock.ts";
import {
  ask,
  createAccount,
  FIRST,
  register,
  type RunningProduct,
  signInByHand,
  startProduct,
  withSites,
} from "../flows/running_product.ts";
import { must, run } from "./run.ts";

const SITES = 6;

/** Size of the disk in MB: the product is content with it while nobody else fills it. */
const DISK_MB = 48;

/** State of the ledger: everything was read. */
const COMPLETE = 2;

/** Why no disk can be mounted here; `undefined`: one can. */
async function mountTrouble(): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-disk-" });
  try {
    const { code, err } = await run(["mount", "-t", "tmpfs", "-o", "size=1m", "wattpost-test", folder]);
    if (code !== 0) return err.trim();
    await must(["umount", folder]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "there is no mount";
  } finally {
    await Deno.remove(folder);
  }
}

async function onSmallDisk(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-disk-" });
  await must(["mount", "-t", "tmpfs", "-o", `size=${DISK_MB}m`, "wattpost-test", folder]);
  try {
    await body(folder);
  } finally {
    await must(["umount", folder]);
    await Deno.remove(folder);
  }
}

/** Writes until nothing more can be written, at once. */
function fill(path: string): void {
  using file = Deno.openSync(path, { create: true, write: true });
  for (const size of [1_048_576, 4_096]) {
    const piece = new Uint8Array(size).fill(1);
    for (let pieces = 0; pieces < DISK_MB * 256; pieces++) {
      try {
        if (file.writeSync(piece) < size) break;
      } catch {
        break;
      }
    }
  }
}

/** Asks again, a second of the product's time later each, until the page says so. */
async function askUntil({ origin, clock }: RunningProduct, path: string, words: RegExp): Promise<void> {
  await until(`${path} says ${words}`, async () => {
    await clock.advance(1_000);
    return words.test((await ask(origin, path)).text);
  });
}

async function diskFills(t: Deno.TestContext): Promise<void> {
  await onSmallDisk(async (folder) => {
    const clock = manualClock(endMsOf(FIRST));
    await withSites(mills(SITES), simulatorClock(clock), async (sites) => {
      const running = await startProduct({
        folder,
        clock,
        prepare: async (opened) => {
          await register(opened.db, sites);
          await createAccount(opened);
        },
      });
      const { origin, product, opened: { db } } = running;
      const filler = `${folder}/filler`;
      const storedOf = async (halfHour: HalfHour) =>
        await db.kysely.selectFrom("recent").select(["channel_id", "value", "read_s"])
          .where("half_hour", "=", halfHour).orderBy("channel_id").execute();
      const endsWell = async (halfHour: HalfHour) => {
        await Deno.remove(filler);
        await askUntil(running, "/readyz", /^ready$/m);
        await running.settle(product.idle());
        deepStrictEqual(
          (await ledgerOf(db, halfHour)).map(({ state }) => state),
          Array(SITES).fill(COMPLETE),
        );
        deepStrictEqual(await storedOf(FIRST), stored);
      };
      // What SQLite set aside would hold a half-hour.
      const giveBackSpareRoom = () => sql`pragma wal_checkpoint(truncate)`.execute(db.kysely);
      await running.settle(product.idle());
      const stored = await storedOf(FIRST);
      ok(stored.length > 0, "a half-hour is stored");
      try {
        const cookie = await signInByHand(origin);
        await t.step(
          "full while sites are read: what was read waits in memory and is stored later",
          async () => {
            const requests = () => sites.map(({ endpoints }) => endpoints[0]?.requests() ?? 0);
            const before = requests();
            await clock.advance(endMsOf(FIRST + 1) - clock.nowMs());
            await dueAfter(db, FIRST + 1, 0);
            await giveBackSpareRoom();
            product.tick();
            await until("a site is asked", async () => {
              await clock.advance(5);
              return requests().some((count, i) => count > (before[i] ?? 0));
            });
            fill(filler); // no visit is over: each takes several requests
            await askUntil(running, "/readyz", new RegExp(`^${SITES} visits .* wait in memory`, "m"));
            deepStrictEqual(await storedOf(FIRST), stored);
            await endsWell(FIRST + 1);
          },
        );

        await t.step(
          "full before the boundary: it answers, says what is wrong, and pages can be read",
          async () => {
            await giveBackSpareRoom();
            fill(filler);
            await clock.advance(endMsOf(FIRST + 2) - clock.nowMs());
            product.tick();
            await askUntil(running, "/readyz", /^The disk where readings are kept is full$/m);
            strictEqual((await ask(origin, "/livez")).status, 200);
            const health = await ask(origin, "/health");
            match(health.text, /The disk is full: nothing can be stored until there is room/);
            strictEqual(health.status, 503);
            strictEqual((await ask(origin, "/sites", { headers: { cookie } })).status, 200);
          },
        );

        await t.step("with room the half-hour is collected by itself", async () => {
          await endsWell(FIRST + 2);
        });
      } finally {
        await running.stop();
      }
    });
  });
}

const trouble = await mountTrouble();
Deno.test({
  name: `a full disk stops nothing but storing${trouble ? ` (needs a disk of its own: ${trouble})` : ""}`,
  ignore: trouble !== undefined && !isCi(Deno.env.get("CI")),
  fn: diskFills,
});
