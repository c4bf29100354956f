/**
 * What the app asks of the host. The folder is the app's, so whatever lies in it may be hostile: a link to a secret, a
 * pipe that never ends, a file without end. It is read by a process that has become the app's user, which sees no more
 * than the app itself does, and only so much, and for so long.
 *
 * @module
 */

import { BAN_FILE_MAX, bansToEnd, formatBanList, parseUnbanRequests } from "../../../lib/domain/ban.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type BanClient, banListNow, endBans } from "./bans_client.ts";
import { IDS } from "./layout.ts";
import type { Host } from "./step.ts";

const READ_MS = 5_000;

/** Who a file is read as. */
export interface Reader {
  /** Number of user and group. */
  readonly id: number;
}

/** The app's user. */
const APP: Reader = { id: IDS.app.id };

/** How much is read of what. */
export interface HostileFile {
  readonly path: string;
  /** Most bytes. */
  readonly most: number;
}

/** Text of a file of the app's; `null`: there is none. Why it is not read, in words that repeat nothing of it. */
export async function readAsApp(
  run: Host["run"],
  { path, most }: HostileFile,
  { id }: Reader = APP,
): Promise<Result<string | null, string>> {
  const become = ["--reuid", String(id), "--regid", String(id), "--clear-groups", "--no-new-privs"];
  const { code, out, err: words } = await run(
    ["setpriv", ...become, "head", "-c", String(most + 1), "--", path],
    { deadlineMs: READ_MS },
  );
  if (code === 124) return err(`it cannot be read within ${READ_MS / 1_000} s`);
  if (/No such file or directory/.test(words)) return ok(null);
  if (code !== 0) return err("the app's user cannot read it");
  return new TextEncoder().encode(out).length > most ? err(`it has more than ${most} bytes`) : ok(out);
}

/** What is done for bans. */
export interface BanWork {
  /** fail2ban. */
  readonly client: BanClient;
  /** The app's requests. */
  readonly requests: string;
  /** Now, epoch milliseconds. */
  readonly nowMs: () => number;
  /** Who the app is; absent: its user on a host. */
  readonly reader?: Reader;
}

/** What was done. */
export interface BansDone {
  /** The list for the app. */
  readonly list: string;
  /** What operators should know, a line each. */
  readonly said: readonly string[];
  /** Whether something did not work. */
  readonly failed: boolean;
}

/** Ends the bans that the app asks to be ended, and tells who is banned then. */
export async function workOnBans({ client, requests, nowMs, reader }: BanWork): Promise<BansDone> {
  const said: string[] = [];
  let failed = false;
  const trouble = (words: string) => {
    said.push(words);
    failed = true;
  };
  let list = await banListNow(client, nowMs());
  const text = await readAsApp(client.run, { path: requests, most: BAN_FILE_MAX }, reader);
  const asked = !text.ok ? text : text.value === null ? ok([]) : parseUnbanRequests(text.value);
  if (!asked.ok) trouble(`Bans to be ended are not understood: ${asked.error}`);
  const due = asked.ok ? bansToEnd(list.bans, { requests: asked.value, nowMs: nowMs() }) : [];
  if (due.length > 0) {
    const left = await endBans(client, due);
    for (const ban of due) {
      const words = `ban of ${ban.address} (${ban.jail})`;
      if (left.includes(ban)) trouble(`Cannot end the ${words}`);
      else said.push(`Ended the ${words}, as a page asked`);
    }
    list = await banListNow(client, nowMs());
  }
  if (list.fault !== null) trouble(`Bans are not known: ${list.fault}`);
  return { list: formatBanList(list), said, failed };
}
