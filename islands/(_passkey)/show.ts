/**
 * Shows a passkey to the server: when a button is pressed, or when one is chosen where the e-mail is typed.
 *
 * @module
 */

import { type Answered, ask, goTo } from "./ask.ts";
import { webAuthn } from "./browser.ts";
import { troubleWords } from "./trouble.ts";

/** What is shown where. */
export interface Showing {
  /** Where the server says what it asks for. */
  readonly optionsHref: string;
  /** Where the answer goes. */
  readonly answerHref: string;
  /** Sent with the answer. */
  readonly sent: Readonly<Record<string, unknown>>;
}

/**
 * Asks for a passkey and goes on; what went wrong, in words, `null`: nothing that anybody need know of.
 *
 * @param offered Given where passkeys are among what the browser fills in; ends that. Absent: a button was pressed.
 */
export async function show(
  { optionsHref, answerHref, sent }: Showing,
  offered?: AbortSignal,
): Promise<string | null> {
  const asked = await ask(optionsHref, {});
  if (asked.kind !== "ok") return offered ? null : wordsOf(asked);
  // A sign-in that is half done can be over: then the way is to its beginning.
  if ("to" in asked.value) {
    goTo(asked.value);
    return null;
  }
  let answered: Answered;
  try {
    const { startAuthentication } = await webAuthn();
    // Whoever has pressed the button meanwhile is asked there, and beginning here would end that.
    if (offered?.aborted) return null;
    const optionsJSON = asked.value as unknown as Parameters<typeof startAuthentication>[0]["optionsJSON"];
    const credential = await startAuthentication({ optionsJSON, useBrowserAutofill: offered !== undefined });
    answered = await ask(answerHref, { ...sent, credential });
  } catch (error) {
    return offered ? null : troubleWords(error, "show");
  }
  if (answered.kind !== "ok") return wordsOf(answered);
  goTo(answered.value);
  return null;
}

function wordsOf(answered: Answered): string | null {
  return answered.kind === "refused" ? answered.words : null;
}

/** How passkeys are offered. */
export interface Offering {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds after which what the server asked for is old. */
  readonly everyMs: number;
  /** Told what went wrong with one that was chosen. */
  readonly say: (words: string) => void;
}

/** Offers passkeys among what the browser fills in, where it can. */
export async function offer(showing: Showing, { signal, everyMs, say }: Offering): Promise<void> {
  const { browserSupportsWebAuthnAutofill } = await webAuthn();
  if (!await browserSupportsWebAuthnAutofill() || signal.aborted) return;
  const begin = () => {
    if (document.hidden) return;
    void show(showing, signal).then((words) => words !== null && say(words));
  };
  const timer = setInterval(begin, everyMs);
  signal.addEventListener("abort", () => clearInterval(timer));
  begin();
}
