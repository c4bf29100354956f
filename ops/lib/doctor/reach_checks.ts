/**
 * What lies outside: routers of sites, the mail server, the service for short messages. Nothing is read from a meter and
 * no message is sent.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type Config, ownServicesOf } from "../../../lib/config.ts";
import { judgeDial, judgeMailDial, RELAY_PORTS, resolveServices } from "../../../lib/domain/dial_policy.ts";
import type { MailServer } from "../../../lib/domain/messaging.ts";
import { trySignIn } from "../../../lib/notify/email.ts";
import { tryAccount } from "../../../lib/notify/sms.ts";
import type { MailTrouble } from "../../../lib/notify/transport.ts";
import type { Database } from "../../../lib/store/db.ts";
import { readDialPlaces } from "../../../lib/store/dial_places.ts";
import { type RouterPlace, sampleRouters } from "../../../lib/store/doctor_facts.ts";
import {
  openMailServer,
  openSmsAccount,
  readMailServer,
  readSmsAccount,
} from "../../../lib/store/mail_settings.ts";
import { readKeyFile } from "../../../lib/store/key_file.ts";
import { keyFileOf, readSetRing } from "../../../lib/store/keys.ts";
import { createSecretBox, type SecretBox } from "../../../lib/store/secret_box.ts";
import type { Outcome } from "../trial/verdict.ts";
import { type Doctor, type DoctorCheck, onDatabase } from "./context.ts";
import { judgeRouters } from "./judge.ts";

/** Addresses of one name that are looked at. */
const ADDRESSES_MAX = 8;

/** Longest wait for a router, in milliseconds. */
const WAIT_MAX_MS = 10_000;

/** Whether routers of a sample of sites take connections. */
export const routersCheck: DoctorCheck = {
  name: "routers",
  about: "routers of a sample of sites take connections",
  run: (doctor) =>
    onDatabase(doctor, async (db, settings) => {
      if (doctor.routers === 0) {
        return { verdict: "not-run", evidence: "None was asked for", remedy: "--routers 8" };
      }
      const sample = await sampleRouters(db, { count: doctor.routers, random: doctor.random });
      if (sample.length === 0) {
        return { verdict: "not-run", evidence: "No site is collected yet", remedy: "Register a site" };
      }
      const policy = await dialPolicy(db, settings);
      const answers = await Promise.all(sample.map(async (one) => ({
        ...one,
        why: await whyNot(one, { ...policy, waitMs: Math.min(settings.connectTimeoutMs, WAIT_MAX_MS) }),
      })));
      return judgeRouters(answers);
    }),
};

async function dialPolicy(db: Database, settings: Config) {
  const { places, services, own } = await readDialPlaces(db, settings.hostDir);
  const known = await resolveServices([...ownServicesOf(settings), ...services], addressesOf);
  return { ...places, loopbackAllowed: settings.loopbackSites, own: [...known, ...own] };
}

interface Dial extends Awaited<ReturnType<typeof dialPolicy>> {
  readonly waitMs: number;
}

/** Why a router takes no connection; undefined: it did. Only what the collector may dial is dialled. */
async function whyNot({ host, port }: RouterPlace, dial: Dial): Promise<string | undefined> {
  const addresses = await addressesOf(host);
  if (addresses.length === 0) return "the name leads nowhere";
  const allowed = addresses.filter((address) => judgeDial(dial, { address, port }).ok);
  const [address] = allowed;
  if (address === undefined) return "it may not be dialled: see the page Networks";
  const over = AbortSignal.timeout(dial.waitMs);
  try {
    (await Deno.connect({ hostname: address, port, signal: over })).close();
    return undefined;
  } catch (error) {
    if (over.aborted) return `no answer in ${dial.waitMs} ms`;
    const words = error instanceof Error ? error.message : String(error);
    return words.replace(/ \(os error \d+\)/, "").toLowerCase();
  }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true });
    return found.slice(0, ADDRESSES_MAX).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** Whether the mail server takes our name and password; no message is sent. */
