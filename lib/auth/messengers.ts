/**
 * What sends messages, by the settings and the sealed passwords as they are at that moment.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { addressKindOf } from "../domain/address.ts";
import type { Log } from "../log.ts";
import { createMailer } from "../notify/mailer.ts";
import { createTexter } from "../notify/sms.ts";
import type { Mailer, Texter } from "../notify/transport.ts";
import { err, ok, type Result } from "../result.ts";
import type { Database } from "../store/db.ts";
import { openMailServer, openSmsAccount } from "../store/mail_settings.ts";
import type { SecretBox } from "../store/secret_box.ts";

export type { Mailer, Texter } from "../notify/transport.ts";

/** What messages are sent with. */
export interface MessengerOptions {
  /** Settings and sealed passwords. */
  readonly db: Database;
  /** Opens the passwords. */
  readonly box: SecretBox;
  /** For deadlines and pauses. */
  readonly clock: Clock;
  /** Told what could not be sent later. */
  readonly log: Log;
  /** The addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Whether a mail server may be on this machine: in tests and in the demo. */
  readonly loopbackAllowed: boolean;
  /** Where Wattpost answers; its host is what we call ourselves. */
  readonly publicUrl: string;
}

/** Makes both; nothing is connected before something is sent. */
export function createMessengers(
  options: MessengerOptions,
): { readonly mailer: Mailer; readonly texter: Texter } {
  const { db, box, clock, log, publicUrl } = options;
  const name = new URL(publicUrl).hostname;
  const addressesOf = (host: string) => mailAddressesOf(host, options);
  return {
    mailer: createMailer({ account: () => openMailServer(db, box), addressesOf, clock, log, name }),
    texter: createTexter({ account: () => openSmsAccount(db, box), clock }),
  };
}

/** The addresses of a mail server: on this machine only where that is allowed, never where only machines talk. */
async function mailAddressesOf(
  host: string,
  { resolve, loopbackAllowed }: MessengerOptions,
): Promise<Result<readonly string[], string>> {
  const addresses = (await resolve(host)).filter((address) => {
    const kind = addressKindOf(address);
    return kind === "ordinary" || kind === "private" || (loopbackAllowed && kind === "loopback");
  });
  return addresses.length > 0 ? ok(addresses) : err("There is no such host, or it may not be dialled");
}
