// A router is signed in to by a user whose name is no secret; the password lies sealed under the site's name.
/**
 * Adds the user to the router.
 *
 * @module
 */

import { type AnyKysely, ensureColumn } from "../lib/store/dialect.ts";

/** Adds the column; repeatable. */
export async function up(db: AnyKysely): Promise<void> {
  await ensureColumn(db, "router", { name: "user_name", type: "varchar(64)" });
}
