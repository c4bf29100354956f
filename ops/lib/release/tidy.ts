/**
 * Takes away what is too old to go back to: images and sources of releases, but for the newest ones that served.
 *
 * @module
 */

import type { Release } from "./deploy.ts";
import { openJournals } from "./journal_file.ts";
import { keptReleases, releasesIn } from "./history.ts";
import type { DeployWork } from "./work.ts";

/** Releases that can be gone back to, besides the one that serves. */
const KEPT = 4;

/** Takes them away. */
export async function tidyUp({ on, deploy, place, runner, database }: DeployWork): Promise<string> {
  const journals = openJournals(place.paths.deploys);
  const stands = await releasesIn(journals);
  const keep = keptReleases(stands, { serving: deploy.release.name, most: KEPT });
  const all = stands.map(({ deploy: { release } }) => release);
  const old = newestOf(all.filter(({ name }) => !keep.includes(name)));
  // Settings alone were deployed with the image and the sources of another.
  const inUse = all.filter(({ name }) => keep.includes(name));
  const gone: string[] = [];
  for (const release of old) {
    if (inUse.some(({ sources }) => sources === release.sources)) continue;
    if (!await on.stat(release.sources)) continue;
    await runner.discard(release);
    gone.push(release.name);
  }
  await database.retire(old.map(({ name }) => name));
  return gone.length === 0 ? "nothing is too old" : `gone: ${gone.join(", ")}`;
}

function newestOf(releases: readonly Release[]): readonly Release[] {
  return [...new Map(releases.map((release) => [release.name, release])).values()];
}
