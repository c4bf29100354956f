/**
 * How certbot is called: every option said, so that neither a terminal nor an earlier call decides.
 *
 * @module
 */

import type { CertificatePlace } from "./certificate_place.ts";
import { type HostDescription, STAGING_DIRECTORY } from "./description.ts";
import { CERTIFICATE_NAME } from "./layout.ts";

/** What of a description decides about its certificate. */
export type CertificateWish = Pick<HostDescription, "domain" | "aliases" | "certificates">;

/** How it is asked for. */
export interface IssueOptions {
  /** Asks the authority's directory for trials. */
  readonly staging?: boolean;
  /** Goes all the way and keeps nothing. */
  readonly dryRun?: boolean;
  /** Asks for a new one although the present one is good. */
  readonly force?: boolean;
}

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]];

/** Names that the certificate is to hold, the domain first. */
export function wantedNames({ domain, aliases }: CertificateWish): readonly string[] {
  return [...new Set([domain, ...aliases])];
}

/** Directory of the authority that is asked. */
export function directoryOf(
  { certificates }: CertificateWish,
  { staging = false }: IssueOptions = {},
): string {
  return staging || certificates.staging ? STAGING_DIRECTORY : certificates.directory;
}

/** Issues the certificate, or changes its names. */
export function issueArgv(wish: CertificateWish, place: CertificatePlace, options: IssueOptions = {}): Argv {
  return [
    ...["certbot", "certonly", "--non-interactive", "--agree-tos", "--no-eff-email"] as const,
    ...["--email", wish.certificates.email],
    ...["--server", directoryOf(wish, options)],
    ...["--webroot", "--webroot-path", place.webroot],
    ...["--cert-name", CERTIFICATE_NAME, "--key-type", "ecdsa", "--renew-with-new-domains"],
    options.force ? "--force-renewal" : "--keep-until-expiring",
    ...(options.dryRun ? ["--dry-run"] : []),
    ...folders(place),
    ...wantedNames(wish).flatMap((name) => ["--domain", name]),
  ];
}

/** Renews what is due, also certificates of others on this host: the package's own timer is off. */
export function renewArgv(place: CertificatePlace, { dryRun, force }: IssueOptions = {}): Argv {
  return [
    ...["certbot", "renew", "--non-interactive", "--no-random-sleep-on-renew"] as const,
    ...(force || dryRun ? ["--cert-name", CERTIFICATE_NAME] : []),
    ...(force ? ["--force-renewal"] : []),
    ...(dryRun ? ["--dry-run"] : []),
    ...folders(place),
  ];
}

/** Forgets the certificate and its key. */
export function deleteArgv(place: CertificatePlace): Argv {
  return ["certbot", "delete", "--non-interactive", "--cert-name", CERTIFICATE_NAME, ...folders(place)];
}

function folders({ config, work, logs }: CertificatePlace): readonly string[] {
  return ["--config-dir", config, "--work-dir", work, "--logs-dir", logs];
}
