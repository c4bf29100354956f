/**
 * What is left on a host after `deno task host remove`, and who leaves it: packages of the distribution, which keep
 * what they made while they worked. Everything else must be as it was before.
 *
 * @module
 */

/** A kind of thing that may be left. */
export interface Leftover {
  /** Lines of a comparison that it explains. */
  readonly lines: RegExp;
  /** Who leaves it, and why it stays. */
  readonly why: string;
}

/** The list. */
export const LEFTOVERS: readonly Leftover[] = [
  {
    lines: /^paths \+ [dfl] \/etc\/cni(\/| )/,
    why: "containerd makes it while it runs; its package does not remove it",
  },
  {
    lines: /^(paths|texts) \+ .*\/etc\/docker( 755|\/key\.json)/,
    why: "Docker makes its key at its first start; its package leaves it with its folder",
  },
  {
    lines: /^paths \+ [df] \/var\/(lib\/(ucf|python)\/|lib\/logrotate\/status |www( |\/html))/,
    why: "memory of configuration files, of rotations, and a page of greeting: their packages leave them",
  },
  {
    lines: /^paths [+-] [fl] \/etc\/(localtime|sub[ug]id-?|\w+-) /,
    why:
      "the same zone by another way of writing the link (timedatectl), and copies that useradd makes of its files",
  },
  {
    lines: /^paths \+ [df] \/var\/lib\/wattpost( |\/data( |\/))/,
    why: "what the app stored is people's, and stays; the app ran before it was removed",
  },
  {
    lines: /^people [+-] (systemd-timesync|docker|netdev|ssl-cert|wireguard|_chrony)(:|$)/,
    why:
      "users and groups of packages stay when these are removed: their numbers must not come to belong to others",
  },
  {
    lines: /^kernel [+-] \/proc\/sys\/net\/ipv4\/(ip_forward|conf\/(all|default)\/forwarding):/,
    why: "Docker switches forwarding on and leaves it so until the next start",
  },
];

/** Lines that nobody of the list explains. */
export function unexplained(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !LEFTOVERS.some((one) => one.lines.test(line)));
}
