/**
 * Issues, renews and proves: certbot does what it can, and afterwards it is looked at what is served.
 *
 * @module
 */

import type { CertificateTrouble } from "../../../lib/domain/host_certificate.ts";
import { directoryOf, issueArgv, type IssueOptions, renewArgv, wantedNames } from "./certificate_argv.ts";
import { lookBefore, ownAddresses } from "./certificate_look.ts";
import { liveFolder } from "./certificate_place.ts";
import { servedSerial } from "./certificate_served.ts";
import {
  type CertificateState,
  type CertificateWork,
  issueFault,
  lastTrouble,
  lookAtCertificate,
  rememberTrouble,
  tellApp,
  toldOf,
} from "./certificate_state.ts";
import { readTries, rememberTry, waitFor } from "./certificate_tries.ts";
import { judgeCertbot } from "./certificate_trouble.ts";
import { troubleOf } from "./certificate_words.ts";
import { makeLink } from "./kit_before.ts";

/** How it is issued or renewed. */
export interface CertificateOrder extends IssueOptions {
  /** Whether names and port 80 are looked at before the authority is asked; `false`: names lead elsewhere from here. */
  readonly looks?: boolean;
}

/** How it ended. */
export interface CertificateEnd {
  /** What went wrong; `null`: nothing. */
  readonly trouble: CertificateTrouble | null;
  /** How the certificate is now. */
  readonly state: CertificateState;
  /** Whether a new certificate was issued. */
  readonly isNew: boolean;
}

/** Longest that certbot may take in ms. */
const CERTBOT_MS = 10 * 60_000;
/** Longest wait in ms until nginx serves what it was told of: old workers end their requests first. */
const SERVED_MS = 15_000;
const SERVED_PAUSE_MS = 200;
/** Characters of the log's end that are looked at. */
const LOG_MAX = 400_000;

/** Asks an authority for the certificate, puts it where nginx reads it, and proves what is served. */
export async function issueCertificate(
  work: CertificateWork,
  order: CertificateOrder = {},
): Promise<CertificateEnd> {
  const { wish, clock } = work;
  const before = await lookAtCertificate(work);
  const directory = directoryOf(wish, order);
  if (order.staging && !order.dryRun && before.issued && before.directory !== directory) {
    const words = "A certificate for a trial would take the place of the one that browsers trust";
    const trouble = { ...troubleOf("other", words), todo: "Try it with --dry-run, which keeps nothing" };
    return { trouble, state: before, isNew: false };
  }
  const present = issueFault(before, wish, clock.nowMs());
  // certbot keeps a certificate of another authority until it ends.
  const force = order.force === true || (before.issued !== null && before.directory !== directory) ||
    present === "ended";
  const asks = force || present !== null || order.dryRun === true;
  if (!asks) return await proveCertificate(work);
  return await finish(work, { order, before, trouble: await askAuthority(work, { ...order, force }) });
}

/** Renews what is due, issues what lacks, and proves what is served. */
export async function renewCertificate(
  work: CertificateWork,
  order: CertificateOrder = {},
): Promise<CertificateEnd> {
  const { wish, place, clock } = work;
  const before = await lookAtCertificate(work);
  if (issueFault(before, wish, clock.nowMs()) !== null) return await issueCertificate(work, order);
  const waits = order.force ? await mustWait(work, directoryOf(wish, order)) : null;
  if (waits) return await finish(work, { order, before, trouble: waits });
  const trouble = await runCertbot(work, renewArgv(place, order), order);
  const issued = (await lookAtCertificate(work)).issued;
  if (!order.dryRun && (trouble !== null || issued?.serial !== before.issued?.serial)) {
    await remember(work, { directory: directoryOf(wish, order), trouble });
  }
  return await finish(work, { order, before, trouble });
}

/** Proves what is served; where it is not what lies on the disk, nginx is told once more. */
export async function proveCertificate(work: CertificateWork): Promise<CertificateEnd> {
  const before = await lookAtCertificate(work);
  // What an authority refused is as true as before; what nginx did is seen anew.
  const last = await lastTrouble(work.on);
  const still = last && !["nginx", "not-served", "hook-failed"].includes(last.kind) ? last : null;
  return await finish(work, { order: {}, before, trouble: null, still });
}

/** Looks, waits for no limit, asks; what went wrong. */
async function askAuthority(
  work: CertificateWork,
  order: CertificateOrder,
): Promise<CertificateTrouble | null> {
  const { on, wish, place } = work;
  const directory = directoryOf(wish, order);
  const waits = order.dryRun ? null : await mustWait(work, directory);
  if (waits) return waits;
  const seen = order.looks === false ? null : await lookBefore({ on, place, names: wantedNames(wish) });
  if (seen) return seen;
  await on.must(["mkdir", "-p", "-m", "755", "--", place.webroot]);
  const trouble = await runCertbot(work, issueArgv(wish, place, order), order);
  if (!order.dryRun) await remember(work, { directory, trouble });
  return trouble;
}

