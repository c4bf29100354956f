/**
 * An import as its pages find it: whose it is, where its pages are, and what is being done for it.
 *
 * @module
 */

import { type Context, HttpError } from "fresh";
import type { Author } from "../../../store/audit.ts";
import { type ImportRecord, readImport } from "../../../store/site_imports.ts";
import type { User } from "../../../store/users.ts";
import { allow } from "../../allow.ts";
import { authorOf } from "../../author.ts";
import { type Desk, letOthersWork } from "../../imports/acts.ts";
import { type Works, worksOf } from "../../imports/works.ts";
import { importIdOf } from "../../params.ts";
import { type Services, servicesOf, type State } from "../../state.ts";

/** Where imports are listed. */
export const IMPORTS_PATH = "/sites/import";

/** The page of an import. */
export function importPath(importId: number): string {
  return `${IMPORTS_PATH}/${importId}`;
}

/** An import with whom and what its page works. */
export interface OpenImport {
  /** The import. */
  readonly record: ImportRecord;
  /** Whose it is. */
  readonly user: User;
  /** The services. */
  readonly services: Services;
  /** What is being done for imports. */
  readonly works: Works;
}

/** Who asks; 401 where nobody is signed in. */
export function requireUser({ user }: State): User {
  if (!user) throw new HttpError(401);
  return user;
}

/** What the process does for imports. */
export function worksIn(state: State): Works {
  const { clock, log } = state.base;
  return worksOf(servicesOf(state).db, { clock, log });
}

/** The import in the path, of whoever asks; another's does not exist. */
export async function openImport(ctx: Pick<Context<State>, "state" | "params">): Promise<OpenImport> {
  allow(ctx, "sites.import");
  const user = requireUser(ctx.state);
  const services = servicesOf(ctx.state);
  const record = await readImport(services.db, { importId: importIdOf(ctx.params), ownerId: user.id });
  if (!record) throw new HttpError(404);
  ctx.state.title = record.fileName;
  return { record, user, services, works: worksIn(ctx.state) };
}

/** Whose work is meant. */
export function workKey({ record, user }: Pick<OpenImport, "record" | "user">) {
  return { importId: record.id, personId: user.id };
}

/** With what an import is worked on. */
export function deskOf(state: State, by: Author = authorOf(state)): Desk {
  const { db, profiles } = servicesOf(state);
  return { db, profiles, clock: state.base.clock, user: requireUser(state), by, breathe: letOthersWork };
}
