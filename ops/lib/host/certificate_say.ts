/**
 * A certificate in words for operators.
 *
 * @module
 */

import { type CertificateTrouble, daysLeft } from "../../../lib/domain/host_certificate.ts";
import { type CertificateWish, directoryOf, wantedNames } from "./certificate_argv.ts";
import { isTrialDirectory } from "./certificate_facts.ts";
import { type CertificateState, issueFault } from "./certificate_state.ts";
import { instant } from "./certificate_trouble.ts";

/** Fewer days left mean that renewals fail: they begin with 30. */
const RENEWED_DAYS = 21;

/** What is said. */
export interface CertificateWords {
  readonly lines: readonly string[];
  /** Whether all is as it should be. */
  readonly isGood: boolean;
}

/** How the certificate is. */
export function certificateWords(
  state: CertificateState,
  { wish, nowMs }: { readonly wish: CertificateWish; readonly nowMs: number },
): CertificateWords {
  const { linked, directory, served } = state;
  if (linked === null) {
    const lines = ["There is no certificate, not even one of the host's own: deno task host apply"];
    return { lines, isGood: false };
  }
  const left = daysLeft(linked, nowMs);
  const fault = issueFault(state, wish, nowMs);
  const trial = isTrialDirectory(directory) ? " for trials, which browsers refuse" : "";
  const kind = linked.selfSigned
    ? "the host's own, which browsers refuse"
    : `issued by "${linked.issuer}"${trial}`;
  const days = left < 0 ? `ended ${-left} days ago` : `${left} days left`;
  const isServed = served === linked.serial;
  return {
    lines: [
      `certificate  ${kind}`,
      `names        ${linked.names.join(", ")}`,
      `valid        until ${instant(linked.notAfterMs)}, ${days}`,
      `number       ${linked.serial}`,
      `served       ${servedWords(served, isServed)}`,
      ...(fault === null ? [] : [
        `lacking      ${fault}; expected: ${wantedNames(wish).join(", ")} by ${directoryOf(wish)}`,
      ]),
    ],
    isGood: fault === null && isServed && !linked.selfSigned && left >= RENEWED_DAYS,
  };
}

function servedWords(served: string | null, isServed: boolean): string {
  if (served === null) return "nobody answers over TLS on this host";
  return isServed ? "this one" : `another one, number ${served}: deno task certificates prove`;
}

/** What went wrong and what to do. */
export function troubleWords({ words, todo, retryAtMs }: CertificateTrouble): readonly string[] {
  return [
    words,
    `  what to do: ${todo}`,
    ...(retryAtMs === null ? [] : [`  not before: ${instant(retryAtMs)}`]),
  ];
}
