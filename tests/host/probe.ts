/**
 * Tries ports from where others are: a container, a network namespace in one, a user, the network of a process. What
 * tries and what listens is Perl, which every Debian has.
 *
 * @module
 */
import type { ExecOptions } from "./docker.ts";
import type { Argv, RunEnd } from "./run.ts";

/** How a try ended: somebody answered, nobody said anything, or somebody said no. */
export type Seen = "open" | "closed" | "refused";

/** Where something is tried. */
export interface Target {
  readonly proto: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

/** From where something is tried: a container is one. */
export interface Place {
  exec(argv: Argv, options?: ExecOptions): Promise<RunEnd>;
}

/** How it is tried. */
export interface ProbeOptions {
  /** Longest silence in ms after which a port counts as closed; 4,000 unless told. */
  readonly silenceMs?: number;
  /** Address it is tried from, one of the place's own. */
  readonly source?: string;
  /** Pause between the begin of one try and the next in ms; none unless told. */
  readonly everyMs?: number;
}

const SILENCE_MS = 4_000;

// All tries at once: silence is waited for once. A UDP port is open when it answers.
const TRY = `
use strict; use Socket qw(:DEFAULT getaddrinfo AI_NUMERICHOST); use Fcntl; use Errno; use Time::HiRes qw(time sleep);
my ($silence, $every, $source, @what) = @ARGV; my (@open, %seen); my $n = 0;
for (@what) {
  my ($i, ($proto, $address, $port)) = ($n++, split / /);
  my $type = $proto eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
  my ($error, $to) = getaddrinfo($address, $port, {socktype => $type, flags => AI_NUMERICHOST}); die $error if $error;
  socket(my $s, $to->{family}, $type, 0) or die $!; fcntl($s, F_SETFL, O_NONBLOCK);
  if ($source) {
    my ($wrong, $own) = getaddrinfo($source, 0, {socktype => $type, flags => AI_NUMERICHOST}); die $wrong if $wrong;
    bind($s, $own->{addr}) or die "cannot try from $source: $!";
  }
  $! = 0; my $done = connect($s, $to->{addr});
  die "no route to $address" if $!{ENETUNREACH};
  if (!$done && !$!{EINPROGRESS}) { $seen{$i} = 'refused' }
  else { send($s, 'probe', 0) if $proto eq 'udp'; push @open, [$i, $s, $proto] }
  sleep $every if $every;
}
my $end = time + $silence;
while (@open && time < $end) {
  my ($r, $w) = ('', '');
  for (@open) { vec($_->[2] eq 'tcp' ? $w : $r, fileno $_->[1], 1) = 1 }
  select($r, $w, undef, $end - time) > 0 or last;
  my @rest;
  for my $one (@open) {
    my ($i, $s, $proto) = @$one;
    if ($proto eq 'tcp' && vec($w, fileno $s, 1)) {
      $seen{$i} = unpack('i', getsockopt($s, SOL_SOCKET, SO_ERROR)) ? 'refused' : 'open';
    } elsif ($proto eq 'udp' && vec($r, fileno $s, 1)) {
      $seen{$i} = defined recv($s, my $answer, 100, 0) ? 'open' : 'refused';
    } else { push @rest, $one }
  }
  @open = @rest;
}
print $seen{$_} // 'closed', "\\n" for 0 .. $n - 1;
`;

// Takes every connection and sends every datagram back, until it is ended.
const LISTEN = `
use strict; use Socket qw(:DEFAULT IPPROTO_IPV6 IPV6_V6ONLY inet_pton pack_sockaddr_in6); use POSIX;
my %on;
for (@ARGV) {
  my ($proto, $port) = split / /;
  socket(my $s, AF_INET6, $proto eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0) or die $!;
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1); setsockopt($s, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  bind($s, pack_sockaddr_in6($port, inet_pton(AF_INET6, '::'))) or die "$proto $port: $!";
  listen($s, 100) or die $! if $proto eq 'tcp';
  $on{fileno $s} = [$s, $proto];
}
exit if fork; POSIX::setsid();
open STDIN, '<', '/dev/null'; open STDOUT, '>', '/dev/null'; open STDERR, '>', '/dev/null';
while (1) {
  my $r = ''; vec($r, $_, 1) = 1 for keys %on;
  select($r, undef, undef, undef) > 0 or next;
  for (grep { vec($r, $_, 1) } keys %on) {
    my ($s, $proto) = @{$on{$_}};
    if ($proto eq 'tcp') { accept(my $client, $s); next }
    my $from = recv($s, my $text, 2000, 0); send($s, $text, 0, $from) if $from;
  }
}
`;

/** Tries ports, all at once, and says how each ended, in order. */
export async function probe(
  from: Place,
  targets: readonly Target[],
  { silenceMs = SILENCE_MS, everyMs = 0, source = "" }: ProbeOptions = {},
): Promise<readonly Seen[]> {
  if (targets.length === 0) return [];
  const what = targets.map(({ proto, address, port }) => `${proto} ${address} ${port}`);
  const { code, out, err } = await from.exec(
    ["perl", "-e", TRY, String(silenceMs / 1_000), String(everyMs / 1_000), source, ...what],
  );
  const seen = out.trim().split("\n").filter((word) =>
    word === "open" || word === "closed" || word === "refused"
  );
  if (code !== 0 || seen.length !== targets.length) {
    throw new Error(`Cannot try ${what.join(", ")}: ${out}${err}`);
  }
  return seen;
}

/** Listens on ports of both IP families, until the container is gone. */
export async function listen(at: Place, ports: readonly Pick<Target, "proto" | "port">[]): Promise<void> {
  const what = ports.map(({ proto, port }) => `${proto} ${port}`);
  const { code, out, err } = await at.exec(["perl", "-e", LISTEN, ...what]);
  if (code !== 0) throw new Error(`Cannot listen on ${what.join(", ")}: ${out}${err}`);
}

/** A network namespace of a container. */
export function namespaceIn(container: Place, name: string): Place {
  return { exec: (argv, options) => container.exec(["ip", "netns", "exec", name, ...argv], options) };
}

/** The network of a process in a container, such as the first one of a container within it. */
export function networkOf(container: Place, pid: number): Place {
  return {
    exec: (argv, options) => container.exec(["nsenter", "--net", `--target=${pid}`, ...argv], options),
  };
}

/** A container, as a user of it. */
export function asUser(container: Place, id: number): Place {
  const user = [`--reuid=${id}`, `--regid=${id}`, "--clear-groups"] as const;
  return { exec: (argv, options) => container.exec(["setpriv", ...user, ...argv], options) };
}
