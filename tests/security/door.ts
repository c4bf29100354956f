/**
 * The door as attackers come to it: a product, somebody whom they are after, and forms that they send.
 *
 * @module
 */

import { ACCOUNT, type Answer, ask, type Flow, post } from "../flows/running_product.ts";
import type { Visitor } from "../flows/visitors.ts";

/** What is attacked. */
export interface DoorScene {
  /** The product. */
  readonly flow: Flow;
  /** Somebody with an account, signed in. */
  readonly victim: Visitor;
}

/** A form as it is sent. */
export type Form = Readonly<Record<string, string>>;

/** The password of everybody. */
export const { password: PASSWORD } = ACCOUNT;

/** A password of nobody. */
export const WRONG = "not the password at all";

/** Sends the form of the page to sign in, with a wrong password unless another is given. */
export function signIn({ flow }: Pick<DoorScene, "flow">, form: Form, headers: Form = {}): Promise<Answer> {
  return post(flow.origin, "/sign-in", { back: "/", password: WRONG, ...form }, headers);
}

/** Whether a cookie opens Today. */
export async function opens({ flow }: Pick<DoorScene, "flow">, cookie: string): Promise<boolean> {
  const { status } = await ask(flow.origin, "/", { headers: { cookie } });
  return status === 200;
}

/** The session that an answer sets; `undefined`: none. */
export function sessionOf({ headers }: Answer): string | undefined {
  return headers.getSetCookie().find((one) => one.startsWith("wattpost="));
}
