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

/** A page without what time it is and how old things are: it takes seconds to open the sessions. */
const ageless = (text: string) => text.replaceAll(/\b\d+ (s|min)\b|Local time\s+\d\d:\d\d/g, "");

/** Paths of the files that hold the sessions. */
async function sessionFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("kv.db")) files.push(`${folder}/${name}`);
  }
  return files;
}

/** What becomes of the file with the sessions between two starts. */
const ACCIDENTS: readonly { readonly name: string; readonly happen: (file: string) => Promise<void> }[] = [
  { name: "removed", happen: (file) => Deno.remove(file) },
  { name: "overwritten", happen: (file) => Deno.writeTextFile(file, "no longer a database ".repeat(1_000)) },
];

/** Collects, loses the sessions and starts again. */
async function losesSessions(happen: (file: string) => Promise<void>): Promise<void> {
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
      const page = ageless(await textOf(first.origin, path, cookie));
      await first.stop();
      const counters = before.filter(({ kind }) => kind === 0);
      ok(counters.length > 0 && counters.every(({ amounts }) => amounts[2] !== null), "nothing was counted");

      const files = await sessionFiles(folder);
      ok(files.length > 0, "there is no file with sessions");
      for (const file of files) await happen(file);

      const second = await startProduct({ folder, clock });
      try {
        const lost = await ask(second.origin, path, { headers: { cookie } });
        strictEqual(lost.status, 303);
        strictEqual(lost.headers.get("location"), `/sign-in?back=${encodeURIComponent(path)}`);
        const again = await signInByHand(second.origin);
        deepStrictEqual(await readings(second), before);
        strictEqual(ageless(await textOf(second.origin, path, again)), page);
        strictEqual((await ask(second.origin, "/readyz")).text, "ready\n");
      } finally {
        await second.stop();
      }
    });
  });
}

for (const { name, happen } of ACCIDENTS) {
  Deno.test(`sessions ${name} between two starts: people sign in again, all readings are there`, () =>
    losesSessions(happen));
}
