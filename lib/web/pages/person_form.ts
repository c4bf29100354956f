/**
 * The form of a person: whom an administrator invites, or what becomes of somebody who is there.
 *
 * @module
 */

import { ALL_ROLES, type Reach, type Role } from "../../domain/permission.ts";
import { err, ok, type Result } from "../../result.ts";
import type { User } from "../../store/users.ts";
import { choice, email, type Field, type FieldErrors, type Fields, line, readForm, typed } from "../form.ts";
import { tickFields } from "../ticks.ts";
import { readReach, typedReachIn } from "./reach_form.ts";

/** A person as they are to be. */
export interface PersonDraft {
  /** Lower case; absent where it is not asked for. */
  readonly email?: string;
  /** What people call them. */
  readonly name: string;
  /** What they may do. */
  readonly role: Role;
  /** Which sites they reach. */
  readonly reach: Reach;
  /** How they stood when they were looked at; absent where somebody new is invited. */
  readonly version?: string;
}

/** What the form holds, whether it is right or not. */
export interface TypedPerson {
  /** E-mail address. */
  readonly email: string;
  /** Name. */
  readonly name: string;
  /** Role. */
  readonly role: string;
}

interface Sent {
  readonly email?: string;
  readonly version?: string;
  readonly name: string;
  readonly role: Role;
  readonly reach: string;
  readonly find: string;
  readonly do: "find" | "save";
}

const any: Field<string> = (text) => ok(text ?? "");

/** The form as it was sent, or what is wrong, by field. `asks`: for an address too, or how they stood when looked at. */
export function readPersonForm(
  form: URLSearchParams,
  { asks }: { readonly asks: "email" | "version" },
): Result<PersonDraft, FieldErrors> {
  const fields = {
    ...tickFields(form, ["group", "site"]),
    ...(asks === "email" ? { email } : { version: any }),
    name: line({ min: 1, max: 80 }),
    role: choice(ALL_ROLES),
    reach: any,
    find: line({ min: 0, max: 80 }),
    do: choice(["find", "save"]),
  };
  const read = readForm<Sent>(form, fields as Fields<Sent>);
  const reach = readReach(typedReachIn(form));
  if (!read.ok || !reach.ok) {
    return err({ ...(reach.ok ? {} : { reach: reach.error }), ...(read.ok ? {} : read.error) });
  }
  const { email: address, version, name, role } = read.value;
  return ok({
    ...(address === undefined ? {} : { email: address }),
    ...(version === undefined ? {} : { version }),
    name,
    role,
    reach: reach.value,
  });
}

/** What is wrong when sites are only looked for: what is not yet right is no fault then. */
export function findFaults(faults: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(faults).filter(([name]) => name === "" || name === "find"));
}

/** What was typed. */
export function typedPersonIn(form: URLSearchParams): TypedPerson {
  const { email = "", name = "", role = "" } = typed(form, ["email", "name", "role"]);
  return { email, name, role };
}

/** A person as their form begins. */
export function typedPersonOf({ email, name, role }: User): TypedPerson {
  return { email, name, role };
}
