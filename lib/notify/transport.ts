/**
 * What every way to reach people looks like from outside. Whoever sends knows no library and no server; whoever
 * delivers knows nothing about why.
 *
 * @module
 */

import type { Result } from "../result.ts";

/** An e-mail to one person. */
export interface Mail {
  /** One address, without a name. */
  readonly to: string;
  /** One line. */
  readonly subject: string;
  /** What it says, as plain text. */
  readonly text: string;
  /** The same as HTML, for those who read it so. */
  readonly html?: string;
}

/** Why an e-mail was not taken. Words are for people and hold neither password nor line breaks. */
export type MailTrouble =
  /** No mail server has been set, or its password cannot be read. */
  | { readonly kind: "not-set-up" }
  /** The server answered and said no; `permanent`: it will say so again. */
  | { readonly kind: "refused"; readonly permanent: boolean; readonly words: string }
  /** Nobody answered, or not as a mail server we trust would. */
  | { readonly kind: "unreachable"; readonly words: string };

/** Sends e-mails. */
export interface Mailer {
  /** Sends one and waits for the server's word, 15 seconds at most. */
  send(mail: Mail): Promise<Result<void, MailTrouble>>;
  /** Makes and sends one after the answer; tries again a few times. `null`: there is nothing to send after all. */
  sendLater(make: () => Promise<Mail | null>): void;
  /** Whether a mail server has been set. */
  ready(): Promise<boolean>;
  /** Gives up what waits; resolves when nothing is under way any more. */
  close(): Promise<void>;
}

/** A short message. */
export interface Sms {
  /** Telephone number as E.164 writes it. */
  readonly to: string;
  /** What it says, 1,600 characters at most. */
  readonly text: string;
}

/** Why a short message was not taken; the same three as for e-mail. */
export type SmsTrouble = MailTrouble;

/** Sends short messages. */
export interface Texter {
  /** Sends one and waits for the service's word, 15 seconds at most. */
  send(sms: Sms): Promise<Result<void, SmsTrouble>>;
  /** Whether an account has been set. */
  ready(): Promise<boolean>;
}

/** A trouble in a sentence without a full stop. */
export function troubleWords(trouble: MailTrouble): string {
  switch (trouble.kind) {
    case "not-set-up":
      return "Nothing has been set up to send with";
    case "refused":
    case "unreachable":
      return trouble.words;
  }
}
