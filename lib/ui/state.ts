/**
 * How a thing is, in one word that every part understands: the word chooses icon shape, colour and tint together,
 * so that nothing is told by colour alone.
 *
 * @module
 */

/** How something is. Filled icons (warn, critical) are only for what needs a person. */
export type State =
  | "good"
  | "warn"
  | "critical"
  | "stale"
  | "partial"
  | "estimated"
  | "missing"
  | "maintenance"
  | "forbidden"
  | "offline"
  | "loading"
  | "info";

/** All states, the ones that need a person most first. */
export const STATES: readonly State[] = [
  "critical",
  "warn",
  "stale",
  "missing",
  "partial",
  "estimated",
  "maintenance",
  "offline",
  "forbidden",
  "loading",
  "info",
  "good",
];

/** What a state is called when nothing more precise is known. */
export function stateName(state: State): string {
  switch (state) {
    case "good":
      return "Good";
    case "warn":
      return "Needs a look";
    case "critical":
      return "Critical";
    case "stale":
      return "Old";
    case "partial":
      return "Partial";
    case "estimated":
      return "Estimated";
    case "missing":
      return "Missing";
    case "maintenance":
      return "Maintenance";
    case "forbidden":
      return "Not yours";
    case "offline":
      return "Offline";
    case "loading":
      return "Working";
    case "info":
      return "Note";
  }
}
