/**
 * The file of refused sign-ins as it is really written: through turning over, floods and a folder that is away.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createLog } from "../../../lib/log.ts";
import { createSignInLog, LINES_A_MINUTE, LINES_OF_ONE } from "../../../lib/web/sign_in_log.ts";
import { manualClock } from "../../fakes/manual_clock.ts";

interface Bench {
  readonly folder: string;
  readonly path: string;
  readonly said: readonly string[];
  readonly clock: ReturnType<typeof manualClock>;
  readonly signInLog: ReturnType<typeof createSignInLog>;
}

async function withLog(body: (bench: Bench) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  const folder = `${parent}/logs`;
  await Deno.mkdir(folder);
  try {
    const clock = manualClock(Date.UTC(2026, 10, 29));
    const said: string[] = [];
    const log = createLog({ clock, level: "debug", write: (line) => said.push(JSON.parse(line).msg) });
    const path = `${folder}/sign-in.log`;
    await body({ folder, path, said, clock, signInLog: createSignInLog({ path, clock, log }) });
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

const linesOf = async (path: string) => (await Deno.readTextFile(path)).trimEnd().split("\n");

Deno.test("a refused sign-in is one line, also after the file was cut or moved away", async () => {
  await withLog(async ({ path, signInLog }) => {
    signInLog.refused("192.0.2.1", "password");
    signInLog.refused("unix", "password");
    await signInLog.written();
    deepStrictEqual(await linesOf(path), [
      "2026-11-29T00:00:00.000Z wattpost sign-in refused from 192.0.2.1 by password",
    ]);
    await Deno.truncate(path);
    signInLog.refused("192.0.2.2", "passkey");
    await signInLog.written();
    strictEqual((await linesOf(path)).length, 1);
    await Deno.rename(path, `${path}.1`);
    signInLog.refused("192.0.2.3", "code");
    await signInLog.written();
    strictEqual((await linesOf(path)).length, 1);
  });
});

Deno.test("a flood of refused sign-ins does not fill the disk, and is said once a minute", async () => {
  await withLog(async ({ path, said, clock, signInLog }) => {
    for (let n = 0; n < 100; n++) signInLog.refused("192.0.2.1", "password");
    await signInLog.written();
    strictEqual((await linesOf(path)).length, LINES_OF_ONE);
    for (let n = 0; n < 1_000; n++) signInLog.refused(`198.51.${n >> 8}.${n & 255}`, "password");
    await signInLog.written();
    strictEqual((await linesOf(path)).length, LINES_A_MINUTE);
    deepStrictEqual(said, ["More sign-ins are refused than are written down"]);
    await clock.advance(60_000);
    signInLog.refused("192.0.2.1", "password");
    await signInLog.written();
    strictEqual((await linesOf(path)).length, LINES_A_MINUTE + 1);
  });
});

Deno.test("whoever signs in does not notice a folder that is away; the operator is told once a minute", async () => {
  await withLog(async ({ folder, said, signInLog, path }) => {
    await Deno.remove(folder, { recursive: true });
    signInLog.refused("192.0.2.1", "password");
    signInLog.refused("192.0.2.2", "password");
    await signInLog.written();
    deepStrictEqual(said, ["Cannot write a refused sign-in down"]);
    await Deno.mkdir(folder);
    signInLog.refused("192.0.2.3", "password");
    await signInLog.written();
    strictEqual((await linesOf(path)).length, 1);
  });
});
