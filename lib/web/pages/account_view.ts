/**
 * What the page of one's own account shows, in words.
 *
 * @module
 */

import { noPasskeysText, relyingPartyOf } from "../../auth/relying_party.ts";
import type { FoundSession } from "../../auth/session.ts";
import type { Reach } from "../../domain/permission.ts";
import type { SignedInBy } from "../../kv/sessions.ts";
import type { Database } from "../../store/db.ts";
import { listGroups, listSiteChoices } from "../../store/groups.ts";
import { listPasskeys, type Passkey, PASSKEYS_MAX } from "../../store/passkeys.ts";
import { countRecoveryCodes } from "../../store/second_factors.ts";
import type { User } from "../../store/users.ts";
import { countText, durationText, listText } from "../../ui/format.ts";
import type { AccountPageProps } from "../../ui/pages/AccountPage.tsx";
import type { PasskeyRow } from "../../ui/pages/AccountPasskeys.tsx";
import type { SessionRow } from "../../ui/pages/AccountSessions.tsx";
import { browserWords } from "../user_agent.ts";
import { fleetZone } from "./zone.ts";

/** Longest name of a person in characters. */
export const NAME_MAX = 80;

/** Longest name of a passkey in characters. */
export const PASSKEY_NAME_MAX = 80;

/** Sites and groups that are named before the rest is counted. */
const NAMED = 5;

/** Date and time for people with the zone they are in, such as `23 Nov 2026, 09:12 GMT`. */
export function whenLabel(zone: string, instantMs: number): string {
  const date = { day: "numeric", month: "short", year: "numeric" } as const;
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" } as const;
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...date, ...time }).format(instantMs);
}

/** A date for people, such as `23 Nov 2026`. */
export function dateLabel(zone: string, instantMs: number): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "medium" }).format(instantMs);
}

/** What is known about who looks. */
export interface AccountViewer {
  /** Who. */
  readonly user: User;
  /** Where the product answers. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** What comes from the database. */
export type StoredAccount = Pick<
  AccountPageProps,
  "name" | "nameMax" | "email" | "role" | "reach" | "passwordSet" | "passkeys" | "noPasskeys"
>;

/** Loads what is stored of an account. */
export async function loadAccount(
  db: Database,
  { user, publicUrl, nowMs }: AccountViewer,
): Promise<StoredAccount & { readonly zone: string; readonly codesLeft: number; readonly room: boolean }> {
  const [zone, reach, passkeys, codesLeft] = await Promise.all([
    fleetZone(db, { reaches: [user.reach], nowMs }),
    reachWords(db, user.reach),
    listPasskeys(db, user.id),
    user.secondFactor ? countRecoveryCodes(db, user.id) : 0,
  ]);
  const party = relyingPartyOf(publicUrl);
  return {
    zone,
    codesLeft,
    room: typeof party !== "string" && passkeys.length < PASSKEYS_MAX,
    name: user.name,
    nameMax: NAME_MAX,
    email: user.email,
    role: `${user.role.charAt(0).toUpperCase()}${user.role.slice(1)}`,
    reach,
    passwordSet: user.passwordSetMs === null ? null : dateLabel(zone, user.passwordSetMs),
    passkeys: passkeys.map((passkey) => passkeyRow(passkey, zone)),
    noPasskeys: typeof party === "string" ? noPasskeysText(party) : null,
  };
}

/** What a session was begun by, in words. */
const BY_WORDS: Readonly<Record<SignedInBy, string>> = {
  "password": "Password",
  "second-factor": "Password and second factor",
  "passkey": "Passkey",
};

/** A session in words. */
export function sessionRow(
  session: FoundSession,
  { key, zone, nowMs }: { readonly key: string | null; readonly zone: string; readonly nowMs: number },
): SessionRow {
  const { publicId, agent, origin, createdMs, seenMs, by } = session;
  const agoS = Math.floor((nowMs - seenMs) / 1000);
  return {
    id: publicId,
    current: session.key === key,
    browser: browserWords(agent),
    address: origin,
    since: whenLabel(zone, createdMs),
    // What is noted is up to a minute old.
    seen: agoS < 120 ? "just now" : `${durationText(agoS)} ago`,
    by: BY_WORDS[by],
  };
}

/** A passkey in words. */
export function passkeyRow(passkey: Passkey, zone: string): PasskeyRow {
  const { credentialHash, name, backedUp, createdMs, lastUsedMs } = passkey;
  return {
    id: credentialHash,
    name,
    backedUp,
    added: dateLabel(zone, createdMs),
    lastUsed: lastUsedMs === null ? null : whenLabel(zone, lastUsedMs),
  };
}

/** What somebody reaches, in words: names first, the rest counted. */
async function reachWords(db: Database, reach: Reach): Promise<string> {
  if (reach.kind === "all") return "All sites";
  const { groupIds, siteIds } = reach;
  if (groupIds.length + siteIds.length === 0) return "No site yet";
  const groups = groupIds.length === 0 ? [] : await listGroups(db);
  const sites = await listSiteChoices(db, siteIds.slice(0, NAMED));
  const words = listText([
    ...someOf("group", groups.filter(({ id }) => groupIds.includes(id)), groupIds.length),
    ...someOf("site", sites, siteIds.length),
  ]);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function someOf(what: string, named: readonly { readonly name: string }[], total: number): readonly string[] {
  if (total === 0) return [];
  const names = named.slice(0, NAMED).map(({ name }) => name);
  const more = total - names.length;
  return [...names.map((name) => `${what} ${name}`), ...(more > 0 ? [countText(more, `more ${what}`)] : [])];
}
