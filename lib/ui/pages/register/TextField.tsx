/**
 * A field of a step's form: it finds what was wrong with it by its name, and no browser fills it in with what was typed
 * for another site.
 *
 * @module
 */

import type { JSX } from "preact";
import { Field, type FieldProps } from "../../Input.tsx";
import type { Faults } from "./RegisterFrame.tsx";

/** What the field needs. */
export interface TextFieldProps extends Omit<FieldProps, "fault" | "autocomplete"> {
  /** What was wrong with the form, by field. */
  readonly faults: Faults;
}

/** The field. */
export function TextField({ faults, ...field }: TextFieldProps): JSX.Element {
  return <Field {...field} fault={faults[field.name]} autocomplete="off" />;
}
