/**
 * How the certificate of a host is: what lies on the disk, what is served, what was wanted; and the file that tells the
 * app so.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import {
  CERTIFICATE_TROUBLES,
  type CertificateTrouble,
  formatHostCertificate,
  type HostCertificate,
} from "../../../lib/domain/host_certificate.ts";
import { type CertificateWish, directoryOf, wantedNames } from "./certificate_argv.ts";
import {
  type CertificateFacts,
  directoryIn,
  isTrialDirectory,
  readCertificate,
} from "./certificate_facts.ts";
import { type CertificatePlace, liveFolder, renewalFile } from "./certificate_place.ts";
import { servedSerial } from "./certificate_served.ts";
import { type Host, HostError } from "./step.ts";

/** What everything about a certificate works with. */
export interface CertificateWork {
  /** The host. */
  readonly on: Host;
  /** What of its description decides. */
  readonly wish: CertificateWish;
  /** Where things are. */
  readonly place: CertificatePlace;
  /** The time. */
  readonly clock: Clock;
}

/** How the certificate is. */
export interface CertificateState {
  /** What an authority issued, newest; `null`: nothing. */
  readonly issued: CertificateFacts | null;
  /** Which directory it was asked of; `null`: nobody knows. */
  readonly directory: string | null;
  /** Where the link of the served one leads; `null`: there is none. */
  readonly link: string | null;
  /** What lies where the link leads; `null`: nothing. */
  readonly linked: CertificateFacts | null;
  /** Serial number that nginx serves; `null`: nobody answers. */
  readonly served: string | null;
}

/** Looks at files and at what is served. */
export async function lookAtCertificate({ on, place, wish }: CertificateWork): Promise<CertificateState> {
  const link = await on.stat(place.tls);
  const [issued, linked, renewal] = await Promise.all([
    readThrough(on, `${liveFolder(place)}/fullchain.pem`),
    readThrough(on, `${place.tls}/fullchain.pem`),
    on.read(renewalFile(place)),
  ]);
  return {
    issued: issued === null ? null : readCertificate(issued),
    directory: directoryIn(renewal),
    link: link?.kind === "link" ? link.target : null,
    linked: linked === null ? null : readCertificate(linked),
    served: await servedSerial({ ...place.served, name: wish.domain }),
  };
}

/** Reads a file behind links, as certbot's are; `null`: there is none. */
async function readThrough(on: Host, path: string): Promise<string | null> {
  const { code, out } = await on.run(["realpath", "-e", "--", path]);
  return code === 0 ? await on.read(out.trim()) : null;
}

/** Why what was issued is not what is wanted; `null`: it is. */
export function issueFault(
  { issued, directory }: Pick<CertificateState, "issued" | "directory">,
  wish: CertificateWish,
  nowMs: number,
): string | null {
  if (issued === null) return "not issued";
  const names = wantedNames(wish);
  const lacking = names.filter((name) => !issued.names.includes(name));
  if (lacking.length > 0) return `issued without ${lacking.join(", ")}`;
  const more = issued.names.filter((name) => !names.includes(name));
  if (more.length > 0) return `issued also for ${more.join(", ")}`;
  if (directory !== null && directory !== directoryOf(wish)) return `issued by ${directory}`;
  return issued.notAfterMs <= nowMs ? "ended" : null;
}

/** What the app is told; `null`: there is no certificate at all. */
export function toldOf(
  state: CertificateState,
  { wish, nowMs, trouble }: {
    readonly wish: CertificateWish;
    readonly nowMs: number;
    readonly trouble: CertificateTrouble | null;
  },
): HostCertificate | null {
  const { linked, directory, served } = state;
  if (linked === null) return null;
  const trial = isTrialDirectory(directory) ? "trial" : "issued";
  const { serial, issuer, notBeforeMs, notAfterMs } = linked;
  return {
    atMs: nowMs,
    kind: linked.selfSigned ? "self-signed" : trial,
    names: linked.names,
    lacking: wantedNames(wish).filter((name) => !linked.names.includes(name)),
    ...{ issuer, serial, notBeforeMs, notAfterMs },
    servedSerial: served,
    trouble,
  };
}

/** Writes what the app is told; on a host without the app's user it is nobody's to read. */
export async function tellApp({ on, place }: CertificateWork, told: HostCertificate): Promise<void> {
  try {
    await on.write(place.told.path, {
      text: formatHostCertificate(told),
      mode: 0o640,
      owner: place.told.owner,
    });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new HostError(`The app is not told of the certificate: ${error.message}`);
  }
}

/** Name under which the last trouble is kept. */
export const TROUBLE = "certificate trouble";

/** What went wrong last; `null`: nothing. */
export async function lastTrouble({ kept }: Host): Promise<CertificateTrouble | null> {
  const value = await kept.get(TROUBLE);
  if (typeof value !== "object" || value === null) return null;
  const { kind, words, todo, retryAtMs } = value as Partial<Record<keyof CertificateTrouble, unknown>>;
  const known = CERTIFICATE_TROUBLES.find((each) => each === kind);
  if (!known || typeof words !== "string" || typeof todo !== "string") return null;
  return { kind: known, words, todo, retryAtMs: typeof retryAtMs === "number" ? retryAtMs : null };
}

/** Remembers what went wrong, or that nothing did. */
export async function rememberTrouble({ kept }: Host, trouble: CertificateTrouble | null): Promise<void> {
  if (trouble === null) await kept.remove(TROUBLE);
  else await kept.set(TROUBLE, trouble);
}
