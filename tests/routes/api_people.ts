/**
 * People and their tokens for the tests of the API.
 *
 * @module
 */

import { newApiToken } from "../../lib/auth/api_token.ts";
import { ALL_SITES, type Reach } from "../../lib/domain/permission.ts";
import { createToken } from "../../lib/store/tokens.ts";
import { findUserByEmail, type User } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { ACCOUNT, type Flow } from "../flows/running_product.ts";

/** The only group; the mill lies in it. */
export const NORTH = 7;

/** Tokens of an administrator. */
export interface Tokens {
  /** Reads and changes everything. */
  readonly all: string;
  /** Reads everything, changes nothing. */
  readonly looking: string;
  /** Reads and changes what lies in the group. */
  readonly north: string;
  /** Whose they are. */
  readonly owner: User;
}

/** Makes a token and gives its text. */
export async function makeToken(
  flow: Flow,
  owner: User,
  { mayWrite = false, reach = ALL_SITES, days = 30 }: {
    readonly mayWrite?: boolean;
    readonly reach?: Reach;
    readonly days?: number;
  } = {},
): Promise<string> {
  const { text, hash } = await newApiToken();
  const made = await createToken(flow.opened.db, authorAt(flow.clock.nowMs()), {
    userId: owner.id,
    tokenHash: hash,
    name: "Tests",
    mayWrite,
    reach,
    expiresMs: flow.clock.nowMs() + days * 86_400_000,
  });
  if (!made.ok) throw new Error(made.error.kind);
  return text;
}

/** Puts a site into the group and makes tokens. */
export async function makeTokens(flow: Flow, { mill }: { readonly mill: number }): Promise<Tokens> {
  const { db } = flow.opened;
  await db.kysely.insertInto("site_group").values({ group_id: NORTH, name: "North" }).execute();
  await db.kysely.updateTable("site").set({ group_id: NORTH }).where("site_id", "=", mill).execute();
  const account = await findUserByEmail(db, ACCOUNT.email);
  if (!account) throw new Error("Nobody may sign in");
  const owner = account.user;
  const north: Reach = { kind: "some", groupIds: [NORTH], siteIds: [] };
  return {
    owner,
    all: await makeToken(flow, owner, { mayWrite: true }),
    looking: await makeToken(flow, owner),
    north: await makeToken(flow, owner, { mayWrite: true, reach: north }),
  };
}
