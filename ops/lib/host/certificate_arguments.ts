/**
 * What `deno task certificates` may be told. Pure.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";

/** How it is called. */
export const CERTIFICATES_HELP = `The certificate of this host. Run it as root.

  deno task certificates status   the certificate, what lacks, and which one is served; changes nothing
  deno task certificates issue    ask the authority for it, where it lacks or has other names
  deno task certificates renew    renew it where it is due, issue it where it lacks; the timer does this twice a day
  deno task certificates prove    look which one nginx serves; where it is not the newest, nginx is told once more

  --dry-run       (issue, renew) go all the way with the authority's directory for trials, keep nothing
  --staging       (issue) a certificate of the directory for trials, which browsers refuse
  --force         (renew) ask for a new one although the present one is good; counts against the authority's limits
  --without-look  (issue, renew) ask even where names seem to lead elsewhere, as they do with name servers of one's own

Names, e-mail and authority come from the description that was applied last. docs/certificates.md says more.
Exit codes: 0 all is well, 1 something is not, 2 wrong arguments or description.`;

/** What is done. */
export type CertificateCommand = "status" | "issue" | "renew" | "prove";

/** What it was told. */
export interface CertificateArguments {
  readonly command: CertificateCommand;
  readonly dryRun: boolean;
  readonly staging: boolean;
  readonly force: boolean;
  readonly looks: boolean;
}

/** What each command takes. */
const TAKES: Readonly<Record<CertificateCommand, readonly string[]>> = {
  status: [],
  issue: ["--dry-run", "--staging", "--without-look"],
  renew: ["--dry-run", "--force", "--without-look"],
  prove: [],
};

const COMMANDS: readonly CertificateCommand[] = ["status", "issue", "renew", "prove"];

/** Reads the arguments; `null`: help is asked for. */
export function readCertificateArguments(
  args: readonly string[],
): Result<CertificateArguments | null, string> {
  if (args.includes("--help") || args.length === 0) return ok(null);
  const [first = "", ...rest] = args;
  const command = COMMANDS.find((one) => one === first);
  if (!command) return err(`"${first}" is no command; known are ${COMMANDS.join(", ")}`);
  const takes = TAKES[command];
  const unknown = rest.find((name) => !takes.includes(name));
  if (unknown !== undefined) {
    return err(`${command} takes no "${unknown}"${takes.length > 0 ? `; it takes ${takes.join(", ")}` : ""}`);
  }
  const has = (name: string) => rest.includes(name);
  return ok({
    command,
    dryRun: has("--dry-run"),
    staging: has("--staging"),
    force: has("--force"),
    looks: !has("--without-look"),
  });
}
