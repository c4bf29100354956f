/**
 * Judgements that need nothing but what was seen: versions of databases, samples of routers.
 *
 * @module
 */

import type { Engine } from "../../../lib/store/db.ts";
import type { RouterPlace } from "../../../lib/store/doctor_facts.ts";
import type { Outcome } from "../trial/verdict.ts";

/** Versions from which on what the store asks for is there: JSON_TABLE, CHECK, window functions; `json_each` as a table. */
export const LEAST_VERSION: Readonly<Record<Engine, readonly [major: number, minor: number]>> = {
  sqlite: [3, 38],
  mariadb: [10, 6],
  mysql: [8, 0],
};

/** Whether a version is at least what is needed; one that is not understood is believed. */
export function isNewEnough(engine: Engine, version: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const [leastMajor, leastMinor] = LEAST_VERSION[engine];
  if (major === undefined || minor === undefined) return true;
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

/** Share of a sample that must answer for a pass: some router is always off. */
const ENOUGH = 0.8;

/** Judges a sample: `why` is undefined where the router took the connection. */
export function judgeRouters(
  answers: readonly (RouterPlace & { readonly why: string | undefined })[],
): Outcome {
  const silent = answers.filter(({ why }) => why !== undefined);
  const share = 1 - silent.length / answers.length;
  const named = silent.slice(0, 5).map(({ site, host, port, why }) => `${site} (${host}:${port}): ${why}`);
  const evidence = [`${answers.length - silent.length} of ${answers.length} took a connection`, ...named]
    .join("; ");
  if (share === 1) return { verdict: "pass", evidence };
  if (share === 0 && answers.length > 1) {
    const remedy =
      "All are silent: look at the VPN (deno task vpn status), the firewall and the way out, then one router";
    return { verdict: "fail", evidence, remedy };
  }
  const remedy = "The pages of these sites say since when; look at their router and its SIM";
  return { verdict: share >= ENOUGH ? "pass" : "warn", evidence, remedy };
}
