/**
 * The steps of certificates: first a pair of the host's own, so that nginx starts; later, when nginx answers the
 * authority, certbot, its hook, the certificate and the timer that renews it.
 *
 * @module
 */

import { dirname } from "node:path";
import { systemClock } from "../../../lib/clock.ts";
import { deleteArgv, directoryOf, issueArgv, wantedNames } from "./certificate_argv.ts";
import { selfSignedPair, servedLink } from "./certificate_pair.ts";
import { type CertificatePlace, HOST_PLACE, liveFolder } from "./certificate_place.ts";
import { issueCertificate } from "./certificate_run.ts";
import {
  type CertificateWork,
  issueFault,
  lastTrouble,
  lookAtCertificate,
  TROUBLE,
} from "./certificate_state.ts";
import { TRIES } from "./certificate_tries.ts";
import { hookFile, hookText, RENEWAL_UNIT, renewalTimerText, renewalUnitText } from "./certificate_texts.ts";
import type { HostDescription } from "./description.ts";
import { DAEMON_RELOAD, file, folder, packages, type Part, step, unit } from "./kit.ts";
import { makeLink } from "./kit_before.ts";
import { commandText } from "./kit_reactions.ts";
import { CERTIFICATE_NAME } from "./layout.ts";
import type { Drift, Host, Step, StepMaker } from "./step.ts";

/** Before nginx: a pair to start with, and the folder of answers for the authority. */
export const pairSteps: StepMaker = (described) => [
  step("certificates: a pair to start with", "nginx does not start without a certificate", [
    packages(["openssl"]),
    folder({ path: dirname(HOST_PLACE.tls), mode: 0o700, owner: "root:root" }),
    folder({ path: HOST_PLACE.webroot, mode: 0o755, owner: "root:root", whole: true }),
    selfSignedPair(described, HOST_PLACE),
    servedLink(HOST_PLACE),
  ]),
];

/** After nginx: certbot, what it tells nginx, the certificate, and its renewal. */
export const certificateSteps: StepMaker = (described) => [
  step(
    "certificates: certbot",
    "It proves to the authority that the names are ours; its hook lets nginx read what was issued",
    [
      packages(["certbot"]),
      unit({ name: "certbot.timer", enabled: false, active: false }),
      file({ path: hookFile(HOST_PLACE), text: hookText(HOST_PLACE.nginx), mode: 0o755 }),
    ],
  ),
  issuedStep(described, HOST_PLACE),
  step(
    "certificates: renewed in time",
    "A certificate lasts 90 days or less; twice a day it is renewed where due, and proved which one is served",
    [
      file({
        path: `/etc/systemd/system/${RENEWAL_UNIT}.service`,
        text: renewalUnitText(),
        then: [DAEMON_RELOAD],
      }),
      file({
        path: `/etc/systemd/system/${RENEWAL_UNIT}.timer`,
        text: renewalTimerText(),
        then: [DAEMON_RELOAD],
      }),
      unit({ name: `${RENEWAL_UNIT}.timer`, enabled: true, active: true }),
    ],
  ),
];

/** The certificate of an authority; what lacks because of others is said, and the host goes on without. */
export function issuedStep(described: HostDescription, place: CertificatePlace): Step {
  const part = issuedPart(described, place);
  return {
    ...step(
      "certificates: issued",
      "Browsers and meters' gateways trust a certificate of an authority alone",
      [part],
    ),
    mayLack: true,
  };
}

function issuedPart(described: HostDescription, place: CertificatePlace): Part {
  const workOn = (on: Host): CertificateWork => ({ on, wish: described, place, clock: systemClock });
  return {
    check: (on) => issuedDrift(workOn(on), described),
    async apply(on) {
      const work = workOn(on);
      await on.kept.set(BEFORE, await foldersThere(on, place), { once: true });
      await issueCertificate(work);
    },
    undo: (on) => forgetCertificate(on, place),
  };
}

/** What of certbot was there before, by path. */
const BEFORE = "certificate folders before";

async function issuedDrift(work: CertificateWork, described: HostDescription): Promise<readonly Drift[]> {
  const { on, place, clock } = work;
  const state = await lookAtCertificate(work);
  const fault = issueFault(state, described, clock.nowMs());
  const live = liveFolder(place);
  const reload = [commandText([...place.nginx, "-t"]), commandText([...place.nginx, "-s", "reload"])];
  const found: Drift[] = [];
  if (fault !== null) {
    const trouble = await lastTrouble(on);
    const why = trouble === null ? "" : `; last: ${trouble.words}. ${trouble.todo}`;
    const does = [
      commandText(issueArgv(described, place)),
      commandText(["ln", "-sfn", live, place.tls]),
      ...reload,
    ];
    const expected = `issued for ${wantedNames(described).join(", ")} by ${directoryOf(described)}`;
    found.push({ what: `certificate ${CERTIFICATE_NAME}`, is: `${fault}${why}`, expected, does });
  } else if (state.link !== live) {
    const does = [commandText(["ln", "-sfn", live, place.tls]), ...reload];
    const is = state.link === null ? "missing" : `a link to ${state.link}`;
    found.push({ what: place.tls, is, expected: `a link to ${live}`, does });
  }
  // Where nobody answers, the steps of nginx tell of it.
  const wanted = state.linked?.serial;
  if (state.served !== null && wanted !== undefined && state.served !== wanted) {
    const is = `number ${state.served}`;
    found.push({ what: "served certificate", is, expected: `number ${wanted}`, does: reload });
  }
  return found;
}

/** Lets nginx go back to the pair, then forgets the certificate that was made here; one that was there before stays. */
async function forgetCertificate(on: Host, place: CertificatePlace): Promise<void> {
  const before = await on.kept.get(BEFORE);
  if (!Array.isArray(before)) return;
  const live = liveFolder(place);
  const linked = await on.stat(place.tls);
  if (linked?.kind === "link" && linked.target === live) {
    await makeLink(on, place.tls, place.selfSigned);
    if ((await on.run([...place.nginx, "-t"])).code === 0) await on.run([...place.nginx, "-s", "reload"]);
  }
  if (!before.includes(live) && await on.stat(live) !== null) await on.must(deleteArgv(place));
  const others = await on.run([
    "find",
    `${place.config}/live`,
    "-mindepth",
    "1",
    "-maxdepth",
    "1",
    "-type",
    "d",
  ]);
  if (others.out.trim() === "") {
    const made = certbotFolders(place).filter((path) => !before.includes(path));
    if (made.length > 0) await on.must(["rm", "-rf", "--", ...made]);
  }
  for (const name of [TRIES, TROUBLE, BEFORE]) await on.kept.remove(name);
}

/** Folders that certbot makes as it runs: account, keys, logs. */
function certbotFolders({ config, work, logs }: CertificatePlace): readonly string[] {
  const inside = [
    "accounts",
    "archive",
    "csr",
    "keys",
    "live",
    "renewal",
    "renewal-hooks/pre",
    "renewal-hooks/post",
  ];
  return [...inside.map((name) => `${config}/${name}`), work, logs];
}

/** Which of them are there before certbot runs for the first time. */
async function foldersThere(on: Host, place: CertificatePlace): Promise<readonly string[]> {
  const there: string[] = [];
  for (const path of [liveFolder(place), ...certbotFolders(place)]) {
    if (await on.stat(path) !== null) there.push(path);
  }
  return there;
}
