/**
 * Which migrations a release knows, and what each of them needs of others: read in its sources.
 *
 * @module
 */

import { type Host, HostError } from "../host/step.ts";
import type { AppliedMigration } from "./back.ts";
import type { Place } from "./place.ts";

/** Migrations in the sources of a release, in order: what each needs, `null` where it only adds. */
export type KnownMigrations = ReadonlyMap<string, string | null>;

const FILE = /^(\d{4}_[a-z0-9_]+)\.ts$/;
const NEEDS = /export const contract\b[^=]*=\s*\{\s*needs:\s*"([^"]+)"/;
const RELEASE = /^(r\d+-[0-9a-f]+)$/;
const MOST = 1_000;

/** Reads them; empty where there are no such sources. */
export async function knownMigrations(on: Pick<Host, "read">, sources: string): Promise<KnownMigrations> {
  const known = new Map<string, string | null>();
  for (const name of await namesIn(`${sources}/migrations`, FILE)) {
    const text = await on.read(`${sources}/migrations/${name}.ts`) ?? "";
    known.set(name, NEEDS.exec(text)?.[1] ?? null);
  }
  return known;
}

/** What the sources of every release that is kept here know: what one does not know another may. */
export async function knownHere(
  on: Pick<Host, "read">,
  { paths }: Place,
): Promise<readonly KnownMigrations[]> {
  const found: KnownMigrations[] = [];
  for (const name of await namesIn(paths.releases, RELEASE)) {
    found.push(await knownMigrations(on, `${paths.releases}/${name}`));
  }
  return found;
}

/** What is known of migrations that a database has, by all who know any. */
export function appliedBy(
  applied: readonly string[],
  known: readonly KnownMigrations[],
): readonly AppliedMigration[] {
  return applied.map((name) => ({ name, needs: known.find((one) => one.has(name))?.get(name) }));
}

async function namesIn(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const [, found] = pattern.exec(name) ?? [];
      if (found !== undefined) names.push(found);
      if (names.length > MOST) throw new HostError(`More than ${MOST} of them in "${folder}"`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}
