/**
 * What our e-mails say: plain text and the same as simple HTML, without pictures, tracking or a password. Whoever
 * reads one learns who caused it, until when a link works, and what to do if they did not expect it.
 *
 * @module
 */

import { instantWords } from "../domain/instant.ts";
import type { Mail } from "./transport.ts";

/** What every e-mail to a person starts from. */
export interface Letter {
  /** Address of the recipient. */
  readonly to: string;
  /** What people call them; empty: not known. */
  readonly name: string;
  /** Where Wattpost answers, without a slash at its end. */
  readonly publicUrl: string;
}

/** A letter with a link that works for a while. */
export interface LinkLetter extends Letter {
  /** The link. */
  readonly link: string;
  /** Until when it works, epoch milliseconds. */
  readonly untilMs: number;
}

/** Invites somebody. */
export function invitationMail(letter: LinkLetter & { readonly invitedBy: string }): Mail {
  const { invitedBy, publicUrl, untilMs } = letter;
  return written(letter, {
    subject: "You are invited to Wattpost",
    paragraphs: [
      `${invitedBy} invites you to Wattpost at ${publicUrl}.`,
      "Follow this link to choose your password and sign in:",
    ],
    link: { words: "Accept the invitation", href: letter.link },
    after: [
      `The link works once, until ${instantWords(untilMs)}.`,
      "If you do not know what this is about, do nothing: without the link nobody gets in.",
    ],
  });
}

/** Lets somebody choose a new password. */
export function resetMail(letter: LinkLetter): Mail {
  return written(letter, {
    subject: "Choose a new password for Wattpost",
    paragraphs: [
      "Somebody, we hope you, asked for a new password for your account.",
      "Follow this link to choose one:",
    ],
    link: { words: "Choose a new password", href: letter.link },
    after: [
      `The link works once, until ${instantWords(letter.untilMs)}. A second factor stays as it is.`,
      "If it was not you, do nothing: your password stays as it is.",
    ],
  });
}

/** Asks the old address whether a new one may take its place. */
export function emailChangeOldMail(letter: LinkLetter & { readonly newEmail: string }): Mail {
  return written(letter, {
    subject: "Confirm your new e-mail address for Wattpost",
    paragraphs: [
      `Your account is to use ${letter.newEmail} in place of ${letter.to}.`,
      "That happens when it has been confirmed from both addresses. Follow this link to agree, or to stop it:",
    ],
    link: { words: "Confirm or stop the change", href: letter.link },
    after: [
      `The link works once, until ${instantWords(letter.untilMs)}.`,
      "If it was not you, stop it there, change your password, and sign out everywhere.",
    ],
  });
}

/** Asks the new address whether it is right. */
export function emailChangeNewMail(letter: LinkLetter & { readonly oldEmail: string }): Mail {
  return written(letter, {
    subject: "Confirm your e-mail address for Wattpost",
    paragraphs: [
      `The account of ${letter.oldEmail} at ${letter.publicUrl} is to use this address from now on.`,
      "That happens when it has been confirmed from both addresses. Follow this link to agree:",
    ],
    link: { words: "Confirm this address", href: letter.link },
    after: [
      `The link works once, until ${instantWords(letter.untilMs)}.`,
      "If you do not know what this is about, do nothing.",
    ],
  });
}

/** Tells the old address that it is not used any more. */
export function emailChangedMail(
  letter: Letter & { readonly newEmail: string; readonly atMs: number },
): Mail {
  return written(letter, {
    subject: "Your e-mail address for Wattpost was changed",
    paragraphs: [
      `Since ${
        instantWords(letter.atMs)
      } your account uses ${letter.newEmail}. It was confirmed from both addresses.`,
      NOT_YOU,
    ],
  });
}

/** Tells somebody that their password is another one now. */
export function passwordChangedMail(letter: Letter & { readonly atMs: number; readonly from: string }): Mail {
  return written(letter, {
    subject: "Your password for Wattpost was changed",
    paragraphs: [
      `Your password was changed on ${instantWords(letter.atMs)}, from ${letter.from}. ` +
      "Everywhere else you have been signed out.",
      NOT_YOU,
    ],
  });
}

/** What was changed about how somebody signs in. */
export type FactorChange =
  | "passkey-added"
  | "passkey-removed"
  | "second-factor-set"
  | "second-factor-removed"
  /** By an administrator: codes, recovery codes and passkeys. */
  | "every-factor-removed"
  | "recovery-codes-made"
  | "recovery-code-used";

const FACTOR_WORDS: Readonly<Record<FactorChange, string>> = {
  "passkey-added": "A passkey was added to your account",
  "passkey-removed": "A passkey was removed from your account",
  "second-factor-set": "Signing in to your account now takes a code from an app",
  "second-factor-removed": "Signing in to your account takes no code from an app any more",
  "every-factor-removed":
    "An administrator removed the second factor of your account: codes, recovery codes and passkeys",
  "recovery-codes-made": "New recovery codes were made for your account; the earlier ones are void",
  "recovery-code-used": "Somebody signed in to your account with a recovery code",
};

/** Tells somebody that the ways into their account have changed. */
export function factorMail(
  letter: Letter & { readonly change: FactorChange; readonly atMs: number; readonly from: string },
): Mail {
  const { change, atMs, from } = letter;
  return written(letter, {
    subject: "The ways into your Wattpost account have changed",
    paragraphs: [`${FACTOR_WORDS[change]}, on ${instantWords(atMs)}, from ${from}.`, NOT_YOU],
  });
}

/** Proves to an administrator that e-mails arrive. */
export function testMail(letter: Letter & { readonly atMs: number }): Mail {
  return written(letter, {
    subject: "Test message from Wattpost",
    paragraphs: [
      `You asked for this message on ${instantWords(letter.atMs)}. E-mails of ${letter.publicUrl} arrive.`,
    ],
  });
}

const NOT_YOU = "If it was not you, tell an administrator at once.";

interface Content {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: { readonly words: string; readonly href: string };
  readonly after?: readonly string[];
}

function written({ to, name, publicUrl }: Letter, { subject, paragraphs, link, after = [] }: Content): Mail {
  const greeting = name === "" ? "Hello," : `Hello ${name},`;
  const foot = `Sent by Wattpost at ${publicUrl} because of your account there.`;
  const before = [greeting, ...paragraphs];
  const text = [...before, ...(link ? [link.href] : []), ...after, `-- \n${foot}`].join("\n\n");
  const anchor = link ? `<p><a href="${escaped(link.href)}">${escaped(link.words)}</a></p>\n` : "";
  const html =
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title>` +
    `</head>\n<body>\n${htmlOf(before)}${anchor}${htmlOf(after)}<hr>\n<p><small>${
      escaped(foot)
    }</small></p>\n` +
    "</body></html>\n";
  return { to, subject, text: `${text}\n`, html };
}

function htmlOf(paragraphs: readonly string[]): string {
  return paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>\n`).join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
