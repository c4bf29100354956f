/**
 * The field of a new password: the same words and limits wherever somebody chooses one.
 *
 * @module
 */

import type { JSX } from "preact";
import { Field } from "./Input.tsx";

/** What the field needs. */
export interface NewPasswordProps {
  /** What is asked for. */
  readonly label: string;
  /** Its name in the form, and its id; default: `password`. */
  readonly name?: string | undefined;
  /** Why it was not taken; absent: nothing. */
  readonly fault?: string | undefined;
  /** Smallest number of characters. */
  readonly minLength: number;
  /** Whether the browser puts the cursor here. */
  readonly focused: boolean;
}

/** The field, with what is asked of a password. */
export function NewPassword(
  { label, name = "password", fault, minLength, focused }: NewPasswordProps,
): JSX.Element {
  return (
    <Field
      name={name}
      label={label}
      type="password"
      autocomplete="new-password"
      hint={`At least ${minLength} characters. A sentence is good.`}
      fault={fault}
      minLength={minLength}
      required
      focused={focused}
    />
  );
}
