/**
 * The page of backups over HTTP.
 *
 * @module
 */

import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { formatBackupReport } from "../../lib/domain/backup_report.ts";
import { formatRestoreReport } from "../../lib/domain/restore_report.ts";
import { backupsOf, provenOf } from "../fakes/backup_reports.ts";
import { ask, signInByHand, withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

Deno.test("an administrator sees the newest backup and when one was last proven", async () => {
  const hostDir = await Deno.makeTempDir();
  try {
    await withFlow({ specs: [], env: { COLLECT: "off", HOST_DIR: hostDir } }, async (flow) => {
      const cookie = await signInByHand(flow.origin);
      const look = (as = cookie) => ask(flow.origin, "/admin/backups", { headers: { cookie: as } });
      match((await look()).text, /Nothing is known of backups here/);
      const nowMs = flow.clock.nowMs();
      await Deno.writeTextFile(
        `${hostDir}/backup.json`,
        formatBackupReport({
          ...backupsOf(nowMs),
          failed: { atMs: nowMs, count: 1, words: "no <b>space</b> left" },
        }),
      );
      await Deno.writeTextFile(
        `${hostDir}/restore.json`,
        formatRestoreReport({ atMs: nowMs, running: null, proven: provenOf(nowMs), failed: null }),
      );
      flow.clock.advance(60_000);
      const { status, text } = await look();
      strictEqual(status, 200);
      match(text, /2 days ago, 4 min 10 s/);
      match(text, /7 hours ago, 183 MB/);
      match(text, /no &lt;b(>|&gt;)space/);
      doesNotMatch(text, /<b>space/);
      const technician = await makeVisitor(flow, { name: "Bo", role: "technician" });
      strictEqual((await look(technician.cookie)).status, 403);
    });
  } finally {
    await Deno.remove(hostDir, { recursive: true });
  }
});
