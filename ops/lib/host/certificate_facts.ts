/**
 * What a certificate says of itself, and what its kind is.
 *
 * @module
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { STAGING_DIRECTORY } from "./description.ts";

/** A certificate as it was read. */
export interface CertificateFacts {
  /** Serial number in upper-case hexadecimal digits. */
  readonly serial: string;
  /** Names that it holds, in its order. */
  readonly names: readonly string[];
  /** From when it is valid, epoch milliseconds. */
  readonly notBeforeMs: number;
  /** Until when it is valid, epoch milliseconds. */
  readonly notAfterMs: number;
  /** Who issued it: common name, else all of it on one line. */
  readonly issuer: string;
  /** Whether it was issued by itself. */
  readonly selfSigned: boolean;
}

/** Reads the first certificate of a PEM text; `null`: there is none. */
export function readCertificate(pem: string): CertificateFacts | null {
  try {
    const read = new X509Certificate(pem);
    const [notBeforeMs, notAfterMs] = [Date.parse(read.validFrom), Date.parse(read.validTo)];
    if (Number.isNaN(notBeforeMs) || Number.isNaN(notAfterMs)) return null;
    return {
      serial: serialOf(read),
      names: namesOf(read.subjectAltName),
      notBeforeMs,
      notAfterMs,
      issuer: issuerOf(read.issuer),
      selfSigned: read.issuer === read.subject,
    };
  } catch {
    return null;
  }
}

/** Its number as openssl and browsers write it: whole bytes in upper-case hexadecimal digits. */
export function serialOf({ serialNumber }: Pick<X509Certificate, "serialNumber">): string {
  const digits = serialNumber.toUpperCase();
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

/** Whether a key is the one of a certificate. */
export function isPair(certificatePem: string, keyPem: string): boolean {
  try {
    return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return false;
  }
}

function namesOf(subjectAltName: string | undefined): readonly string[] {
  const parts = (subjectAltName ?? "").split(", ").filter((part) => part.startsWith("DNS:"));
  return parts.map((part) => part.slice("DNS:".length).toLowerCase()).slice(0, 100);
}

function issuerOf(issuer: string): string {
  const [, name] = /^CN=(.+)$/m.exec(issuer) ?? [];
  return (name ?? issuer.split("\n").join(", ")).slice(0, 200);
}

/** Which directory a certificate was asked of, by certbot's file of its renewal; `null`: it does not say. */
export function directoryIn(renewal: string | null): string | null {
  const [, server] = /^server\s*=\s*(\S+)\s*$/m.exec(renewal ?? "") ?? [];
  return server ?? null;
}

/** Whether a directory is known to issue what browsers refuse. */
export function isTrialDirectory(directory: string | null): boolean {
  return directory === STAGING_DIRECTORY;
}
