/**
 * Between the page on networks and the policy by which sites are dialled: reads its forms, and says which sites a
 * change loses or reaches.
 *
 * @module
 */
import { parseAddress } from "../../domain/address.ts";
import {
  type AllowedPlaces,
  type DialPolicy,
  judgeDial,
  PLACES_MAX,
  readAllowedNetwork,
  readAllowedPort,
} from "../../domain/dial_policy.ts";
import { OWN_ADDRESSES_MAX, readOwnAddress } from "../../domain/own_addresses.ts";
import { err, ok, type Result } from "../../result.ts";
import type { SiteHost } from "../../store/site_hosts.ts";
import { type FieldErrors, readForm } from "../form.ts";

/** Characters of a list at most. */
const LIST_MAX = 4_000;

/** Sites named on the page. */
const NAMED_MAX = 10;

/** What the form says. */
export interface NetworksDraft extends AllowedPlaces {
  /** Version of the setting that was shown. */
  readonly version: number;
}

/** Reads the form; every entry that is refused is named with why. */
export function readNetworksForm(form: URLSearchParams): Result<NetworksDraft, FieldErrors> {
  return readForm<NetworksDraft>(form, {
    networks: (text) => readList(text, { max: PLACES_MAX.networks, read: readAllowedNetwork }),
    ports: (text) => readList(text, { max: PLACES_MAX.ports, read: readAllowedPort }),
    version: readVersion,
  });
}

/** What the form about our own addresses says. */
export interface OwnAddressesDraft {
  /** Addresses and networks from which sites are reached. */
  readonly own: readonly string[];
  /** Version of the setting that was shown. */
  readonly version: number;
}

/** Reads the form about our own addresses; every entry that is refused is named with why. */
export function readOwnAddressesForm(form: URLSearchParams): Result<OwnAddressesDraft, FieldErrors> {
  return readForm<OwnAddressesDraft>(form, {
    own: (text) => readList(text, { max: OWN_ADDRESSES_MAX, read: readOwnAddress }),
    version: readVersion,
  });
}

interface ListRules<T> {
  readonly max: number;
  readonly read: (entry: string) => Result<T, string>;
}

function readVersion(text: string | undefined): Result<number, string> {
  return /^\d{1,9}$/.test(text ?? "") ? ok(Number(text)) : err("Is missing");
}

/** A list by lines, commas or spaces; doubles count once. */
function readList<T>(text: string | undefined, { max, read }: ListRules<T>): Result<readonly T[], string> {
  if ((text ?? "").length > LIST_MAX) return err(`Has more than ${LIST_MAX} characters`);
  const entries = (text ?? "").split(/[\s,;]+/).filter((entry) => entry !== "");
  if (entries.length > max) return err(`Has ${entries.length} entries, at most ${max} are accepted`);
  const taken = new Set<T>();
  const wrong: string[] = [];
  for (const entry of entries) {
    const one = read(entry);
    if (one.ok) taken.add(one.value);
    else wrong.push(`"${entry.replaceAll(/[^!-~]/g, "?").slice(0, 50)}" ${one.error}`);
  }
  return wrong.length > 0 ? err(wrong.slice(0, 5).join("; ")) : ok([...taken]);
}

/** Sites at addresses that would not be dialled; those at host names are judged when they are dialled. */
export function lostSites(
  hosts: readonly SiteHost[],
  policy: DialPolicy,
): { readonly count: number; readonly names: readonly string[] } {
  const reached = new Set<number>();
  const lost = new Map<number, string>();
  for (const { siteId, name, host, port } of hosts) {
    if (parseAddress(host) === null || judgeDial(policy, { address: host, port }).ok) reached.add(siteId);
    else lost.set(siteId, name);
  }
  const names = [...lost].filter(([siteId]) => !reached.has(siteId)).map(([, name]) => name);
  return { count: names.length, names: names.slice(0, NAMED_MAX) };
}
