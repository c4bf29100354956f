/**
 * The page behind the two links of a change of address. Opening it changes nothing, because mail scanners open links
 * too: only the button does.
 *
 * @module
 */

import type { JSX } from "preact";
import { AlonePage, SpentPage, ThrottledPage } from "../AlonePage.tsx";
import { Button, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";

/** What the page needs. */
export type ConfirmEmailPageProps =
  /** The link is good: what is agreed to. */
  | {
    readonly kind: "ask";
    /** The link's secret, sent back with the form. */
    readonly token: string;
    /** To which of the two addresses the link was sent. */
    readonly side: "old" | "new";
    /** The address that is used now. */
    readonly oldEmail: string;
    /** The address that is to be used. */
    readonly newEmail: string;
  }
  /** Confirmed here, not there yet. */
  | {
    readonly kind: "half";
    /** The address whose link is still to be followed. */
    readonly waitsFor: string;
  }
  /** Confirmed from both. */
  | {
    readonly kind: "changed";
    /** The address that is used from now on. */
    readonly newEmail: string;
  }
  /** Stopped by the old address. */
  | {
    readonly kind: "stopped";
    /** The address that stays. */
    readonly oldEmail: string;
  }
  /** Somebody else has the new address by now. */
  | { readonly kind: "taken" }
  /** The link was used, replaced, stopped, or is too old. */
  | { readonly kind: "spent" }
  /** Too many tries. */
  | {
    readonly kind: "throttled";
    /** Seconds until the next one. */
    readonly waitS: number;
  };

/** Asks whether an address is to be used, or says what came of it. */
export function ConfirmEmailPage(props: ConfirmEmailPageProps): JSX.Element {
  switch (props.kind) {
    case "ask":
      return <AlonePage title="Change of your e-mail address">{askForm(props)}</AlonePage>;
    case "half":
      return (
        <AlonePage title="Confirmed from this address">
          <Notice state="info" title="One more to go">
            {`Now follow the link in the message to ${props.waitsFor}. Until then nothing changes.`}
          </Notice>
        </AlonePage>
      );
    case "changed":
      return (
        <AlonePage title="Your e-mail address is changed">
          <Notice state="good" title="Confirmed from both addresses" actions={SIGN_IN}>
            {`Sign in with ${props.newEmail} from now on. You have been signed out everywhere.`}
          </Notice>
        </AlonePage>
      );
    case "stopped":
      return (
        <AlonePage title="The change is stopped">
          <Notice state="good" title={`${props.oldEmail} stays`} actions={SIGN_IN}>
            If you did not ask for the change, somebody else was signed in as you: change your password, which
            signs everybody out.
          </Notice>
        </AlonePage>
      );
    case "taken":
      return (
        <AlonePage title="The address is taken">
          <Notice state="critical" title="Another account uses it by now" actions={SIGN_IN}>
            Your address stays as it is. Choose another one in your account.
          </Notice>
        </AlonePage>
      );
    case "throttled":
      return <ThrottledPage title="Change of your e-mail address" waitS={props.waitS} />;
    case "spent":
      return (
        <SpentPage title="This link is spent" rule="It works once, for a day" action={SIGN_IN}>
          If your address has not changed yet, begin again in your account.
        </SpentPage>
      );
  }
}

const SIGN_IN = <LinkButton href="/sign-in" kind="primary">Sign in</LinkButton>;

function askForm(
  { token, side, oldEmail, newEmail }: Extract<ConfirmEmailPageProps, { kind: "ask" }>,
): JSX.Element {
  return (
    <>
      <p class="muted">
        {`Your account is to use ${newEmail} in place of ${oldEmail}. It does when both addresses have agreed.`}
      </p>
      <form method="post" action="/confirm-email">
        <input type="hidden" name="token" value={token} />
        <Button kind="primary" name="answer" value="confirm">
          {side === "old" ? "Agree" : `Use ${newEmail}`}
        </Button>
        {side === "old" && <Button kind="danger" name="answer" value="stop">Stop the change</Button>}
      </form>
    </>
  );
}
