/**
 * The table of VPN peers as Kysely sees it.
 *
 * @module
 */

/** The peer of a site. `state` as in VPN_STATES; the private keys lie sealed among the secrets. */
export interface VpnPeerTable {
  readonly site_id: number;
  readonly place: number;
  readonly state: number;
  readonly public_key: string | null;
  readonly next_key: string | null;
  readonly until_ms: number | null;
  readonly made_ms: number;
  readonly taken_ms: number | null;
  readonly version: number;
}
