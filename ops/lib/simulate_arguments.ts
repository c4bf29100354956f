/**
 * What `deno task sim` may be told, and the table that it prints.
 *
 * @module
 */

import { err, ok, type Result } from "../../lib/result.ts";
import { type EstateSite, FIRST_PORT } from "../../lib/simulator/estate.ts";
import { FAULT_WORDS, faultOf } from "../../lib/simulator/fault_text.ts";
import type { Fault } from "../../lib/simulator/spec.ts";

/** How it is called. */
export const SIMULATE_HELP = `deno task sim [--sites N] [--seed N] [--port N] [--fault SITE=FAULT]…
deno task sim --meter HOST:PORT

  --sites   how many sites, 1 to 5000; 12 unless said otherwise
  --seed    which estate, a whole number; 1 unless said otherwise
  --port    port of the routers, gateways have the next, devices those after it; ${FIRST_PORT} unless said otherwise
  --fault   what is wrong with the site of that number, for example 3=slow:2000; may be repeated;
            FAULT is one of ${FAULT_WORDS.join(", ")}
  --meter   the one meter that deno task smoke reads, in place of sites, at an address of this machine; 0.0.0.0: all`;

/** What it was told. */
export interface SimulateOptions {
  /** Sites, 1 to 5,000. */
  readonly sites: number;
  /** Which estate. */
  readonly seed: number;
  /** Port of the routers, 1 to 65,000. */
  readonly firstPort: number;
  /** Faults by the number of the site, from 1; an empty list takes the estate's own away. */
  readonly faults: ReadonlyMap<number, readonly Fault[]>;
  /** Where the one meter of trials listens in place of sites; `null`: sites are served. */
  readonly meter: { readonly host: string; readonly port: number } | null;
}

/** Why it cannot start. */
export type SimulateRefusal =
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly messages: readonly string[] };

const MOST_SITES = 5000;

/** Reads the arguments; all mistakes are named together. */
export function readSimulateArguments(
  args: readonly string[],
  nowMs: number,
): Result<SimulateOptions, SimulateRefusal> {
  if (args.includes("--help") || args.includes("-h")) return err({ kind: "help" });
  const messages: string[] = [];
  let meter: SimulateOptions["meter"] = null;
  const faults = new Map<number, readonly Fault[]>();
  const numbers = { "--sites": 12, "--seed": 1, "--port": FIRST_PORT };
  const words = args.flatMap((arg) =>
    /^--\w+=/.test(arg) ? [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)] : [arg]
  );
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i] ?? "";
    const value = words[i + 1];
    if (name === "--sites" || name === "--seed" || name === "--port") {
      numbers[name] = value === undefined ? NaN : Number(value);
    } else if (name === "--meter") {
      meter = meterOf(value ?? "");
      if (meter === null) messages.push(`--meter wants an address and a port such as 0.0.0.0:${FIRST_PORT}`);
    } else if (name === "--fault") {
      const [, site, text = ""] = /^(\d+)=(.+)$/.exec(value ?? "") ?? [];
      const fault = site === undefined ? err(`"${value ?? ""}" is no SITE=FAULT`) : faultOf(text, nowMs);
      if (!fault.ok) messages.push(`--fault ${fault.error}`);
      else faults.set(Number(site), [...faults.get(Number(site)) ?? [], ...fault.value ? [fault.value] : []]);
    } else messages.push(`"${name}" is not known`);
  }
  const { "--sites": sites, "--seed": seed, "--port": firstPort } = numbers;
  if (!(Number.isInteger(sites) && sites >= 1 && sites <= MOST_SITES)) {
    messages.push(`--sites wants 1 to ${MOST_SITES}`);
  }
  if (!Number.isInteger(seed)) messages.push("--seed wants a whole number");
  if (!(Number.isInteger(firstPort) && firstPort >= 1 && firstPort <= 65_000)) {
    messages.push("--port wants 1 to 65000");
  }
  for (const site of faults.keys()) {
    if (site < 1 || site > sites) messages.push(`--fault names site ${site}; there are ${sites}`);
  }
  return messages.length > 0
    ? err({ kind: "wrong", messages })
    : ok({ sites, seed, firstPort, faults, meter });
}

function meterOf(text: string): SimulateOptions["meter"] {
  const [, host, digits] = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}

/** A line a port: site, addresses, port, unit and profile of each device, and what is wrong. */
export function formatEstate(estate: readonly EstateSite[]): string {
  const rows = estate.flatMap(({ spec, registration }, i) =>
    spec.endpoints.map((endpoint, e) => [
      e === 0 ? String(i + 1) : "",
      e === 0 ? `${spec.name}, ${registration.town}` : "",
      e === 0 ? spec.hosts.join(" ") : "",
      String(endpoint.port),
      endpoint.meters.map((meter) => `${meter.unitId} ${meter.profileId}`).join(", "),
      e === 0 ? (spec.faults ?? []).map((fault) => fault.kind).join(", ") : "",
    ])
  );
  const table = [["#", "Site", "Address", "Port", "Units", "Fault"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ??
    [];
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd())
    .join("\n");
}
