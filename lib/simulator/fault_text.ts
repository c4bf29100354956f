/**
 * Faults as people type them: `hang`, `slow:2000`, `silent:3`, `exception:4`, `refused:0`, `failover`, `moved:2000`.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import type { Fault } from "./spec.ts";

/** How each fault is typed, for messages and help. */
export const FAULT_WORDS: readonly string[] = [
  "refused",
  "refused:PATH",
  "slow:MS",
  "hang",
  "silent",
  "silent:UNIT",
  "exception:CODE",
  "wrong-transaction",
  "late",
  "garbage",
  "half-frame",
  "dropped",
  "nan",
  "counter-reset",
  "rollover",
  "frozen",
  "weak-signal",
  "failover",
  "moved:METRES",
  "sim-swap",
  "data-reset",
  "restarted",
  "unregistered",
  "none",
];

/** Reads a fault; those that begin at an instant begin at `nowMs`. The error says what was expected. */
export function faultOf(text: string, nowMs: number): Result<Fault | null, string> {
  const [word = "", digits] = text.split(":", 2);
  const number = digits === undefined ? undefined : Number(digits);
  const wrong = err(`"${text}" is no fault; expected one of ${FAULT_WORDS.join(", ")}`);
  if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= 600_000)) return wrong;
  switch (word) {
    case "none":
      return number === undefined ? ok(null) : wrong;
    case "refused":
      return ok(number === undefined ? { kind: word } : { kind: word, path: number });
    case "silent":
      return ok(number === undefined ? { kind: word } : { kind: word, unitId: number });
    case "slow":
      return number === undefined ? wrong : ok({ kind: word, ms: number });
    case "exception":
      return number === undefined || number < 1 || number > 255 ? wrong : ok({ kind: word, code: number });
    case "counter-reset":
    case "rollover":
    case "frozen":
    case "sim-swap":
    case "data-reset":
    case "restarted":
      return number === undefined ? ok({ kind: word, atMs: nowMs }) : wrong;
    case "failover":
      return number === undefined ? ok({ kind: "refused", path: 0 }) : wrong;
    case "moved":
      return number === undefined ? wrong : ok({ kind: word, metres: number });
    case "hang":
    case "wrong-transaction":
    case "late":
    case "garbage":
    case "half-frame":
    case "dropped":
    case "nan":
    case "weak-signal":
    case "unregistered":
      return number === undefined ? ok({ kind: word }) : wrong;
    default:
      return wrong;
  }
}
