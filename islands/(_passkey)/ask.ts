/**
 * How a script asks the server: JSON there and back, and what went wrong as a sentence for people.
 *
 * @module
 */

/** What the server said. */
export type Answered =
  /** It did it. */
  | { readonly kind: "ok"; readonly value: Readonly<Record<string, unknown>> }
  /** The password must be typed again first. */
  | { readonly kind: "confirm-first" }
  /** It did not, and says why in words. */
  | { readonly kind: "refused"; readonly words: string };

/** Said where nobody answered. */
const NO_ANSWER = "Wattpost does not answer. Look whether you are online, and try again.";

const SESSION_OVER = "You are no longer signed in. Load the page anew and sign in.";

/** Posts JSON to a path of ours. */
export async function ask(path: string, body: Readonly<Record<string, unknown>>): Promise<Answered> {
  const sent = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, sent).catch(() => null);
  if (answer === null) return { kind: "refused", words: NO_ANSWER };
  return answeredBy(answer.status, await answer.json().catch(() => null));
}

/** What an answer means; `value` is its JSON, `null` where it had none. */
export function answeredBy(status: number, value: unknown): Answered {
  const parts = typeof value === "object" && value !== null ? value as Record<string, unknown> : null;
  if (status < 300 && parts) return { kind: "ok", value: parts };
  if (status === 401) return { kind: "refused", words: SESSION_OVER };
  if (status === 403 && parts) return { kind: "confirm-first" };
  const title = parts?.["title"];
  if (typeof title === "string") return { kind: "refused", words: title };
  return { kind: "refused", words: `Wattpost could not do it (answer ${status}). Try again in a moment.` };
}

/** Goes to where the server said, also where that is this page. */
export function goTo({ to }: Readonly<Record<string, unknown>>): void {
  const target = new URL(typeof to === "string" ? to : "/", location.href);
  const here = target.pathname === location.pathname && target.search === location.search;
  location.assign(target);
  if (here) location.reload(); // a place in the same page loads nothing by itself
}
