/**
 * The page of the one-time link that makes the first administrator.
 *
 * @module
 */

import type { JSX } from "preact";
import { countText } from "../format.ts";
import { Button, Csrf, Field, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Brand } from "../Shell.tsx";

/** What was wrong with each field; absent where it was taken. */
export interface SetupFaults {
  /** About the name. */
  readonly name?: string | undefined;
  /** About the address. */
  readonly email?: string | undefined;
  /** About the password. */
  readonly password?: string | undefined;
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
    /** Token against forged posts. */
    readonly csrf?: string | undefined;
  }
  /** The link was used or is too old, or there is an administrator already. */
  | { readonly kind: "spent" };

/** Name, e-mail and password of the first administrator, or why the link leads nowhere. */
export function SetupPage(props: SetupPageProps): JSX.Element {
  return (
    <main class="alone" id="page">
      <section class="panel">
        <div>
          <Brand />
          <h1>{props.kind === "form" ? "Set up Wattpost" : "This link is spent"}</h1>
        </div>
        {props.kind === "form" ? <SetupForm {...props} /> : (
          <Notice
            state="info"
            title="It works once"
            actions={<LinkButton href="/sign-in" kind="primary">Sign in</LinkButton>}
          >
            There is an administrator already, or Wattpost has been started again since. The newest link
            stands in the terminal.
          </Notice>
        )}
      </section>
    </main>
  );
}

function SetupForm(props: Extract<SetupPageProps, { kind: "form" }>): JSX.Element {
  const { token, name, email, faults, passwordMinLength, csrf } = props;
  const wrong = Object.values(faults).filter((fault) => fault !== undefined).length;
  return (
    <>
      {wrong > 0
        ? (
          <Notice state="critical" title={`${countText(wrong, "thing")} to put right`} live="assertive">
            Everything else is as you typed it.
          </Notice>
        )
        : (
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
          focused={faults.name !== undefined || wrong === 0}
        />
        <Field
          name="email"
          label="E-mail"
          type="email"
          autocomplete="username"
          value={email}
          fault={faults.email}
          required
          focused={faults.name === undefined && faults.email !== undefined}
        />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="new-password"
          hint={`At least ${passwordMinLength} characters. A sentence is good.`}
          fault={faults.password}
          focused={faults.name === undefined && faults.email === undefined && faults.password !== undefined}
          minLength={passwordMinLength}
          required
        />
        <Button kind="primary">Create administrator</Button>
      </form>
    </>
  );
}
