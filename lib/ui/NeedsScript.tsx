/**
 * What only a script can do, with a sentence for those whose browser runs none.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";

/** What it needs. */
export interface NeedsScriptProps {
  /** What cannot be done without, such as "Adding a passkey". */
  readonly what: string;
  /** What does it. */
  readonly children: ComponentChildren;
}

/** What a script does, and what is said where none runs. */
export function NeedsScript({ what, children }: NeedsScriptProps): JSX.Element {
  return (
    <>
      {children}
      <noscript>
        <p class="muted">{what} needs JavaScript, which this browser does not run here.</p>
      </noscript>
    </>
  );
}
