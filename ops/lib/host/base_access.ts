/**
 * Who gets in and what they may do as root: keys, sshd and sudo, as texts.
 *
 * @module
 */

import type { HostDescription } from "./description.ts";
import { IDS, MADE_BY, PATHS } from "./layout.ts";

/** The keys of `deploy`, root's own file. */
export function keysText({ ssh }: HostDescription): string {
  return `# ${MADE_BY}\n${ssh.keys.map((key) => `${key.trim()}\n`).join("")}`;
}

/**
 * What sshd is told, in the words of `sshd -T`, but for the port. A scan compares the running sshd with this table.
 *
 * `maxauthtries` is 5 because each key of an agent is a try. Nobody is named (`AllowUsers`): that would shut out an
 * account that the description does not know. DSA and small keys are refused by sshd itself.
 */
export const SSHD_SETTINGS: Readonly<Record<string, string>> = {
  pubkeyauthentication: "yes",
  passwordauthentication: "no",
  kbdinteractiveauthentication: "no",
  hostbasedauthentication: "no",
  permitemptypasswords: "no",
  // Root by key stays: who sets the host up comes so, and it is the way back where deploy's keys are lost.
  permitrootlogin: "prohibit-password",
  usepam: "yes",
  strictmodes: "yes",
  ignorerhosts: "yes",
  permituserenvironment: "no",
  maxauthtries: "5",
  maxsessions: "10",
  maxstartups: "10:30:60",
  logingracetime: "30",
  clientaliveinterval: "300",
  clientalivecountmax: "2",
  x11forwarding: "no",
  permittunnel: "no",
  gatewayports: "no",
  loglevel: "VERBOSE",
  hostkeyalgorithms: [
    "ssh-ed25519-cert-v01@openssh.com",
    "rsa-sha2-512-cert-v01@openssh.com",
    "rsa-sha2-256-cert-v01@openssh.com",
    "ssh-ed25519",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ].join(),
  kexalgorithms: [
    "sntrup761x25519-sha512@openssh.com",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
  ].join(),
  ciphers: [
    "aes256-gcm@openssh.com",
    "aes128-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
  ].join(),
  macs: [
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256-etm@openssh.com",
    "umac-128-etm@openssh.com",
  ].join(),
};

/** `/etc/ssh/sshd_config.d/10-wattpost.conf`; what stands first counts, so its name comes before those of clouds. */
export function sshdText({ ssh }: HostDescription): string {
  const settings = Object.entries(SSHD_SETTINGS).map(([name, value]) => `${name} ${value}\n`).join("");
  return `# ${MADE_BY}
port ${ssh.port}
${settings}
match user ${IDS.deploy.name}
  authorizedkeysfile ${PATHS.deployKeys}
  authenticationmethods publickey
  allowagentforwarding no
  allowtcpforwarding no
  permitopen none
`;
}

/** A task of the release as root calls it: the folder in which it is typed decides nothing. */
export function taskArgv(...words: readonly string[]): readonly [string, ...string[]] {
  return [PATHS.deno, "task", "--quiet", "--config", `${PATHS.project}/deno.json`, ...words];
}

/** Colours of a release. */
const COLOURS = ["blue", "green"] as const;

/** A new release is root's to bring; whoever is `deploy` deploys settings, goes on with a deploy and takes one back. */
const DEPLOY_WORDS: readonly (readonly string[])[] = [
  ["status"],
  ["history"],
  ["resume"],
  ["rollback"],
  ["rollback", "--dry-run"],
  ["--configuration"],
  ["--configuration", "--dry-run"],
];

/**
 * What `deploy` may do as root, each with its exact arguments. None opens a pager or an editor, takes a file of the
 * caller's, or runs what the caller can write: releases and their packages belong to root.
 */
export function sudoCommands(): readonly (readonly [string, ...string[]])[] {
  const units = COLOURS.map((colour) => `wattpost@${colour}.service`);
  return [
    taskArgv("host", "plan"),
    taskArgv("host", "check"),
    taskArgv("host", "apply"),
    taskArgv("nginx", "check"),
    taskArgv("nginx", "maintenance"),
    taskArgv("nginx", "maintenance", "on"),
    taskArgv("nginx", "maintenance", "off"),
    taskArgv("firewall", "plan"),
    taskArgv("firewall", "apply"),
    taskArgv("firewall", "confirm"),
    taskArgv("firewall", "rollback"),
    taskArgv("firewall", "status"),
    taskArgv("certificates", "status"),
    taskArgv("certificates", "renew"),
    taskArgv("bans", "list"),
    taskArgv("vpn", "status"),
    taskArgv("credentials", "list"),
    ...DEPLOY_WORDS.map((words) => taskArgv("deploy", ...words)),
    taskArgv("backups", "list"),
    taskArgv("backups", "verify"),
    ["/usr/bin/systemctl", "--no-pager", "start", "wattpost-backup.service"],
    ["/usr/bin/journalctl", "--no-pager", "--lines=500", "--unit=wattpost-backup.service"],
    ["/usr/bin/systemctl", "--no-pager", "reload", "nginx.service"],
    ["/usr/bin/systemctl", "--no-pager", "status", "nginx.service"],
    ...units.flatMap((unit): readonly (readonly [string, ...string[]])[] => [
      ...["start", "stop", "restart", "reload", "status"].map((
        verb,
      ): readonly [string, ...string[]] => ["/usr/bin/systemctl", "--no-pager", verb, unit]),
      ["/usr/bin/journalctl", "--no-pager", "--lines=500", `--unit=${unit}`],
    ]),
  ];
}

/** `/etc/sudoers.d/60-wattpost`. */
export function sudoersText(): string {
  const { name } = IDS.deploy;
  const commands = sudoCommands().map((argv) => argv.map(escaped).join(" ")).join(", \\\n  ");
  return `# ${MADE_BY}
Cmnd_Alias WATTPOST = \\
  ${commands}
Defaults:${name} env_reset, !setenv, use_pty, secure_path="/usr/sbin:/usr/bin:/sbin:/bin"
Defaults:${name} env_delete += "DENO_* NODE_* NPM_* SYSTEMD_* PAGER EDITOR VISUAL SUDO_EDITOR"
${name} ALL=(root) NOPASSWD: WATTPOST
`;
}

/** Signs that mean something in sudoers. */
function escaped(word: string): string {
  return word.replace(/[\\,:=]/g, (sign) => `\\${sign}`);
}
