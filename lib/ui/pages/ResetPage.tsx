/**
 * The page behind the link of a forgotten password: a new one.
 *
 * @module
 */

import type { JSX } from "preact";
import { AlonePage, FaultsNotice, SpentPage, ThrottledPage } from "../AlonePage.tsx";
import { Button, LinkButton } from "../Input.tsx";
import { NewPassword } from "../NewPassword.tsx";
import { Notice } from "../Over.tsx";

/** What the page needs. */
export type ResetPageProps =
  /** The link is good: the form. */
  | {
    readonly kind: "form";
    /** The link's secret, sent back with the form. */
    readonly token: string;
    /** Address of whose password it is. */
    readonly email: string;
    /** What was wrong with the password; absent: nothing. */
    readonly fault?: string | undefined;
    /** Smallest number of characters of a password. */
    readonly passwordMinLength: number;
  }
  /** The password is a new one. */
  | { readonly kind: "done" }
  /** The link was used, replaced, or is too old. */
  | { readonly kind: "spent" }
  /** Too many tries. */
  | {
    readonly kind: "throttled";
    /** Seconds until the next one. */
    readonly waitS: number;
  };

/** A new password, or why the link leads nowhere. */
export function ResetPage(props: ResetPageProps): JSX.Element {
  switch (props.kind) {
    case "form":
      return (
        <AlonePage title="Choose a new password">
          <FaultsNotice faults={{ password: props.fault }} />
          {props.fault === undefined && (
            <p class="muted">
              {`For ${props.email}. Everywhere you are signed in, you will be signed out.`}
            </p>
          )}
          <form method="post" action="/reset">
            <input type="hidden" name="token" value={props.token} />
            <input type="hidden" autocomplete="username" value={props.email} />
            <NewPassword
              label="New password"
              fault={props.fault}
              minLength={props.passwordMinLength}
              focused
            />
            <Button kind="primary">Set the password</Button>
          </form>
        </AlonePage>
      );
    case "done":
      return (
        <AlonePage title="Your password is set">
          <Notice
            state="good"
            title="You have been signed out everywhere"
            actions={<LinkButton href="/sign-in" kind="primary">Sign in</LinkButton>}
          >
            Sign in with the new password. A second factor is still asked for.
          </Notice>
        </AlonePage>
      );
    case "throttled":
      return <ThrottledPage title="Choose a new password" waitS={props.waitS} />;
    case "spent":
      return (
        <SpentPage
          title="This link is spent"
          rule="It works once, for an hour"
          action={<LinkButton href="/forgot" kind="primary">Ask for a new one</LinkButton>}
        >
          Only the newest link works.
        </SpentPage>
      );
  }
}
