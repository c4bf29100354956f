/**
 * What a device says of itself once a day: serial number, firmware, ratio and wiring settings. Another serial number
 * asks whether the meter was changed; a setting that is not what it was changes what its figures mean. Pure.
 *
 * @module
 */

import type { ChangedText, Finding, FindingKind } from "./finding.ts";

/** What a quantity tells of a device. */
export type IdentityKind = "serial" | "firmware" | "setting";

/** A quantity that tells what a device is, as it was read last. */
export interface IdentityRead {
  /** Its name in the profile. */
  readonly quantity: string;
  /** What it tells. */
  readonly kind: IdentityKind;
  /** As it was read last, not empty. */
  readonly read: string;
  /** What it was read first as; `null`: this is the first time. */
  readonly first: string | null;
  /** What was registered; `null`: nothing was, or nothing can be. */
  readonly registered: string | null;
}

/** Characters of a serial number that are enough for it to be the end of a longer one on a label. */
const SERIAL_END_MIN = 6;

/** What a quantity tells of a device by its name; `null`: it is not about what the device is. */
export function identityKindOf(quantity: string): IdentityKind | null {
  if (/^serial([A-Z0-9]|$)/.test(quantity)) return "serial";
  if (/^firmware([A-Z0-9]|$)/.test(quantity)) return "firmware";
  if (/^(ct|vt|pt)(Primary|Secondary|Ratio)|^(wiring|ratio|application)([A-Z0-9]|$)/.test(quantity)) {
    return "setting";
  }
  return null;
}

/** Whether two serial numbers are of one device: labels add blanks, dashes, leading zeros and what goes before. */
export function isSameSerial(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return short.length >= SERIAL_END_MIN && long.endsWith(short);
}

function plain(serial: string): string {
  return serial.toUpperCase().replaceAll(/[^A-Z0-9]/g, "").replace(/^0+/, "");
}

/** Compares what a device says of itself with what was registered, else with what it said first. */
export function checkIdentity(
  reads: readonly IdentityRead[],
): { readonly findings: readonly Finding[]; readonly looked: readonly FindingKind[] } {
  const serials = reads.filter(({ kind }) => kind === "serial");
  const known = reads.filter(({ first, registered }) => first !== null || registered !== null);
  const findings: Finding[] = [];
  for (const { quantity, read, first, registered } of serials) {
    const against = registered ?? first;
    if (against === null || isSameSerial(read, against)) continue;
    findings.push({
      kind: "meter-changed",
      quantity,
      read,
      known: against,
      registered: registered !== null,
    });
    break; // one number that differs is enough
  }
  const firmware = changesOf(known, "firmware");
  if (firmware.length > 0) findings.push({ kind: "firmware-changed", changes: firmware });
  const settings = changesOf(known, "setting");
  if (settings.length > 0) findings.push({ kind: "settings-changed", changes: settings });
  const looked = (kind: IdentityKind, name: FindingKind) =>
    known.some((read) => read.kind === kind) ? [name] : [];
  return {
    findings,
    looked: [
      ...looked("serial", "meter-changed"),
      ...looked("firmware", "firmware-changed"),
      ...looked("setting", "settings-changed"),
    ],
  };
}

function changesOf(reads: readonly IdentityRead[], kind: IdentityKind): readonly ChangedText[] {
  return reads.flatMap((each) =>
    each.kind === kind && each.first !== null && each.first !== each.read
      ? [{ quantity: each.quantity, read: each.read, known: each.first }]
      : []
  );
}
