/**
 * How the newest deploy stands: read from the file that the host writes. One that is open for long was killed on its way
 * or waits for somebody; pages go on meanwhile.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import {
  isDeployStuck,
  parseReleaseReport,
  RELEASE_FILE_MAX,
  type ReleaseReport,
} from "../domain/release_report.ts";
import { readExchange, type Told } from "../store/host_exchange.ts";
import type { Metric } from "./prometheus.ts";
import { shareLook } from "./share.ts";
import type { Verdict } from "./verdict.ts";

/** Name of the file in the host's folder. */
const RELEASE_FILE = "release.json";

/** Reads what the host says of its releases, unless somebody has just done so. */
export function seeReleases(hostDir: string, clock: Clock): Promise<Told<ReleaseReport>> {
  const look = { of: clock, name: `releases in ${hostDir}` };
  const path = `${hostDir}/${RELEASE_FILE}`;
  return shareLook(
    clock,
    look,
    () => readExchange({ path, most: RELEASE_FILE_MAX, parse: parseReleaseReport }),
  );
}

/** How the newest deploy stands; `null`: nobody tells, so there is nothing to judge. */
export function releaseVerdict(seen: Told<ReleaseReport>, nowMs: number): Verdict | null {
  const name = "deploy:open";
  switch (seen.kind) {
    case "absent":
      return null;
    case "unreadable": {
      const output = "What the host says of its releases is not understood: deno task deploy status";
      return { name, status: "warn", output, detail: seen.why };
    }
    case "told":
      return isDeployStuck(seen.value, nowMs)
        ? { name, status: "warn", output: "A deploy is open for more than an hour: deno task deploy status" }
        : { name, status: "pass" };
  }
}

/** Deploys as metrics; empty: nobody tells, or there was none. */
export function releaseMetrics(seen: Told<ReleaseReport>, nowMs: number): readonly Metric[] {
  if (seen.kind !== "told" || seen.value.deploy === null) return [];
  const { outcome, beganMs, number } = seen.value.deploy;
  return [
    gauge(
      "wattpost_deploy_open",
      "Whether the newest deploy is neither done nor taken back",
      Number(outcome === "open"),
    ),
    gauge("wattpost_deploy_undone", "Whether the newest deploy was taken back", Number(outcome === "undone")),
    gauge("wattpost_deploy_number", "Number of the newest deploy", number),
    gauge(
      "wattpost_deploy_age_seconds",
      "Seconds since the newest deploy began",
      Math.max(0, Math.round((nowMs - beganMs) / 1000)),
    ),
  ];
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: "gauge", samples: [{ value }] };
}
