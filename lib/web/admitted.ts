/**
 * Comes in by the one door: asks it with what a request carries, and answers with its cookies. Whoever comes in over a
 * session that is still there ends it: its token is in no cookie any more.
 *
 * @module
 */

import type { Context } from "fresh";
import { type Admission, admit } from "../auth/admit.ts";
import { newDevice } from "../auth/device.ts";
import { endSession, SESSION_AGE_MS, startSession } from "../auth/session.ts";
import { getSession, type SignedInBy } from "../kv/sessions.ts";
import type { User } from "../store/users.ts";
import { authorOf } from "./author.ts";
import { cookieOf, deviceCookieName, pendingCookieName, sessionCookieName, setCookie } from "./cookie.ts";
import { letterServicesOf } from "./letters.ts";
import { redirectTo } from "./redirect.ts";
import { type Services, servicesOf, type State } from "./state.ts";

const A_YEAR_S = 365 * 24 * 3600;

/** The part of a request's context that comes to the door. */
export type Arriving = Pick<Context<State>, "req" | "state">;

/** Headers that an answer carries. */
export type AnswerHeaders = readonly (readonly [string, string])[];

/** Somebody who has shown who they are. */
export interface ShownWho {
  /** Who, as just read: they may come in. */
  readonly user: User;
  /** By what. */
  readonly how: SignedInBy;
  /** Path to go to. */
  readonly back: string;
}

/** Lets somebody in, or sends them to the second step. */
export async function admitAndRedirect(ctx: Arriving, shown: ShownWho): Promise<Response> {
  const admission = await admitHere(ctx, shown);
  return redirectTo(pathOf(admission), await admissionHeaders(ctx, admission));
}

/** Asks the door with what a request carries. */
export async function admitHere({ req, state }: Arriving, shown: ShownWho): Promise<Admission> {
  const { email, id } = shown.user;
  return await admit(letterServicesOf(state), { ...authorOf(state), actor: email, userId: id }, {
    ...shown,
    agent: req.headers.get("user-agent") ?? "",
    device: cookieOf(req.headers, deviceCookieName(state.base.config.secureCookies)),
  });
}

/** Where somebody goes on. */
export function pathOf(admission: Admission): string {
  switch (admission.kind) {
    case "in":
      return admission.back;
    case "second-step":
      return admission.step === "enter" ? "/sign-in/second-factor" : "/sign-in/set-up";
  }
}

/** The cookies of an admission; ends the session of before where somebody is in. */
export async function admissionHeaders(
  { req, state }: Arriving,
  admission: Admission,
): Promise<[string, string][]> {
  const { secureCookies: secure } = state.base.config;
  if (admission.kind === "second-step") {
    const options = { maxAgeS: admission.lastsMs / 1000, secure };
    return [["set-cookie", setCookie(pendingCookieName(secure), admission.token, options)]];
  }
  await endEarlier(servicesOf(state), cookieOf(req.headers, sessionCookieName(secure)));
  const { token, device } = admission;
  const headers: [string, string][] = [
    ["set-cookie", sessionCookie(token, secure)],
    ["set-cookie", deviceCookie(device, secure)],
  ];
  const pending = pendingCookieName(secure);
  if (cookieOf(req.headers, pending) !== undefined) {
    headers.push(["set-cookie", setCookie(pending, "", { maxAgeS: 0, secure })]);
  }
  return headers;
}

/** The cookie by which a browser is known. */
export function deviceCookie(device: string, secure: boolean): string {
  return setCookie(deviceCookieName(secure), device, { maxAgeS: A_YEAR_S, secure });
}

async function endEarlier({ kv, events }: Services, token: string | undefined): Promise<void> {
  const ended = token === undefined ? null : await endSession(kv, token);
  if (ended !== null) events.end(ended);
}

function sessionCookie(token: string, secure: boolean): string {
  return setCookie(sessionCookieName(secure), token, { maxAgeS: SESSION_AGE_MS / 1000, secure });
}

/**
 * Goes on in this browser after one's own sessions were all ended: a new session that came in by the same as the one
 * before, and the browser is known anew.
 */
export async function restartSession({ req, state }: Arriving, user: User): Promise<[string, string][]> {
  const { kv, events } = servicesOf(state);
  const { sessionKey, clientAddress, base } = state;
  const before = sessionKey === null ? null : await getSession(kv, sessionKey);
  const token = await startSession(kv, {
    user: { ...user, lastSignInMs: before?.session.beforeMs ?? null },
    origin: clientAddress,
    agent: req.headers.get("user-agent") ?? "",
    by: before?.session.by ?? "password",
    nowMs: base.clock.nowMs(),
  });
  if (sessionKey !== null) events.end(sessionKey);
  const { secureCookies: secure } = base.config;
  return [
    ["set-cookie", sessionCookie(token, secure)],
    ["set-cookie", deviceCookie(await newDevice(kv, user), secure)],
  ];
}
