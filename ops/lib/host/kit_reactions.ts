/**
 * What has to be done after a file changed: remembered before the file is written, done once its guard succeeded, and
 * only then forgotten. So a kill between the two costs nothing: the next run finds it remembered.
 *
 * @module
 */

import type { CommandEnd, Drift, Host, Reaction } from "./step.ts";

/** Longest a reaction or its guard may take in ms: a daemon that restarts on a busy host ends its old work first. */
const REACTION_MS = 5 * 60_000;

/** Remembers what has to be done. */
export async function rememberReactions(on: Host, reactions: readonly Reaction[]): Promise<void> {
  for (const { name, argv, guard } of reactions) {
    await on.kept.set(pendingName(name), { argv, ...(guard ? { guard } : {}) });
  }
}

/** What was remembered and has not been done. */
export async function pendingDrift(on: Host, reactions: readonly Reaction[]): Promise<readonly Drift[]> {
  const found: Drift[] = [];
  for (const { name, argv, guard } of reactions) {
    if (await on.kept.get(pendingName(name)) === undefined) continue;
    found.push({
      what: name,
      is: "not done since a file changed",
      expected: "done",
      does: [...(guard ? [commandText(guard)] : []), commandText(argv)],
    });
  }
  return found;
}

/** Does what was remembered, each name once; throws in the guard's words where it does not succeed. */
export async function finishReactions(on: Host, reactions: readonly Reaction[]): Promise<void> {
  for (const { name, argv, guard } of reactions) {
    if (await on.kept.get(pendingName(name)) === undefined) continue;
    if (guard) await on.must(guard, { deadlineMs: REACTION_MS });
    await forgetStarts(on, argv);
    await on.must(argv, { deadlineMs: REACTION_MS });
    await on.kept.remove(pendingName(name));
  }
}

/** Does what was remembered as well as it goes: what was taken away must not be kept by a service that is gone. */
export async function finishUndone(on: Host, reactions: readonly Reaction[]): Promise<void> {
  for (const { name, argv, guard } of reactions) {
    if (await on.kept.get(pendingName(name)) === undefined) continue;
    const run = (one: Reaction["argv"]): Promise<CommandEnd> => on.run(one, { deadlineMs: REACTION_MS });
    if (guard === undefined || (await run(guard)).code === 0) {
      await forgetStarts(on, argv);
      await run(argv);
    }
    await on.kept.remove(pendingName(name));
  }
}

/** Lets a unit be restarted however often it was: systemd refuses it after some starts within seconds. */
async function forgetStarts(on: Host, [program, verb = "", ...units]: Reaction["argv"]): Promise<void> {
  if (program === "systemctl" && verb.endsWith("restart")) {
    await on.run(["systemctl", "reset-failed", ...units]);
  }
}

/** A command as people read it. */
export function commandText(argv: readonly string[]): string {
  return argv.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
    .join(" ");
}

/** The name under which it is remembered. */
export function pendingName(name: string): string {
  return `pending ${name}`;
}
