/**
 * People and groups for the store's tests.
 *
 * @module
 */

import { ALL_SITES, type Reach, type Role } from "../../../lib/domain/permission.ts";
import type { Result } from "../../../lib/result.ts";
import type { Database } from "../../../lib/store/db.ts";
import { createUser, inviteUser, type User } from "../../../lib/store/users.ts";
import { authorAt } from "../../fakes/author.ts";

/** When most things happen: 2026-11-20T10:30Z. */
export const NOW = Date.UTC(2026, 10, 20, 10, 30);

/** What must have worked. */
export function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`It was refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** Somebody who may come in and reaches all sites. */
export async function personOf(db: Database, name: string, role: Role = "viewer"): Promise<User> {
  const email = `${name.toLowerCase()}@example.org`;
  return valueOf(await createUser(db, { email, name, role, passwordHash: "$argon2id$", nowMs: NOW }));
}

/** Somebody who was invited. */
export async function guestOf(db: Database, name: string, reach: Reach = ALL_SITES): Promise<User> {
  const email = `${name.toLowerCase()}@example.org`;
  return valueOf(await inviteUser(db, authorAt(NOW), { email, name, role: "technician", reach }));
}
