import { match, ok, strictEqual } from "node:assert/strict";
import { RESTORE_LONGEST_MS, RESTORE_OLD_MS } from "../../../../lib/domain/restore_report.ts";
import {
  DRILL_LONGEST,
  DRILL_UNITS,
  drillServiceText,
  drillTimerText,
} from "../../../../ops/lib/host/drill_units.ts";
import { PATHS } from "../../../../ops/lib/host/layout.ts";

Deno.test("a restore on trial is ended when pages say that it never ended", () => {
  strictEqual(DRILL_LONGEST, `${RESTORE_LONGEST_MS / 3_600_000}h`);
  match(drillServiceText(), /^TimeoutStartSec=6h$/m);
});

Deno.test("two trials may be missed before the last one is called old", () => {
  match(drillTimerText(), /^OnCalendar=Sun /m);
  ok(RESTORE_OLD_MS > 2 * 7 * 86_400_000);
  ok(RESTORE_OLD_MS < 3 * 7 * 86_400_000);
});

Deno.test("a restore on trial writes only where its scratch database lies and where it tells", () => {
  match(drillServiceText(), new RegExp(`^ReadWritePaths=${PATHS.state} ${PATHS.host}$`, "m"));
  match(drillServiceText(), /^ProtectSystem=strict$/m);
});

Deno.test("the service of the timer for trials is called as the timer", () => {
  strictEqual(DRILL_UNITS.timer.replace(/timer$/, "service"), DRILL_UNITS.service);
});
