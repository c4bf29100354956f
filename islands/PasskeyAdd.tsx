/**
 * Adds a passkey: asks the server for what the browser is to make, the browser to make it, and the server to keep it.
 *
 * @module
 */

import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Field } from "../lib/ui/Input.tsx";
import { Notice } from "../lib/ui/Over.tsx";
import { ask, goTo } from "./(_passkey)/ask.ts";
import { hasPasskeys, webAuthn } from "./(_passkey)/browser.ts";
import { troubleWords } from "./(_passkey)/trouble.ts";

/** What it needs. */
export interface PasskeyAddProps {
  /** Longest name in characters. */
  readonly nameMax: number;
}

/** Where the password is typed again, and back. */
const CONFIRM_HREF = "/account/confirm?back=/account";

/** A name, and the button that makes a passkey of it. */
export default function PasskeyAdd({ nameMax }: PasskeyAddProps): JSX.Element {
  const can = useSignal<"unknown" | "yes" | "no">("unknown");
  const busy = useSignal(false);
  const words = useSignal<string | null>(null);
  useEffect(() => {
    can.value = hasPasskeys() ? "yes" : "no";
  }, []);
  if (can.value === "unknown") return <p class="muted">Adding a passkey needs JavaScript.</p>;
  if (can.value === "no") return <p class="muted">This browser has no passkeys.</p>;
  const submit = (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy.value) return;
    const name = new FormData(event.currentTarget).get("passkey-name");
    void add(String(name ?? ""), { busy, words });
  };
  return (
    <form class="form passkey-add" onSubmit={submit}>
      {words.value !== null && <Notice state="critical" title={words.value} live="assertive" />}
      <Field
        name="passkey-name"
        label="Name of another passkey"
        hint="By which you know it again, such as the device it lies on."
        maxLength={nameMax}
        required
        suffix={
          <button class="button" type="submit" disabled={busy.value} aria-busy={busy.value}>
            {busy.value ? "Follow your browser" : "Add a passkey"}
          </button>
        }
      />
    </form>
  );
}

interface Doing {
  readonly busy: Signal<boolean>;
  readonly words: Signal<string | null>;
}

async function add(name: string, { busy, words }: Doing): Promise<void> {
  busy.value = true;
  words.value = null;
  const asked = await ask("/account/passkeys/options", { name });
  if (asked.kind === "confirm-first") return location.assign(CONFIRM_HREF);
  busy.value = asked.kind === "ok";
  if (asked.kind === "refused") {
    words.value = asked.words;
    return;
  }
  try {
    const { startRegistration } = await webAuthn();
    const optionsJSON = asked.value as unknown as Parameters<typeof startRegistration>[0]["optionsJSON"];
    const credential = await startRegistration({ optionsJSON });
    const kept = await ask("/account/passkeys", { name, credential });
    if (kept.kind === "ok") return goTo(kept.value);
    words.value = kept.kind === "refused" ? kept.words : null;
  } catch (error) {
    words.value = troubleWords(error, "add");
  }
  busy.value = false;
}
