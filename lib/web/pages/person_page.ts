/**
 * The page of a person, loaded.
 *
 * @module
 */

import { HttpError } from "fresh";
import { listSessions } from "../../auth/session.ts";
import { findUserAnyState, type User } from "../../store/users.ts";
import type { PersonPageProps } from "../../ui/pages/PersonPage.tsx";
import type { Told } from "../../ui/Told.tsx";
import { mightDo } from "../allow.ts";
import type { FieldErrors } from "../form.ts";
import { personIdOf } from "../params.ts";
import { type Services, servicesOf, type State } from "../state.ts";
import { personFacts } from "./people_view.ts";
import { type TypedPerson, typedPersonOf } from "./person_form.ts";
import { loadReachChoice, type TypedReach, typedReachOf } from "./reach_form.ts";

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
  { values = typedPersonOf(person), reach, faults = {}, notice = null }: ShownPerson,
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
    values,
    reach: choice,
    faults,
    facts: personFacts(person, { sessions: person.state === "active" ? sessions.length : 0, nowMs }),
    notice,
  };
}
