/**
 * The forms of the page by which administrators say through whom messages leave: what was typed becomes a setting, or
 * a message beside its field.
 *
 * @module
 */

import { RELAY_PORTS } from "../../domain/dial_policy.ts";
import { instantWords } from "../../domain/instant.ts";
import {
  isAccountSid,
  isHostName,
  isKeySid,
  isPhoneNumber,
  isSender,
  MAIL_SECURITIES,
  type MailSecurity,
  type MailServer,
  type SmsAccount,
} from "../../domain/messaging.ts";
import { err, ok, type Result } from "../../result.ts";
import type { SecretChange, SenderSetting } from "../../store/mail_settings.ts";
import type { SenderForm, Typed } from "../../ui/pages/MailSettings.tsx";
import { choice, email, type Field, type FieldErrors, line, password, readForm } from "../form.ts";

/** A sender as it is to be, with what becomes of its secret. */
export interface SenderDraft<T> {
  /** As it is to be. */
  readonly value: T;
  /** The version that was seen. */
  readonly version: number;
  /** What becomes of its secret. */
  readonly secret: SecretChange;
}

/** Fields of the mail server that may be shown again. */
export const MAIL_NAMES = ["host", "port", "onThisMachine", "security", "user", "from", "fromName"] as const;

/** Fields of the account for short messages that may be shown again. */
export const SMS_NAMES = ["accountSid", "keySid", "smsFrom"] as const;

const SECRET_MAX = 200;

const secretField = password({ min: 0, max: SECRET_MAX });
const ticked: Field<boolean> = (text) =>
  text === undefined ? ok(false) : text === "on" ? ok(true) : err("Unclear");

const MAIL_FIELDS = {
  form: choice(["mail"]),
  version: whole({ min: 0, max: 2_147_483_647 }),
  host: checked(253, isHostName, "Is no host name or address, expected such as mail.example.org"),
  port: whole({ min: 1, max: 65_535 }),
  onThisMachine: ticked,
  security: choice<MailSecurity>(MAIL_SECURITIES),
  user: line({ min: 0, max: 200 }),
  password: secretField,
  from: email,
  fromName: line({ min: 0, max: 80 }),
  removeSecret: ticked,
};

const SMS_FIELDS = {
  form: choice(["sms"]),
  version: whole({ min: 0, max: 2_147_483_647 }),
  accountSid: checked(34, isAccountSid, "Needs AC and 32 digits or letters a to f"),
  keySid: checked(34, isKeySid, "Needs SK and 32 digits or letters a to f"),
  secret: secretField,
  smsFrom: checked(34, isSender, "Is no number such as +441632960000, no name, no messaging service"),
  removeSecret: ticked,
};

const TEST_FIELDS = {
  form: choice(["sms-test"]),
  testTo: checked(20, isPhoneNumber, "Is no number with plus and country, such as +441632960001"),
};

/** The mail server that was typed. `held` is what is set now. */
export function readMailForm(
  form: URLSearchParams,
  held: SenderSetting<MailServer>,
): Result<SenderDraft<MailServer>, FieldErrors> {
  const read = readForm(form, MAIL_FIELDS);
  if (!read.ok) return read;
  const { host, port, security, user, from, fromName, version, password: typed, removeSecret } = read.value;
  const here = read.value.onThisMachine ? { onThisMachine: true } : {};
  const value: MailServer = { host, port, security, user, from, fromName, ...here };
  const secret = secretOf(typed, removeSecret);
  const faults: Record<string, string> = {};
  const remains = secret.kind === "set" || held.fromFile ||
    (secret.kind === "keep" && held.secretSetMs !== null);
  if (value.onThisMachine && !RELAY_PORTS.includes(port)) {
    faults.port = `On this machine only at ${RELAY_PORTS.join(", ")}`;
  }
  if (security === "none" && user !== "") faults.security = "A password is only sent over TLS or STARTTLS";
  if (user !== "" && !remains) faults.password = "Is missing: a user needs one";
  if (user === "" && secret.kind === "set") faults.user = "Is missing: a password needs one";
  const elsewhere = goesElsewhere(value, held.value);
  if (held.fromFile) {
    if (secret.kind === "set") faults.password = TYPED_IN_VAIN;
    // Who may change this page need not be who may see the file: its password stays with its server.
    if (held.value !== null && elsewhere) faults.host = STAYS_HERE;
  } else if (user !== "" && secret.kind === "keep" && remains && elsewhere) {
    faults.password = "Type it again: it would go to another server";
  }
  return Object.keys(faults).length > 0 ? err(faults) : ok({ value, version, secret });
}

