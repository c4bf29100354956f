/**
 * What root runs belongs to root, up to the top of the file system: timers and sudo start the release's tasks, so
 * whoever may change a file of it is root.
 *
 * @module
 */

import { dirname } from "node:path";
import { PATHS } from "./layout.ts";
import { type Host, HostError, type Part } from "./step.ts";

/** Deno and the release, as units and sudo call them. */
const STARTED: readonly string[] = [PATHS.deno, PATHS.project];

/** Whoever is in `staff` (group 50) is an administrator to Debian: it may write in /usr/local on older systems. */
const OTHERS_WRITE: readonly string[] = [
  ...["(", "!", "-uid", "0", "-o", "-perm", "-002", "-o"],
  ...["(", "-perm", "-020", "!", "-gid", "0", "!", "-gid", "50", ")", ")"],
];

const FIND_MS = 120_000;

/** Refuses to go on while others than root may change what root runs; it gives nothing away by itself. */
export function rootsOwn(started: readonly string[] = STARTED): Part {
  const found = async (on: Host) => {
    const changed: { readonly path: string; readonly open: string }[] = [];
    for (const path of started) {
      const open = await openToOthers(on, path);
      if (open !== null) changed.push({ path, open });
    }
    return changed;
  };
  return {
    async check(on) {
      return (await found(on)).map(({ path, open }) => ({
        what: path,
        is: `"${open}" can be changed by others than root`,
        expected: "root's alone, because root runs it",
        does: [],
      }));
    },
    async apply(on) {
      const [first] = await found(on);
      if (!first) return;
      throw new HostError(
        `Root would run what others can change: "${first.open}". Once you trust what is in it, give it to root: ` +
          `chown -hR root:root and chmod -R go-w`,
      );
    },
    undo: () => Promise.resolve(),
  };
}

/** A file or folder by which others than root may change what lies at a path; `null`: none, or nothing lies there. */
export async function openToOthers(on: Host, path: string): Promise<string | null> {
  const { code, out } = await on.run(["realpath", "-e", "--", path]);
  if (code !== 0) return null;
  const real = out.trim();
  const above = [...new Set([...foldersAbove(path), ...foldersAbove(real)])];
  // A folder that all may write to, such as /tmp, keeps them from other people's files, but not from making their own.
  const roads = await on.must(["find", ...above, "-maxdepth", "0", ...OTHERS_WRITE, "-print", "-quit"]);
  if (roads.out !== "") return firstLine(roads.out);
  // The modes of links say nothing; whose they are does.
  const noLink = ["!", "(", "-type", "l", "-uid", "0", ")"];
  const tree = await on.must(["find", real, ...noLink, ...OTHERS_WRITE, "-print", "-quit"], {
    deadlineMs: FIND_MS,
  });
  return firstLine(tree.out);
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = dirname(path); !folders.includes(at); at = dirname(at)) folders.push(at);
  return folders;
}

function firstLine(text: string): string | null {
  return text === "" ? null : text.split("\n", 1)[0] ?? null;
}
