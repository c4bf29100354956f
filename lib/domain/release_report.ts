/**
 * What the host tells the app of its releases, as a file: which one serves, and how the newest deploy stands.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { isInstant, isPlain } from "./plain.ts";

/** How a deploy stands: `open` while it runs, and where it was killed. */
export type DeployOutcome = (typeof DEPLOY_OUTCOMES)[number];

/** Every {@link DeployOutcome}. */
export const DEPLOY_OUTCOMES = ["open", "done", "undone"] as const;

/** The newest deploy. */
export interface ToldDeploy {
  /** Its number, from 1 on. */
  readonly number: number;
  /** The release that it brought, `r17-63e2c47`. */
  readonly release: string;
  /** When it began, epoch milliseconds. */
  readonly beganMs: number;
  /** How it stands. */
  readonly outcome: DeployOutcome;
}

/** Releases as the host tells them. */
export interface ReleaseReport {
  /** When it was written, epoch milliseconds. */
  readonly atMs: number;
  /** The release that serves, `r17-63e2c47`; `null`: none was deployed. */
  readonly release: string | null;
  /** The newest deploy; `null`: there was none. */
  readonly deploy: ToldDeploy | null;
}

/** Characters of the file at most. */
export const RELEASE_FILE_MAX = 10_000;

/** Milliseconds after which a deploy that is open was killed, or waits for somebody. */
export const DEPLOY_LONGEST_MS = 3_600_000;

/** The header of an answer by which a process names its release. */
export const RELEASE_HEADER = "wattpost-release";

const VERSION = 1;
const NAME = /^r\d{1,6}-[0-9a-f]{7,12}$/;

/** The file as the host writes it. */
export function formatReleaseReport(report: ReleaseReport): string {
  return `${JSON.stringify({ version: VERSION, ...report }, null, 2)}\n`;
}

/** Reads the file; the error says why it is not understood. */
export function parseReleaseReport(text: string): Result<ReleaseReport, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err("it is no JSON");
  }
  if (!isPlain(value)) return err("it is no object");
  if (value["version"] !== VERSION) return err(`its version is not ${VERSION}`);
  const { atMs, release = null, deploy = null } = value;
  if (!isInstant(atMs)) return err("when it was written is no instant");
  if (release !== null && !isName(release)) return err("what serves is no name of a release");
  if (deploy === null) return ok({ atMs, release, deploy });
  const told = toldDeploy(deploy);
  return told === null ? err("its deploy is not understood") : ok({ atMs, release, deploy: told });
}

/** Whether a deploy is open for longer than any takes: it was killed, or waits for an operator. */
export function isDeployStuck({ deploy }: ReleaseReport, nowMs: number): boolean {
  return deploy?.outcome === "open" && nowMs - deploy.beganMs > DEPLOY_LONGEST_MS;
}

function toldDeploy(value: unknown): ToldDeploy | null {
  if (!isPlain(value)) return null;
  const { number, release, beganMs, outcome } = value;
  const known = DEPLOY_OUTCOMES.find((one) => one === outcome);
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1) return null;
  if (!isName(release) || !isInstant(beganMs) || known === undefined) return null;
  return { number, release, beganMs, outcome: known };
}

function isName(value: unknown): value is string {
  return typeof value === "string" && NAME.test(value);
}
