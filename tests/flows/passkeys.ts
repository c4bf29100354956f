/**
 * The product at a host name, which passkeys need, and hands that add and show them as its scripts would.
 *
 * @module
 */

import { freePort } from "../engines/server.ts";
import {
  type AnswerJson,
  type FakeAuthenticator,
  fakeAuthenticator,
  type Lie,
} from "../fakes/authenticator.ts";
import { type Answer, ask, type Flow, withFlow } from "./running_product.ts";
import type { Visitor } from "./visitors.ts";

/** Runs a flow without sites at `http://localhost`. */
export async function withHostName(body: (flow: Flow) => Promise<void>): Promise<void> {
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const env = { COLLECT: "off", LISTEN: `127.0.0.1:${port}`, PUBLIC_URL: origin };
  await withFlow({ specs: [], env }, (flow) => body({ ...flow, origin }));
}

/** Where something is asked for, and by whom. */
export interface Place {
  /** Where the product answers. */
  readonly origin: string;
  /** Cookies; absent: none. */
  readonly cookie?: string | undefined;
}

/** Posts JSON as a script of ours would. */
export function postJson(
  { origin, cookie }: Place,
  path: string,
  body: unknown,
): Promise<Answer> {
  const headers = { origin, "content-type": "application/json", ...(cookie === undefined ? {} : { cookie }) };
  return ask(origin, path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** The JSON of an answer. */
export function jsonOf({ text }: Answer): Readonly<Record<string, unknown>> {
  return JSON.parse(text);
}

/** The sentence of an answer that says no. */
export function titleOf(answer: Answer): unknown {
  return jsonOf(answer)["title"];
}

/** Cookies that an answer sets, as they are sent back; those that it takes away are left out. */
export function cookiesOf({ headers }: Answer): string {
  const set = headers.getSetCookie().filter((cookie) => !cookie.includes("Max-Age=0"));
  return set.map((cookie) => cookie.split(";")[0]).join("; ");
}

/** What the server asks for; fails where it does not. */
export async function optionsOf(place: Place, path: string, body: unknown = {}) {
  const answer = await postJson(place, path, body);
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status} ${answer.text}`);
  return { options: jsonOf(answer), cookie: cookiesOf(answer) };
}

/** Makes a passkey and adds it; what the server said. */
export async function addPasskey(
  place: Place,
  { device, name, lie }: {
    readonly device: FakeAuthenticator;
    readonly name: string;
    readonly lie?: Lie;
  },
): Promise<Answer> {
  const { options } = await optionsOf(place, "/account/passkeys/options", { name });
  return await postJson(place, "/account/passkeys", { name, credential: await device.make(options, lie) });
}

/** Somebody's device with a passkey that has been added. */
export async function withPasskey(
  { origin }: Pick<Flow, "origin">,
  { cookie }: Pick<Visitor, "cookie">,
  name = "Phone",
): Promise<FakeAuthenticator> {
  const device = await fakeAuthenticator({ origin });
  const answer = await addPasskey({ origin, cookie }, { device, name });
  if (answer.status !== 201) throw new Error(`The passkey was not added: ${answer.status} ${answer.text}`);
  return device;
}

/** An answer to what the page to sign in asks for, with the cookie of the browser. */
export interface SignInAnswer {
  /** The answer. */
  readonly credential: AnswerJson;
  /** The cookie of the browser that asked. */
  readonly cookie: string;
}

/** Has a device answer what the page to sign in asks for. */
export async function answerSignIn(
  { origin }: Pick<Flow, "origin">,
  device: FakeAuthenticator,
  lie?: Lie,
): Promise<SignInAnswer> {
  const { options, cookie } = await optionsOf({ origin }, "/sign-in/passkey/options");
  return { credential: await device.show(options, lie), cookie };
}

/** Signs in by a passkey alone; what the server said. */
export async function signInByPasskey(
  flow: Pick<Flow, "origin">,
  device: FakeAuthenticator,
  { lie, back = "/" }: { readonly lie?: Lie; readonly back?: string } = {},
): Promise<Answer> {
  const { credential, cookie } = await answerSignIn(flow, device, lie);
  return await postJson({ origin: flow.origin, cookie }, "/sign-in/passkey", { credential, back });
}
