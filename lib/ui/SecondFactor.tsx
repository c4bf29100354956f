/**
 * What setting up a second factor shows on the way in as on the page of one's own account: the picture with its first
 * code, and the recovery codes, once.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Csrf, Field } from "./Input.tsx";
import { Notice } from "./Over.tsx";
import { QrCode } from "./QrCode.tsx";

/** A seed as it is handed over. */
export interface SeedProps {
  /** What an app scans. */
  readonly address: string;
  /** What is typed into an app that cannot scan. */
  readonly seed: string;
}

/** The picture, and the same to be typed. */
export function SeedPicture({ address, seed }: SeedProps): JSX.Element {
  return (
    <div class="seed">
      <QrCode text={address} label="Picture to scan with your authenticator app" />
      <p>
        <a href={address}>Open in an app on this device</a>, or type this key into it:
      </p>
      <code>{seed.replaceAll(/(.{4})(?=.)/g, "$1 ")}</code>
    </div>
  );
}

/** What the form of the first code needs. */
export interface FirstCodeProps {
  /** Where it is posted. */
  readonly action: string;
  /** Why the code was not taken; absent: none was typed yet. */
  readonly fault?: string | undefined;
  /** The buttons: to confirm, and the way out. */
  readonly children: ComponentChildren;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

/** Asks for the first code. */
export function FirstCode({ action, fault, children, csrf }: FirstCodeProps): JSX.Element {
  return (
    <form class="form first-code" method="post" action={action}>
      <Csrf token={csrf} />
      <CodeField hint="Six digits; a new code comes every 30 seconds." fault={fault} />
      <div class="actions">{children}</div>
    </form>
  );
}

/** The field of a code. */
export function CodeField(
  { hint, fault }: { readonly hint: string; readonly fault?: string | undefined },
): JSX.Element {
  return (
    <Field
      name="code"
      label="Code"
      autocomplete="one-time-code"
      hint={hint}
      fault={fault}
      maxLength={40}
      required
      focused
    />
  );
}

/** Recovery codes with what they are for. */
export function RecoveryCodes(
  { codes, children }: { readonly codes: readonly string[]; readonly children: ComponentChildren },
): JSX.Element {
  return (
    <>
      <Notice state="warn" title="Shown this once">
        Print them or write them down, and keep them away from your phone. Each lets you in once when your app
        is not at hand.
      </Notice>
      <ol class="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="actions">{children}</div>
    </>
  );
}
