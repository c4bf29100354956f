/**
 * The kinds of things that steps are made of: packages, files, folders, links, users, units. Each knows how to look, to
 * make, and to put back.
 *
 * @module
 */

import { finishReactions } from "./kit_reactions.ts";
import type { Drift, Part, Step } from "./step.ts";

export { absent, file, type FilePart, link } from "./kit_files.ts";
export { folder } from "./kit_folders.ts";
export { packages } from "./kit_packages.ts";
export { DAEMON_RELOAD, unit } from "./kit_units.ts";
export { user } from "./kit_users.ts";
export type { Part, Reaction } from "./step.ts";

/**
 * One step of several parts; its drift is all of theirs, undone backwards. What has to be done after changes
 * (`then`) is done once, when all parts stand.
 */
export function step(name: string, why: string, parts: readonly Part[]): Step {
  const reactions = parts.flatMap((part) => part.reactions ?? []);
  return {
    name,
    why,
    parts,
    async check(on) {
      const found: Drift[] = [];
      for (const part of parts) found.push(...await part.check(on));
      return found;
    },
    async apply(on) {
      for (const part of parts) if ((await part.check(on)).length > 0) await part.apply(on);
      await finishReactions(on, reactions);
    },
    async undo(on) {
      for (const part of parts.toReversed()) await part.undo(on);
    },
  };
}
