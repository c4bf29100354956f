/**
 * A simulated meter at addresses of its own, for whoever starts it within another network namespace; ends when its
 * standard input does.
 *
 * @module
 */

import { systemClock } from "../../lib/clock.ts";
import { startSite } from "../../lib/simulator/site.ts";
import type { SiteSpec } from "../../lib/simulator/spec.ts";
import { meter } from "../collector/simulated.ts";

/** The port at which it answers. */
export const METER_PORT = 502;

/** The site at some addresses. */
export function vpnSite(...hosts: readonly string[]): SiteSpec {
  return {
    name: "Kiln Lane",
    zone: "Europe/London",
    hours: null,
    seed: 7,
    hosts,
    endpoints: [{ port: METER_PORT, kind: "gateway", meters: [meter(1, "schneider-iem3000")] }],
  };
}

if (import.meta.main) {
  const site = await startSite(vpnSite(...Deno.args), { clock: systemClock });
  console.log("ready");
  for await (const _ of Deno.stdin.readable);
  await site.close();
}
