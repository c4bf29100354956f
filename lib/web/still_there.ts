/**
 * Who asks is judged when the head of a request comes; its body may take its time. Before anything is done with a body
 * it is judged again, so that nobody acts with a session that was ended meanwhile.
 *
 * @module
 */

import { HttpError } from "fresh";
import { isSessionAlive } from "../auth/session.ts";
import { findUser } from "../store/users.ts";
import { servicesOf, type State } from "./state.ts";

/** Answers 401 where whoever was signed in is not any more, or has other rights. */
export async function requireStillThere(state: State): Promise<void> {
  const { user, sessionKey: key, base } = state;
  if (!user || key === null) return;
  const { db, kv } = servicesOf(state);
  const now = await findUser(db, user.id);
  const epoch = now?.sessionEpoch;
  const isSame = epoch !== undefined && epoch === user.sessionEpoch;
  if (isSame && await isSessionAlive(kv, { key, epoch, nowMs: base.clock.nowMs() })) return;
  throw new HttpError(401);
}
