/**
 * Steps by which a host keeps out who guesses passwords or asks for too much, and does what the app asks of it.
 *
 * @module
 */

import { actionText, BAN_FILES, jailsText, limitsFilterText, serverText, signInFilterText } from "./bans.ts";
import { REQUEST_UNITS, requestsPathText, requestsServiceText, requestsTimerText } from "./bans_units.ts";
import { DAEMON_RELOAD, file, packages, type Part, type Reaction, step, unit } from "./kit.ts";
import { IDS, PATHS } from "./layout.ts";
import type { StepMaker } from "./step.ts";

/**
 * What is done after fail2ban's files changed. It remembers its bans and makes them again; a reload would fail where it
 * was only just started and does not listen yet.
 */
const RESTART: Reaction = {
  name: "fail2ban reads its files",
  guard: ["fail2ban-server", "--test"],
  argv: ["systemctl", "try-restart", "fail2ban.service"],
};

/** Bans: fail2ban with our filters and jails. */
export const banSteps: StepMaker = (described) => {
  const then = [RESTART];
  return [
    step("bans: fail2ban", "Who guesses passwords or asks for far too much is kept out for a while.", [
      packages(["fail2ban", "nftables", "python3-systemd"]),
      logThere(PATHS.signInLog, `${IDS.app.name}:adm`),
      logThere(PATHS.limitLog, "www-data:adm"),
      file({ path: BAN_FILES.action, text: actionText(), then }),
      file({ path: BAN_FILES.signInFilter, text: signInFilterText(), then }),
      file({ path: BAN_FILES.limitsFilter, text: limitsFilterText(), then }),
      file({ path: BAN_FILES.server, text: serverText(), then }),
      file({ path: BAN_FILES.jails, text: jailsText(described), then }),
      unit({ name: "fail2ban.service", enabled: true, active: true }),
    ]),
  ];
};

/** What the app asks of the host: units that start when it asks, and each minute. */
export const requestSteps: StepMaker = () => {
  const unitFile = (name: string, text: string) =>
    file({ path: `/etc/systemd/system/${name}`, text, then: [DAEMON_RELOAD] });
  return [
    step("requests: units", "Pages end bans and admit routers; the app itself may start nothing.", [
      unitFile(REQUEST_UNITS.service, requestsServiceText()),
      unitFile(REQUEST_UNITS.path, requestsPathText()),
      unitFile(REQUEST_UNITS.timer, requestsTimerText()),
      unit({ name: REQUEST_UNITS.path, enabled: true, active: true }),
      unit({ name: REQUEST_UNITS.timer, enabled: true, active: true }),
    ]),
  ];
};

/** A log that must be there before fail2ban starts: without it fail2ban bans nobody at all. Kept when all is removed. */
export function logThere(path: string, owner: string): Part {
  return {
    async check(on) {
      if (await on.stat(path)) return [];
      return [{
        what: path,
        is: "not there",
        expected: `a log of ${owner}`,
        does: [`write "${path}", empty`],
      }];
    },
    async apply(on) {
      if (await on.stat(path)) return;
      // The folder is root's; it is there unless somebody took it away.
      await on.must(["mkdir", "-p", path.slice(0, path.lastIndexOf("/"))]);
      await on.write(path, { text: "", mode: 0o640, owner });
    },
    undo: () => Promise.resolve(),
  };
}
