/**
 * `deno task certificates`: issues, renews and proves the certificate of this host, and says in words what went wrong.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import {
  type CertificateArguments,
  CERTIFICATES_HELP,
  readCertificateArguments,
} from "./lib/host/certificate_arguments.ts";
import { HOST_PLACE } from "./lib/host/certificate_place.ts";
import {
  type CertificateEnd,
  issueCertificate,
  proveCertificate,
  renewCertificate,
} from "./lib/host/certificate_run.ts";
import { certificateWords, troubleWords } from "./lib/host/certificate_say.ts";
import { type CertificateWork, lastTrouble, lookAtCertificate } from "./lib/host/certificate_state.ts";
import { describedAt } from "./lib/host/described.ts";
import type { Host } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";

/** What it shows lines with. */
export interface Shown {
  /** What was asked for. */
  readonly print: (line: string) => void;
  /** What went wrong. */
  readonly complain: (line: string) => void;
}

/** Does what it was told; the exit code. */
export async function runCertificates(
  order: CertificateArguments,
  { work, shown }: { readonly work: CertificateWork; readonly shown: Shown },
): Promise<number> {
  const { command, dryRun } = order;
  switch (command) {
    case "status":
      return await status(work, shown);
    case "issue":
      return tell(await issueCertificate(work, order), { work, shown, dryRun });
    case "renew":
      return tell(await renewCertificate(work, order), { work, shown, dryRun });
    case "prove":
      return tell(await proveCertificate(work), { work, shown, dryRun });
  }
}

async function status(work: CertificateWork, { print }: Shown): Promise<number> {
  const { wish, clock, on } = work;
  const { lines, isGood } = certificateWords(await lookAtCertificate(work), { wish, nowMs: clock.nowMs() });
  for (const line of lines) print(line);
  const trouble = await lastTrouble(on);
  if (trouble) { for (const line of ["", "What went wrong last:", ...troubleWords(trouble)]) print(line); }
  return isGood ? 0 : 1;
}

interface Tell {
  readonly work: CertificateWork;
  readonly shown: Shown;
  readonly dryRun: boolean;
}

function tell({ trouble, state, isNew }: CertificateEnd, { work, shown, dryRun }: Tell): number {
  const { print, complain } = shown;
  if (trouble) { for (const line of troubleWords(trouble)) complain(line); }
  if (dryRun) {
    if (!trouble) print("The trial succeeded; nothing was kept");
    return trouble ? 1 : 0;
  }
  if (isNew) print("A new certificate was issued");
  const { lines, isGood } = certificateWords(state, { wish: work.wish, nowMs: work.clock.nowMs() });
  for (const line of lines) print(line);
  return trouble === null && isGood ? 0 : 1;
}

async function certificates(order: CertificateArguments, on: Host): Promise<number> {
  if (Deno.uid() !== 0) {
    console.error("Only root reads keys and tells nginx: sudo deno task certificates …");
    return 1;
  }
  const wish = await describedAt(on);
  if (!wish.ok) {
    console.error(wish.error);
    return 2;
  }
  const work: CertificateWork = { on, wish: wish.value, place: HOST_PLACE, clock: systemClock };
  const shown = {
    print: (line: string) => console.log(line),
    complain: (line: string) => console.error(line),
  };
  return await runCertificates(order, { work, shown });
}

if (import.meta.main) {
  const task = { help: CERTIFICATES_HELP, read: readCertificateArguments, run: certificates };
  Deno.exit(await runTask(Deno.args, task));
}
