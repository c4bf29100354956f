/**
 * When each file of a router was downloaded last, and what is another thing since.
 *
 * @module
 */

import type { RouterFacts } from "../../../../../../../lib/routers/facts.ts";
import { madeDifferences, madeFrom } from "../../../../../../../lib/routers/made_from.ts";
import { TEMPLATES } from "../../../../../../../lib/routers/templates.ts";
import type { KeptRouterFile } from "../../../../../../../lib/store/router_files.ts";
import type { RouterConfigLast } from "../../../../../../../lib/ui/pages/RouterConfigPage.tsx";

/** The last download of each template, by its id; those never downloaded are left out. */
export function lastDownloads(
  facts: RouterFacts,
  files: readonly KeptRouterFile[],
): ReadonlyMap<string, RouterConfigLast> {
  const now = madeFrom(facts);
  return new Map(TEMPLATES.flatMap(({ id, version }) => {
    const file = files.find(({ template }) => template === id);
    if (!file) return [];
    const at = new Date(file.atMs).toISOString();
    const words = `Downloaded ${at.slice(0, 10)} ${
      at.slice(11, 16)
    } UTC by ${file.actor}, version ${file.version}, SHA-256 ${file.digest.slice(0, 12)}…`;
    const differences = madeDifferences(file.madeFrom, now).map(({ what, before, now: fresh }) =>
      `${what}: was ${before ?? "not asked for"}, is ${fresh ?? "not asked for"}`
    );
    const risen = file.version === version
      ? []
      : [`The template: was version ${file.version}, is version ${version}`];
    return [[id, { words, differences: [...risen, ...differences] }] as const];
  }));
}
