/**
 * What an open page hears, from the server's stream or from the tab that holds it.
 *
 * @module
 */

/** One thing heard. */
export type LiveMessage =
  /** The stream is open, for this user; changes up to this id are stored. */
  | { readonly kind: "hello"; readonly id: number; readonly userId: number }
  /** Half-hours of these sites were stored; `null`: too many to name. */
  | { readonly kind: "stored"; readonly id: number; readonly siteIds: readonly number[] | null }
  /** Still there. */
  | { readonly kind: "beat" }
  /** The stream is broken since this instant, epoch milliseconds. */
  | { readonly kind: "lost"; readonly sinceMs: number }
  /** The session has ended. */
  | { readonly kind: "ended" }
  /** The server closes the stream in good order: it is opened again soon. */
  | { readonly kind: "bye" };

/** A block of the event stream (WHATWG HTML, 9.2.6) as a message; `null`: nothing of ours. */
export function messageIn(block: string): LiveMessage | null {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    fields.set(name, value);
  }
  const id = Number(fields.get("id") ?? NaN);
  switch (fields.get("event")) {
    case "hello":
      return { kind: "hello", id, userId: Number(dataOf(fields)["user"]) };
    case "stored":
      return { kind: "stored", id, siteIds: numbersOf(dataOf(fields)["sites"]) };
    case "beat":
      return { kind: "beat" };
    case "ended":
      return { kind: "ended" };
    case "bye":
      return { kind: "bye" };
  }
  return null;
}

function dataOf(fields: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  try {
    const data: unknown = JSON.parse(fields.get("data") ?? "{}");
    return typeof data === "object" && data !== null ? data as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

function numbersOf(value: unknown): readonly number[] | null {
  return Array.isArray(value) ? value.filter((each) => typeof each === "number") : null;
}
