/**
 * Hands one e-mail to a mail server: every step has a deadline, the certificate is checked, and where TLS was chosen
 * nothing is said before it is there. The only file that knows nodemailer.
 *
 * @module
 */

import nodemailer, { type NodemailerError } from "nodemailer";
import type { MailServer } from "../domain/messaging.ts";
import { err, ok, type Result } from "../result.ts";
import type { Mail, MailTrouble } from "./transport.ts";
import { serverWords } from "./words.ts";

/** Milliseconds in which a connection, and TLS on it, must stand. */
export const CONNECT_MS = 8_000;

/** Milliseconds in which the server must have greeted. */
export const GREETING_MS = 8_000;

/** Milliseconds in which the server must answer what it was told. */
export const SILENCE_MS = 10_000;

/** Bytes of one answer of the server. */
const ANSWER_MAX_BYTES = 16_384;

/** Characters of a subject. */
const SUBJECT_MAX = 200;

// deno-lint-ignore no-control-regex
const NOT_IN_A_LINE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** A mail server with what opens it. */
export interface MailAccount {
  /** Where messages are handed over. */
  readonly server: MailServer;
  /** Password of the user; `null`: the server asks for none. */
  readonly password: string | null;
}

/** How a message is handed over. */
export interface Delivery {
  /** To whom. */
  readonly account: MailAccount;
  /** The address of the server that was judged and is dialled. */
  readonly address: string;
  /** What we call ourselves: a host name. */
  readonly name: string;
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** Certificates of authorities to trust besides the machine's, as PEM. */
  readonly authorities?: string | undefined;
}

/** Hands a message over; whatever goes wrong is told in words that hold no password. */
export async function deliver(mail: Mail, delivery: Delivery): Promise<Result<void, MailTrouble>> {
  const { account, signal } = delivery;
  const { from, fromName } = account.server;
  if (!isOneAddress(mail.to)) return refusedHere("The address of the recipient is not one address");
  if (!isOneAddress(from)) return refusedHere("The address of the sender is not one address");
  const transport = transportOf(delivery);
  try {
    await transport.sendMail({
      from: { name: oneLine(fromName), address: from },
      to: { name: "", address: mail.to },
      envelope: { from, to: [mail.to] },
      subject: oneLine(mail.subject).slice(0, SUBJECT_MAX),
      text: mail.text,
      ...(mail.html === undefined ? {} : { html: mail.html }),
      // RFC 3834: nobody's holiday notice has to answer it.
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal,
    });
    return ok(undefined);
  } catch (error) {
    return err(troubleOf(error as NodemailerError, account));
  } finally {
    transport.close();
  }
}

/** Greets the server, goes over to TLS and signs in as for a message, and says goodbye: nothing is sent. */
export async function trySignIn(delivery: Omit<Delivery, "signal">): Promise<Result<void, MailTrouble>> {
  const transport = transportOf(delivery);
  try {
    await transport.verify();
    return ok(undefined);
  } catch (error) {
    return err(troubleOf(error as NodemailerError, delivery.account));
  } finally {
    transport.close();
  }
}

/** Whether a text is one address that can neither end a header nor bring a second recipient. */
export function isOneAddress(text: string): boolean {
  return /^[^\s@,;:<>()[\]\\"\p{Cc}\p{Cf}]{1,64}@[^\s@,;:<>()[\]\\"\p{Cc}\p{Cf}]{1,253}$/u.test(text);
}

function transportOf({ account, address, name, authorities }: Omit<Delivery, "signal">) {
  const { host, port, security, user } = account.server;
  return nodemailer.createTransport({
    host: address,
    port,
    name,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    connectionTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    socketCloseTimeout: 0,
    maxResponseSize: ANSWER_MAX_BYTES,
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: {
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
      servername: host,
      ...(authorities === undefined ? {} : { ca: authorities }),
    },
    ...(account.password === null
      ? {}
      : { auth: { type: "login", user, pass: account.password }, forceAuth: true }),
  });
}

function troubleOf(error: NodemailerError, account: MailAccount): MailTrouble {
  const { host, port, user } = account.server;
  const place = `${host}:${port}`;
  const { code, response, responseCode, permanent = true } = error;
  const secrets = account.password === null ? [] : [account.password, user];
  const said = response === undefined ? "" : `: ${serverWords(response, secrets)}`;
  switch (code) {
    case "EAUTH":
      return {
        kind: "refused",
        permanent,
        words: `${place} does not accept the user name and password${said}`,
      };
    case "ETLS": {
      const why = response === undefined ? tlsWords(error.message) : `it refuses STARTTLS${said}`;
      return { kind: "unreachable", words: `Cannot speak to ${place} over TLS: ${why}` };
    }
    case "ETIMEDOUT":
      return { kind: "unreachable", words: `${place} ${silenceWords(error)}` };
    case "EABORT":
      return { kind: "unreachable", words: `${place} did not take the message in time` };
  }
  if (responseCode !== undefined && code !== "EPROTOCOL") {
    return { kind: "refused", permanent, words: `${place} refused the message${said}` };
  }
  return { kind: "unreachable", words: `Cannot reach ${place}: ${socketWords(error)}` };
}

function silenceWords({ timeoutType }: NodemailerError): string {
  switch (timeoutType) {
    case "CONNECT_TIMEOUT":
      return `does not answer: no connection in ${CONNECT_MS / 1000} s`;
    case "GREETING_TIMEOUT":
      return `does not greet as a mail server does in ${GREETING_MS / 1000} s`;
    case "UPGRADE_TIMEOUT":
      return "does not finish the TLS handshake";
    case "SOCKET_TIMEOUT":
    case undefined:
      return `fell silent for ${SILENCE_MS / 1000} s`;
  }
}

/** Codes of the machine's network in words; others are told as they are. */
const SOCKET_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it cut the connection",
  EPIPE: "it cut the connection",
  EHOSTUNREACH: "there is no way to this host",
  ENETUNREACH: "there is no way to this network",
};

function socketWords({ code, originalCode, message, response }: NodemailerError): string {
  const known = SOCKET_WORDS[originalCode ?? ""];
  if (known !== undefined) return known;
  if (isTlsFault(message)) return tlsWords(message);
  if (code === "ECONNECTION") return "it closed the connection";
  if (response !== undefined) return `it does not speak as a mail server does: ${serverWords(response, [])}`;
  return serverWords(message, []);
}

function isTlsFault(message: string): boolean {
  return /certificate|tls|ssl|handshake|unknownissuer|self.signed/i.test(message);
}

function tlsWords(message: string): string {
  if (/unknownissuer|self.signed|unable to (get|verify)|untrusted/i.test(message)) {
    return "its certificate is not from an authority that this machine trusts";
  }
  if (/expired/i.test(message)) return "its certificate has expired";
  if (/notvalidforname|altname|does not match/i.test(message)) return "its certificate is for another name";
  return serverWords(message.replace(/^Error initiating TLS - /, ""), []);
}

function refusedHere(words: string): Result<void, MailTrouble> {
  return err({ kind: "refused", permanent: true, words });
}

function oneLine(text: string): string {
  return text.replaceAll(NOT_IN_A_LINE, " ").trim();
}
