/**
 * Where sites may be reached, as administrators set it, and the mail server, which is none of those places.
 *
 * @module
 */
import { type AllowedPlaces, type OwnService, PLACES_MAX } from "../domain/dial_policy.ts";
import { mailServerOf } from "../domain/messaging.ts";
import type { Database } from "./db.ts";
import { readHostVpn, vpnPlaces } from "./vpn_exchange.ts";

/** Name of the setting that holds {@link AllowedPlaces}. */
export const NETWORKS_SETTING = "networks";

/** Where sites may be reached, and what is there besides sites. */
export interface DialPlaces {
  /** What administrators allow, and the networks of the VPN where the host has one. */
  readonly places: AllowedPlaces;
  /** The mail server; empty: none is set up. */
  readonly services: readonly { readonly host: string; readonly port: number }[];
  /** The host itself in its VPN, which is no site. */
  readonly own: readonly OwnService[];
}

/**
 * Reads both settings as they are now. What the host tells of its VPN is the word of its administrator, whom the folder
 * belongs to: its networks need no leave besides. A file that is not understood allows nothing.
 *
 * @param hostDir Where the host tells of its VPN; absent: nobody asks it.
 */
export async function readDialPlaces(db: Database, hostDir?: string): Promise<DialPlaces> {
  const told = hostDir === undefined ? null : await readHostVpn(hostDir);
  const vpn = vpnPlaces(told?.ok ? told.value : null);
  const rows = await db.kysely.selectFrom("setting").select(["name", "value"])
    .where("name", "in", [NETWORKS_SETTING, "mail"]).execute();
  const valueOf = (name: string): unknown => {
    const text = rows.find((row) => row.name === name)?.value;
    return text === undefined ? null : JSON.parse(text);
  };
  const mail = mailServerOf(valueOf("mail"));
  const services = mail ? [{ host: mail.host, port: mail.port }] : [];
  const { networks, ports } = allowedPlacesOf(valueOf(NETWORKS_SETTING));
  return { places: { networks: [...networks, ...vpn.networks], ports }, services, own: vpn.own };
}

/** Allowed places out of stored JSON (`allowed`, `ports`); what is not understood is not allowed. */
export function allowedPlacesOf(stored: unknown): AllowedPlaces {
  const { allowed, ports } = (stored ?? {}) as { readonly allowed?: unknown; readonly ports?: unknown };
  return {
    networks: listOf(allowed, PLACES_MAX.networks).filter((one): one is string => typeof one === "string"),
    ports: listOf(ports, PLACES_MAX.ports).filter((one): one is number => Number.isInteger(one)),
  };
}

function listOf(value: unknown, limit: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, limit) : [];
}
