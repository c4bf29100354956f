/**
 * Takes an answer that grows line by line, and says what went wrong as a sentence for people.
 *
 * @module
 */

import { LINES_TYPE } from "../../lib/ui/pages/register/lines.ts";

/** How an answer ended. */
export type Followed =
  /** It came to its end. */
  | { readonly kind: "ended" }
  /** Whoever asked let go of it. */
  | { readonly kind: "left" }
  /** What was typed cannot be: messages by field. */
  | { readonly kind: "faults"; readonly faults: Readonly<Record<string, string>> }
  /** It was not answered, in words; asking again by itself does not help. */
  | { readonly kind: "refused"; readonly words: string };

/** Longest line in characters: a test with all registers of a model has some ten thousand. */
const LINE_MAX = 500_000;

const NO_ANSWER = "Wattpost does not answer. Look whether you are online, and try again.";

/** What is asked. */
export interface Following<T> {
  /** Where. */
  readonly href: string;
  /** A form to be posted; absent: it is asked for only. */
  readonly form?: URLSearchParams;
  /** Lets go of it. */
  readonly signal: AbortSignal;
  /** Takes each line; they are ours, so their shape is believed. */
  readonly hear: (line: T) => void;
}

/** Asks, and hears until the end. */
export async function followLines<T>({ href, form, signal, hear }: Following<T>): Promise<Followed> {
  try {
    const answer = await fetch(href, {
      method: form ? "POST" : "GET",
      headers: { accept: LINES_TYPE },
      redirect: "error",
      signal,
      ...(form && { body: form }),
    });
    if (answer.status !== 200 || !answer.body) return await refusal(answer);
    await takeLines(answer.body.getReader(), hear);
    return { kind: "ended" };
  } catch {
    return signal.aborted ? { kind: "left" } : { kind: "refused", words: NO_ANSWER };
  }
}

async function takeLines<T>(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  hear: (line: T) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (text + decoder.decode(value, { stream: true })).split("\n");
    text = lines.pop() ?? "";
    if (text.length > LINE_MAX) throw new Error("The line has no end");
    for (const line of lines) hear(JSON.parse(line));
  }
}

async function refusal(answer: Response): Promise<Followed> {
  if (answer.status === 422) {
    const { faults } = await answer.json();
    return { kind: "faults", faults };
  }
  await answer.body?.cancel();
  return { kind: "refused", words: refusalWords(answer.status, answer.headers.get("retry-after")) };
}

/** Why it was not answered. */
export function refusalWords(status: number, retryAfter: string | null): string {
  switch (status) {
    case 401:
      return "You are no longer signed in. Load the page anew and sign in.";
    case 404:
      return "This draft is gone: it was started or removed in another window.";
    case 429: {
      const minutes = Math.ceil(Number(retryAfter ?? "60") / 60);
      return `Too much was asked in a short time. Try again in ${
        minutes === 1 ? "a minute" : `${minutes} minutes`
      }.`;
    }
    default:
      return `Wattpost could not do it (answer ${status}). Try again in a moment.`;
  }
}