export const mailCheck: DoctorCheck = {
  name: "mail",
  about: "the mail server takes our name and password",
  run: (doctor) =>
    onDatabase(doctor, async (db, settings) => {
      const set = await readMailServer(db, settings);
      if (set.value === null) {
        return {
          verdict: "warn",
          evidence: "No mail server is set: invitations and links by e-mail are not sent",
          remedy: "Set it on the page Mail",
        };
      }
      const box = await openBox(settings);
      const account = box && await openMailServer(db, box, settings);
      const place = `${set.value.host}:${set.value.port}`;
      if (account === null) {
        const evidence = `The password for ${place} is missing or cannot be opened`;
        return { verdict: "fail", evidence, remedy: "Set it again on the page Mail, or as a credential" };
      }
      const address = await mailAddress(set.value, settings);
      if (address === undefined) {
        const evidence = `${place} leads nowhere, or may not be dialled`;
        return { verdict: "fail", evidence, remedy: "Look at its name on the page Mail" };
      }
      const name = new URL(settings.publicUrl).hostname;
      const tried = await trySignIn({ account, address, name, authorities: doctor.ca });
      if (!tried.ok) return mailTrouble(tried.error);
      const signed = account.password === null ? "greets us" : "takes our name and password";
      return { verdict: "pass", evidence: `${place} ${signed}; nothing was sent` };
    }),
};

/** Opens what lies sealed, by the ring as it is; `null`: there is none. Makes nothing. */
async function openBox(settings: Config): Promise<SecretBox | null> {
  const ring = readSetRing(settings) ?? await readKeyFile(keyFileOf(settings));
  return ring && await createSecretBox(ring);
}

function mailTrouble(trouble: MailTrouble): Outcome {
  switch (trouble.kind) {
    case "not-set-up":
      return { verdict: "fail", evidence: "No mail server is set", remedy: "Set it on the page Mail" };
    case "refused":
      return {
        verdict: "fail",
        evidence: trouble.words,
        remedy: "Set name and password again on the page Mail",
      };
    case "unreachable":
      return {
        verdict: "fail",
        evidence: trouble.words,
        remedy: "Is the port open towards it, and is it the right one for the kind of TLS?",
      };
  }
}

async function mailAddress(server: MailServer, settings: Config): Promise<string | undefined> {
  const { host, port, onThisMachine = false } = server;
  const own = await resolveServices(ownServicesOf(settings), addressesOf);
  const policy = { loopbackAllowed: settings.loopbackSites, onThisMachine, relayPorts: RELAY_PORTS, own };
  const addresses = await addressesOf(host);
  return addresses.find((address) => judgeMailDial(policy, { address, port }).ok);
}

/** Whether Twilio takes our key; no message is sent. */
export const smsCheck: DoctorCheck = {
  name: "sms",
  about: "the service for short messages takes our key",
  run: (doctor) =>
    onDatabase(doctor, async (db, settings) => {
      const set = await readSmsAccount(db, settings);
      if (set.value === null) {
        const evidence = "No account is set: short messages are not sent";
        return { verdict: "not-run", evidence, remedy: "Set it on the page Mail where they are wanted" };
      }
      const box = await openBox(settings);
      const account = box && await openSmsAccount(db, box, settings);
      if (account === null) {
        const evidence = "The secret of the key is missing or cannot be opened";
        return { verdict: "fail", evidence, remedy: "Set it again on the page Mail, or as a credential" };
      }
      return await judgeSms(account, doctor);
    }),
};

async function judgeSms(
  account: Parameters<typeof tryAccount>[0],
  { smsApiUrl }: Doctor,
): Promise<Outcome> {
  const tried = await tryAccount(account, { signal: AbortSignal.timeout(SMS_MS), apiUrl: smsApiUrl });
  if (tried.ok) return { verdict: "pass", evidence: "Twilio takes the key; nothing was sent" };
  if (tried.error.kind === "refused") {
    const remedy = "Make a new key at Twilio and set it on the page Mail";
    return { verdict: tried.error.permanent ? "fail" : "warn", evidence: tried.error.words, remedy };
  }
  const words = tried.error.kind === "unreachable" ? tried.error.words : "it is not set up";
  return {
    verdict: "not-run",
    evidence: `Unreachable: ${words}`,
    remedy: "Let the host reach api.twilio.com:443, or ask Twilio's status page",
  };
}

/** Milliseconds for Twilio to answer. */
const SMS_MS = 10_000;
