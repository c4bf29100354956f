/**
 * `deno task sim`: serves simulated sites over Modbus TCP on loopback until it is told to stop.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { demoEstate, type EstateSite } from "../lib/simulator/estate.ts";
import { startSite } from "../lib/simulator/site.ts";
import { formatEstate, readSimulateArguments, SIMULATE_HELP } from "./lib/simulate_arguments.ts";

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
  const { sites, seed, firstPort } = options.value;
  const estate = demoEstate(sites, seed, { firstPort }).map(({ spec, registration }, i) => {
    const faults = options.value.faults.get(i + 1);
    return { registration, spec: faults ? { ...spec, faults } : spec };
  });
  const closeAll = await startAll(estate);
  console.log(formatEstate(estate));
  await toldToStop();
  await closeAll();
  console.log("Stopped");
}
