/**
 * A passkey after the password, as second factor.
 *
 * @module
 */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../lib/ui/Input.tsx";
import { Notice } from "../lib/ui/Over.tsx";
import { hasPasskeys } from "./(_passkey)/browser.ts";
import { show } from "./(_passkey)/show.ts";

/** What it needs. */
export interface PasskeySecondProps {
  /** Whether it is the only way on: then it says so where there is none. */
  readonly only: boolean;
}

const SHOWING = {
  optionsHref: "/sign-in/second-factor/passkey/options",
  answerHref: "/sign-in/second-factor/passkey",
  sent: {},
} as const;

/** The button. */
export default function PasskeySecond({ only }: PasskeySecondProps): JSX.Element | null {
  const can = useSignal<boolean | null>(null);
  const busy = useSignal(false);
  const words = useSignal<string | null>(null);
  useEffect(() => {
    can.value = hasPasskeys();
  }, []);
  if (can.value === null) return <p class="muted">Using a passkey needs JavaScript.</p>;
  if (!can.value) {
    if (!only) return null;
    return (
      <Notice state="warn" title="This browser has no passkeys">
        Sign in with another one, or ask an administrator to remove your second factor.
      </Notice>
    );
  }
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    words.value = await show(SHOWING);
    busy.value = false;
  };
  return (
    <form onSubmit={submit}>
      {words.value !== null && <Notice state="critical" title={words.value} live="assertive" />}
      <Button kind="primary" icon="key" disabled={busy.value} busy={busy.value}>
        {busy.value ? "Follow your browser" : "Use a passkey"}
      </Button>
    </form>
  );
}
