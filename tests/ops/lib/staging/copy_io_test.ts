import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../../../lib/clock.ts";
import { IDS } from "../../../../ops/lib/host/layout.ts";
import { openMachine } from "../../../../ops/lib/host/machine.ts";
import { placeOf } from "../../../../ops/lib/release/place.ts";
import { copyProduction } from "../../../../ops/lib/staging/copy.ts";
import { openFolders } from "../../../../ops/lib/staging/folders.ts";
import { backUp, filledFile, makeKey, withFolder } from "../backup/scene.ts";

const isRoot = Deno.uid() === 0;

/** Longest that a restore of some rows may take on a slow machine, in ms. */
const DEADLINE_MS = 120_000;

function namesIn(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test({
  name: "staging gets a copy of production's rows once they tell nobody who, and nothing else of a backup" +
    (isRoot ? "" : ", which only root can try"),
  ignore: !isRoot,
  fn: () =>
    withFolder(async (folder) => {
      const [url, key] = [await filledFile(folder), await makeKey(folder)];
      await Deno.mkdir(`${folder}/backups`);
      const file = {
        place: "data",
        name: "secrets.key",
        mode: 0o600,
        base64: btoa("of production"),
      } as const;
      const made = await backUp(`${folder}/backups`, { url, key, files: [file] });
      const place = placeOf({ root: `${folder}/staging`, name: "wattpost-copied" });
      const { data, state } = place.paths;
      const on = openMachine(`${folder}/state`);
      await openFolders(on, place);
      // What a copy that was killed has left, production's rows as they were.
      await Deno.mkdir(`${state}/copy/var/lib/wattpost/data`, { recursive: true });
      await Deno.copyFile(url.slice("sqlite:".length), `${state}/copy/var/lib/wattpost/data/wattpost.db`);
      const copying = (keyFile: string) =>
        copyProduction(on, place, {
          ...{ backup: made.folder, keyFile, clock: systemClock, deadlineMs: DEADLINE_MS },
          show: () => undefined,
        });
      await rejects(() => copying(`${folder}/no.key`), /is not restored: nothing was copied/);
      deepStrictEqual([namesIn(data), namesIn(state)], [["requests"], ["deploys"]]);
      await copying(key.file);
      deepStrictEqual([namesIn(data), namesIn(state)], [["requests", "wattpost.db"], ["deploys"]]);
      strictEqual((await Deno.stat(`${data}/wattpost.db`)).uid, IDS.app.id);
      using db = new DatabaseSync(`${data}/wattpost.db`, { readOnly: true });
      const names = db.prepare("select name from site").all().map(({ name }) =>
        /^Name [0-9a-f]{10}$/.test(String(name))
      );
      deepStrictEqual(names, [true, true, true]);
      await rejects(() => copying(key.file), /has data already/);
    }),
});
