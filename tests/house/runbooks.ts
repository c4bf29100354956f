/**
 * What is asked of runbooks and other pages of docs: their sections, their commands, their links. Pure.
 *
 * @module
 */

/** The sections of every runbook, in this order. */
export const SECTIONS = ["When", "How", "What you see", "What can go wrong", "How to undo"] as const;

/**
 * Programs that commands of runbooks may use besides Deno, by the package that brings them to a host. Those of
 * Debian's base system are under `base`.
 */
export const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  base: [
    ...[
      "cat",
      "cd",
      "chmod",
      "chown",
      "cp",
      "df",
      "dpkg-query",
      "du",
      "grep",
      "head",
      "id",
      "install",
      "less",
    ],
    ...[
      "ln",
      "ls",
      "mkdir",
      "mv",
      "printf",
      "rm",
      "sha256sum",
      "stat",
      "sort",
      "tail",
      "test",
      "truncate",
      "umask",
    ],
    ...["apt-get", "apt-cache", "dpkg", "ip", "date", "cut", "find", "getent", "mktemp", "nano", "tar", "wc"],
    "export",
  ],
  systemd: ["journalctl", "loginctl", "systemctl", "systemd-analyze", "systemd-run", "timedatectl"],
  "openssh-server": ["ssh", "ssh-keygen", "ssh-copy-id", "scp", "sshd", "sftp"],
  sudo: ["sudo", "visudo"],
  ufw: ["ufw"],
  nginx: ["nginx"],
  certbot: ["certbot"],
  fail2ban: ["fail2ban-client", "fail2ban-regex"],
  "docker.io": ["docker"],
  "docker-compose": ["docker-compose"],
  "wireguard-tools": ["wg", "wg-quick"],
  nftables: ["nft"],
  iptables: ["ip6tables", "iptables", "iptables-save", "ip6tables-save"],
  logrotate: ["logrotate"],
  "unattended-upgrades": ["unattended-upgrade"],
  chrony: ["chronyc"],
  iproute2: ["ss"],
  curl: ["curl"],
  openssl: ["openssl"],
  nmap: ["nmap"],
  git: ["git"],
  age: ["age", "age-keygen"],
  restic: ["restic"],
  dnsutils: ["dig", "host"],
  procps: ["sysctl", "ps"],
  "sqlite3": ["sqlite3"],
  "default-mysql-client": ["mysql", "mysqldump"],
  "iputils-ping": ["ping"],
};

/** A command of a code block. */
export interface PageCommand {
  /** The program, without `sudo` and variables before it. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** The line as it stands there. */
  readonly line: string;
}

/** Sections of a page: second-level headings, outside code blocks. */
export function sectionsOf(page: string): readonly string[] {
  return [...withoutCode(page).matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title.trim());
}

/** Commands of a page's shell blocks (```sh). */
export function commandsOf(page: string): readonly PageCommand[] {
  return shellLinesOf(page).flatMap(commandsOfLine);
}

/** Lines of a page's shell blocks as they are typed, without comments. */
export function commandLinesOf(page: string): readonly string[] {
  return shellLinesOf(page).map((line) => line.replace(/(^|\s)#.*$/, "").trim()).filter((line) =>
    line !== ""
  );
}

function shellLinesOf(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^( *)```(?:sh|shell|bash)\n([^]*?)^\1```/gm)].map(([, , text = ""]) =>
    text
  );
  return blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, "").split("\n"));
}

function commandsOfLine(line: string): readonly PageCommand[] {
  const text = line.replace(/(^|\s)#.*$/, "").trim();
  if (text === "") return [];
  return text.split(/\s*(?:\|\||&&|[|;])\s*/).flatMap((part) => {
    const words = wordsOf(part).filter((word, i, all) =>
      !/^\d?[<>]/.test(word) && !/^\d?[<>]+$/.test(all[i - 1] ?? "")
    );
    while (/^[A-Z_][A-Z0-9_]*=/.test(words[0] ?? "") || words[0] === "sudo" || words[0] === "$") {
      const dropped = words.shift();
      while (dropped === "sudo" && words[0]?.startsWith("-")) {
        if (/^-[ug]$/.test(words.shift() ?? "")) words.shift();
      }
    }
    const [program, ...args] = words;
    return program === undefined ? [] : [{ program, args, line: text }];
  });
}

function wordsOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []).map((word) => word.replaceAll(/["']/g, ""));
}

/** A task of Deno that a command starts; `null`: the command starts none. */
export function taskOf(
  { program, args }: PageCommand,
): { readonly name: string; readonly args: readonly string[] } | null {
  const [first, ...rest] = program === "npx"
    ? args.slice(args.findIndex((arg) => arg.startsWith("deno@")) + 1)
    : args;
  if (!(program === "deno" || program === "npx") || first !== "task") return null;
  const [name = "", ...more] = rest.filter((word, i) => i > 0 || !["-q", "--quiet"].includes(word));
  return { name, args: more };
}

/** Long options among arguments, without their values. */
export function optionsOf(args: readonly string[]): readonly string[] {
  return args.flatMap((arg) => /^--[a-z][a-z0-9-]*/.exec(arg)?.[0] ?? []);
}

/** A link of a page to another file or heading of ours. */
export interface PageLink {
  /** File as the link names it; empty: the page itself. */
  readonly path: string;
  /** Heading; empty: none. */
  readonly anchor: string;
}

/** Links of a page that lead to files or headings of ours. */
export function linksOf(page: string): readonly PageLink[] {
  const targets = [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/i.test(target)).map((target) => {
    const [path = "", anchor = ""] = target.split("#");
    return { path, anchor };
  });
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => {
    const text = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "").trim().toLowerCase();
    const anchor = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

function withoutCode(page: string): string {
  return page.replaceAll(/^( *)```[^]*?^\1```/gm, "").replaceAll(
    /`[^`\n]+`(?!\])/g,
    (code) => code.replaceAll(/[()[\]#]/g, " "),
  );
}
