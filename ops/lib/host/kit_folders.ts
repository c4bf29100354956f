/**
 * Folders of ours.
 *
 * @module
 */

import { makeParents, removeParents } from "./kit_before.ts";
import { kindWords, modeDrift, modesText } from "./kit_files.ts";
import { commandText } from "./kit_reactions.ts";
import { type Host, HostError, type Part } from "./step.ts";

/** What is kept of a folder. */
interface KeptFolder {
  /** How it was before; `null`: it was not there. */
  readonly before: { readonly mode: number; readonly owner: string } | null;
  /** Whether it goes with all that lies in it. */
  readonly whole: boolean;
}

/** A folder; undone only where it was made, and only where it is empty or `whole`. */
export function folder(
  part: { readonly path: string; readonly mode: number; readonly owner: string; readonly whole?: boolean },
): Part {
  const { path, whole = false } = part;
  const octal = part.mode.toString(8).padStart(4, "0");
  return {
    keeps: [folderName(path)],
    async check(on) {
      const there = await on.stat(path);
      if (there?.kind === "folder") return modeDrift(path, there, part);
      return [{
        what: path,
        is: there ? kindWords(there) : "missing",
        expected: `a folder, ${modesText(part)}`,
        does: [commandText(["mkdir", "-m", octal, path]), commandText(["chown", part.owner, path])],
      }];
    },
    async apply(on) {
      const there = await on.stat(path);
      if (there && there.kind !== "folder") {
        throw new HostError(`Cannot make the folder "${path}": there is ${kindWords(there)}`);
      }
      const kept: KeptFolder = { before: there && { mode: there.mode, owner: there.owner }, whole };
      await on.kept.set(folderName(path), kept, { once: true });
      await makeParents(on, path);
      if (!there) await on.must(["mkdir", "-m", "700", "--", path]);
      await on.setModes(path, part);
    },
    undo: (on) => undoFolder(on, path),
  };
}

/** The name under which a folder is kept. */
export function folderName(path: string): string {
  return `folder ${path}`;
}

/** Takes a folder away that was made, or gives it back its mode and owner. */
export async function undoFolder(on: Host, path: string): Promise<void> {
  const kept = await on.kept.get(folderName(path)) as KeptFolder | undefined;
  if (kept === undefined) return;
  const there = await on.stat(path);
  if (there?.kind === "folder") {
    if (kept.before) await on.setModes(path, kept.before);
    else if (kept.whole) await on.must(["rm", "-rf", "--one-file-system", "--", path]);
    else await on.run(["rmdir", "--", path]);
  }
  await removeParents(on, path);
  await on.kept.remove(folderName(path));
}
