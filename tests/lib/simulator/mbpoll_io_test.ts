import { ok } from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import { startSite } from "../../../lib/simulator/site.ts";
import type { SiteSpec } from "../../../lib/simulator/spec.ts";

const NOW_MS = Date.UTC(2026, 4, 6, 9, 30, 8);
const SITE: SiteSpec = {
  name: "Kiosk",
  zone: "Europe/London",
  hours: null,
  seed: 2,
  hosts: ["127.0.0.1"],
  endpoints: [{
    port: 0,
    kind: "gateway",
    meters: [
      { name: "Pumps", unitId: 2, profileId: "eastron-sdm630", endUse: "water", maxPowerW: 9000, seed: 1 },
      { name: "Heat", unitId: 3, profileId: "generic-counter", endUse: "heating", maxPowerW: 8000, seed: 2 },
    ],
  }],
};

/** The values that mbpoll prints for one poll, by register number as it counts, from 1. */
async function poll(args: readonly string[]): Promise<ReadonlyMap<number, number>> {
  const { stdout } = await new Deno.Command("mbpoll", { args: [...args], stdout: "piped", stderr: "null" })
    .output();
  const values = new Map<number, number>();
  for (
    const [, register, value] of new TextDecoder().decode(stdout).matchAll(/^\[(\d+)\]:\s+(-?[\d.e+-]+)/gm)
  ) {
    values.set(Number(register), Number(value));
  }
  return values;
}

async function hasMbpoll(): Promise<boolean> {
  try {
    await new Deno.Command("mbpoll", { args: ["-V"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    return false;
  }
}

Deno.test({
  name: "mbpoll reads the same numbers from startSite() as readingAt() has (needs the program mbpoll)",
  ignore: !await hasMbpoll(),
  fn: async () => {
    const site = await startSite(SITE, { clock: { ...systemClock, nowMs: () => NOW_MS } });
    try {
      const [pumps, heat] = site.endpoints[0]?.meters ?? [];
      const at = ["-m", "tcp", "-p", String(site.endpoints[0]?.port), "-1", "-B"];
      const kwh = await poll([...at, "-a", "2", "-t", "3:float", "-r", "73", "-c", "1", "127.0.0.1"]);
      const wh = pumps?.readingAt(NOW_MS)["importWh"]?.value ?? NaN;
      ok(
        Math.abs((kwh.get(73) ?? NaN) * 1000 - wh) <= wh * 1e-5,
        `mbpoll prints ${kwh.get(73)} kWh, we say ${wh} Wh`,
      );
      const volts = await poll([...at, "-a", "2", "-t", "3:float", "-r", "1", "-c", "3", "127.0.0.1"]);
      const said = pumps?.readingAt(NOW_MS)["voltageL2V"]?.value ?? NaN;
      ok(
        Math.abs((volts.get(3) ?? NaN) * 10 - said) <= 0.5,
        `mbpoll prints ${volts.get(3)} V, we say ${said} dV`,
      );
      const counts = await poll([...at, "-a", "3", "-t", "4:int", "-r", "1", "-c", "2", "127.0.0.1"]);
      ok(counts.get(1) === heat?.readingAt(NOW_MS)["importWh"]?.value, `mbpoll prints ${counts.get(1)}`);
      ok(counts.get(3) === heat?.readingAt(NOW_MS)["powerW"]?.value, `mbpoll prints ${counts.get(3)}`);
    } finally {
      await site.close();
    }
  },
});
