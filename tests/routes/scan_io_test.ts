/**
 * The page of the last scan over HTTP.
 *
 * @module
 */

import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { formatScanReport } from "../../lib/domain/scan.ts";
import { ask, signInByHand, withFlow } from "../flows/running_product.ts";
import { makeVisitor } from "../flows/visitors.ts";

Deno.test("an administrator sees what the last scan of the host found", async () => {
  const hostDir = await Deno.makeTempDir();
  try {
    await withFlow({ specs: [], env: { COLLECT: "off", HOST_DIR: hostDir } }, async (flow) => {
      const cookie = await signInByHand(flow.origin);
      const look = (as = cookie) => ask(flow.origin, "/admin/scan", { headers: { cookie: as } });
      match((await look()).text, /This host was not scanned yet/);
      await Deno.writeTextFile(
        `${hostDir}/scan.json`,
        formatScanReport({
          atMs: flow.clock.nowMs(),
          checks: [{ name: "web", notRun: "no session", looked: "pages", tookMs: 1 }],
          open: [{
            check: "ports",
            id: "open-3306",
            severity: "high",
            what: "<b>TCP port 3306</b> is open",
            where: "192.0.2.7",
            remedy: "Close it",
          }],
          expired: [],
          accepted: [],
        }),
      );
      const { status, text } = await look();
      strictEqual(status, 200);
      match(text, /&lt;b>TCP port 3306|&lt;b&gt;TCP port 3306/);
      match(text, /1 check did not run/);
      match(text, /Did not run: (?:<[^>]*>)?no session/);
      await Deno.writeTextFile(`${hostDir}/scan.json`, "<script>alert(1)</script>");
      const broken = await look();
      match(broken.text, /What the last scan said is not understood/);
      doesNotMatch(broken.text, /alert\(1\)/);
      const technician = await makeVisitor(flow, { name: "Bo", role: "technician" });
      strictEqual((await look(technician.cookie)).status, 403);
    });
  } finally {
    await Deno.remove(hostDir, { recursive: true });
  }
});
