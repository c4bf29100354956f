/**
 * Signing in by a passkey alone: a button, and passkeys among what the browser fills in where the e-mail is typed.
 *
 * @module
 */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../lib/ui/Input.tsx";
import { Notice } from "../lib/ui/Over.tsx";
import { hasPasskeys } from "./(_passkey)/browser.ts";
import { offer, show } from "./(_passkey)/show.ts";

/** What it needs. */
export interface PasskeySignInProps {
  /** Path to go to afterwards. */
  readonly back: string;
}

/** A challenge is taken for five minutes. */
const ANEW_EVERY_MS = 4 * 60_000;

const PLACES = { optionsHref: "/sign-in/passkey/options", answerHref: "/sign-in/passkey" } as const;

/** The button; nothing where the browser has no passkeys. */
export default function PasskeySignIn({ back }: PasskeySignInProps): JSX.Element | null {
  const can = useSignal(false);
  const busy = useSignal(false);
  const words = useSignal<string | null>(null);
  const offering = useRef<AbortController | null>(null);
  const showing = { ...PLACES, sent: { back } };
  useEffect(() => {
    can.value = hasPasskeys();
    if (!can.value) return;
    const controller = new AbortController();
    offering.current = controller;
    const say = (text: string) => words.value = text;
    offer(showing, { signal: controller.signal, everyMs: ANEW_EVERY_MS, say }).catch(() => {});
    return () => controller.abort();
  }, []);
  if (!can.value) return null;
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy.value) return;
    offering.current?.abort();
    busy.value = true;
    words.value = await show(showing);
    busy.value = false;
  };
  return (
    <form onSubmit={submit}>
      {words.value !== null && <Notice state="critical" title={words.value} live="assertive" />}
      <Button icon="key" disabled={busy.value} busy={busy.value}>
        {busy.value ? "Follow your browser" : "Sign in with a passkey"}
      </Button>
    </form>
  );
}
