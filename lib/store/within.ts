/**
 * Changes that stand alone or belong to a larger one: given a database they make a transaction of their own, given a
 * transaction they are part of it.
 *
 * @module
 */

import { type Database, type Executor, transaction } from "./db.ts";

/** A database, or the transaction that a change is part of. */
export type Changing = Database | Executor;

/** Runs a change in a transaction of its own, or in the one that is under way. */
export function within<T>(db: Changing, run: (tx: Executor) => Promise<T>): Promise<T> {
  return "kysely" in db ? transaction(db, run) : run(db);
}

/** What statements are run by, inside or outside of a transaction. */
export function executorOf(db: Changing): Executor {
  return "kysely" in db ? db.kysely : db;
}
