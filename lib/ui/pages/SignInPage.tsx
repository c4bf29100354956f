/**
 * The page to sign in with. Lets people paste and password managers fill in.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Button, Csrf, Field, Tick } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Brand } from "../Shell.tsx";

/** Why signing in did not work. */
export type SignInFault =
  /** Address or password; never said which. */
  | { readonly kind: "wrong" }
  /** Too many tries; `waitS` seconds are left. */
  | { readonly kind: "throttled"; readonly waitS: number }
  /** The form was open for too long. */
  | { readonly kind: "expired" };

/** What the page needs. */
export interface SignInPageProps {
  /** Address as typed; empty at first. */
  readonly email: string;
  /** Why it did not work; `null` at first. */
  readonly fault: SignInFault | null;
  /** Path to go to afterwards. */
  readonly back: string;
  /** Days that "Keep me signed in" lasts; `null`: not offered. */
  readonly keepDays: number | null;
  /** Whether it was ticked. */
  readonly keep: boolean;
  /** Whose installation it is; empty: not said. */
  readonly organisation: string;
  /** Where a forgotten password is replaced; `null` or absent: nowhere, no e-mail can be sent. */
  readonly forgotHref?: string | null | undefined;
  /** What signs in by a passkey; absent: there can be none here. */
  readonly passkey?: ComponentChildren;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** Address, password, and one button. */
export function SignInPage(props: SignInPageProps): JSX.Element {
  const { email, fault, back, keepDays, keep, organisation, forgotHref, passkey, csrf } = props;
  return (
    <main class="alone" id="page">
      <section class="panel">
        <div>
          <Brand />
          <h1>Sign in</h1>
        </div>
        {fault && <FaultNotice fault={fault} />}
        <form method="post" action="/sign-in">
          <Csrf token={csrf} />
          <input type="hidden" name="back" value={back} />
          <Field
            name="email"
            label="E-mail"
            type="email"
            autocomplete={passkey ? "username webauthn" : "username"}
            value={email}
            required
            focused={email === ""}
          />
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            required
            focused={email !== ""}
          />
          {keepDays !== null && (
            <Tick name="keep" checked={keep}>Keep me signed in here for {keepDays} days</Tick>
          )}
          <Button kind="primary">Sign in</Button>
        </form>
        {passkey}
        {forgotHref && (
          <p>
            <a href={forgotHref}>Forgot your password?</a>
          </p>
        )}
      </section>
      {organisation !== "" && <p>{organisation}</p>}
    </main>
  );
}

function FaultNotice({ fault }: { readonly fault: SignInFault }): JSX.Element {
  switch (fault.kind) {
    case "wrong":
      return (
        <Notice state="critical" title="E-mail or password is not right" live="assertive">
          What you typed as e-mail is kept. Capital letters count in the password.
        </Notice>
      );
    case "throttled":
      return (
        <Notice state="warn" title="Too many tries" live="assertive">
          Try again in {Math.max(1, Math.ceil(fault.waitS))} s. Nobody is locked out for good.
        </Notice>
      );
    case "expired":
      return (
        <Notice state="info" title="This form was open for too long" live="polite">
          Please sign in once more.
        </Notice>
      );
  }
}
