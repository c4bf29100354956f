/**
 * Sends the form of a register map and takes the answer; what went wrong on the way is told in words.
 *
 * @module
 */

import type { EditorAnswer } from "../../lib/ui/pages/maps/answer.ts";

/** What came back. */
export type Sent =
  | { readonly kind: "answered"; readonly answer: EditorAnswer }
  /** Another one was sent meanwhile. */
  | { readonly kind: "overtaken" }
  | { readonly kind: "failed"; readonly words: string };

/** Sends it. */
export async function sendMap(path: string, body: URLSearchParams, signal: AbortSignal): Promise<Sent> {
  try {
    const answer = await fetch(path, {
      method: "POST",
      body,
      signal,
      headers: { accept: "application/json" },
    });
    const isJson = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
    if (isJson) return { kind: "answered", answer: await answer.json() as EditorAnswer };
    return { kind: "failed", words: wordsOf(answer.status) };
  } catch {
    return signal.aborted
      ? { kind: "overtaken" }
      : { kind: "failed", words: "Wattpost does not answer. What you typed is still here; try again." };
  }
}

function wordsOf(status: number): string {
  switch (status) {
    case 401:
      return "You are no longer signed in. Sign in in another window, then try again here.";
    case 403:
      return "You may not do this there.";
    case 404:
      return "It is no longer there.";
    case 413:
      return "It is too large to be sent.";
    case 429:
      return "Too much was asked in a short time. Wait a few minutes and try again.";
  }
  return `Wattpost could not do it (answer ${status}). What you typed is still here; try again.`;
}
