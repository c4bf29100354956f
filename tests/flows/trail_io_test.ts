/**
 * The audit trail and the keys over the whole product: what is written down while people work is searched, taken away
 * and proved, and a product without the right keys says so instead of working.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { endMsOf } from "../../lib/domain/half_hour.ts";
import { CHECKPOINT_FILE } from "../../lib/store/checkpoint_keeper.ts";
import { KEY_FILE, readKeyFile, writeKeyFile } from "../../lib/store/key_file.ts";
import { newRingKey } from "../../lib/store/secret_box.ts";
import { runVerify } from "../../ops/audit_verify.ts";
import { freePort } from "../engines/server.ts";
import { manualClock, until } from "../fakes/manual_clock.ts";
import {
  type Answer,
  ask,
  createAccount,
  FIRST,
  type RunningProduct,
  signInByHand,
  startProduct,
  withFolder,
} from "./running_product.ts";

async function looksAtTrail({ origin, lines }: RunningProduct): Promise<void> {
  const cookie = await signInByHand(origin);
  const page = await ask(origin, "/admin/audit?q=ada&action=sign-in", { headers: { cookie } });
  strictEqual(page.status, 200);
  match(page.text, /sign in<\/b>/);
  match(page.text, /entry 1</);
  const none = await ask(origin, "/admin/audit?q=%3Cscript%3E", { headers: { cookie } });
  match(none.text, /No entry fits/);
  ok(!none.text.includes("<script>alert"), "what is looked for is no markup");
  const csv = await ask(origin, "/admin/audit.csv", { headers: { cookie } });
  deepStrictEqual([csv.status, csv.headers.get("content-type")], [200, "text/csv; charset=utf-8"]);
  match(csv.text, /^entry,time_utc,.*\r\n2,.*,export,audit trail,/, "taking it away is an entry itself");
  strictEqual((await ask(origin, "/admin/audit")).status, 303);
  strictEqual(lines.some(({ level }) => level === "error"), false);
}

Deno.test("the trail of a working product is searched, taken away, signed at the end and proved", async () => {
  await withFolder(async (dataDir) => {
    const clock = manualClock(endMsOf(FIRST));
    const running = await startProduct({
      folder: dataDir,
      clock,
      prepare: (opened) => createAccount(opened),
    });
    try {
      await looksAtTrail(running);
    } finally {
      await running.stop();
    }
    const signed = running.lines.filter(({ msg }) => msg === "Audit checkpoint");
    ok(signed.some(({ seq, head }) => Number(seq) >= 2 && /^[0-9a-f]{64}$/.test(String(head))));
    const said: string[] = [];
    const databaseUrl = `sqlite:${dataDir}/wattpost.db`;
    const tools = { dataDir, secretsKey: undefined, databaseUrl, print: (line: string) => said.push(line) };
    const code = await runVerify({ files: [`${dataDir}/${CHECKPOINT_FILE}`], publicKey: null }, tools);
    strictEqual(code, 0, said.join("\n"));
  });
});

Deno.test("a product whose ring lacks the key of its database stays unready and says which, until it is there", async () => {
  await withFolder(async (dataDir) => {
    const clock = manualClock(endMsOf(FIRST));
    const first = await startProduct({ folder: dataDir, clock });
    await first.stop();
    const path = `${dataDir}/${KEY_FILE}`;
    const ring = await readKeyFile(path) ?? [];
    await writeKeyFile(path, [newRingKey()]);
    const listen = `127.0.0.1:${freePort()}`;
    const origin = `http://${listen}`;
    const started = startProduct({ folder: dataDir, clock, env: { LISTEN: listen, PUBLIC_URL: origin } });
    try {
      const answer = await untilKeysAreMissed(origin);
      strictEqual(answer.status, 503);
      match(answer.text, new RegExp(`the key "${ring[0]?.id}" is missing`));
      ok(!answer.text.includes(ring[0]?.bytes.toBase64() ?? "-"));
    } finally {
      await writeKeyFile(path, ring);
      const second = await started;
      strictEqual((await ask(origin, "/readyz")).text, "ready\n");
      await second.stop();
    }
  });
});

/** What is answered once the start has come as far as the keys. */
async function untilKeysAreMissed(origin: string): Promise<Answer> {
  let answer: Answer | null = null;
  await until("the keys are missed", async () => {
    answer = await ask(origin, "/readyz").catch(() => null);
    return answer?.text.includes("keys of the secrets") ?? false;
  });
  if (!answer) throw new Error("Nobody answered");
  return answer;
}
