/**
 * The file with the sessions is gone after a restart: people sign in again, and nothing else is lost.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { allChannels } from "../collector/estate.ts";
import { simulatorClock, siteSpec } from "../collector/simulated.ts";
import { manualClock } from "../fakes/manual_clock.ts";
import {
  ask,
  createAccount,
  FIRST,
  register,
  type RunningProduct,
  signInByHand,
  startProduct,
  textOf,
  withFolder,
  withSites,
} from "./running_product.ts";

const readings = ({ opened }: RunningProduct) => allChannels(opened.db, { from: FIRST, to: FIRST + 3 });

async function removeSessions(folder: string): Promise<number> {
  let removed = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith("kv.db")) continue;
    await Deno.remove(`${folder}/${name}`);
    removed += 1;
  }
  return removed;
}

Deno.test("sessions lost between two starts: people sign in again, and all readings are there", async () => {
  await withFolder(async (folder) => {
    const clock = manualClock(endMsOf(FIRST));
    await withSites([siteSpec()], simulatorClock(clock), async (sites) => {
      let path = "";
      const first = await startProduct({
        folder,
        clock,
        prepare: async (opened) => {
          path = `/sites/${(await register(opened.db, sites))[0]}`;
          await createAccount(opened);
        },
      });
      await first.collect(FIRST + 1);
      await first.collect(FIRST + 2);
      const cookie = await signInByHand(first.origin);
      const before = await readings(first);
      const page = await textOf(first.origin, path, cookie);
      await first.stop();
      const counters = before.filter(({ kind }) => kind === 0);
      ok(counters.length > 0 && counters.every(({ amounts }) => amounts[2] !== null), "nothing was counted");

      ok(await removeSessions(folder) > 0, "there is no file with sessions");

      const second = await startProduct({ folder, clock });
      try {
        const lost = await ask(second.origin, path, { headers: { cookie } });
        strictEqual(lost.status, 303);
        strictEqual(lost.headers.get("location"), `/sign-in?back=${encodeURIComponent(path)}`);
        const again = await signInByHand(second.origin);
        deepStrictEqual(await readings(second), before);
        strictEqual(await textOf(second.origin, path, again), page);
        strictEqual((await ask(second.origin, "/readyz")).text, "ready\n");
      } finally {
        await second.stop();
      }
    });
  });
});