const TYPED_IN_VAIN = "Is given by a file on the host: leave this empty";
const STAYS_HERE =
  "Stays as it is, and so do port and security, while the file smtp_password on the host gives the password: who runs the host takes that file away first";

/** A password that is kept must not be sent to a server that it was not given for, or with less protection. */
function goesElsewhere(next: MailServer, held: MailServer | null): boolean {
  if (held === null) return true;
  if (next.onThisMachine && !held.onThisMachine) return true;
  return next.host !== held.host || next.port !== held.port || next.security !== held.security;
}

/** The account for short messages that was typed. `held` is what is set now. */
export function readSmsForm(
  form: URLSearchParams,
  held: SenderSetting<SmsAccount>,
): Result<SenderDraft<SmsAccount>, FieldErrors> {
  const read = readForm(form, SMS_FIELDS);
  if (!read.ok) return read;
  const { accountSid, keySid, smsFrom, secret: typed, removeSecret, version } = read.value;
  const secret = secretOf(typed, removeSecret);
  if (held.fromFile) {
    if (secret.kind === "set") return err({ secret: TYPED_IN_VAIN });
    return ok({ value: { accountSid, keySid, from: smsFrom }, version, secret });
  }
  if (secret.kind === "keep" && held.secretSetMs === null) return err({ secret: "Is missing" });
  if (secret.kind === "keep" && held.value?.keySid !== keySid) {
    return err({ secret: "Type the secret of this key" });
  }
  return ok({ value: { accountSid, keySid, from: smsFrom }, version, secret });
}

/** Whether a test e-mail is asked for, and nothing besides. */
export function readMailTest(form: URLSearchParams): Result<unknown, FieldErrors> {
  return readForm(form, { form: choice(["mail-test"]) });
}

/** The number to which a test message goes. */
export function readSmsTest(form: URLSearchParams): Result<string, FieldErrors> {
  const read = readForm(form, TEST_FIELDS);
  return read.ok ? ok(read.value.testTo) : read;
}

/** The form of the mail server as it is set. */
export function mailFormOf(
  { value, version, secretSetMs, fromFile }: SenderSetting<MailServer>,
): SenderForm {
  const values: Typed = value
    ? { ...value, port: String(value.port), onThisMachine: value.onThisMachine ? "on" : "" }
    : { port: "587", security: "starttls", fromName: "Wattpost" };
  return {
    values,
    faults: {},
    version,
    ready: value !== null && (value.user === "" || fromFile || secretSetMs !== null),
    secretSetLabel: secretSetMs === null ? null : instantWords(secretSetMs),
    secretFile: fromFile ? "smtp_password" : null,
  };
}

/** The form of the account for short messages as it is set. */
export function smsFormOf(
  { value, version, secretSetMs, fromFile }: SenderSetting<SmsAccount>,
): SenderForm {
  const values: Typed = value
    ? { accountSid: value.accountSid, keySid: value.keySid, smsFrom: value.from }
    : {};
  return {
    values,
    faults: {},
    version,
    ready: value !== null && (fromFile || secretSetMs !== null),
    secretSetLabel: secretSetMs === null ? null : instantWords(secretSetMs),
    secretFile: fromFile ? "twilio_secret" : null,
  };
}

function secretOf(typed: string, remove: boolean): SecretChange {
  if (typed !== "") return { kind: "set", plain: typed };
  return { kind: remove ? "remove" : "keep" };
}

function whole({ min, max }: { readonly min: number; readonly max: number }): Field<number> {
  return (text) => {
    const value = /^\d{1,10}$/.test(text?.trim() ?? "") ? Number(text) : NaN;
    return value >= min && value <= max ? ok(value) : err(`Expected a whole number from ${min} to ${max}`);
  };
}

function checked(max: number, isRight: (text: string) => boolean, otherwise: string): Field<string> {
  const text = line({ min: 1, max });
  return (typed) => {
    const read = text(typed);
    return !read.ok || isRight(read.value) ? read : err(otherwise);
  };
}
