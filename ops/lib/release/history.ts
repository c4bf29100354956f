/**
 * What journals say together: which release serves, and which ones served before.
 *
 * @module
 */

import { parseReleaseName } from "./colour.ts";
import type { Release, Serving } from "./deploy.ts";
import type { DeployStand } from "./journal.ts";
import type { Journals } from "./journal_file.ts";

/** Deploys that are looked back at. */
const BACK = 200;

/** The newest deploys, oldest first. */
export async function releasesIn(journals: Journals): Promise<readonly DeployStand[]> {
  const stands: DeployStand[] = [];
  for (const number of (await journals.numbers()).slice(-BACK)) {
    const stand = await journals.read(number);
    if (stand) stands.push(stand);
  }
  return stands;
}

/** What serves by the journals; `null`: nothing was deployed yet. An open deploy counts once it is past the switch. */
export function servingOf(stands: readonly DeployStand[]): Serving | null {
  return served(stands).at(-1) ?? null;
}

/** The release to go back to: the newest that is older than the one that serves; `null`: there is none. */
export function previousOf(stands: readonly DeployStand[]): Release | null {
  const numberOf = ({ release }: Serving) => parseReleaseName(release.name)?.number ?? 0;
  const now = servingOf(stands);
  if (!now) return null;
  const older = served(stands).filter((one) => numberOf(one) < numberOf(now));
  return older.toSorted((a, b) => numberOf(a) - numberOf(b)).at(-1)?.release ?? null;
}

/** A release that once served, by its name; `null`: there was none. */
export function releaseNamed(stands: readonly DeployStand[], name: string): Release | null {
  return served(stands).findLast(({ release }) => release.name === name)?.release ?? null;
}

/** Names of the releases that are kept: the one that serves, and the newest others that served. */
export function keptReleases(
  stands: readonly DeployStand[],
  { serving, most }: { readonly serving: string; readonly most: number },
): readonly string[] {
  const others = served(stands).map(({ release }) => release.name).filter((name) => name !== serving);
  return [serving, ...[...new Set(others.toReversed())].slice(0, most)];
}

function served(stands: readonly DeployStand[]): readonly Serving[] {
  return stands.flatMap(({ deploy: { colour, release }, steps, outcome, back }) => {
    const isPast = !back && steps.some(({ name, state }) => name === "switch" && state === "done");
    return outcome === "done" || (outcome === null && isPast) ? [{ colour, release }] : [];
  });
}
