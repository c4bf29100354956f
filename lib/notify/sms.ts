/**
 * Hands short messages to Twilio: one request each, with a deadline and no second try of its own. The only file that
 * knows its library, which is loaded when the first message is sent.
 *
 * @module
 */

import type { Twilio } from "twilio";
import type { Clock } from "../clock.ts";
import { isPhoneNumber, type SmsAccount } from "../domain/messaging.ts";
import { err, ok, type Result } from "../result.ts";
import type { Sms, SmsTrouble, Texter } from "./transport.ts";
import { serverWords } from "./words.ts";

/** Milliseconds that one message may take. */
export const SMS_DEADLINE_MS = 15_000;

/** Characters of one message: what Twilio takes (error 21617). */
export const SMS_MAX_LENGTH = 1_600;

/** Bytes of an answer. */
const ANSWER_MAX_BYTES = 65_536;

/** Messages on their way at once. */
const SENDS_AT_ONCE = 10;

/** An account with what opens it. */
export interface TexterAccount {
  /** The account. */
  readonly account: SmsAccount;
  /** Secret of the API key. */
  readonly secret: string;
}

/** What a texter is made from. */
export interface TexterOptions {
  /** The account as it is set now; `null`: none. */
  account(): Promise<TexterAccount | null>;
  /** For the deadline. */
  readonly clock: Clock;
  /** In place of `https://api.twilio.com`, for tests. */
  readonly apiUrl?: string | undefined;
}

/** Makes a texter. */
export function createTexter(options: TexterOptions): Texter {
  let sending = 0;
  return {
    async send(sms) {
      const account = await options.account();
      if (account === null) return err({ kind: "not-set-up" });
      if (!isPhoneNumber(sms.to)) return no("The recipient is no telephone number");
      if (sms.text.length > SMS_MAX_LENGTH) return no(`More than ${SMS_MAX_LENGTH} characters`);
      if (sending >= SENDS_AT_ONCE) return err({ kind: "unreachable", words: "Too many messages at once" });
      sending += 1;
      try {
        return await hand(sms, account, options);
      } finally {
        sending -= 1;
      }
    },
    ready: async () => await options.account() !== null,
  };
}

function no(words: string): Result<void, SmsTrouble> {
  return err({ kind: "refused", permanent: true, words });
}

async function hand(
  sms: Sms,
  { account, secret }: TexterAccount,
  { clock, apiUrl }: TexterOptions,
): Promise<Result<void, SmsTrouble>> {
  const { accountSid, keySid, from } = account;
  const over = new AbortController();
  const late = clock.sleep(SMS_DEADLINE_MS, over.signal).then(() => over.abort());
  try {
    const { default: twilio } = await import("twilio");
    const client: Twilio = twilio(keySid, secret, {
      accountSid,
      httpClient: Object.assign(new twilio.RequestClient(), {
        request: (asked: Asked) => askOnce(asked, { signal: over.signal, apiUrl }),
      }),
    });
    const sender = from.startsWith("MG") ? { messagingServiceSid: from } : { from };
    await client.messages.create({ to: sms.to, body: sms.text, ...sender });
    return ok(undefined);
  } catch (error) {
    return err(troubleOf(error, [secret]));
  } finally {
    over.abort();
    await late;
  }
}

/**
 * Asks Twilio whether it takes the key for the account: by the list of messages, which every key for messages may read.
 * Nothing is sent.
 */
export async function tryAccount(
  { account, secret }: TexterAccount,
  { signal, apiUrl = API_URL }: { readonly signal: AbortSignal; readonly apiUrl?: string | undefined },
): Promise<Result<void, SmsTrouble>> {
  const uri = `${apiUrl}/2010-04-01/Accounts/${account.accountSid}/Messages.json?PageSize=1`;
  try {
    const answer = await fetch(uri, {
      headers: { authorization: `Basic ${btoa(`${account.keySid}:${secret}`)}` },
      redirect: "manual",
      signal,
    });
    const { status } = answer;
    const text = await bodyOf(answer);
    if (status === 200) return ok(undefined);
    if (status === 401) return err(troubleOf({ status, message: text.slice(0, 300) }, [secret]));
    const permanent = status < 500 && status !== 429;
    return err({ kind: "refused", permanent, words: `Twilio answers ${status} for the account` });
  } catch (error) {
    return err(troubleOf(error, [secret]));
  }
}

const API_URL = "https://api.twilio.com";

/** A request as the library asks for it. */
interface Asked {
  readonly method: string;
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

async function askOnce(
  { method, uri, username, password, headers, data }: Asked,
  { signal, apiUrl }: { readonly signal: AbortSignal; readonly apiUrl: string | undefined },
): Promise<{ readonly statusCode: number; readonly body: string; readonly headers: object }> {
  const url = apiUrl === undefined ? new URL(uri) : new URL(new URL(uri).pathname, apiUrl);
  const fields = Object.entries(data ?? {}).filter(([, value]) => value !== undefined);
  const answer = await fetch(url, {
    method: method.toUpperCase(),
    headers: { ...headers, authorization: `Basic ${btoa(`${username}:${password}`)}` },
    body: new URLSearchParams(fields.map(([name, value]) => [name, String(value)])),
    redirect: "manual",
    signal,
  });
  return { statusCode: answer.status, body: await bodyOf(answer), headers: {} };
}

async function bodyOf(answer: Response): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > ANSWER_MAX_BYTES) throw new Error("more than anybody reads");
    chunks.push(new Uint8Array(chunk));
  }
  return await new Blob(chunks).text();
}

function troubleOf(error: unknown, secrets: readonly string[]): SmsTrouble {
  const { status, code, message } = error as { status?: unknown; code?: unknown; message?: unknown };
  const said = serverWords(typeof message === "string" ? message : "", secrets);
  if (typeof status === "number" && status >= 400) {
    const permanent = status < 500 && status !== 429 && status !== 408;
    const number = typeof code === "number" ? ` (${code})` : "";
    if (status === 401) {
      return { kind: "refused", permanent, words: `Twilio does not accept the key${number}: ${said}` };
    }
    return { kind: "refused", permanent, words: `Twilio refused the message${number}: ${said}` };
  }
  if (error instanceof Error && error.name === "AbortError") {
    return { kind: "unreachable", words: `Twilio did not answer in ${SMS_DEADLINE_MS / 1000} s` };
  }
  return { kind: "unreachable", words: `Twilio does not answer as it should: ${said}` };
}
