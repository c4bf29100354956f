/**
 * What a host is like, as far as a set-up may change it, in lines that can be compared: files with their modes and
 * texts, packages, units, what listens, packet filter, settings of the kernel.
 *
 * @module
 */
import type { Container } from "./docker.ts";
import type { Argv } from "./run.ts";

/** A host's state: a line a thing, by kind. */
export type HostState = Readonly<Record<StateKind, readonly string[]>>;

/** Kinds of things of a host. */
export type StateKind =
  | "paths"
  | "texts"
  | "people"
  | "packages"
  | "units"
  | "listening"
  | "filter"
  | "kernel";

/** Folders whose contents a set-up may change; programs and libraries come and go with packages. */
const FOLDERS = [
  "/etc",
  "/home",
  "/opt",
  "/root",
  "/srv",
  "/usr/local",
  "/usr/share/wattpost",
  "/var",
] as const;

/** Where only a set-up writes: nothing there is touched by what changes nothing. */
const STILL = [
  "/etc",
  "/home",
  "/opt",
  "/root",
  "/usr/local",
  "/usr/share/wattpost",
  "/var/lib/wattpost-setup",
] as const;

/** What the system itself keeps there while it works: caches, lists, what runs in containers. */
const PASSING = [
  ...[
    "/var/cache",
    "/var/lib/apt",
    "/var/lib/dpkg",
    "/var/lib/systemd",
    "/var/lib/docker",
    "/var/lib/containerd",
  ],
  ...["/var/tmp", "/var/mail", "/var/log", "/var/backups"],
  ...["/opt/wattpost/deno-dir", "/opt/wattpost/releases", "/root/.cache"],
] as const;

/** People and groups are compared one by one, so their files are not compared as a whole, nor are copies of them. */
const PEOPLES_FILES = / \/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$/;

/** Settings of the network stack that are not an interface's and do not change by themselves. */
const KERNEL = [
  ...[4, 6].flatMap((family) => ["all", "default"].map((name) => `/proc/sys/net/ipv${family}/conf/${name}`)),
  ...[
    "tcp_syncookies",
    "tcp_rfc1337",
    "icmp_echo_ignore_broadcasts",
    "icmp_ignore_bogus_error_responses",
    "ip_forward",
  ]
    .map((name) => `/proc/sys/net/ipv4/${name}`),
];

/** Looks at all of it; changes nothing. */
export async function stateOf(host: Container): Promise<HostState> {
  const texts = [
    "find",
    "/etc",
    "/usr/local",
    "-xdev",
    "-type",
    "f",
    "-exec",
    "sha256sum",
    "{}",
    "+",
  ] as const;
  return {
    paths: await listing(host, FOLDERS, "%y %p %m %u:%g %l\n"),
    texts: (await lines(host, texts)).filter((line) => !PEOPLES_FILES.test(line)),
    people: [...await lines(host, ["getent", "passwd"]), ...await lines(host, ["getent", "group"])],
    packages: await lines(host, ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n"]),
    units: await lines(host, ["systemctl", "list-unit-files", "--no-legend", "--plain"]),
    listening: (await lines(host, ["ss", "-H", "-ltun", "-O"])).map(withoutNameServer),
    filter: (await filterOf(host)).map(withoutNameServer),
    kernel: await lines(host, ["find", ...KERNEL, "-type", "f", "-exec", "grep", "-H", "", "{}", "+"]),
  };
}

/** When each file and folder was written or changed last: the same before and after what changes nothing. */
export function stampsOf(host: Container): Promise<readonly string[]> {
  return listing(host, STILL, "%p %C@\n");
}

/** Lines of `after` that `before` lacks (`+`) and the other way round (`-`), kind by kind. */
export function differences(before: HostState, after: HostState): readonly string[] {
  return (Object.keys(before) as StateKind[]).flatMap((kind) =>
    differencesOf(before[kind], after[kind]).map((line) => `${kind} ${line}`)
  );
}

/** Lines of one list that the other lacks, with their signs. */
export function differencesOf(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}

async function listing(
  host: Container,
  folders: readonly string[],
  format: string,
): Promise<readonly string[]> {
  const pruned = PASSING.flatMap((path, i) => [...(i === 0 ? [] : ["-o"]), "-path", path]);
  const { out } = await host.exec([
    "find",
    ...folders,
    "-xdev",
    "(",
    ...pruned,
    ")",
    "-prune",
    "-o",
    "-printf",
    format,
  ]);
  return sorted(out);
}

async function lines(host: Container, argv: Argv): Promise<readonly string[]> {
  return sorted((await host.exec(argv)).out);
}

// Counters change with each packet.
async function filterOf(host: Container): Promise<readonly string[]> {
  const { out } = await host.exec(["nft", "-s", "list", "ruleset"]);
  return out.split("\n").map((line) => line.replace(/ counter packets \d+ bytes \d+/, "")).filter((line) =>
    line !== ""
  );
}

// Docker's own server of names in the stand-in has other ports after each start.
function withoutNameServer(line: string): string {
  return line.includes("127.0.0.11")
    ? line.replaceAll(/(sport |:)\d{5}\b/g, "$1…").replaceAll(/\s+/g, " ")
    : line;
}

function sorted(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "").sort();
}
