/**
 * The quick checks of a scan with the real sshd and systemd of a fresh host, before and after it has what we give it.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { parseScanReport, type ScanReport } from "../../lib/domain/scan.ts";
import { requestsServiceText } from "../../ops/lib/host/bans_units.ts";
import { sshdText } from "../../ops/lib/host/base_access.ts";
import { SSHD_FILE } from "../../ops/lib/host/base_sshd.ts";
import { appUnitText, checkUnitText } from "../../ops/lib/host/base_units.ts";
import { hostTest } from "./docker.ts";
import { exampleDescription } from "./example_description.ts";
import type { Argv } from "./run.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

const QUICK = ["sshd", "units", "containers", "secrets"];
const REPORT = "/root/scan.json";

async function scan(
  host: StandIn,
  only: readonly string[],
): Promise<{ code: number; report: ScanReport; out: string }> {
  const words: Argv = ["scan", ...only.flatMap((name) => ["--only", name]), "--to", REPORT];
  const { code, out, err } = await host.task(words);
  const read = parseScanReport(await host.read(REPORT) ?? "");
  ok(read.ok, `${out}${err}`);
  return { code, report: read.value, out };
}

hostTest(
  "a scan finds what a fresh host leaves open, and nothing once it is set up",
  async (docker, test) => {
    const host = await startStandIn(docker, { what: "scan" });

    await test.step("a fresh host lets passwords in and has no units of ours, which is no pass", async () => {
      const { code, report, out } = await scan(host, QUICK);
      strictEqual(code, 1, out);
      const ids = report.open.map(({ check, id }) => `${check} ${id}`);
      ok(ids.includes("sshd passwordauthentication"), ids.join());
      const notRun = report.checks.filter((check) => check.notRun !== null).map(({ name }) => name);
      deepStrictEqual(notRun, ["units"]);
      match(out, /NOT RUN {2}units: there are no units of ours/);
    });

    await test.step("what could not look ends with a code of its own", async () => {
      const { code, out } = await scan(host, ["units", "tls", "ports", "web"]);
      strictEqual(code, 3, out);
      match(out, /0 of 4 checks ran/);
    });

    await test.step("with our sshd and our units nothing is open but what is accepted", async () => {
      await host.write(SSHD_FILE, sshdText(exampleDescription()));
      const units = {
        "wattpost@.service": appUnitText(),
        "wattpost-check.service": checkUnitText(),
        "wattpost-requests.service": requestsServiceText(),
      };
      for (const [name, text] of Object.entries(units)) await host.write(`/etc/systemd/system/${name}`, text);
      await host.must(["systemctl", "daemon-reload"]);
      const { code, report, out } = await scan(host, QUICK);
      deepStrictEqual(report.open.map(({ what, where }) => `${where}: ${what}`), [], out);
      strictEqual(code, 0, out);
      ok(report.accepted.length > 0);
      ok(report.accepted.every(({ reason, until }) => reason.length >= 20 && until > "2026"));
    });
  },
);
