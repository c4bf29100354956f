/**
 * Asks fail2ban who is banned, and ends bans. The one file that talks to it.
 *
 * @module
 */

import { type Ban, type BanList, type Jail, JAILS, readBanned } from "../../../lib/domain/ban.ts";
import { holds, parseAddress, parseNetwork } from "../../../lib/domain/address.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import type { Host } from "./step.ts";

/** What talking to fail2ban needs. */
export interface BanClient {
  /** Runs a command. */
  readonly run: Host["run"];
  /** Socket of the server; `null`: the distribution's. */
  readonly socket: string | null;
}

const ANSWER_MS = 15_000;

function ask({ run, socket }: BanClient, words: readonly string[]) {
  const at = socket === null ? [] : ["-s", socket];
  return run(["fail2ban-client", ...at, ...words], { deadlineMs: ANSWER_MS });
}

/** All bans of our jails, the newest first; why not, in words. A jail that is not set up has none. */
export async function listBans(client: BanClient): Promise<Result<readonly Ban[], string>> {
  const alive = await ask(client, ["ping"]);
  if (alive.code === 127) return err("fail2ban is not installed");
  if (alive.code !== 0) return err("fail2ban does not answer");
  const bans: Ban[] = [];
  for (const jail of JAILS) {
    const { code, out, err: words } = await ask(client, ["get", jail, "banip", "--with-time"]);
    if (code === 0) bans.push(...parseBanned(jail, out));
    else if (!/does not exist/.test(words + out)) return err(`fail2ban does not tell of ${jail}`);
  }
  return ok(bans.toSorted((a, b) => b.sinceMs - a.sinceMs));
}

/** The list as the app is told it. */
export async function banListNow(client: BanClient, nowMs: number): Promise<BanList> {
  const bans = await listBans(client);
  return { atMs: nowMs, bans: bans.ok ? bans.value : [], more: 0, fault: bans.ok ? null : bans.error };
}

/** Ends bans; those that fail2ban did not end. */
export async function endBans(client: BanClient, bans: readonly Ban[]): Promise<readonly Ban[]> {
  const left: Ban[] = [];
  for (const ban of bans) {
    const { code } = await ask(client, ["set", ban.jail, "unbanip", ban.address]);
    if (code !== 0) left.push(ban);
  }
  return left;
}

/** The bans that keep an address or network out: its own, and those of a network that holds it. */
export function bansOf(bans: readonly Ban[], text: string): readonly Ban[] {
  const named = readBanned(text);
  const address = parseAddress(text);
  return bans.filter((ban) => {
    const network = parseNetwork(ban.address);
    return ban.address === named || (network !== null && address !== null && holds(network, address));
  });
}

/**
 * Reads what fail2ban prints of one jail: `192.0.2.7 \t2026-11-29 17:31:32 + 3600 = 2026-11-29 18:31:32`, in the
 * host's own time; a ban without end has -1 seconds. Lines that are not understood are left out.
 */
export function parseBanned(jail: Jail, text: string): readonly Ban[] {
  return text.split("\n").flatMap((line) => {
    const [, written = "", day, time, seconds] =
      /^(\S+)\s+(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \+ (-?\d+) = /.exec(line) ?? [];
    const address = readBanned(written);
    const sinceMs = Date.parse(`${day}T${time}`); // without a zone: the host's
    if (address === null || Number.isNaN(sinceMs)) return [];
    const lastsS = Number(seconds);
    return [{ address, jail, sinceMs, untilMs: lastsS < 0 ? null : sinceMs + lastsS * 1_000 }];
  });
}
