/**
 * Pages of one form around one's own account: the password typed again, another password, another address.
 *
 * @module
 */

import type { JSX } from "preact";
import { durationText } from "../format.ts";
import { Field } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { AccountForm } from "./AccountPage.tsx";

/** Why what was typed was not taken. */
export type TypedFault =
  /** Beside its field. */
  | { readonly kind: "wrong"; readonly words: string }
  /** Too much was tried. */
  | { readonly kind: "throttled"; readonly waitS: number };

/** What the page that asks for the password again needs. */
export interface ConfirmPageProps {
  /** Address they sign in with, for password managers. */
  readonly email: string;
  /** Where it goes on. */
  readonly back: string;
  /** Why the password was not taken; `null`: none was typed yet. */
  readonly fault: TypedFault | null;
}

/** Asks for the password again. */
export function ConfirmPage({ email, back, fault }: ConfirmPageProps): JSX.Element {
  return (
    <AccountForm
      title="Confirm it is you"
      summary="You signed in a while ago, and what comes next matters. After this you are not asked again for ten minutes."
      action="/account/confirm"
      submit="Confirm"
    >
      <TooMany fault={fault} />
      <input type="hidden" name="back" value={back} />
      <KnownPassword name="password" label="Password" email={email} fault={faultOf(fault)} />
    </AccountForm>
  );
}

/** A password that is set already, with what a password manager needs to find it. */
function KnownPassword(
  { name, label, email, fault }: {
    readonly name: string;
    readonly label: string;
    readonly email: string;
    readonly fault: string | undefined;
  },
): JSX.Element {
  return (
    <>
      <input type="hidden" autocomplete="username" value={email} />
      <Field
        name={name}
        label={label}
        type="password"
        autocomplete="current-password"
        fault={fault}
        required
        focused
      />
    </>
  );
}

function TooMany({ fault }: { readonly fault: TypedFault | null }): JSX.Element | null {
  if (fault?.kind !== "throttled") return null;
  return (
    <Notice state="warn" title="Too many tries" live="assertive">
      {`Try again in ${durationText(fault.waitS)}. You stay signed in.`}
    </Notice>
  );
}

function faultOf(fault: TypedFault | null): string | undefined {
  return fault?.kind === "wrong" ? fault.words : undefined;
}
