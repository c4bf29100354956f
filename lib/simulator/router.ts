/**
 * What a router that is not there says of itself.
 *
 * @module
 */

import type { Source } from "./meter.ts";
import { between, chance, drift, pick } from "./noise.ts";
import type { Fault, SiteSpec } from "./spec.ts";

const DAY_MS = 86_400_000;
const OPERATORS: readonly [string, ...string[]] = ["EE", "O2 - UK", "vodafone UK", "3 UK"];
const NETWORKS: readonly [string, ...string[]] = ["LTE", "LTE", "LTE", "5G-NSA", "3G (HSPA+)"];

/** The quantities of a site's router; deterministic in time. */
export function routerOf(site: SiteSpec): Source {
  const seed = site.seed;
  const bootEveryMs = between(seed, 31, [9, 40]) * DAY_MS;
  const bytesADay = between(seed, 32, [0.4e6, 9e6]);
  return (quantity, instantMs) => {
    switch (quantity) {
      case "uptimeS":
        return Math.floor((instantMs % bootEveryMs) / 1000);
      case "signalDbm":
        return Math.round(between(seed, 33, [-79, -58]) + 4 * drift(seed, instantMs / 3_600_000));
      case "temperatureC":
        return 34 + 6 * drift(seed + 1, instantMs / (6 * 3_600_000));
      case "operator":
        return pick(OPERATORS, seed, 34);
      case "networkType":
        return pick(NETWORKS, seed, 35);
      case "registration":
        return "Registered (home)";
      case "simSlotText":
        return "sim1";
      case "simSlot":
        return 1;
      case "wanAddress":
        return `10.${64 + Math.floor(chance(seed, 36) * 64)}.${Math.floor(chance(seed, 37) * 256)}.${
          1 + Math.floor(chance(seed, 38) * 254)
        }`;
      case "latitudeDeg":
        return site.latitude ?? 0;
      case "longitudeDeg":
        return site.longitude ?? 0;
      case "satellites":
        return site.latitude === undefined ? 0 : Math.round(9 + 3 * drift(seed + 2, instantMs / 600_000));
      case "analogInputV":
        return 12.1 + 0.4 * drift(seed + 3, instantMs / 3_600_000);
      case "input1":
        return drift(seed + 4, instantMs / (2 * 3_600_000)) > 0.6 ? 1 : 0;
      case "sim1ReceivedMonthB":
        return Math.floor(bytesADay * sinceMonthStart(instantMs) * 0.6);
      case "sim1SentMonthB":
        return Math.floor(bytesADay * sinceMonthStart(instantMs) * 0.4);
      case "hostname":
        return `site-${seed % 100_000}`;
      case "serial":
        return String(1_100_000_000 + seed % 899_999_999);
      case "imsi":
        return imsiOf(seed);
      default:
        return 0;
    }
  };
}

/** A subscriber of the test network 001 01. */
function imsiOf(seed: number): string {
  return `00101${String(1_000_000_000 + seed % 8_999_999_999).padStart(10, "0")}`;
}

const METRES_A_DEGREE = 111_195;

/** A quantity of a router as what is wrong with it lets it be seen. */
export function routerSays(
  now: number | string,
  quantity: string,
  { source, instantMs, faults }: {
    readonly source: Source;
    readonly instantMs: number;
    readonly faults: readonly Fault[];
  },
): number | string {
  let said = now;
  for (const fault of faults) {
    const began = "atMs" in fault && instantMs >= fault.atMs;
    if (fault.kind === "weak-signal" && quantity === "signalDbm") said = Number(said) - 44;
    if (fault.kind === "moved" && quantity === "latitudeDeg" && said !== 0) {
      said = Number(said) + fault.metres / METRES_A_DEGREE;
    }
    if (fault.kind === "unregistered" && quantity === "registration") said = "Not registered, searching";
    if (fault.kind === "wan" && quantity === "wanAddress") said = fault.address;
    if (fault.kind === "restarted" && began && quantity === "uptimeS") {
      said = Math.min(Number(said), Math.floor((instantMs - fault.atMs) / 1000));
    }
    if (fault.kind === "sim-swap" && began && quantity === "imsi") {
      said = String(said).replace(/^00101/, "00102");
    }
    if (fault.kind === "sim-swap" && began && quantity === "operator") said = "Test network 2";
    if (fault.kind === "data-reset" && began && /^sim\d(Received|Sent)MonthB$/.test(quantity)) {
      const then = Number(source(quantity, fault.atMs));
      said = Number(said) >= then ? Number(said) - then : said;
    }
  }
  return said;
}

/** Days since the month began, UTC. */
function sinceMonthStart(instantMs: number): number {
  const day = new Date(instantMs);
  return (instantMs - Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)) / DAY_MS;
}
