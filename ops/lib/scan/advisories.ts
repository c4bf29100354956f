/**
 * What the advisory service says of the packages of `deno.lock`. A service that does not answer is said, never passed.
 *
 * @module
 */

import type { Finding, Severity } from "../../../lib/domain/scan.ts";
import { safeText } from "../../../lib/log.ts";
import { type Advisory, judgeAdvisories, packagesOf, readAccepted } from "../advisories.ts";
import { type Check, notRun } from "./check.ts";

const SEVERITY: Readonly<Record<string, Severity>> = {
  low: "low",
  moderate: "medium",
  high: "high",
  critical: "critical",
};

/** Asks the service about packages; a text: why nothing was learnt. */
export type AskAdvisories = (
  packages: ReadonlyMap<string, readonly string[]>,
) => Promise<readonly Advisory[] | string>;

/** The check, given what asks. */
export function advisoriesCheck(ask: AskAdvisories): Check {
  return {
    name: "advisories",
    about: "what the advisory service says of our packages (npm)",
    async run({ read, project, nowMs }) {
      const lock = await read(`${project}/deno.lock`);
      if (lock === null) return notRun("there is no deno.lock");
      const packages = packagesOf(lock);
      if (packages.size === 0) return notRun("deno.lock names no packages");
      const accepted = readAccepted(await read(`${project}/ops/advisories_accepted.json`) ?? "[]");
      if (!accepted.ok) return notRun(`ops/advisories_accepted.json is not understood: ${accepted.error}`);
      const answer = await ask(packages).catch((error: unknown) => String(error));
      if (typeof answer === "string") {
        return notRun(`the advisory service cannot be used: ${safeText(answer).slice(0, 200)}`);
      }
      const { open, expired } = judgeAdvisories(answer, { accepted: accepted.value, nowMs });
      const findings = [...open, ...expired].map(findingOf);
      return { kind: "ran", looked: `${packages.size} packages of deno.lock`, findings };
    },
  };
}

/** An advisory as a finding. */
export function findingOf({ id, name, range, title, severity, url }: Advisory): Finding {
  return {
    check: "advisories",
    id: `npm-${id}`,
    severity: SEVERITY[severity] ?? "high",
    what: `${name} ${range}: ${title}`,
    where: name,
    remedy: `take a version that mends it (${url}), or accept it in ops/advisories_accepted.json`,
  };
}
