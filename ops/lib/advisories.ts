/**
 * Which packages the lock file names, what an advisory service says of them, and which of that was accepted. Pure.
 *
 * @module
 */
import { err, ok, type Result } from "../../lib/result.ts";

/** What is known against a package. */
export interface Advisory {
  /** Its number at the service. */
  readonly id: number;
  /** The package. */
  readonly name: string;
  /** Versions it is about. */
  readonly range: string;
  /** What it is, in a line. */
  readonly title: string;
  /** `low`, `moderate`, `high` or `critical`. */
  readonly severity: string;
  /** Where more stands. */
  readonly url: string;
}

/** An advisory that is known and borne for a time. */
export interface Accepted {
  /** Its number at the service. */
  readonly id: number;
  /** Why it does not reach us. */
  readonly reason: string;
  /** The last day on which it is accepted, such as 2027-01-31. */
  readonly until: string;
}

/** Packages with their versions, out of the text of a `deno.lock`. */
export function packagesOf(lock: string): ReadonlyMap<string, readonly string[]> {
  const { npm = {} } = JSON.parse(lock) as { readonly npm?: Readonly<Record<string, unknown>> };
  const packages = new Map<string, string[]>();
  for (const key of Object.keys(npm)) {
    const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key) ?? [];
    if (name === undefined || version === undefined) throw new Error(`deno.lock names "${key}"`);
    packages.set(name, [...new Set([...packages.get(name) ?? [], version])]);
  }
  return packages;
}

/** The service's answer: lists of advisories by package; `null`: it is none. */
export function readAdvisories(text: string): readonly Advisory[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  const found: Advisory[] = [];
  for (const [name, list] of Object.entries(parsed)) {
    if (!Array.isArray(list)) return null;
    for (const one of list as readonly Readonly<Record<string, unknown>>[]) {
      if (typeof one?.["id"] !== "number") return null;
      const textOf = (field: string) => String(one[field] ?? "").slice(0, 200);
      found.push({
        id: one["id"],
        name,
        range: textOf("vulnerable_versions"),
        title: textOf("title"),
        severity: textOf("severity"),
        url: textOf("url"),
      });
    }
  }
  return found;
}

/** The list of accepted advisories; each needs a reason and a last day. */
export function readAccepted(text: string): Result<readonly Accepted[], string> {
  try {
    const list = JSON.parse(text) as readonly Partial<Accepted>[];
    const wrong = list.find(({ id, reason = "", until = "" }) =>
      !Number.isInteger(id) || reason.length < 20 || !/^\d{4}-\d\d-\d\d$/.test(until)
    );
    return wrong
      ? err(`${JSON.stringify(wrong)} needs id, reason and until`)
      : ok(list as readonly Accepted[]);
  } catch (error) {
    return err(String(error));
  }
}

/** Advisories by what became of them. */
export interface Judged {
  /** Nobody accepted them. */
  readonly open: readonly Advisory[];
  /** Accepted. */
  readonly taken: readonly Advisory[];
  /** Accepted until a day that has passed. */
  readonly expired: readonly Advisory[];
  /** Accepted although there is no such advisory any more. */
  readonly unused: readonly Accepted[];
}

/** Sorts advisories by what was accepted. */
export function judgeAdvisories(
  advisories: readonly Advisory[],
  { accepted, nowMs }: { readonly accepted: readonly Accepted[]; readonly nowMs: number },
): Judged {
  const entryOf = ({ id }: Advisory) => accepted.find((one) => one.id === id);
  const isOver = ({ until }: Accepted) => Date.parse(`${until}T23:59:59Z`) < nowMs;
  return {
    open: advisories.filter((one) => !entryOf(one)),
    taken: advisories.filter((one) => {
      const entry = entryOf(one);
      return entry !== undefined && !isOver(entry);
    }),
    expired: advisories.filter((one) => {
      const entry = entryOf(one);
      return entry !== undefined && isOver(entry);
    }),
    unused: accepted.filter(({ id }) => !advisories.some((one) => one.id === id)),
  };
}
