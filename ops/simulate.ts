/**
 * `deno task sim`: serves simulated sites over Modbus TCP on loopback, or the one meter that trials have read, until it is
 * told to stop.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { demoEstate, type EstateSite } from "../lib/simulator/estate.ts";
import { startSite } from "../lib/simulator/site.ts";
import {
  formatEstate,
  readSimulateArguments,
  SIMULATE_HELP,
  type SimulateOptions,
} from "./lib/simulate_arguments.ts";
import { METER_SERVES, trialMeterAt } from "./lib/trial/trial_meter.ts";

/** Starts every site, or none. */
async function startAll(estate: readonly EstateSite[]): Promise<() => Promise<void>> {
  const running: { close(): Promise<void> }[] = [];
  const closeAll = async () => {
    await Promise.all(running.map((site) => site.close()));
  };
  try {
    for (const { spec } of estate) running.push(await startSite(spec, { clock: systemClock }));
  } catch (error) {
    await closeAll();
    throw error;
  }
  return closeAll;
}

/** Resolves when the process is told to stop. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, stop);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  });
}

async function serveSites({ sites, seed, firstPort, faults: told }: SimulateOptions): Promise<void> {
  const estate = demoEstate(sites, seed, { firstPort }).map(({ spec, registration }, i) => {
    const faults = told.get(i + 1);
    return { registration, spec: faults ? { ...spec, faults } : spec };
  });
  const closeAll = await startAll(estate);
  console.log(formatEstate(estate));
  await toldToStop();
  await closeAll();
}

async function serveMeter({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  const site = await startSite(trialMeterAt(port), { clock: systemClock, host });
  console.log(`${METER_SERVES} ${host}:${port}`);
  await toldToStop();
  await site.close();
}

if (import.meta.main) {
  const options = readSimulateArguments(Deno.args, systemClock.nowMs());
  if (!options.ok) {
    console.error(
      options.error.kind === "help"
        ? SIMULATE_HELP
        : `${options.error.messages.join("\n")}\n\n${SIMULATE_HELP}`,
    );
    Deno.exit(options.error.kind === "help" ? 0 : 2);
  }
  const { meter } = options.value;
  if (meter !== null) await serveMeter(meter);
  else await serveSites(options.value);
  console.log("Stopped");
}
