/**
 * The page of backups over HTTP.
 *
 * @module
 */

import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { formatBackupReport } from "../../lib/domain/backup_report.ts";
import { formatRestoreReport } from "../../lib/domain/restore_report.ts";
import { ask, signInByHand, withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

const DAY_MS = 86_400_000;

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
          atMs: nowMs,
          newest: {
            name: "wattpost-20261129T021500Z",
            atMs: nowMs - 5 * 3_600_000,
            tookMs: 63_000,
            bytes: 183_000_000,
            rows: 5_012_345,
            from: "mysql 9.7.0",
          },
          count: 1,
          bytes: 183_000_000,
          oldestMs: null,
          failed: { atMs: nowMs, count: 1, words: "no <b>space</b> left" },
          remote: null,
        }),
      );
      await Deno.writeTextFile(
        `${hostDir}/restore.json`,
        formatRestoreReport({
          atMs: nowMs,
          running: null,
          proven: {
            backup: "wattpost-20261127T021500Z",
            backupMs: nowMs - 2.5 * DAY_MS,
            startedMs: nowMs - 2.2 * DAY_MS,
            tookMs: 250_000,
            rows: 5_004_102,
            bytes: 182_600_000,
            into: "mysql 9.7.0",
            steps: [],
            compared: [{ what: "Rows of 52 tables", backup: "5,004,102", restored: "5,004,102" }],
          },
          failed: null,
        }),
      );
      flow.clock.advance(60_000);
      const { status, text } = await look();
      strictEqual(status, 200);
      match(text, /2 days ago, 4 min 10 s/);
      match(text, /5 hours ago, 183 MB/);
      match(text, /no &lt;b(>|&gt;)space/);
      doesNotMatch(text, /<b>space/);
      const technician = await makeVisitor(flow, { name: "Bo", role: "technician" });
      strictEqual((await look(technician.cookie)).status, 403);
    });
  } finally {
    await Deno.remove(hostDir, { recursive: true });
  }
});
