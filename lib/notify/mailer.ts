/**
 * Sends e-mails one after the other through the mail server that is set at that moment. Few may wait, each has a
 * deadline; what is sent after the answer is tried again a few times.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { MailServer } from "../domain/messaging.ts";
import type { Log } from "../log.ts";
import { err, type Result } from "../result.ts";
import { deliver, type MailAccount } from "./email.ts";
import type { Mail, Mailer, MailTrouble } from "./transport.ts";

/** Milliseconds that one message may take, waiting for its turn included. */
export const SEND_DEADLINE_MS = 15_000;

/** Messages that wait or are on their way at once. */
export const SENDS_AT_ONCE = 20;

/** Messages to be sent later that are held at once, also between two tries. */
export const LATER_MAX = 100;

/** Milliseconds before each try of a message that is sent later: five within ten minutes. */
export const LATER_PAUSES_MS: readonly number[] = [0, 20_000, 60_000, 180_000, 330_000];

/** Addresses of one server that are tried. */
const ADDRESSES_TRIED = 2;

/** What a mailer is made from. */
export interface MailerOptions {
  /** The server as it is set now; `null`: none. */
  account(): Promise<MailAccount | null>;
  /** Addresses of a server that may be dialled, or in words why there are none. */
  addressesOf(server: MailServer): Promise<Result<readonly string[], string>>;
  /** For deadlines and pauses. */
  readonly clock: Clock;
  /** Told, without addresses, what could not be sent later. */
  readonly log: Log;
  /** What we call ourselves towards the server: a host name. */
  readonly name: string;
  /** Certificates of authorities to trust besides the machine's, as PEM. */
  readonly authorities?: string | undefined;
}

/** Makes a mailer; it holds no connection between two messages. */
export function createMailer(options: MailerOptions): Mailer {
  const { clock, log } = options;
  const stopping = new AbortController();
  const turns = createTurns();
  const later = new Set<Promise<void>>();

  async function send(mail: Mail): Promise<Result<void, MailTrouble>> {
    const turn = turns.take();
    if (!turn) return err({ kind: "unreachable", words: "Too many messages are waiting to be sent" });
    const over = new AbortController();
    const stop = () => over.abort();
    stopping.signal.addEventListener("abort", stop);
    clock.sleep(SEND_DEADLINE_MS, over.signal).then(stop);
    try {
      if (stopping.signal.aborted) return err(STOPPING);
      if (!await turn.comes(over.signal)) return err(stopping.signal.aborted ? STOPPING : CROWDED);
      return await sendNow(options, mail, over.signal);
    } finally {
      turn.over();
      stop();
      stopping.signal.removeEventListener("abort", stop);
    }
  }

  async function sendInTries(make: () => Promise<Mail | null>): Promise<void> {
    const mail = await make();
    if (mail === null) return;
    for (const [tries, pauseMs] of LATER_PAUSES_MS.entries()) {
      if (pauseMs > 0) await clock.sleep(pauseMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const sent = await send(mail);
      if (sent.ok) return;
      const last = tries === LATER_PAUSES_MS.length - 1;
      if (last || !isWorthAnotherTry(sent.error)) {
        log.warn("An e-mail could not be sent", {
          why: sent.error.kind,
          subject: mail.subject,
          tries: tries + 1,
        });
        return;
      }
    }
  }

  return {
    send,
    sendLater(make) {
      if (stopping.signal.aborted) return;
      if (later.size >= LATER_MAX) return log.warn("Too many e-mails are waiting, one was not sent");
      const work = sendInTries(make)
        .catch((error: unknown) => log.warn("An e-mail could not be made", { error }))
        .finally(() => later.delete(work));
      later.add(work);
    },
    ready: async () => await options.account() !== null,
    async close() {
      stopping.abort();
      await Promise.all([...later, turns.idle()]);
    },
  };
}

const CROWDED: MailTrouble = { kind: "unreachable", words: "Other messages took all the time there was" };
const STOPPING: MailTrouble = { kind: "unreachable", words: "Wattpost is being stopped" };

function isWorthAnotherTry(trouble: MailTrouble): boolean {
  switch (trouble.kind) {
    case "not-set-up":
      return false;
    case "refused":
      return !trouble.permanent;
    case "unreachable":
      return true;
  }
}

async function sendNow(
  options: MailerOptions,
  mail: Mail,
  signal: AbortSignal,
): Promise<Result<void, MailTrouble>> {
  const account = await options.account();
  if (account === null) return err({ kind: "not-set-up" });
  const { host } = account.server;
  const found = await options.addressesOf(account.server);
  if (!found.ok) return err({ kind: "unreachable", words: found.error });
  let trouble: MailTrouble = { kind: "unreachable", words: `${host} has no address` };
  for (const address of found.value.slice(0, ADDRESSES_TRIED)) {
    const { name, authorities } = options;
    const sent = await deliver(mail, { account, address, name, signal, authorities });
    if (sent.ok || sent.error.kind !== "unreachable" || signal.aborted) return sent;
    trouble = sent.error;
  }
  return err(trouble);
}

/** A place in the queue. */
interface Turn {
  /** Resolves when it is its turn: false when the signal came first. */
  comes(signal: AbortSignal): Promise<boolean>;
  /** Lets the next one go on; called once. */
  over(): void;
}

/** One after the other, {@link SENDS_AT_ONCE} at most. */
function createTurns(): { take(): Turn | null; idle(): Promise<void> } {
  let taken = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    take() {
      if (taken >= SENDS_AT_ONCE) return null;
      taken += 1;
      const before = last;
      const mine = Promise.withResolvers<void>();
      last = before.then(() => mine.promise);
      return {
        async comes(signal) {
          const given = new Promise<false>((resolve) => {
            if (signal.aborted) resolve(false);
            signal.addEventListener("abort", () => resolve(false), { once: true });
          });
          return await Promise.race([before.then(() => true), given]);
        },
        over() {
          taken -= 1;
          mine.resolve();
        },
      };
    },
    idle: () => last,
  };
}
