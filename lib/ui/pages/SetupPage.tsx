/**
 * The page of the one-time link that makes the first administrator.
 *
 * @module
 */

import type { JSX } from "preact";
import { AlonePage, faultCount, FaultsNotice, SpentPage } from "../AlonePage.tsx";
import { Button, Csrf, Field, LinkButton } from "../Input.tsx";
import { NewPassword } from "../NewPassword.tsx";

/** What was wrong with each field; absent where it was taken. */
export interface SetupFaults {
  /** About the name. */
  readonly name?: string | undefined;
  /** About the address. */
  readonly email?: string | undefined;
  /** About the password. */
  readonly password?: string | undefined;
  /** About what belongs to no field. */
  readonly ""?: string | undefined;
}

/** What the page needs. */
export type SetupPageProps =
  /** The link is good: the form. */
  | {
    readonly kind: "form";
    /** The link's secret, sent back with the form. */
    readonly token: string;
    /** Name as typed. */
    readonly name: string;
    /** Address as typed. */
    readonly email: string;
    /** What was wrong. */
    readonly faults: SetupFaults;
    /** Smallest number of characters of a password. */
    readonly passwordMinLength: number;
    /** Largest number of characters of an address. */
    readonly emailMaxLength: number;
    /** Token against forged posts. */
    readonly csrf?: string | undefined;
  }
  /** The link was used or is too old, or there is an administrator already. */
  | { readonly kind: "spent" };

/** Name, e-mail and password of the first administrator, or why the link leads nowhere. */
export function SetupPage(props: SetupPageProps): JSX.Element {
  switch (props.kind) {
    case "form":
      return (
        <AlonePage title="Set up Wattpost">
          <SetupForm {...props} />
        </AlonePage>
      );
    case "spent":
      return (
        <SpentPage
          title="This link is spent"
          rule="It works once"
          action={<LinkButton href="/sign-in" kind="primary">Sign in</LinkButton>}
        >
          There is an administrator already, or Wattpost has been started again since. The newest link stands
          in the terminal.
        </SpentPage>
      );
  }
}

function SetupForm(props: Extract<SetupPageProps, { kind: "form" }>): JSX.Element {
  const { token, name, email, passwordMinLength, emailMaxLength, csrf } = props;
  const { "": other, ...faults } = props.faults;
  return (
    <>
      <FaultsNotice faults={faults} other={other} />
      {faultCount(props.faults) === 0 && (
        <p class="muted">
          You are the first here. This makes you the administrator, who can invite others.
        </p>
      )}
      <form method="post" action="/setup">
        <Csrf token={csrf} />
        <input type="hidden" name="token" value={token} />
        <Field
          name="name"
          label="Name"
          autocomplete="name"
          value={name}
          fault={faults.name}
          maxLength={80}
          required
          focused={faults.name !== undefined || faultCount(faults) === 0}
        />
        <Field
          name="email"
          label="E-mail"
          type="email"
          autocomplete="username"
          value={email}
          fault={faults.email}
          maxLength={emailMaxLength}
          required
          focused={faults.name === undefined && faults.email !== undefined}
        />
        <NewPassword
          label="Password"
          fault={faults.password}
          minLength={passwordMinLength}
          focused={faults.name === undefined && faults.email === undefined && faults.password !== undefined}
        />
        <Button kind="primary">Create administrator</Button>
      </form>
    </>
  );
}
