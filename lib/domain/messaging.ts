/**
 * Through whom messages leave: a mail server for e-mail and an account for short messages, as administrators set
 * them. Their passwords are kept apart, sealed.
 *
 * @module
 */

/** How the connection to the mail server is protected: TLS from the first byte, TLS by STARTTLS or not at all, none. */
export type MailSecurity = "tls" | "starttls" | "none";

/** All of them, the safest first. */
export const MAIL_SECURITIES: readonly MailSecurity[] = ["tls", "starttls", "none"];

/** Port that is usual for each (RFC 8314 section 7.3, RFC 6409, RFC 5321). */
export const MAIL_PORTS: Readonly<Record<MailSecurity, number>> = { tls: 465, starttls: 587, none: 25 };

/** A mail server that takes our messages. */
export interface MailServer {
  /** Host name or address. */
  readonly host: string;
  /** 1 to 65,535. */
  readonly port: number;
  /** How the connection is protected. */
  readonly security: MailSecurity;
  /** Whether an administrator says that it runs on this machine; absent: it does not. */
  readonly onThisMachine?: boolean;
  /** Name to sign in with; empty: the server asks for none. */
  readonly user: string;
  /** Address that messages come from. */
  readonly from: string;
  /** Name beside that address; empty: none. */
  readonly fromName: string;
}

/** An account at Twilio that takes our short messages. */
export interface SmsAccount {
  /** Names the account: `AC` and 32 hexadecimal digits. */
  readonly accountSid: string;
  /** Names the API key: `SK` and 32 hexadecimal digits. */
  readonly keySid: string;
  /** Number, name or messaging service that messages come from. */
  readonly from: string;
}

/** A mail server out of stored JSON; `null`: that is none. */
export function mailServerOf(stored: unknown): MailServer | null {
  const { host, port, security, user, from, fromName, onThisMachine } = fieldsOf(stored);
  const protectedBy = MAIL_SECURITIES.find((one) => one === security);
  if (!isText(host) || !isText(user) || !isText(from) || !isText(fromName) || !protectedBy) return null;
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  if (host === "" || from === "") return null;
  const here = onThisMachine === true ? { onThisMachine } : {};
  return { host, port, security: protectedBy, user, from, fromName, ...here };
}

/** An account for short messages out of stored JSON; `null`: that is none. */
export function smsAccountOf(stored: unknown): SmsAccount | null {
  const { accountSid, keySid, from } = fieldsOf(stored);
  if (!isText(accountSid) || !isText(keySid) || !isText(from)) return null;
  return isAccountSid(accountSid) && isKeySid(keySid) && isSender(from) ? { accountSid, keySid, from } : null;
}

/** Whether a text names an account at Twilio. */
export function isAccountSid(text: string): boolean {
  return /^AC[0-9a-f]{32}$/.test(text);
}

/** Whether a text names an API key at Twilio. */
export function isKeySid(text: string): boolean {
  return /^SK[0-9a-f]{32}$/.test(text);
}

/** Whether a text is a telephone number as E.164 writes it: a plus, then 7 to 15 digits. */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text);
}

/** Whether short messages may come from it: a number, a name of up to 11 letters and digits, a messaging service. */
export function isSender(text: string): boolean {
  if (isPhoneNumber(text) || /^MG[0-9a-f]{32}$/.test(text)) return true;
  return /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text) && text.trim() === text;
}

/** Whether a text is a host name (RFC 1123), an IPv4 address, or an IPv6 address without brackets. */
export function isHostName(text: string): boolean {
  if (text.includes(":")) return /^[0-9a-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]/`);
  if (text.length > 253) return false;
  return text.split(".").every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i.test(label));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function fieldsOf(stored: unknown): Readonly<Record<string, unknown>> {
  return typeof stored === "object" && stored !== null ? { ...stored } : {};
}
