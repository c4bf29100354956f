/**
 * People as their pages show them.
 *
 * @module
 */

import { instantWords } from "../../domain/instant.ts";
import type { User, UserListQuery } from "../../store/users.ts";
import { countText, durationText, listText } from "../../ui/format.ts";
import type { PeopleQuery } from "../../ui/people_query.ts";
import type { PersonRow } from "../../ui/pages/PeoplePage.tsx";
import type { PersonFacts } from "../../ui/pages/PersonPage.tsx";
import { roleName } from "../../ui/PersonWords.tsx";
import { reachText } from "./reach_form.ts";

/** People of one page. */
export const PEOPLE_A_PAGE = 25;

/** What the store is asked for a list. */
export function peopleListQuery({ q, role, state, page }: PeopleQuery): UserListQuery {
  return {
    ...(q === "" ? {} : { search: q }),
    ...(role === "any" ? {} : { role }),
    ...(state === "any" ? {} : { state }),
    page,
    pageSize: PEOPLE_A_PAGE,
  };
}

/** A person as the list shows them. */
export function personRow(user: User, nowMs: number): PersonRow {
  const { id, name, email, role, reach, state } = user;
  return {
    id,
    name,
    email,
    href: `/admin/people/${id}`,
    roleWord: roleName(role),
    standing: state,
    lastSignIn: lastSignInWords(user, nowMs),
    secondFactor: secondFactorWords(user),
    reachWords: reachText(reach),
  };
}

/** How long ago somebody signed in; `null`: never. */
function lastSignInWords({ lastSignInMs }: User, nowMs: number): string | null {
  return lastSignInMs === null ? null : `${durationText((nowMs - lastSignInMs) / 1000)} ago`;
}

/** Whether somebody has codes or a passkey. */
export function hasSecondFactor(
  { secondFactor, passkeys }: Pick<User, "secondFactor" | "passkeys">,
): boolean {
  return secondFactor || passkeys > 0;
}

/** Which second factors somebody has; `null`: none. */
function secondFactorWords({ secondFactor, passkeys }: User): string | null {
  const words = [
    ...(secondFactor ? ["codes"] : []),
    ...(passkeys > 0 ? [countText(passkeys, "passkey")] : []),
  ];
  return words.length === 0 ? null : listText(words);
}

/** What is known about a person besides what can be changed. */
export function personFacts(
  user: User,
  { sessions, nowMs }: { readonly sessions: number; readonly nowMs: number },
): PersonFacts {
  const { email, lastSignInMs, createdMs } = user;
  return {
    email,
    sinceLabel: instantWords(createdMs),
    lastSignIn: lastSignInWords(user, nowMs),
    lastSignInLabel: lastSignInMs === null ? null : instantWords(lastSignInMs),
    secondFactor: secondFactorWords(user),
    hasSecondFactor: hasSecondFactor(user),
    sessions,
  };
}
