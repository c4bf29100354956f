/**
 * The demo's sites: the same estate at every start, registered once, answering on addresses of this machine.
 *
 * @module
 */

import type { Clock } from "../../lib/clock.ts";
import type { HalfHour } from "../../lib/domain/half_hour.ts";
import { demoEstate, type EstateSite } from "../../lib/simulator/estate.ts";
import { startSite } from "../../lib/simulator/site.ts";
import type { Database } from "../../lib/store/db.ts";
import { type RegisteredSite, registeredSites } from "../../lib/store/history.ts";
import { registerSites } from "../../lib/store/sites.ts";

/** Which estate the demo has. */
export const DEMO_SEED = 1;

/** Sites of the demo at most, as the configuration allows. */
const SITES_MAX = 5_000;

/** A simulated site with what was registered of it. */
export interface DemoSite {
  /** The simulated site. */
  readonly estate: EstateSite;
  /** The registered one. */
  readonly registered: RegisteredSite;
}

/** Registers the sites of the demo that are not; throws when the database holds other ones. */
export async function registerDemo(
  db: Database,
  { estate, since }: { readonly estate: readonly EstateSite[]; readonly since: HalfHour },
): Promise<readonly DemoSite[]> {
  const known = await registeredSites(db, SITES_MAX + 1);
  const wanted = new Set(estate.map(({ registration }) => registration.name));
  const stranger = known.find(({ name }) => !wanted.has(name));
  if (stranger) {
    throw new Error(
      `The database of the demo holds "${stranger.name}", which is none of its ${estate.length} sites. ` +
        "Set DEMO_SITES to at least the number it was made with, or remove the folder data/demo.",
    );
  }
  const names = new Set(known.map(({ name }) => name));
  const missing = estate.filter(({ registration }) => !names.has(registration.name));
  const from = known[0]?.since ?? since;
  const made = await registerSites(db, missing.map(({ registration }) => ({ ...registration, since: from })));
  if (!made.ok) throw new Error("Another process registers the sites of the demo");
  const all = new Map((await registeredSites(db, SITES_MAX)).map((site) => [site.name, site]));
  return estate.flatMap((site) => {
    const registered = all.get(site.registration.name);
    return registered ? [{ estate: site, registered }] : [];
  });
}

/** The estate of the demo; `firstPort` for tests. */
export function estateOf(count: number, firstPort?: number): readonly EstateSite[] {
  return demoEstate(count, DEMO_SEED, firstPort === undefined ? {} : { firstPort });
}

/** Starts every site, or none; resolves with what stops them. */
export async function startSites(
  estate: readonly EstateSite[],
  clock: Clock,
): Promise<() => Promise<void>> {
  const running: { close(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.all(running.map((site) => site.close()));
  };
  try {
    for (const { spec } of estate) running.push(await startSite(spec, { clock }));
  } catch (error) {
    await stop();
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new Error(
      "The addresses of the simulated sites are taken: another demo, or `deno task sim`, is running. Stop it first.",
      { cause: error },
    );
  }
  return stop;
}
