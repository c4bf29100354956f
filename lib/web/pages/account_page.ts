/**
 * The page of one's own account, loaded.
 *
 * @module
 */

import { HttpError } from "fresh";
import { needsSecondFactor } from "../../auth/second_factor.ts";
import { listSessions } from "../../auth/session.ts";
import { findEmailChange } from "../../store/email_changes.ts";
import type { User } from "../../store/users.ts";
import type { AccountPageProps } from "../../ui/pages/AccountPage.tsx";
import { mightDo } from "../allow.ts";
import { type Services, servicesOf, type State } from "../state.ts";
import { loadAccount, sessionRow, whenLabel } from "./account_view.ts";

/** Whoever is signed in, in which session, and what their pages work with. */
export interface Own {
  /** What pages work with. */
  readonly services: Services;
  /** Who. */
  readonly user: User;
  /** Names the session inside. */
  readonly sessionKey: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Whoever is signed in; 401 when nobody is. */
export function ownOf(state: State): Own {
  const { user, sessionKey, base } = state;
  if (!user || sessionKey === null) throw new HttpError(401);
  return { services: servicesOf(state), user, sessionKey, nowMs: base.clock.nowMs() };
}

/** What has just been done, as the address says it. */
const DONE = new Map([
  ["name", "Your name is saved"],
  ["password", "Your password is changed, and you are signed out everywhere else"],
  ["session", "That browser is signed out"],
  ["passkey-added", "The passkey is added"],
  ["passkey-renamed", "The passkey has its new name"],
  ["passkey-removed", "The passkey is removed"],
  ["sessions", "You are signed out everywhere else"],
]);

/** What was typed, where it was not taken. */
export interface TypedName {
  /** The name. */
  readonly name: string;
  /** What is wrong with it. */
  readonly fault: string;
}

/** What the page shows, and whether there is room for another passkey. */
export type LoadedAccount = Omit<AccountPageProps, "addPasskey" | "csrf"> & { readonly room: boolean };

/** Everything that the page shows. */
export async function loadAccountPage(
  state: State,
  { done = null, typed }: { readonly done?: string | null; readonly typed?: TypedName },
): Promise<LoadedAccount> {
  const { services, user, sessionKey, nowMs } = ownOf(state);
  const { db, kv } = services;
  const [stored, required, change, sessions] = await Promise.all([
    loadAccount(db, { user, publicUrl: state.base.config.publicUrl, nowMs }),
    needsSecondFactor(db, user),
    findEmailChange(db, { userId: user.id, nowMs }),
    listSessions(kv, user, nowMs),
  ]);
  const { zone, codesLeft, ...shown } = stored;
  const beforeMs = sessions.find(({ key }) => key === sessionKey)?.beforeMs ?? null;
  return {
    ...shown,
    ...(typed ? { name: typed.name, nameFault: typed.fault } : {}),
    newEmail: change?.newEmail ?? null,
    secondFactor: { codes: user.secondFactor, codesLeft, required },
    sessions: sessions.map((session) => sessionRow(session, { key: sessionKey, zone, nowMs })),
    signInBefore: beforeMs === null ? null : whenLabel(zone, beforeMs),
    tokens: mightDo(state, "tokens.own"),
    done: DONE.get(done ?? "") ?? null,
  };
}
