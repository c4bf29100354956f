/**
 * The token a request came with, for those who answer it.
 *
 * @module
 */

import type { TokenBearer } from "../../auth/api_token.ts";
import type { Author } from "../../store/audit.ts";
import { authorOf } from "../author.ts";
import type { State } from "../state.ts";

const BEARERS = new WeakMap<State, TokenBearer>();

/** Remembers who asks. */
export function setBearer(state: State, bearer: TokenBearer): void {
  BEARERS.set(state, bearer);
  state.user = bearer.user;
  state.asker = bearer.asker;
}

/** Who asks; only a bug asks where no token is needed. */
export function bearerOf(state: State): TokenBearer {
  const bearer = BEARERS.get(state);
  if (!bearer) throw new Error("Nobody asks: this operation is open");
  return bearer;
}

/** Who is written down: the person, and by which of their tokens. Before a token let anybody in: nobody. */
export function tokenAuthorOf(state: State): Author {
  const bearer = BEARERS.get(state);
  const by = authorOf(state);
  return bearer ? { ...by, actor: `${bearer.user.email} (API token ${bearer.token.id})` } : by;
}
