/**
 * Whether this process may work on a file of SQLite without leaving files beside it that the app cannot use: SQLite
 * makes a journal, which belongs to whoever made it.
 *
 * @module
 */

const ROOT = 0;

/** Why a task must run as somebody else; undefined: it may go on. Nothing is known of a file that is not there. */
export function strangerText(databaseUrl: string): string | undefined {
  const [, path] = /^sqlite:([^:].*)$/.exec(databaseUrl) ?? [];
  if (path === undefined) return undefined;
  const folder = path.includes("/") ? path.replace(/(.)\/[^/]*$/, "$1") : ".";
  const ours = uidOfNewFile(folder);
  const file = uidOf(path);
  const theirs = file ?? uidOf(folder);
  if (ours === null || theirs === null || ours === theirs) return undefined;
  if (file === null && ours !== ROOT) return undefined; // a folder that is shared with a group
  return `Cannot work on "${path}" as user ${ours}: it is user ${theirs}'s, who could no longer use it\n` +
    "  Run it as the app's user, as docs/runbooks/README.md shows";
}

function uidOf(path: string): number | null {
  try {
    return Deno.statSync(path).uid;
  } catch {
    return null;
  }
}

/** Whose a file is that this process makes; a file that is tried tells those that may not ask who they are. */
function uidOfNewFile(folder: string): number | null {
  if (Deno.permissions.querySync({ name: "sys", kind: "uid" }).state === "granted") return Deno.uid();
  let path: string;
  try {
    path = Deno.makeTempFileSync({ dir: folder, prefix: ".wattpost-owner-" });
  } catch {
    return null; // whoever opens the file says what is wrong with the folder
  }
  try {
    return uidOf(path);
  } finally {
    Deno.removeSync(path);
  }
}
