/**
 * On which hosts load may be put: on this machine and on names that are nobody's. Any other is named a second time by
 * whoever answers for it. A process says itself where it is at home, so that production behind loopback is not taken
 * for a test. Pure.
 *
 * @module
 */

import { addressKindOf } from "../../../lib/domain/address.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { TrialPlace } from "./place.ts";

/** What load would be put on. */
export interface LoadTarget {
  /** Where it answers. */
  readonly place: TrialPlace;
  /** The origin that it says people type. */
  readonly publicUrl: string;
  /** The host that was named a second time; `null`: none. */
  readonly named: string | null;
}

/** Endings of names that are reserved for tests and examples: nobody's host is called so. */
const RESERVED = [".localhost", ".test", ".example", ".invalid"];

/** Whether load may be put there; the error says what to do. */
export function judgeLoad({ place, publicUrl, named }: LoadTarget): Result<void, string> {
  const hosts = [...(place.kind === "url" ? [place.origin] : []), publicUrl].map((url) =>
    new URL(url).hostname
  );
  const foreign = [...new Set(hosts)].filter((host) => !isForTests(host) && host !== named);
  if (foreign.length === 0) return ok(undefined);
  const [host = ""] = foreign;
  return err(
    `Load is put on this machine's trials alone: "${host}" is no host for tests. ` +
      `Whoever answers for it names it a second time: --yes-load ${host}`,
  );
}

/** Whether a host name is this machine's or nobody's. */
export function isForTests(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || RESERVED.some((end) => host.endsWith(end)) ||
    addressKindOf(host) === "loopback";
}
