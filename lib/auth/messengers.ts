/**
 * What sends messages, by the settings and the sealed passwords as they are at that moment.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { NamedService } from "../config.ts";
import { addressKindOf } from "../domain/address.ts";
import { judgeMailDial, RELAY_PORTS, resolveServices } from "../domain/dial_policy.ts";
import type { MailServer } from "../domain/messaging.ts";
import type { Log } from "../log.ts";
import { createMailer } from "../notify/mailer.ts";
import { createTexter } from "../notify/sms.ts";
import type { Mailer, Texter } from "../notify/transport.ts";
import { err, ok, type Result } from "../result.ts";
import type { Database } from "../store/db.ts";
import { type GivenSecrets, openMailServer, openSmsAccount } from "../store/mail_settings.ts";
import type { SecretBox } from "../store/secret_box.ts";

export type { Mailer, Texter } from "../notify/transport.ts";

/** What messages are sent with. */
export interface MessengerOptions {
  /** Settings and sealed passwords. */
  readonly db: Database;
  /** Opens the passwords. */
  readonly box: SecretBox;
  /** Passwords that files give; read anew for each message. Absent: none. */
  readonly given?: GivenSecrets;
  /** For deadlines and pauses. */
  readonly clock: Clock;
  /** Told what could not be sent later. */
  readonly log: Log;
  /** The addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Whether a mail server may be on this machine: in tests and in the demo. */
  readonly loopbackAllowed: boolean;
  /** Services of the product itself: none of them is a mail server, whatever is set. */
  readonly services: readonly NamedService[];
  /** Ports of a mail server on this machine; default: {@link RELAY_PORTS}. */
  readonly relayPorts?: readonly number[];
  /** Where Wattpost answers; its host is what we call ourselves. */
  readonly publicUrl: string;
}

/** Makes both; nothing is connected before something is sent. */
export function createMessengers(
  options: MessengerOptions,
): { readonly mailer: Mailer; readonly texter: Texter } {
  const { db, box, given, clock, log, publicUrl } = options;
  const name = new URL(publicUrl).hostname;
  const addressesOf = (server: MailServer) => mailAddressesOf(server, options);
  return {
    mailer: createMailer({ account: () => openMailServer(db, box, given), addressesOf, clock, log, name }),
    texter: createTexter({ account: () => openSmsAccount(db, box, given), clock }),
  };
}

/** The addresses of a mail server that may be dialled; those that are judged are those that are dialled. */
async function mailAddressesOf(
  { host, port, onThisMachine = false }: MailServer,
  { resolve, loopbackAllowed, services, relayPorts = RELAY_PORTS }: MessengerOptions,
): Promise<Result<readonly string[], string>> {
  const own = await resolveServices(services, resolve);
  const policy = { loopbackAllowed, onThisMachine, relayPorts, own };
  const addresses = await resolve(host);
  const allowed = addresses.filter((address) => judgeMailDial(policy, { address, port }).ok);
  if (allowed.length > 0) return ok(allowed);
  const isHere = addresses.some((address) => addressKindOf(address) === "loopback");
  return err(
    isHere && !onThisMachine
      ? "It is on this machine and may not be dialled: nobody has ticked that it runs there"
      : "There is no such host, or it may not be dialled",
  );
}