async function mustWait(
  { on, clock }: CertificateWork,
  directory: string,
): Promise<CertificateTrouble | null> {
  const nowMs = clock.nowMs();
  return waitFor(await readTries(on.kept, nowMs), { directory, nowMs });
}

/** Remembers a try that reached the authority. */
async function remember(
  { on, clock }: CertificateWork,
  { directory, trouble }: { readonly directory: string; readonly trouble: CertificateTrouble | null },
): Promise<void> {
  const local = ["busy", "no-program", "disk-full", "authority-unreachable", "authority-down"];
  if (trouble && local.includes(trouble.kind)) return;
  const issued = trouble === null || trouble.kind === "hook-failed";
  const retryAtMs = trouble?.retryAtMs ?? null;
  await rememberTry(on.kept, { atMs: clock.nowMs(), directory, issued, retryAtMs });
}

async function runCertbot(
  { on, wish, place, clock }: CertificateWork,
  argv: readonly [string, ...string[]],
  order: CertificateOrder,
): Promise<CertificateTrouble | null> {
  const { code, out, err } = await on.run(argv, { env: place.env, deadlineMs: CERTBOT_MS });
  const { out: tail } = await on.run(["tail", "-c", String(LOG_MAX), "--", `${place.logs}/letsencrypt.log`]);
  const from = tail.lastIndexOf(":certbot version: ");
  return judgeCertbot({ code, output: `${out}\n${err}`, log: from < 0 ? tail : tail.slice(from) }, {
    directory: directoryOf(wish, order),
    email: wish.certificates.email,
    addresses: await ownAddresses(on, place),
    nowMs: clock.nowMs(),
  });
}

interface Finish {
  readonly order: CertificateOrder;
  readonly before: CertificateState;
  readonly trouble: CertificateTrouble | null;
  /** Trouble of before that nobody has looked at anew. */
  readonly still?: CertificateTrouble | null;
}

/** Whatever came of it: the link leads to what was issued, nginx serves it, and the app is told. */
async function finish(work: CertificateWork, given: Finish): Promise<CertificateEnd> {
  const { order, before, trouble, still = null } = given;
  const { on, wish, place, clock } = work;
  if (order.dryRun) return { trouble, state: before, isNew: false };
  const live = liveFolder(place);
  const now = await lookAtCertificate(work);
  if (now.issued && now.link !== live) await makeLink(on, place.tls, live);
  const served = await serve(work);
  const left = worse(trouble, served);
  await rememberTrouble(on, left ?? still);
  const state = await lookAtCertificate(work);
  const told = toldOf(state, { wish, nowMs: clock.nowMs(), trouble: left ?? still });
  if (told) await tellApp(work, told);
  return {
    trouble: left,
    state,
    isNew: state.issued !== null && state.issued.serial !== before.issued?.serial,
  };
}

/** Why a hook failed is what nginx says now; where it serves the right one after all, the hook is of no interest. */
function worse(
  asked: CertificateTrouble | null,
  served: CertificateTrouble | null,
): CertificateTrouble | null {
  return asked === null || asked.kind === "hook-failed" ? served : asked;
}

/** Makes nginx serve what lies where the link leads; what stands in its way. */
async function serve({ on, wish, place, clock }: CertificateWork): Promise<CertificateTrouble | null> {
  const state = await lookAtCertificate({ on, wish, place, clock });
  const wanted = state.linked?.serial;
  if (wanted === undefined) {
    return troubleOf("not-served", `There is no certificate at ${place.tls}: deno task host apply makes one`);
  }
  if (state.served === wanted) return null;
  const tested = await on.run([...place.nginx, "-t"]);
  if (tested.code !== 0) return troubleOf("nginx", `nginx goes on as it was: ${lastLines(tested.err)}`);
  const told = await on.run([...place.nginx, "-s", "reload"]);
  if (told.code !== 0) {
    return troubleOf("nginx", `nginx cannot be told of the certificate: ${lastLines(told.err)}`);
  }
  const endMs = clock.monotonicMs() + SERVED_MS;
  let served: string | null = null;
  do {
    await clock.sleep(SERVED_PAUSE_MS);
    served = await servedSerial({ ...place.served, name: wish.domain });
    if (served === wanted) return null;
  } while (clock.monotonicMs() < endMs);
  const where = `${place.served.hostname}:${place.served.port}`;
  const what = served === null ? "nobody answers over TLS" : `number ${served} is served`;
  return troubleOf("not-served", `At ${where} ${what}, not number ${wanted}`);
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join("; ");
}
