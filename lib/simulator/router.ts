/**
 * What a router that is not there says of itself.
 *
 * @module
 */

import type { Source } from "./meter.ts";
import { between, chance, drift, pick } from "./noise.ts";
import type { SiteSpec } from "./spec.ts";

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
      default:
        return 0;
    }
  };
}

/** Days since the month began, UTC. */
function sinceMonthStart(instantMs: number): number {
  const day = new Date(instantMs);
  return (instantMs - Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)) / DAY_MS;
}
