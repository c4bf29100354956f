/**
 * What an administrator says of a person, whether they are invited or there already: name, role and reach.
 *
 * @module
 */

import type { JSX } from "preact";
import { ALL_ROLES } from "../domain/permission.ts";
import { Field } from "./Input.tsx";
import { roleName, roleWords } from "./PersonWords.tsx";
import { type ReachChoice, ReachFields } from "./ReachFields.tsx";

/** What the fields need. */
export interface PersonFieldsProps {
  /** What was typed or is stored. */
  readonly values: {
    /** What people call them. */
    readonly name: string;
    /** What they may do. */
    readonly role: string;
  };
  /** Which sites they reach. */
  readonly reach: ReachChoice;
  /** What was wrong, by field. */
  readonly faults: Readonly<Record<string, string>>;
  /** Whether they cannot be changed. */
  readonly disabled?: boolean | undefined;
}

const ROLES = ALL_ROLES.map((role) => ({ value: role, label: `${roleName(role)}: ${roleWords(role)}` }));

/** The fields, for a form of twelve columns. */
export function PersonFields({ values, reach, faults, disabled }: PersonFieldsProps): JSX.Element {
  return (
    <>
      <Field
        name="name"
        label="Name"
        autocomplete="off"
        value={values.name}
        fault={faults["name"]}
        maxLength={80}
        disabled={disabled}
        span={6}
      />
      <Field
        name="role"
        label="Role"
        value={values.role}
        options={ROLES}
        fault={faults["role"]}
        disabled={disabled}
        span={6}
      />
      <ReachFields choice={reach} faults={faults} disabled={disabled} />
    </>
  );
}
