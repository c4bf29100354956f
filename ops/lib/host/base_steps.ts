/**
 * What every host has before anything of Wattpost's own: packages, users, folders, sshd, clock, kernel, journal,
 * upgrades, Docker, rotation of logs, and the units of the app.
 *
 * @module
 */

import { sudoersText } from "./base_access.ts";
import { logThere } from "./bans_steps.ts";
import { BASE_PACKAGES, DISTRIBUTIONS } from "./base_distribution.ts";
import { daemonText } from "./base_docker.ts";
import { logrotateText, logrotateTimerText } from "./base_logs.ts";
import { credentialModes, denoProgram, sysctlValues, timeSync, timeZone } from "./base_parts.ts";
import { rootsOwn } from "./base_roots_own.ts";
import { sshSteps } from "./base_sshd.ts";
import { journalText, sysctlText, upgradesText } from "./base_system.ts";
import { appUnitText, checkTimerText, checkUnitText, settingsText, tmpfilesText } from "./base_units.ts";
import { databaseStep } from "./database_steps.ts";
import type { HostDescription } from "./description.ts";
import { DAEMON_RELOAD, file, folder, packages, step, unit, user } from "./kit.ts";
import { IDS, PATHS } from "./layout.ts";
import type { Distribution, HostFacts, Part, Step } from "./step.ts";

const APP = IDS.app.name;

/** The steps, in order. */
export function baseSteps(described: HostDescription, { distribution }: HostFacts): readonly Step[] {
  return [
    step("packages", "What the rest is made of, from the distribution", [packages(BASE_PACKAGES)]),
    step("deno", "Runs the app and the operators' tasks; units and sudo call it by its path", [
      denoProgram(),
      rootsOwn(),
    ]),
    ...people(),
    step("folders", "Each thing has one place, with the least that must reach it", folders()),
    databaseStep(described),
    step("folders: after a restart", "What lies in /run is gone then; systemd makes it anew", [
      file({
        path: "/etc/tmpfiles.d/wattpost.conf",
        text: tmpfilesText(),
        then: [{
          name: "folders in /run are made",
          argv: ["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/wattpost.conf"],
        }],
      }),
    ]),
    ...sshSteps(described, distribution),
    ...system(described, distribution),
    docker(described, distribution),
    logs(described),
    ...units(described),
  ];
}

function people(): readonly Step[] {
  const { app, deploy } = IDS;
  return [
    step("user wattpost", "The app runs as it; nobody signs in as it", [
      user({ name: app.name, id: app.id, shell: "/usr/sbin/nologin", home: null }),
    ]),
    step("user deploy", "Signs in by key and may do as root what is named, with its very arguments", [
      user({ name: deploy.name, shell: "/bin/bash", home: `/home/${deploy.name}` }),
      file({
        path: "/etc/sudoers.d/60-wattpost",
        text: sudoersText(),
        mode: 0o440,
        verify: (path) => ["/usr/sbin/visudo", "-c", "-q", "-f", path],
      }),
    ]),
  ];
}

/** All folders of the layout; what people stored in them stays when Wattpost is removed. */
function folders(): readonly Part[] {
  const root = (path: string, mode = 0o755) => folder({ path, mode, owner: "root:root" });
  return [
    root(PATHS.config),
    folder({ path: PATHS.credentials, mode: 0o750, owner: `root:${APP}` }),
    credentialModes(),
    root(PATHS.hostCredentials, 0o700),
    root("/var/lib/wattpost"),
    folder({ path: PATHS.data, mode: 0o750, owner: `${APP}:${APP}` }),
    folder({ path: PATHS.requests, mode: 0o750, owner: `${APP}:${APP}` }),
    // What the host tells of itself is nobody's data.
    folder({ path: PATHS.host, mode: 0o750, owner: `root:${APP}`, whole: true }),
    // The app gets through it to its own file, and can put no other in its place: root's programs read that.
    folder({ path: PATHS.logs, mode: 0o751, owner: "root:adm" }),
    folder({ path: PATHS.sockets, mode: 0o2750, owner: `${APP}:www-data`, whole: true }),
    root("/opt/wattpost"),
    // Some packages bring files that everybody may write to: nobody else gets that far.
    folder({ path: PATHS.denoDir, mode: 0o750, owner: `root:${APP}` }),
  ];
}

function system(described: HostDescription, distribution: Distribution): readonly Step[] {
  return [
    step("time", "Half-hours are as right as the clock; logs are read in the operators' zone", [
      timeSync(),
      timeZone(described.timeZone),
    ]),
    step("kernel: network", "Forged senders, redirects and floods of half-open connections come to nothing", [
      file({ path: "/etc/sysctl.d/60-wattpost.conf", text: sysctlText() }),
      sysctlValues(),
    ]),
    step("journal", "The system's log ends before the disk does", [
      file({
        path: "/etc/systemd/journald.conf.d/60-wattpost.conf",
        text: journalText(described.limits.journalMb),
        then: [{
          name: "the journal reads its settings",
          argv: ["systemctl", "restart", "systemd-journald"],
        }],
      }),
    ]),
    step("upgrades", "Holes are closed without waiting for an operator; a restart never meets a boundary", [
      file({
        path: "/etc/apt/apt.conf.d/60-wattpost-upgrades",
        text: upgradesText(distribution),
        verify: (path) => ["apt-config", "-c", path, "dump"],
      }),
      unit({ name: "apt-daily.timer", enabled: true, active: true }),
      unit({ name: "apt-daily-upgrade.timer", enabled: true, active: true }),
    ]),
  ];
}

function docker(described: HostDescription, distribution: Distribution): Step {
  return step("docker", "Runs the app's containers; its logs end and its ports stay on this machine", [
    file({
      path: "/etc/docker/daemon.json",
      text: daemonText(described),
      then: [{ name: "Docker reads its settings", argv: ["systemctl", "try-restart", "docker.service"] }],
    }),
    packages(DISTRIBUTIONS[distribution].docker),
    unit({ name: "docker.service", enabled: true, active: true }),
  ]);
}

function logs({ limits }: HostDescription): Step {
  return step("logs", "Logs of the app and of nginx end before the disk does, also in a flood", [
    logThere(PATHS.signInLog, `${APP}:adm`),
    file({
      path: "/etc/logrotate.d/wattpost",
      text: logrotateText(limits),
      verify: (path) => ["logrotate", "--debug", path],
    }),
    file({
      path: "/etc/systemd/system/logrotate.timer.d/wattpost.conf",
      text: logrotateTimerText(),
      then: [
        DAEMON_RELOAD,
        { name: "the timer of rotation starts anew", argv: ["systemctl", "try-restart", "logrotate.timer"] },
      ],
    }),
    unit({ name: "logrotate.timer", enabled: true, active: true }),
  ]);
}

function units(described: HostDescription): readonly Step[] {
  const of = (name: string, text: string) =>
    file({ path: `/etc/systemd/system/${name}`, text, then: [DAEMON_RELOAD] });
  return [
    step("app: unit", "The app as a service of its own, with nothing it does not need; a release starts it", [
      file({ path: PATHS.settings, text: settingsText(described) }),
      of("wattpost@.service", appUnitText()),
    ]),
    step("check: once a day", "Says in the journal what is no longer as described", [
      of("wattpost-check.service", checkUnitText()),
      of("wattpost-check.timer", checkTimerText()),
      unit({ name: "wattpost-check.timer", enabled: true, active: true }),
    ]),
  ];
}
