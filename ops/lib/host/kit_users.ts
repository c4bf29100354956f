/**
 * Users of the system, without a password. A user that was there already keeps its id, and gets back its shell, home
 * and groups.
 *
 * @module
 */

import { commandText } from "./kit_reactions.ts";
import { type Host, HostError, type Part } from "./step.ts";

/** A user as it is to be. */
export interface UserPart {
  readonly name: string;
  /** Of the user and its group; absent: what the system gives. */
  readonly id?: number;
  readonly shell: string;
  /** `null`: it has none. */
  readonly home: string | null;
  /** Further groups, which must be there. */
  readonly groups?: readonly string[];
}

/** A user as it is. */
interface UserState {
  readonly id: number;
  readonly shell: string;
  readonly home: string;
  readonly groups: readonly string[];
}

/** What is kept of a user; `before` is `null` where there was none. */
interface KeptUser {
  readonly before: UserState | null;
  /** Home that was made for it. */
  readonly home: string | null;
}

const NO_HOME = "/nonexistent";

/** A user of the system. */
export function user(part: UserPart): Part {
  const { name } = part;
  return {
    keeps: [userName(name)],
    async check(on) {
      const state = await stateOf(on, name);
      const does = commandsFor(part, state).map(commandText);
      if (state && part.id !== undefined && state.id !== part.id) {
        return [{ what: `user ${name}`, is: `id ${state.id}`, expected: `id ${part.id}`, does: [] }];
      }
      if (does.length === 0) return [];
      return [{
        what: `user ${name}`,
        is: state ? stateText(state) : "missing",
        expected: wanted(part),
        does,
      }];
    },
    async apply(on) {
      const state = await stateOf(on, name);
      if (state && part.id !== undefined && state.id !== part.id) {
        const words = `there is one with id ${state.id} already; give it another name or id first`;
        throw new HostError(`Cannot make the user ${name} with id ${part.id}: ${words}`);
      }
      const home = part.home !== null && await on.stat(part.home) === null ? part.home : null;
      const kept: KeptUser = { before: state, home };
      await on.kept.set(userName(name), kept, { once: true });
      for (const command of commandsFor(part, state)) await on.must(command);
    },
    undo: (on) => undoUser(on, name),
  };
}

/** The name under which a user is kept. */
export function userName(name: string): string {
  return `user ${name}`;
}

/** Whether undoing removes a user, because it was not there before. */
export async function isUserOurs({ kept }: Pick<Host, "kept">, name: string): Promise<boolean> {
  const found = await kept.get(userName(name)) as KeptUser | undefined;
  return found !== undefined && found.before === null;
}

/** Removes a user that was made, or gives one back what it had. */
export async function undoUser(on: Host, name: string): Promise<void> {
  const kept = await on.kept.get(userName(name)) as KeptUser | undefined;
  if (kept === undefined) return;
  const now = await stateOf(on, name);
  if (now && kept.before) await giveBack(on, name, { before: kept.before, now });
  if (now && !kept.before) {
    await on.must(["userdel", name]);
    if (kept.home !== null && (await on.stat(kept.home))?.kind === "folder") {
      // What somebody left in it stays, out of reach of whoever gets the id next.
      if ((await on.run(["rmdir", "--", kept.home])).code !== 0) {
        await on.must(["chown", "-hR", "root:root", "--", kept.home]);
        await on.setModes(kept.home, { mode: 0o700, owner: "root:root" });
      }
    }
  }
  if (!kept.before) {
    const group = await on.run(["getent", "group", name]);
    if (group.code === 0 && /:$/.test(group.out.trim())) await on.run(["groupdel", name]);
  }
  await on.kept.remove(userName(name));
}

async function giveBack(
  on: Host,
  name: string,
  { before, now }: { readonly before: UserState; readonly now: UserState },
): Promise<void> {
  if (before.shell !== now.shell) await on.must(["usermod", "--shell", before.shell, name]);
  if (before.home !== now.home) await on.must(["usermod", "--home", before.home, name]);
  for (const group of now.groups.filter((one) => !before.groups.includes(one))) {
    await on.must(["gpasswd", "--delete", name, group]);
  }
}

type Command = readonly [string, ...string[]];

function commandsFor(part: UserPart, state: UserState | null): readonly Command[] {
  const { name, id, shell, home, groups = [] } = part;
  if (state === null) {
    const ids = id === undefined ? ["--user-group"] : ["--uid", String(id), "--gid", String(id), "--system"];
    const place = home === null
      ? ["--no-create-home", "--home-dir", NO_HOME]
      : ["--create-home", "--skel", "/nonexistent", "--home-dir", home];
    const more = groups.length === 0 ? [] : ["--groups", groups.join(",")];
    return [
      ...(id === undefined ? [] : [["groupadd", "--force", "--system", "--gid", String(id), name] as const]),
      ["useradd", ...ids, "--shell", shell, ...place, ...more, name],
    ];
  }
  const missing = groups.filter((group) => !state.groups.includes(group));
  return [
    ...(state.shell === shell ? [] : [["usermod", "--shell", shell, name] as const]),
    ...(state.home === (home ?? NO_HOME) ? [] : [["usermod", "--home", home ?? NO_HOME, name] as const]),
    ...(missing.length === 0 ? [] : [["usermod", "--append", "--groups", missing.join(","), name] as const]),
  ];
}

async function stateOf(on: Host, name: string): Promise<UserState | null> {
  const { code, out } = await on.run(["getent", "passwd", name]);
  if (code !== 0) return null;
  const [, , id = "", , , home = "", shell = ""] = out.trim().split(":");
  const groups = (await on.run(["id", "-nG", name])).out.trim().split(/\s+/);
  return { id: Number(id), home, shell, groups };
}

function stateText({ id, home, shell, groups }: UserState): string {
  return `id ${id}, home ${home}, shell ${shell}, groups ${groups.join(" ")}`;
}

function wanted({ id, home, shell, groups = [] }: UserPart): string {
  const more = groups.length === 0 ? "" : `, groups ${groups.join(" ")}`;
  return `${id === undefined ? "" : `id ${id}, `}home ${home ?? NO_HOME}, shell ${shell}${more}`;
}
