/**
 * Through whom messages leave, as administrators set it: the setting is plain, what opens it lies sealed, and both
 * change together.
 *
 * @module
 */

import { type MailServer, mailServerOf, type SmsAccount, smsAccountOf } from "../domain/messaging.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { type Database, transaction } from "./db.ts";
import type { SecretBox } from "./secret_box.ts";
import { deleteSecret, putSecret, readSecret, SecretError } from "./secrets.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** Names of the secrets. */
const SECRETS = { mail: "smtp-password", sms: "twilio-secret" } as const;

/** Which of the two. */
export type SenderName = keyof typeof SECRETS;

/** One of them as it is set. */
export interface SenderSetting<T> {
  /** As set; `null`: never, or not completely. */
  readonly value: T | null;
  /** How often it was changed. */
  readonly version: number;
  /** Epoch milliseconds at which its secret was set; `null`: there is none. */
  readonly secretSetMs: number | null;
  /** Whether a file gives its secret, in place of what is sealed. */
  readonly fromFile: boolean;
}

/** Secrets that files give, in place of those that are sealed. */
export interface GivenSecrets {
  /** Password of the mail server. */
  readonly smtpPassword: string | undefined;
  /** Secret of Twilio's API key. */
  readonly twilioSecret: string | undefined;
}

const NONE_GIVEN: GivenSecrets = { smtpPassword: undefined, twilioSecret: undefined };

/** The mail server as it is set. */
export async function readMailServer(db: Database, given = NONE_GIVEN): Promise<SenderSetting<MailServer>> {
  const fromFile = given.smtpPassword !== undefined;
  return { ...await readSender(db, "mail", mailServerOf), fromFile };
}

/** The account for short messages as it is set. */
export async function readSmsAccount(db: Database, given = NONE_GIVEN): Promise<SenderSetting<SmsAccount>> {
  const fromFile = given.twilioSecret !== undefined;
  return { ...await readSender(db, "sms", smsAccountOf), fromFile };
}

async function readSender<T>(
  db: Database,
  name: SenderName,
  parse: (stored: unknown) => T | null,
): Promise<Omit<SenderSetting<T>, "fromFile">> {
  const { value, version } = await readSetting(db, name, parse);
  const row = await db.kysely.selectFrom("secret").select("changed_ms").where("name", "=", SECRETS[name])
    .executeTakeFirst();
  return { value, version, secretSetMs: row?.changed_ms ?? null };
}

/** The mail server with its password; `null`: none is set, or its password is missing or cannot be opened. */
export async function openMailServer(
  db: Database,
  box: SecretBox,
  given = NONE_GIVEN,
): Promise<{ readonly server: MailServer; readonly password: string | null } | null> {
  const { value: server } = await readSetting(db, "mail", mailServerOf);
  if (server === null) return null;
  if (server.user === "") return { server, password: null };
  const password = given.smtpPassword ?? await openSecret(db, box, "mail");
  return password === null ? null : { server, password };
}

/** The account for short messages with its secret; `null`: as for {@link openMailServer}. */
export async function openSmsAccount(
  db: Database,
  box: SecretBox,
  given = NONE_GIVEN,
): Promise<{ readonly account: SmsAccount; readonly secret: string } | null> {
  const { value: account } = await readSetting(db, "sms", smsAccountOf);
  const secret = account && (given.twilioSecret ?? await openSecret(db, box, "sms"));
  return account && secret !== null ? { account, secret } : null;
}

async function openSecret(db: Database, box: SecretBox, name: SenderName): Promise<string | null> {
  try {
    return await readSecret(db, box, SECRETS[name]);
  } catch (error) {
    if (error instanceof SecretError) return null; // the page of settings says that it must be set again
    throw error;
  }
}

/** What becomes of a secret. */
export type SecretChange =
  | { readonly kind: "keep" }
  | { readonly kind: "set"; readonly plain: string }
  | { readonly kind: "remove" };

/** A change of a sender. */
export interface SenderChange {
  /** Which. */
  readonly name: SenderName;
  /** As it is to be. */
  readonly value: MailServer | SmsAccount;
  /** The version that was seen when it was changed. */
  readonly version: number;
  /** What becomes of its secret. */
  readonly secret: SecretChange;
}

/** Changes a sender and its secret, both or neither, unless somebody else has since. */
export async function saveSender(
  db: Database,
  by: Author,
  { box, name, value, version, secret }: SenderChange & { readonly box: SecretBox },
): Promise<Result<void, { readonly kind: "changed" }>> {
  return await transaction(db, async (tx): Promise<Result<void, { readonly kind: "changed" }>> => {
    const written = await writeSetting(tx, by, { name, value, version });
    if (!written.ok) return err(written.error);
    const entry = { action: "secret-changed", subject: `secret ${SECRETS[name]}` };
    switch (secret.kind) {
      case "keep":
        break;
      case "set":
        await putSecret(tx, box, { name: SECRETS[name], plain: secret.plain, nowMs: by.atMs });
        await appendAudit(tx, by, { ...entry, after: { state: "set" } });
        break;
      case "remove":
        await deleteSecret(tx, SECRETS[name]);
        await appendAudit(tx, by, { ...entry, after: { state: "removed" } });
        break;
    }
    return ok(undefined);
  });
}
