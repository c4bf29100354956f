/**
 * The page for those who have forgotten their password. It says the same to everybody, so that nobody learns who has
 * an account.
 *
 * @module
 */

import type { JSX } from "preact";
import { AlonePage } from "../AlonePage.tsx";
import { durationText } from "../format.ts";
import { Button, Field, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";

/** What the page needs. */
export type ForgotPageProps =
  /** The form. */
  | {
    readonly kind: "ask";
    /** Address as typed. */
    readonly email: string;
    /** What was wrong with it; `null`: nothing. */
    readonly fault: string | null;
    /** Largest number of characters of an address. */
    readonly emailMaxLength: number;
  }
  /** It was asked for. */
  | {
    readonly kind: "asked";
    /** Seconds that the link works. */
    readonly linkS: number;
  }
  /** It was asked for too often. */
  | {
    readonly kind: "throttled";
    /** Seconds until the next try. */
    readonly waitS: number;
  }
  /** No mail server has been set. */
  | { readonly kind: "not-set-up" };

/** Asks for the address, or says what happens next. */
export function ForgotPage(props: ForgotPageProps): JSX.Element {
  switch (props.kind) {
    case "ask":
      return (
        <AlonePage title="Forgot your password?">
          <p class="muted">We send a link to your address with which you choose a new one.</p>
          <form method="post" action="/forgot">
            <Field
              name="email"
              label="E-mail"
              type="email"
              autocomplete="username"
              value={props.email}
              fault={props.fault ?? undefined}
              maxLength={props.emailMaxLength}
              required
              focused
            />
            <Button kind="primary">Send the link</Button>
          </form>
          <p>
            <a href="/sign-in">Back to signing in</a>
          </p>
        </AlonePage>
      );
    case "asked":
      return (
        <AlonePage title="Look into your mail">
          <Notice state="info" title="If there is such an account, a link is on its way" actions={BACK}>
            {`It works once, for ${durationText(props.linkS)}. `}
            If nothing comes within ten minutes, look into your spam folder or ask an administrator.
          </Notice>
        </AlonePage>
      );
    case "throttled":
      return (
        <AlonePage title="Forgot your password?">
          <Notice state="warn" title="Asked for too often" actions={BACK} live="assertive">
            {`Try again in ${durationText(props.waitS)}. A link that was sent before still works.`}
          </Notice>
        </AlonePage>
      );
    case "not-set-up":
      return (
        <AlonePage title="Forgot your password?">
          <Notice state="info" title="Wattpost cannot send e-mails yet" actions={BACK}>
            Ask an administrator: they can invite you anew.
          </Notice>
        </AlonePage>
      );
  }
}

const BACK = <LinkButton href="/sign-in">Back to signing in</LinkButton>;
