/**
 * What was applied to a host before: the descriptions that may still have something on it, and what is there that the
 * present one no longer has.
 *
 * @module
 */

import type { FieldError } from "../fields.ts";
import { formatDescription, readDescription } from "./describe.ts";
import type { HostDescription } from "./description.ts";
import { pathName, putBack } from "./kit_before.ts";
import { folderName, undoFolder } from "./kit_folders.ts";
import { packageName, removePackages } from "./kit_packages.ts";
import { pendingName } from "./kit_reactions.ts";
import { undoUnit, unitName } from "./kit_units.ts";
import { undoUser, userName } from "./kit_users.ts";
import type { Host, Kept, Part, Step } from "./step.ts";

const DESCRIBED = "described";
const KEEPS = "keeps";
/** Descriptions that were begun and not finished, at most: the oldest is given up. */
const MOST_DESCRIPTIONS = 20;

/** Something on the host that the present description no longer has. */
export interface Leftover {
  /** What it is called. */
  readonly name: string;
  /** Takes it away. */
  readonly undo: (on: Host) => Promise<void>;
}

/** The descriptions that may still have something on the host, the newest last; those that cannot be read are left out. */
export async function describedBefore(kept: Kept): Promise<readonly HostDescription[]> {
  return (await textsIn(kept, DESCRIBED)).flatMap((text) => {
    const read = readDescription(text);
    return read.ok ? [read.value] : [];
  });
}

/** What is wrong with the description that was applied last, for this release; empty: nothing. */
export async function faultsOfLast(kept: Kept): Promise<readonly FieldError[]> {
  const last = (await textsIn(kept, DESCRIBED)).at(-1);
  const read = last === undefined ? null : readDescription(last);
  return read === null || read.ok ? [] : read.error;
}

/** Whether anything of a description was ever applied. */
export async function isApplied(kept: Kept): Promise<boolean> {
  return (await textsIn(kept, DESCRIBED)).length > 0;
}

/** Remembers that steps of a description are about to be on the host. */
export async function beginApply(
  kept: Kept,
  described: HostDescription,
  steps: readonly Step[],
): Promise<void> {
  const text = formatDescription(described);
  const before = await textsIn(kept, DESCRIBED);
  if (before.at(-1) !== text) {
    const all = [...before.filter((one) => one !== text), text];
    await kept.set(DESCRIBED, all.slice(-MOST_DESCRIPTIONS));
  }
  const names = await textsIn(kept, KEEPS);
  const more = keepsOf(steps).filter((name) => !names.includes(name));
  if (more.length > 0) await kept.set(KEEPS, [...names, ...more]);
}

/** Forgets every description but the present one: the host is as it says, and nothing else is left. */
export async function endApply(
  kept: Kept,
  described: HostDescription,
  steps: readonly Step[],
): Promise<void> {
  const text = formatDescription(described);
  if ((await textsIn(kept, DESCRIBED)).length !== 1) await kept.set(DESCRIBED, [text]);
  const names = keepsOf(steps);
  if ((await textsIn(kept, KEEPS)).length !== names.length) await kept.set(KEEPS, names);
  const reactions = steps.flatMap(({ parts = [] }) => parts.flatMap((part) => part.reactions ?? []));
  const known = reactions.map(({ name }) => pendingName(name));
  for (const name of await kept.list(pendingName(""))) if (!known.includes(name)) await kept.remove(name);
}

/** What earlier descriptions, or earlier releases, put on the host and the present steps no longer have. */
export async function leftoversOf(
  on: Host,
  { present, earlier }: { readonly present: readonly Step[]; readonly earlier: readonly (readonly Step[])[] },
): Promise<readonly Leftover[]> {
  const keeps = keepsOf(present);
  const found = new Map<string, Leftover>();
  const undone = new Set<string>();
  for (const step of earlier.flatMap((steps) => steps.toReversed())) {
    for (const leftover of goneIn(step, { present, keeps })) {
      found.set(leftover.name, leftover);
      if (leftover.name === step.name) { for (const name of keepsOf([step])) undone.add(name); }
    }
  }
  const names = (await textsIn(on.kept, KEEPS)).filter((name) => !keeps.includes(name) && !undone.has(name));
  for (const leftover of await recordsLeft(on, names)) found.set(leftover.name, leftover);
  return [...found.values()];
}

/** Everything that is kept by the kit, whatever put it there. */
export async function everythingKept(on: Host): Promise<readonly Leftover[]> {
  return await recordsLeft(on, await on.kept.list(""));
}

/** What of an earlier step is gone now: all of it, or the parts that the kit does not know by their record alone. */
function goneIn(
  step: Step,
  { present, keeps }: { readonly present: readonly Step[]; readonly keeps: readonly string[] },
): readonly Leftover[] {
  const stays = present.some(({ name }) => name === step.name);
  const isShared = keepsOf([step]).some((name) => keeps.includes(name));
  if (!stays && !isShared) return [{ name: step.name, undo: step.undo }];
  const isGone = ({ keeps: own = [] }: Part) =>
    own.length === 0 ? !stays : !own.some((name) => keeps.includes(name) || isKits(name));
  return (step.parts ?? []).filter(isGone).toReversed().map((part, at) => ({
    name: part.keeps?.[0] ?? `${step.name} (${at + 1})`,
    undo: part.undo,
  }));
}

/** How each kind of what the kit keeps is undone, in this order: what runs first, what others lie in last. */
const KINDS: readonly (readonly [prefix: string, undo: (on: Host, name: string) => Promise<void>])[] = [
  [unitName(""), undoUnit],
  [pathName(""), putBack],
  [folderName(""), undoFolder],
  [userName(""), undoUser],
];

function isKits(name: string): boolean {
  return [...KINDS.map(([prefix]) => prefix), packageName("")].some((prefix) => name.startsWith(prefix));
}

async function recordsLeft(on: Host, names: readonly string[]): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const [prefix, undo] of KINDS) {
    // The deepest path first.
    for (const name of names.filter((one) => one.startsWith(prefix)).toSorted().toReversed()) {
      if (await on.kept.get(name) === undefined) continue;
      found.push({ name, undo: (host) => undo(host, name.slice(prefix.length)) });
    }
  }
  return [...found, ...await packagesLeft(on, names)];
}

/** All packages at once: they need each other. */
async function packagesLeft(on: Host, names: readonly string[]): Promise<readonly Leftover[]> {
  const left: string[] = [];
  for (const name of names.filter((one) => one.startsWith(packageName("")))) {
    if (await on.kept.get(name) !== undefined) left.push(name.slice(packageName("").length));
  }
  if (left.length === 0) return [];
  return [{ name: `packages ${left.join(" ")}`, undo: (host) => removePackages(host, left) }];
}

function keepsOf(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.flatMap(({ parts = [] }) => parts.flatMap((part) => part.keeps ?? [])))];
}

async function textsIn(kept: Kept, name: string): Promise<readonly string[]> {
  const value = await kept.get(name);
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
