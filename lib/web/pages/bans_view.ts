/**
 * Between the host's list of bans and its page: reads the list and what was asked, and turns both into words.
 *
 * @module
 */

import {
  type Ban,
  BAN_FILE_MAX,
  type BanList,
  formatUnbanRequests,
  type Jail,
  parseBanList,
  parseUnbanRequests,
  readBanned,
  type UnbanRequest,
  withRequest,
} from "../../domain/ban.ts";
import { instantWords } from "../../domain/instant.ts";
import type { BanRow, BansPageProps, BansTrouble } from "../../ui/pages/BansPage.tsx";
import { askHost, readExchange, requestPath, type Told } from "../../store/host_exchange.ts";

/** The file in which the host tells its bans. */
const BANS_FILE = "bans.json";

const UNBAN_FILE = "unban.json";

/** Bans on the page; the task lists all. */
export const BANS_SHOWN = 200;

/** A list is refreshed each minute; an older one means that nobody does so any more. */
const STALE_MS = 5 * 60_000;

/** For how long a ban that was asked to be ended is shown as ending. */
const ENDING_MS = 3 * 60_000;

const WHY: Readonly<Record<Jail, string>> = {
  "wattpost-sign-in": "Refused sign-ins",
  "wattpost-limits": "Asked for far too much",
  "sshd": "Refused over SSH",
};

/** Where the exchange with the host lies. */
export interface ExchangeFolders {
  /** What the host tells. */
  readonly hostDir: string;
  /** What is the app's. */
  readonly dataDir: string;
}

/** What the host tells of its bans. */
export function readBans({ hostDir }: Pick<ExchangeFolders, "hostDir">): Promise<Told<BanList>> {
  return readExchange({ path: `${hostDir}/${BANS_FILE}`, most: BAN_FILE_MAX, parse: parseBanList });
}

/** The ends of bans that the app asked for; what it cannot read any more it asks for anew. */
export async function readAsked(
  { dataDir }: Pick<ExchangeFolders, "dataDir">,
): Promise<readonly UnbanRequest[]> {
  const path = requestPath(dataDir, UNBAN_FILE);
  const asked = await readExchange({ path, most: BAN_FILE_MAX, parse: parseUnbanRequests });
  return asked.kind === "told" ? asked.value : [];
}

/** Asks the host to end a ban. */
export async function askForEnd(folders: ExchangeFolders, request: UnbanRequest): Promise<void> {
  const requests = withRequest(await readAsked(folders), request);
  await askHost(folders.dataDir, { name: UNBAN_FILE, text: formatUnbanRequests(requests) });
}

/** The ban that a form names; `null`: it is none of the list. */
export function banNamed(told: Told<BanList>, typed: string): Ban | null {
  const address = readBanned(typed);
  if (told.kind !== "told" || address === null) return null;
  return told.value.bans.find((ban) => ban.address === address) ?? null;
}

/** What the page is made of. */
export interface BansSeen {
  readonly told: Told<BanList>;
  readonly asked: readonly UnbanRequest[];
  readonly nowMs: number;
  readonly mayChange: boolean;
  /** Address whose end was asked for just now; `null`: none. */
  readonly ended: string | null;
  /** Whether an end was asked for of a ban that is not in the list. */
  readonly isGone: boolean;
}

/** The page as it is shown. */
export function bansPageProps({ told, asked, nowMs, mayChange, ended, isGone }: BansSeen): BansPageProps {
  const common = { mayChange, ended, isGone };
  if (told.kind === "absent") return { ...common, trouble: { kind: "absent" }, rows: [], more: 0, at: null };
  if (told.kind === "unreadable") {
    return { ...common, trouble: { kind: "unreadable", why: told.why }, rows: [], more: 0, at: null };
  }
  const { bans, more, atMs } = told.value;
  const standing = bans.filter(({ untilMs }) => untilMs === null || untilMs > nowMs);
  return {
    ...common,
    trouble: troubleOf(told.value, nowMs),
    rows: standing.slice(0, BANS_SHOWN).map((ban) => rowOf(ban, asked, nowMs)),
    more: more + Math.max(0, standing.length - BANS_SHOWN),
    at: instantWords(atMs),
  };
}

function troubleOf({ fault, atMs }: BanList, nowMs: number): BansTrouble | null {
  if (fault !== null) return { kind: "fault", why: fault };
  return nowMs - atMs > STALE_MS ? { kind: "stale" } : null;
}

function rowOf(ban: Ban, asked: readonly UnbanRequest[], nowMs: number): BanRow {
  const { address, jail, sinceMs, untilMs } = ban;
  const ending = asked.some((request) =>
    request.address === address && request.askedMs >= sinceMs && nowMs - request.askedMs < ENDING_MS
  );
  return {
    id: `${jail} ${address}`,
    address,
    why: WHY[jail],
    since: instantWords(sinceMs),
    until: untilMs === null ? "when somebody ends it" : instantWords(untilMs),
    ending,
  };
}
