/**
 * The second step of signing in: a code, a recovery code or a passkey; or, where somebody has none and must have one,
 * setting it up on the way in.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { AlonePage } from "../AlonePage.tsx";
import { durationText } from "../format.ts";
import { Button, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { CodeField, FirstCode, RecoveryCodes, SeedPicture, type SeedProps } from "../SecondFactor.tsx";

/** What is asked for, or shown. */
export type SecondStepPageProps =
  /** A second factor is to be shown. */
  | {
    readonly kind: "enter";
    /** Whether they have an app that makes codes. */
    readonly codes: boolean;
    /** What shows a passkey; absent: they have none that could be shown here. */
    readonly passkey?: ComponentChildren;
    /** Why the code was not taken; `null`: none was typed yet. */
    readonly fault: string | null;
    /** Seconds to wait after too many tries; `null`: none. */
    readonly waitS: number | null;
  }
  /** One is to be set up. */
  | ({
    readonly kind: "set-up";
    /** Why the code was not taken; `null`: none was typed yet. */
    readonly fault: string | null;
  } & SeedProps)
  /** It is set up: recovery codes, shown this once. */
  | {
    readonly kind: "codes";
    readonly codes: readonly string[];
    /** Where to go on. */
    readonly href: string;
  };

/** The page. */
export function SecondStepPage(props: SecondStepPageProps): JSX.Element {
  switch (props.kind) {
    case "enter":
      return <Enter {...props} />;
    case "set-up":
      return <SetUp {...props} />;
    case "codes":
      return (
        <AlonePage title="Your recovery codes">
          <RecoveryCodes codes={props.codes}>
            <LinkButton href={props.href} kind="primary">I have kept them: go on</LinkButton>
          </RecoveryCodes>
        </AlonePage>
      );
  }
}

function Enter(
  { codes, passkey, fault, waitS }: Extract<SecondStepPageProps, { kind: "enter" }>,
): JSX.Element {
  return (
    <AlonePage title="One more step">
      {waitS !== null && (
        <Notice state="warn" title="Too many tries" live="assertive">
          {`Try again in ${
            durationText(waitS)
          }. A browser you have signed in with before has tries of its own.`}
        </Notice>
      )}
      {passkey}
      {codes && (
        <form method="post" action="/sign-in/second-factor">
          <CodeField
            hint="From your authenticator app, or one of your recovery codes."
            fault={fault ?? undefined}
          />
          <Button kind={passkey === undefined ? "primary" : "plain"}>Sign in</Button>
        </form>
      )}
      <p>
        <a href="/sign-in">Start again</a>
        <span class="muted">
          {codes
            ? " · Without your phone and recovery codes, ask your administrator."
            : " · Without your passkey, ask your administrator."}
        </span>
      </p>
    </AlonePage>
  );
}

function SetUp({ fault, ...seed }: Extract<SecondStepPageProps, { kind: "set-up" }>): JSX.Element {
  return (
    <AlonePage title="Set up a second factor">
      <p class="muted">
        Your role needs a code from your phone besides your password. Scan this picture with an authenticator
        app, then type the code that it shows.
      </p>
      <SeedPicture {...seed} />
      <FirstCode action="/sign-in/set-up" fault={fault ?? undefined}>
        <Button kind="primary">Confirm</Button>
        <LinkButton href="/sign-in" kind="quiet">Cancel</LinkButton>
      </FirstCode>
    </AlonePage>
  );
}
