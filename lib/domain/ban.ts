/**
 * Addresses that the host keeps out for a while: the list that it tells, and the bans that are asked to be ended. Both
 * lie in files that neither side believes unchecked.
 *
 * @module
 */

import { err, ok, type Result } from "../result.ts";
import { addressText, networkText, parseNetwork } from "./address.ts";
import { isCount, isPlain, type Plain } from "./plain.ts";

/** Why an address was banned: refused sign-ins, limits of nginx, refused SSH. */
export const JAILS = ["wattpost-sign-in", "wattpost-limits", "sshd"] as const;

/** Why an address was banned. */
export type Jail = (typeof JAILS)[number];

/** An address that is kept out. */
export interface Ban {
  /** An address, or the IPv6 network of one, `2001:db8:1:2::/64`. */
  readonly address: string;
  /** Why. */
  readonly jail: Jail;
  /** Since when, epoch milliseconds. */
  readonly sinceMs: number;
  /** Until when, epoch milliseconds; `null`: until somebody ends it. */
  readonly untilMs: number | null;
}

/** What the host tells of its bans. */
export interface BanList {
  /** When it looked, epoch milliseconds. */
  readonly atMs: number;
  /** The newest first, at most {@link BANS_MAX}. */
  readonly bans: readonly Ban[];
  /** Bans beyond those. */
  readonly more: number;
  /** Why nothing is known of them; `null`: all is. */
  readonly fault: string | null;
}

/** A ban that is asked to be ended. */
export interface UnbanRequest {
  /** As the list has it. */
  readonly address: string;
  /** When it was asked, epoch milliseconds: a ban that began later stays. */
  readonly askedMs: number;
}

/** Bans of one list. */
export const BANS_MAX = 5_000;

/** Requests of one file. */
export const UNBANS_MAX = 100;

/** Milliseconds for which a request is good: one that lay longer is not done any more. */
export const UNBAN_MS = 3_600_000;

/** How far a request's clock may be ahead of the host's, in milliseconds. */
const AHEAD_MS = 60_000;

/** Characters of either file at most. */
export const BAN_FILE_MAX = 1_000_000;

const FAULT_MAX = 300;

const VERSION = 1;

/** An address or network as it is written here, whatever its spelling; `null`: it is neither. */
export function readBanned(text: string): string | null {
  const network = parseNetwork(text);
  if (network === null) return null;
  return network.prefix === network.bytes.length * 8 ? addressText(network) : networkText(network);
}

/** The file by which the host tells its bans. */
export function formatBanList({ atMs, bans, more, fault }: BanList): string {
  const newest = bans.toSorted((a, b) => b.sinceMs - a.sinceMs).slice(0, BANS_MAX);
  const list = { version: VERSION, atMs, bans: newest, more: more + bans.length - newest.length, fault };
  return `${JSON.stringify(list)}\n`;
}

/** Reads that file; why not, in words. */
export function parseBanList(text: string): Result<BanList, string> {
  const read = objectOf(text);
  if (!read.ok) return read;
  const { atMs, bans, more, fault } = read.value;
  if (!isCount(atMs) || !isCount(more)) return err("its time or count is no number");
  if (fault !== null && typeof fault !== "string") return err("its fault is no text");
  if (!Array.isArray(bans) || bans.length > BANS_MAX) return err(`its bans are no list of ${BANS_MAX}`);
  const parsed = bans.map(banOf);
  if (parsed.includes(null)) return err(`ban ${parsed.indexOf(null) + 1} is not understood`);
  const whole = parsed.filter((ban) => ban !== null);
  return ok({ atMs, bans: whole, more, fault: fault === null ? null : fault.slice(0, FAULT_MAX) });
}

/** The file by which the app asks for bans to be ended. */
export function formatUnbanRequests(requests: readonly UnbanRequest[]): string {
  return `${JSON.stringify({ version: VERSION, requests: requests.slice(-UNBANS_MAX) })}\n`;
}

/** Reads that file; whoever wrote it may be hostile, so nothing of what is wrong is repeated. */
export function parseUnbanRequests(text: string): Result<readonly UnbanRequest[], string> {
  const read = objectOf(text);
  if (!read.ok) return read;
  const { requests } = read.value;
  if (!Array.isArray(requests) || requests.length > UNBANS_MAX) {
    return err(`its requests are no list of at most ${UNBANS_MAX}`);
  }
  const parsed: UnbanRequest[] = [];
  for (const [i, value] of requests.entries()) {
    const { address, askedMs } = isPlain(value) ? value : {};
    const banned = typeof address === "string" ? readBanned(address) : null;
    if (banned === null || !isCount(askedMs)) return err(`request ${i + 1} is not understood`);
    parsed.push({ address: banned, askedMs });
  }
  return ok(parsed);
}

/** Requests with one more, without those that are over and earlier ones for the same address. */
export function withRequest(
  requests: readonly UnbanRequest[],
  more: UnbanRequest,
): readonly UnbanRequest[] {
  const others = requests.filter(({ address, askedMs }) =>
    address !== more.address && more.askedMs - askedMs < UNBAN_MS
  );
  return [...others, more].slice(-UNBANS_MAX);
}

/** The bans that are to be ended now: asked for after they began, not long ago and not in the future. */
export function bansToEnd(
  bans: readonly Ban[],
  { requests, nowMs }: { readonly requests: readonly UnbanRequest[]; readonly nowMs: number },
): readonly Ban[] {
  const good = requests.filter(({ askedMs }) => askedMs <= nowMs + AHEAD_MS && nowMs - askedMs < UNBAN_MS);
  return bans.filter(({ address, sinceMs }) =>
    good.some((request) => request.address === address && sinceMs <= request.askedMs)
  );
}

function banOf(value: unknown): Ban | null {
  if (!isPlain(value)) return null;
  const { address, jail, sinceMs, untilMs } = value;
  const banned = typeof address === "string" ? readBanned(address) : null;
  const known = JAILS.find((name) => name === jail);
  if (banned === null || known === undefined || !isCount(sinceMs)) return null;
  if (untilMs !== null && !isCount(untilMs)) return null;
  return { address: banned, jail: known, sinceMs, untilMs };
}

function objectOf(text: string): Result<Plain, string> {
  if (text.length > BAN_FILE_MAX) return err(`it is longer than ${BAN_FILE_MAX} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err("it is not JSON");
  }
  if (!isPlain(value)) return err("it is no object");
  return value.version === VERSION ? ok(value) : err(`its version is not ${VERSION}`);
}
