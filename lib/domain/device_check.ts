/**
 * The nightly check of a device: the rules that a technician applies beside the cabinet, on what was read in the last
 * day. A rule that could not be judged says nothing, neither that something is wrong nor that it is right again. Pure.
 *
 * @module
 */

import { checkIdentity } from "./device_identity.ts";
import type { DeviceReads, DeviceRules } from "./device_reads.ts";
import { judgeRules } from "./device_rules.ts";
import type { Finding, FindingKind } from "./finding.ts";
import { checkOrders } from "./order_check.ts";

/** What a check says. */
export interface CheckResult {
  /** What breaks a rule. */
  readonly findings: readonly Finding[];
  /** Kinds that could be judged: what is not among the findings of these is right again. */
  readonly looked: readonly FindingKind[];
}

/** Kinds that are about values: none of them can be judged while the values mean nothing. */
const VALUE_KINDS: readonly FindingKind[] = [
  "word-order",
  "unreadable",
  "frequency",
  "voltage",
  "line-to-line",
  "power-sum",
  "over-ct",
  "unscaled",
  "reversed",
  "export",
  "growth",
];

/** Checks a device. */
export function checkDevice(reads: DeviceReads, rules: DeviceRules): CheckResult {
  const identity = checkIdentity(rules.identity);
  const misread = checkOrders(reads.orders);
  const values = misread
    ? { findings: [misread], looked: VALUE_KINDS } // its own values mean nothing: nor do findings made of them
    : checkValues(reads, rules);
  return {
    findings: [...values.findings, ...identity.findings],
    looked: [...values.looked, ...identity.looked],
  };
}

function checkValues(reads: DeviceReads, rules: DeviceRules): CheckResult {
  const verdicts = judgeRules(reads, rules);
  const readable: readonly FindingKind[] = reads.orders.length > 0 ? ["word-order", "unreadable"] : [];
  return {
    findings: verdicts.flatMap(({ finding }) => finding ?? []),
    looked: [...readable, ...verdicts.filter(({ looked }) => looked).map(({ kind }) => kind)],
  };
}
