/**
 * What an administrator does for or against a person besides changing their role and reach, with the words that ask
 * before and tell after.
 *
 * @module
 */

import { err, ok, type Result } from "../../result.ts";
import type { Author } from "../../store/audit.ts";
import type { Database } from "../../store/db.ts";
import { removeSecondFactor } from "../../store/second_factors.ts";
import { endAllSessions, lockUser, unlockUser, type User, withdrawInvitation } from "../../store/users.ts";
import { countText, listText } from "../../ui/format.ts";
import type { Told } from "../../ui/Told.tsx";
import { hasSecondFactor } from "./people_view.ts";

/** Something to do with a person. */
export interface PersonAct {
  /** Whether it can be done to somebody as they stand. */
  readonly fits: (user: User) => boolean;
  /** The question before it; `null`: none is asked. */
  readonly question: (user: User) => PersonQuestionWords | null;
  /** What is told when it was done. */
  readonly done: (user: User) => Told;
  /** What they are told by e-mail once it is done; absent: nothing. */
  readonly tells?: "every-factor-removed";
  /** Does it; `refused` names why not. */
  readonly run: (db: Database, by: Author, userId: number) => Promise<Result<void, ActTrouble>>;
}

/** Why something was not done: it no longer fits, or nobody would be left who may change people. */
export type ActTrouble = "gone" | "last-administrator";

/** A question in words. */
export interface PersonQuestionWords {
  /** The question. */
  readonly title: string;
  /** What follows from yes. */
  readonly words: string;
  /** The button for yes. */
  readonly yes: string;
}

/** What can be done, by the last part of its address; sending an invitation again needs more and is not here. */
export type ActName = "lock" | "unlock" | "withdraw" | "end-sessions" | "remove-second-factor";

const good = (title: string, words: string): Told => ({ state: "good", title, words });

/** All of them. */
export const PERSON_ACTS: Readonly<Record<ActName, PersonAct>> = {
  "lock": {
    fits: ({ state }) => state !== "locked",
    question: ({ name }) => ({
      title: `Lock ${name}?`,
      words: "They are signed out everywhere at once and cannot come in, their API tokens stop working.",
      yes: "Lock",
    }),
    done: ({ name }) => good("Locked", `${name} is signed out everywhere and cannot come in.`),
    run: async (db, by, userId) => userResult(await lockUser(db, by, userId)),
  },
  "unlock": {
    fits: ({ state }) => state === "locked",
    question: () => null,
    done: ({ name }) => good("Unlocked", `${name} can come in again.`),
    run: async (db, by, userId) => userResult(await unlockUser(db, by, userId)),
  },
  "withdraw": {
    fits: ({ state }) => state === "invited",
    question: ({ name }) => ({
      title: `Withdraw the invitation of ${name}?`,
      words: "The link they have stops working and they are no longer in the list.",
      yes: "Withdraw",
    }),
    done: () => good("The invitation is withdrawn", ""),
    run: async (db, by, userId) => {
      const withdrawn = await withdrawInvitation(db, by, userId);
      return withdrawn.ok ? ok(undefined) : err("gone");
    },
  },
  "end-sessions": {
    fits: ({ state }) => state === "active",
    question: ({ name }) => ({
      title: `Sign ${name} out everywhere?`,
      words: "They can sign in again at once; what they typed and did not save is lost.",
      yes: "Sign out",
    }),
    done: ({ name }) => good("Signed out everywhere", `${name} can sign in again.`),
    run: async (db, by, userId) => {
      await endAllSessions(db, by, userId);
      return ok(undefined);
    },
  },
  "remove-second-factor": {
    fits: hasSecondFactor,
    question: (user) => ({
      title: `Remove the second factor of ${user.name}?`,
      words: `${factorWords(user)} at once and they are signed out everywhere. They come in by password, ` +
        "and set up another one then where their role must have one. " +
        "Be sure that it is they who asked: call them.",
      yes: "Remove",
    }),
    tells: "every-factor-removed",
    done: ({ name }) =>
      good("The second factor is removed", `${name} is signed out everywhere and can set up another one.`),
    run: async (db, by, userId) => {
      const removed = await removeSecondFactor(db, by, userId);
      return removed.ok ? ok(undefined) : err("gone");
    },
  },
};

/** What stops working, the beginning of a sentence. */
function factorWords({ secondFactor, passkeys }: User): string {
  const words = [
    ...(secondFactor ? ["codes", "recovery codes"] : []),
    ...(passkeys === 1 ? ["passkey"] : passkeys > 1 ? [countText(passkeys, "passkey")] : []),
  ];
  return `Their ${listText(words)} ${!secondFactor && passkeys === 1 ? "stops" : "stop"} working`;
}

function userResult(
  result: Result<User, { readonly kind: "unknown" } | { readonly kind: "last-administrator" }>,
): Result<void, ActTrouble> {
  if (result.ok) return ok(undefined);
  return err(result.error.kind === "unknown" ? "gone" : "last-administrator");
}

/** What is told where nobody would be left who may change people. */
export const LAST_ADMINISTRATOR: Told = {
  state: "critical",
  title: "Nothing was changed: this is the last administrator",
  words: "Nobody could change people or settings any more. Make somebody else an administrator first.",
};

/** The act of an address; `null`: there is none. */
export function personActOf(name: string | undefined): PersonAct | null {
  return name !== undefined && Object.hasOwn(PERSON_ACTS, name) ? PERSON_ACTS[name as ActName] : null;
}

/** What a person's page tells after a redirect to it; `null`: nothing, or what no longer is so. */
export function doneNotice(name: string | null, user: User): Told | null {
  if (name === "save") return good("Saved", "");
  if (name === "invite" || name === "resend") {
    if (user.state !== "invited") return null;
    return good("The invitation is sent", `${user.email} gets a link that works once, for seven days.`);
  }
  const act = personActOf(name ?? undefined);
  if (!act || (name !== "end-sessions" && act.fits(user))) return null;
  return act.done(user);
}
