/**
 * What people and programs do to a host behind its back; each must be noticed by name and put right.
 *
 * @module
 */
import { PATHS } from "../../ops/lib/host/layout.ts";
import type { DrillScene } from "./drill_scene.ts";
import type { Argv } from "./run.ts";

/** A damage. */
export interface Damage {
  /** What was done. */
  readonly name: string;
  /** How: commands, or a line that is added to a file. */
  readonly commands?: readonly Argv[];
  readonly adds?: readonly [path: string, line: string];
  /** What `check` calls the thing that is no longer as described. */
  readonly what: RegExp;
  /** What it says that apply will do, where one thing can be damaged in several ways. */
  readonly does?: RegExp;
}

/** A key of somebody else. */
const STRANGE_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPCoG+0gShyYU5HXnr8PLBv8PzTXkuT2PnMDkSlA4bsy nobody@example.test";

/** The damages. None needs another one, and none hides another one. */
export const DAMAGES: readonly Damage[] = [
  {
    name: "a file of ours was edited",
    adds: ["/etc/sysctl.d/60-wattpost.conf", "net.ipv4.conf.all.accept_redirects = 1"],
    what: /^\/etc\/sysctl\.d\/60-wattpost\.conf$/,
  },
  {
    name: "a folder of secrets was opened to everybody",
    commands: [["chmod", "0777", PATHS.credentials]],
    what: /^\/etc\/wattpost\/credentials$/,
  },
  {
    name: "a timer was disabled",
    commands: [["systemctl", "disable", "--now", "wattpost-check.timer"]],
    what: /^unit wattpost-check\.timer$/,
  },
  {
    name: "a package was removed",
    commands: [["apt-get", "remove", "-y", "-q", "unattended-upgrades"]],
    what: /^package unattended-upgrades$/,
  },
  {
    name: "the key of deploy was replaced",
    commands: [["truncate", "--size=0", PATHS.deployKeys]],
    adds: [PATHS.deployKeys, STRANGE_KEY],
    what: /^\/etc\/ssh\/wattpost_keys\/deploy$/,
  },
  {
    name: "what deploy may do as root was removed",
    commands: [["rm", "/etc/sudoers.d/60-wattpost"]],
    what: /^\/etc\/sudoers\.d\/60-wattpost$/,
  },
  {
    name: "a setting of the kernel was changed",
    commands: [["sysctl", "-q", "-w", "net.ipv4.conf.all.accept_source_route=1"]],
    what: /^sysctl net\.ipv4\.conf\.all\.accept_source_route$/,
  },
  {
    name: "the rotation of logs was deleted",
    commands: [["rm", "/etc/logrotate.d/wattpost"]],
    what: /^\/etc\/logrotate\.d\/wattpost$/,
  },
  {
    name: "the page of the site was edited by hand",
    adds: ["/etc/nginx/nginx.conf", "# quicker"],
    what: /^\/etc\/nginx\/nginx\.conf$/,
  },
  {
    name: "the certificate's link was moved",
    commands: [["ln", "-sfn", "/etc/ssl", PATHS.tls]],
    what: /^\/etc\/wattpost\/tls\/current$/,
  },
  {
    name: "a rule of the firewall was deleted",
    commands: [["ufw", "delete", "allow", "51820/udp"]],
    what: /^\/etc\/ufw\/user\.rules$/,
    does: /^\+.* 51820 /m,
  },
  {
    name: "a port was opened to everybody",
    commands: [["ufw", "allow", "8080/tcp"]],
    what: /^UFW rule .*8080/,
  },
  {
    name: "fail2ban was stopped",
    commands: [["systemctl", "stop", "fail2ban.service"]],
    what: /^unit fail2ban\.service$/,
  },
  {
    name: "the VPN was taken down",
    commands: [["systemctl", "stop", "wg-quick@wattpost0.service"]],
    what: /^unit wg-quick@wattpost0\.service$/,
  },
  {
    name: "Docker was stopped",
    commands: [["systemctl", "stop", "docker.socket", "docker.service"]],
    what: /^unit docker\.service$/,
  },
  {
    name: "the shell of deploy was taken away",
    commands: [["usermod", "--shell", "/usr/sbin/nologin", "deploy"]],
    what: /^user deploy$/,
  },
  {
    name: "the zone of the clock was changed",
    commands: [["timedatectl", "set-timezone", "Asia/Tokyo"]],
    what: /^time zone$/,
  },
];

/** Does a damage. */
export async function damage({ host }: DrillScene, { commands = [], adds }: Damage): Promise<void> {
  for (const argv of commands) await host.must(argv, { input: "" });
  if (!adds) return;
  const [path, line] = adds;
  await host.must(["tee", "--append", path], { input: `${line}\n` });
}
