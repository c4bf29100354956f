/**
 * People of every role who come to a running product, in a browser and with a program.
 *
 * @module
 */

import { newApiToken } from "../../lib/auth/api_token.ts";
import { ALL_SITES, type Reach, type Role } from "../../lib/domain/permission.ts";
import { createToken } from "../../lib/store/tokens.ts";
import { changeUser, createUser, type User } from "../../lib/store/users.ts";
import { authorAt } from "../fakes/author.ts";
import { ACCOUNT, type Flow, post } from "./running_product.ts";

/** Somebody who is signed in. */
export interface Visitor {
  /** Who it is. */
  readonly user: User;
  /** The session, as the browser sends it. */
  readonly cookie: string;
  /** An API token without limits of its own. */
  readonly token: string;
}

/** Who comes. */
export interface VisitorDraft {
  /** Names them, such as `viewer`. */
  readonly name: string;
  /** What they are here for. */
  readonly role: Role;
  /** Which sites; default: all. */
  readonly reach?: Reach;
}

let hashed: Promise<string> | null = null;

/** Makes somebody and signs them in with the password of {@link ACCOUNT}. */
export async function makeVisitor(flow: Flow, { name, role, reach }: VisitorDraft): Promise<Visitor> {
  const { db } = flow.opened;
  hashed ??= hashOf(flow);
  const email = `${name.replaceAll(" ", "-")}@wattpost.example`;
  const draft = { name, email, role, passwordHash: await hashed, nowMs: flow.clock.nowMs() };
  const made = await createUser(db, draft);
  if (!made.ok) throw new Error(made.error.kind);
  const user = reach ? await setReach(flow, made.value.id, reach) : made.value;
  return { user, cookie: await signInAs(flow, email), token: await makeToken(flow, user) };
}

/** Gives somebody another reach, which ends their sessions. */
export async function setReach({ opened, clock }: Flow, userId: number, reach: Reach): Promise<User> {
  const by = authorAt(clock.nowMs(), { seal: opened.keys.seal });
  const changed = await changeUser(opened.db, by, { userId, reach });
  if (!changed.ok) throw new Error(changed.error.kind);
  return changed.value;
}

/** Signs somebody in; the cookie of the session. */
export async function signInAs(
  { origin }: Pick<Flow, "origin">,
  email: string,
  password: string = ACCOUNT.password,
): Promise<string> {
  const answer = await post(origin, "/sign-in", { email, password, back: "/" });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (answer.status !== 303 || !cookie) throw new Error(`${email} cannot sign in: ${answer.status}`);
  return cookie;
}

async function hashOf({ opened }: Flow): Promise<string> {
  const made = await opened.passwords.hash(ACCOUNT.password);
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

async function makeToken({ opened, clock }: Flow, user: User): Promise<string> {
  const { text, hash } = await newApiToken();
  const made = await createToken(opened.db, authorAt(clock.nowMs()), {
    userId: user.id,
    tokenHash: hash,
    name: user.name,
    mayWrite: true,
    reach: ALL_SITES,
    expiresMs: clock.nowMs() + 30 * 86_400_000,
  });
  if (!made.ok) throw new Error(made.error.kind);
  return text;
}
