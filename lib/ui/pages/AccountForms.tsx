/**
 * Pages of one form around one's own account: the password typed again, another password, another address.
 *
 * @module
 */

import type { JSX } from "preact";
import { durationText } from "../format.ts";
import { Field, PostButton } from "../Input.tsx";
import { NewPassword } from "../NewPassword.tsx";
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
      <KnownPassword name="password" label="Password" email={email} fault={faultOf(fault)} focused />
    </AccountForm>
  );
}

/** What the page of another password needs. */
export interface PasswordPageProps {
  /** Address they sign in with, for password managers. */
  readonly email: string;
  /** Smallest number of characters of a password. */
  readonly minLength: number;
  /** What was wrong, by field; `other` belongs to none. */
  readonly faults: {
    readonly old?: string | undefined;
    readonly password?: string | undefined;
    readonly other?: string | undefined;
  };
  /** Seconds until the next try; `null`: now. */
  readonly waitS: number | null;
}

/** Another password: the old one, and a new one. */
export function PasswordPage({ email, minLength, faults, waitS }: PasswordPageProps): JSX.Element {
  return (
    <AccountForm
      title="Change your password"
      summary="You stay signed in here and are signed out everywhere else."
      action="/account/password"
      submit="Change password"
    >
      <TooMany fault={waitS === null ? null : { kind: "throttled", waitS }} />
      {faults.other !== undefined && <Notice state="critical" title={faults.other} live="assertive" />}
      <KnownPassword
        name="old"
        label="Password now"
        email={email}
        fault={faults.old}
        focused={faults.password === undefined || faults.old !== undefined}
      />
      <NewPassword
        label="New password"
        fault={faults.password}
        minLength={minLength}
        focused={faults.password !== undefined && faults.old === undefined}
      />
    </AccountForm>
  );
}

/** A change of address that is under way. */
export interface OpenChange {
  /** The address that is to be used. */
  readonly newEmail: string;
  /** Addresses that have not agreed yet. */
  readonly waitsFor: readonly string[];
  /** Until when they may, in words. */
  readonly until: string;
}

/** What the page of another address needs. */
export interface EmailPageProps {
  /** The address that is used now. */
  readonly email: string;
  /** What was typed. */
  readonly typed: string;
  /** Why it was not taken; `null`: nothing was typed yet. */
  readonly fault: TypedFault | null;
  /** The change that is under way; `null`: none. */
  readonly open: OpenChange | null;
  /** Whether letters can be sent. */
  readonly canSend: boolean;
}

/** Another address to sign in with. */
export function EmailPage({ email, typed, fault, open, canSend }: EmailPageProps): JSX.Element {
  return (
    <AccountForm
      title="Change your e-mail address"
      summary={`You sign in with ${email}. A link goes to both addresses, and both must agree within a day; until then nothing changes.`}
      action="/account/email"
      submit="Send the links"
      before={<>{open && <UnderWay {...open} />}{!canSend && <CannotSend />}</>}
    >
      <TooMany fault={fault} />
      <Field
        name="email"
        label="New address"
        type="email"
        autocomplete="email"
        value={typed}
        hint={open === null ? undefined : "In place of the one above."}
        fault={faultOf(fault)}
        maxLength={190}
        required
        focused
      />
    </AccountForm>
  );
}

function UnderWay({ newEmail, waitsFor, until }: OpenChange): JSX.Element {
  return (
    <Notice
      state="info"
      title={`A change to ${newEmail} is under way`}
      actions={<PostButton action="/account/email" name="do" value="stop">Stop it</PostButton>}
    >
      {`${waitsFor.join(" and ")} ${
        waitsFor.length > 1 ? "have" : "has"
      } to agree until ${until}: follow the link in the letter there.`}
    </Notice>
  );
}

function CannotSend(): JSX.Element {
  return (
    <Notice state="warn" title="No mail server is set">
      Nothing can be confirmed before an administrator sets one under Admin, Messages.
    </Notice>
  );
}

/** A password that is set already, with what a password manager needs to find it. */
function KnownPassword(
  { name, label, email, fault, focused }: {
    readonly name: string;
    readonly label: string;
    readonly email: string;
    readonly fault: string | undefined;
    readonly focused: boolean;
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
        focused={focused}
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
