/**
 * The page of an invitation: a name, a password, and in.
 *
 * @module
 */

import type { JSX } from "preact";
import { AlonePage, faultCount, FaultsNotice, SpentPage, ThrottledPage } from "../AlonePage.tsx";
import { Button, Field, LinkButton } from "../Input.tsx";
import { NewPassword } from "../NewPassword.tsx";

/** What was wrong with each field; absent where it was taken. */
export interface InviteFaults {
  /** About the name. */
  readonly name?: string | undefined;
  /** About the password. */
  readonly password?: string | undefined;
  /** About what belongs to no field. */
  readonly other?: string | undefined;
}

/** What the page needs. */
export type InvitePageProps =
  /** The link is good: the form. */
  | {
    readonly kind: "form";
    /** The link's secret, sent back with the form. */
    readonly token: string;
    /** Address of who was invited: what they sign in with. */
    readonly email: string;
    /** Name as typed, or as whoever invited typed it. */
    readonly name: string;
    /** What was wrong. */
    readonly faults: InviteFaults;
    /** Smallest number of characters of a password. */
    readonly passwordMinLength: number;
    /** Whether a second factor is set up next. */
    readonly secondFactor: boolean;
  }
  /** The link was used, withdrawn, replaced, or is too old. */
  | { readonly kind: "spent" }
  /** Too many tries. */
  | {
    readonly kind: "throttled";
    /** Seconds until the next one. */
    readonly waitS: number;
  };

/** Name and password of somebody who was invited, or why the link leads nowhere. */
export function InvitePage(props: InvitePageProps): JSX.Element {
  switch (props.kind) {
    case "form":
      return (
        <AlonePage title="Welcome to Wattpost">
          <InviteForm {...props} />
        </AlonePage>
      );
    case "throttled":
      return <ThrottledPage title="Welcome to Wattpost" waitS={props.waitS} />;
    case "spent":
      return (
        <SpentPage
          title="This invitation is over"
          rule="It works once, for seven days"
          action={<LinkButton href="/sign-in" kind="primary">Sign in</LinkButton>}
        >
          If you have not chosen a password yet, ask whoever invited you for a new invitation. Only the newest
          one works.
        </SpentPage>
      );
  }
}

function InviteForm(props: Extract<InvitePageProps, { kind: "form" }>): JSX.Element {
  const { token, email, name, faults, passwordMinLength, secondFactor } = props;
  return (
    <>
      <FaultsNotice faults={{ ...faults, other: undefined }} other={faults.other} />
      {faultCount(faults) === 0 && (
        <p class="muted">
          {`Choose a password for ${email}.`}
          {secondFactor &&
            " After that you set up a second factor: have a phone with an authenticator app ready."}
        </p>
      )}
      <form method="post" action="/invite">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" autocomplete="username" value={email} />
        <Field
          name="name"
          label="Name"
          autocomplete="name"
          value={name}
          fault={faults.name}
          maxLength={80}
          required
          focused={faults.name !== undefined || name === ""}
        />
        <NewPassword
          label="New password"
          fault={faults.password}
          minLength={passwordMinLength}
          focused={faults.name === undefined && name !== ""}
        />
        <Button kind="primary">{secondFactor ? "Go on" : "Accept and sign in"}</Button>
      </form>
    </>
  );
}
