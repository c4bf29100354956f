/**
 * The page of a person, loaded.
 *
 * @module
 */

import { HttpError } from "fresh";
import { listSessions } from "../../auth/session.ts";
import type { Database } from "../../store/db.ts";
import { findUserAnyState, type User, userVersion } from "../../store/users.ts";
import type { PersonPageProps } from "../../ui/pages/PersonPage.tsx";
import { roleName } from "../../ui/PersonWords.tsx";
import type { Told } from "../../ui/Told.tsx";
import { mightDo } from "../allow.ts";
import type { FieldErrors } from "../form.ts";
import { personIdOf } from "../params.ts";
import { type Services, servicesOf, type State } from "../state.ts";
import { personFacts } from "./people_view.ts";
import { type TypedPerson, typedPersonOf } from "./person_form.ts";
import { loadReachChoice, reachNames, type TypedReach, typedReachOf } from "./reach_form.ts";

/** The person in the path and the services; 404 when there is none. */
export async function loadPerson(
  state: State,
  params: Readonly<Record<string, string>>,
): Promise<{ readonly services: Services; readonly person: User }> {
  const services = servicesOf(state);
  const person = await findUserAnyState(services.db, personIdOf(params));
  if (!person) throw new HttpError(404);
  state.title = person.name;
  return { services, person };
}

/** What is shown besides the person as they stand. */
export interface ShownPerson {
  /** How they stood when they were first looked at; absent: as they stand now. */
  readonly version?: string;
  /** What was typed; absent: as stored. */
  readonly values?: TypedPerson;
  /** Which reach was typed; absent: as stored. */
  readonly reach?: TypedReach;
  /** What was wrong, by field. */
  readonly faults?: FieldErrors;
  /** What was done or refused. */
  readonly notice?: Told | null;
}

/** Everything that the page of a person shows. */
export async function personPageOf(
  state: State,
  person: User,
  { version = userVersion(person), values = typedPersonOf(person), reach, faults = {}, notice = null }:
    ShownPerson,
): Promise<PersonPageProps> {
  const services = servicesOf(state);
  const nowMs = state.base.clock.nowMs();
  const [choice, sessions] = await Promise.all([
    loadReachChoice(services.db, reach ?? typedReachOf(person.reach)),
    listSessions(services.kv, person, nowMs),
  ]);
  return {
    id: person.id,
    name: person.name,
    standing: person.state,
    own: person.id === state.user?.id,
    mayChange: mightDo(state, "people.change"),
    version,
    values,
    reach: choice,
    faults,
    facts: personFacts(person, { sessions: person.state === "active" ? sessions.length : 0, nowMs }),
    notice,
  };
}

/** Says that somebody else was first, and how the person stands now; what was typed may be saved in its place. */
export async function changedNotice(db: Database, now: User): Promise<Told> {
  return {
    state: "critical",
    title: "Somebody else changed this person meanwhile",
    words:
      `Now: ${now.name}, ${roleName(now.role).toLowerCase()}, reaches ${await reachNames(db, now.reach)}. ` +
      "Below is what you typed; saving again puts it in the place of that.",
  };
}
