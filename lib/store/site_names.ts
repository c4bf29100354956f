/**
 * Which names of sites are free: no two sites have the same, whatever its case.
 *
 * @module
 */

import type { Database } from "./db.ts";

/** Names asked about at most. */
const NAMES_MAX = 100;

/** The first name that no site has; `null`: all of them are taken. */
export async function freeName(db: Database, names: readonly string[]): Promise<string | null> {
  const asked = names.slice(0, NAMES_MAX);
  if (asked.length === 0) return null;
  const rows = await db.reader.selectFrom("site").select("name").where("name", "in", asked).execute();
  const taken = new Set(rows.map(({ name }) => name.toLowerCase()));
  return asked.find((name) => !taken.has(name.toLowerCase())) ?? null;
}
