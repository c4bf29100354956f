/**
 * How the certificate of the host is: read from the file that the host writes, and judged by what people would notice.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import {
  CERTIFICATE_FILE_MAX,
  daysLeft,
  type HostCertificate,
  parseHostCertificate,
} from "../domain/host_certificate.ts";
import { readExchange } from "../store/host_exchange.ts";
import type { Metric } from "./prometheus.ts";
import { shareLook } from "./share.ts";
import { type HealthStatus, type Verdict, worstOf } from "./verdict.ts";

/** What was found of the host's certificate. */
export type CertificateSeen =
  /** The host was not set up by `deno task host`: nobody tells. */
  | { readonly kind: "absent" }
  /** There is a file that says nothing; the reason is for the log alone. */
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "told"; readonly certificate: HostCertificate };

/** Name of the file in the host's folder. */
export const CERTIFICATE_FILE = "certificate.json";

/** Fewer days left are worth a look: renewals are tried from 30 on. */
const WARN_DAYS = 21;

/** Fewer days left are a failure: somebody has to act. */
const FAIL_DAYS = 7;

/** The host looks twice a day; an older file means that nobody looks any more. */
const STALE_MS = 2 * 86_400_000;

/** Reads what the host says of its certificate, unless somebody has just done so. */
export function seeCertificate(hostDir: string, clock: Clock): Promise<CertificateSeen> {
  const look = { of: clock, name: `certificate in ${hostDir}` };
  return shareLook(clock, look, () => readCertificate(`${hostDir}/${CERTIFICATE_FILE}`));
}

async function readCertificate(path: string): Promise<CertificateSeen> {
  const told = await readExchange({ path, most: CERTIFICATE_FILE_MAX, parse: parseHostCertificate });
  return told.kind === "told" ? { kind: "told", certificate: told.value } : told;
}

/** How the certificate is; `null`: nobody tells, so there is nothing to judge. */
export function certificateVerdict(seen: CertificateSeen, nowMs: number): Verdict | null {
  const name = "certificate:daysLeft";
  switch (seen.kind) {
    case "absent":
      return null;
    case "unreadable": {
      const output = "What the host says of its certificate is not understood: deno task certificates prove";
      return { name, status: "warn", output, detail: seen.why };
    }
    case "told": {
      const { certificate } = seen;
      const faults = faultsOf(certificate, nowMs);
      const status = worstOf(faults);
      const [worst] = faults.filter((fault) => fault.status === status);
      const { trouble } = certificate;
      return {
        ...{ name, status, observed: daysLeft(certificate, nowMs), unit: "d" },
        ...(worst ? { output: worst.output } : {}),
        ...(worst && trouble ? { detail: trouble.words } : {}),
      };
    }
  }
}

interface Fault {
  readonly name: string;
  readonly status: HealthStatus;
  readonly output: string;
}

function faultsOf(certificate: HostCertificate, nowMs: number): readonly Fault[] {
  const { kind, serial, servedSerial, lacking, atMs } = certificate;
  const left = daysLeft(certificate, nowMs);
  const faults: Fault[] = [];
  const add = (status: HealthStatus, output: string) =>
    void faults.push({ name: "certificate", status, output });
  if (kind === "self-signed") {
    add("fail", "No authority has issued one: deno task certificates status says why");
  }
  if (kind === "trial") {
    add("fail", "It was issued for a trial, browsers refuse it: deno task certificates issue");
  }
  if (servedSerial !== null && servedSerial !== serial) {
    add("fail", "Another certificate is served than the one that was issued: deno task certificates prove");
  }
  if (left < FAIL_DAYS) add("fail", "It is not renewed: deno task certificates renew says why");
  else if (left < WARN_DAYS) {
    add("warn", "It should have been renewed: deno task certificates renew says why");
  }
  if (servedSerial === null) {
    add("warn", "Nobody answered over TLS on the host: deno task certificates prove");
  }
  if (lacking.length > 0) add("warn", `It lacks ${lacking.join(", ")}: deno task certificates issue`);
  if (nowMs - atMs > STALE_MS) add("warn", "The host has not looked for two days: is its timer running?");
  return faults;
}

/** The certificate as metrics; empty: nobody tells. */
export function certificateMetrics(seen: CertificateSeen, nowMs: number): readonly Metric[] {
  if (seen.kind !== "told") return [];
  const { certificate } = seen;
  const served = certificate.servedSerial === certificate.serial ? 1 : 0;
  return [
    {
      name: "wattpost_certificate_days_left",
      help: "Days until the certificate of the host ends, by kind",
      type: "gauge",
      samples: [{ labels: { kind: certificate.kind }, value: daysLeft(certificate, nowMs) }],
    },
    {
      name: "wattpost_certificate_served",
      help: "Whether nginx serves the certificate that was issued",
      type: "gauge",
      samples: [{ value: served }],
    },
  ];
}
