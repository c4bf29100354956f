/**
 * When a device that is being typed in is worth a test. Pure.
 *
 * @module
 */

/** Fields that decide what a test asks and how it judges; others may change without a new one. */
const ASKED = ["endpointId", "unitId", "profileId", "appliedBy"] as const;
const RATIOS = ["ctPrimaryA", "ctSecondaryA", "vtPrimaryV", "vtSecondaryV"] as const;

/** What would be tested, the same for forms whose tests would be the same; `null`: too little is typed. */
export function testKey(form: URLSearchParams): string | null {
  const text = (name: string) => (form.get(name) ?? "").trim();
  if (text("profileId") === "" || text("endpointId") === "" || !/^\d{1,3}$/.test(text("unitId"))) return null;
  const applies = text("appliedBy") !== "";
  if (applies && (text("ctPrimaryA") === "" || text("ctSecondaryA") === "")) return null;
  return [...ASKED, ...RATIOS].map(text).join("\n");
}

/** What a typist waits on. */
export interface Typing {
  /** Whether it tests by itself. */
  readonly on: boolean;
  /** Whether anybody looks. */
  readonly seen: boolean;
  /** What stands in the form; `null`: too little. */
  readonly key: string | null;
  /** What was tested last, or is being tested; `null`: nothing. */
  readonly asked: string | null;
  /** Whether a test goes on. */
  readonly running: boolean;
}

/** What is to be done after a change: `stop` the older test, then `wait` and begin; both, one or neither. */
export function whatNow({ on, seen, key, asked, running }: Typing): {
  readonly stop: boolean;
  readonly wait: boolean;
} {
  const same = key !== null && key === asked;
  return { stop: running && (!same || !seen), wait: !same && key !== null && on && seen };
}
