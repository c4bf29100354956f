/**
 * The tables as Kysely sees them. Small choices are stored as numbers or letters, whose meaning stands here;
 * instants are UTC with their unit last; half-hours, days and ids are 32-bit, counters 64-bit, amounts 32-bit.
 *
 * @module
 */

import type { Generated } from "kysely";
import type { CorrectionTable, DeviceEventTable, MaintenanceTable } from "./schema_device.ts";
import type { DeviceCheckTable, DeviceIdentityTable, FindingTable } from "./schema_finding.ts";
import type { LinkDayTable, LinkSettingTable, LinkStateTable, RouterFileTable } from "./schema_link.ts";
import type {
  SiteImportPartTable,
  SiteImportSiteTable,
  SiteImportTable,
  SiteImportTestTable,
} from "./schema_import.ts";
import type {
  ApiTokenTable,
  AuditCheckpointTable,
  AuditHeadTable,
  AuditTable,
  MailLinkTable,
  PasskeyTable,
  ReachTable,
  RecoveryCodeTable,
  SecretTable,
  SettingTable,
  SetupTokenTable,
  SiteGroupTable,
  UserTable,
} from "./schema_people.ts";
import type { RegisterMapTable, RegisterMapVersionTable } from "./schema_register_map.ts";
import type { ActiveReleaseTable, IdempotencyTable, ReleaseSeenTable } from "./schema_release.ts";
import type { VpnPeerTable } from "./schema_vpn.ts";

/** Next free id of each kind of thing, so that a site's channels get neighbouring ids. */
export interface AllocationTable {
  readonly kind: string;
  readonly next_id: number;
}

/** Premises. `hours` is JSON; `collected` 0 or 1; `since` and `until` are half-hours. */
export interface SiteTable {
  readonly site_id: number;
  readonly name: string;
  readonly town: string;
  readonly zone: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly hours: string | null;
  readonly collected: number;
  readonly since: number;
  readonly group_id: Generated<number | null>;
  readonly address: Generated<string | null>;
  readonly contacts: Generated<string | null>;
}

/** Sites while they are registered; `body` is JSON, `version` counts changes. */
export interface SiteDraftTable {
  readonly draft_id: number;
  readonly owner_id: number;
  readonly body: string;
  readonly version: number;
  readonly created_ms: number;
  readonly changed_ms: number;
}

/** The router of a site. */
export interface RouterTable {
  readonly site_id: number;
  readonly profile_id: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly user_name: string | null;
  readonly sim: Generated<string | null>;
}

/** Addresses of a router. `kind`: 0 cellular, 1 Wi-Fi, 2 wired. */
export interface PathTable {
  readonly path_id: number;
  readonly site_id: number;
  readonly place: number;
  readonly kind: number;
  readonly host: string;
}

/** Ports. `kind`: 0 router, 1 gateway, 2 device. */
export interface EndpointTable {
  readonly endpoint_id: number;
  readonly site_id: number;
  readonly port: number;
  readonly kind: number;
  readonly pause_ms: number;
  readonly response_timeout_ms: number | null;
}

/** Meters. `end_use` as in END_USE_CODES; `transformer` is JSON. */
export interface MeterTable {
  readonly meter_id: number;
  readonly site_id: number;
  readonly endpoint_id: number;
  readonly unit_id: number;
  readonly profile_id: string;
  readonly name: string;
  readonly end_use: number | null;
  readonly whole_site: number;
  readonly max_power_w: number | null;
  readonly transformer: string | null;
  readonly since: number;
  readonly until: number | null;
  readonly parent_id: Generated<number | null>;
  readonly serial: Generated<string | null>;
  readonly label: Generated<string | null>;
  readonly location: Generated<string | null>;
}

/** Channels. `kind`: 0 counter, 1 gauge, 2 state, 3 text. */
export interface ChannelTable {
  readonly channel_id: number;
  readonly site_id: number;
  readonly meter_id: number;
  readonly quantity: string;
  readonly kind: number;
  readonly unit: string;
  readonly decimals: number;
  readonly profile_version: number;
  readonly since: number;
  readonly until: number | null;
}

/** Counter series. `begins` as in SERIES_BEGINNINGS plus one, absent where its first reading began it. */
export interface SeriesTable {
  readonly channel_id: number;
  readonly since_s: number;
  readonly series_id: number;
  readonly numerator: number;
  readonly denominator: number;
  readonly origin: number;
  readonly modulus: number | null;
  readonly base: Generated<number | null>;
  readonly begins: Generated<number | null>;
}

/** A row per half-hour and channel. `quality` is a letter of lib/domain/reading.ts, reasons are its codes. */
export interface RecentTable {
  readonly half_hour: number;
  readonly channel_id: number;
  readonly words: Uint8Array | null;
  readonly read_s: number | null;
  readonly profile_version: number;
  readonly value: number | null;
  readonly boundary: number | null;
  readonly amount: number | null;
  readonly quality: string;
  readonly reading_reason: number | null;
  readonly amount_reason: number | null;
}

/** A packed UTC day of a channel, as lib/domain/packing.ts packs it. `version` counts its changes. */
export interface DayTable {
  readonly day: number;
  readonly channel_id: number;
  readonly version: number;
  readonly amounts: string;
  readonly qualities: string;
  readonly reasons: string;
  readonly boundaries: string;
}

/** What was read on a packed day: kept for a shorter time. */
export interface DayWordTable {
  readonly day: number;
  readonly channel_id: number;
  readonly words: string;
  readonly read_s: string;
  readonly counter_values: string;
  readonly versions: string;
}

/** The state of a day: 0 open, 1 packing, 2 packed, 3 packed and Recent forgotten. */
export interface DayStateTable {
  readonly day: number;
  readonly state: number;
  readonly token: number | null;
  readonly until_ms: number | null;
  readonly packed_ms: number | null;
}

/** The last accepted reading of a counter that has been missing since. */
export interface OpenGapTable {
  readonly channel_id: number;
  readonly half_hour: number;
  readonly at_s: number;
  readonly value: number;
  readonly words: Uint8Array | null;
  readonly series_id: number;
  readonly boundary: number | null;
}

/** Texts by number: text channels store the number as their value. */
export interface TextValueTable {
  readonly text_id: Generated<number>;
  readonly text: string;
}

/** A row per half-hour and site. `state`: 0 open, 1 claimed, 2 complete, 3 partial, 4 failed. `mark` is the token
 * of the claim that stored it last; `judged` 0 or 1 belongs to alerts. */
export interface LedgerTable {
  readonly half_hour: number;
  readonly site_id: number;
  readonly state: number;
  readonly due_at_ms: number;
  readonly token: number | null;
  readonly claim_until_ms: number | null;
  readonly mark: number | null;
  readonly tries: number;
  readonly has_reading: number;
  readonly reason: number | null;
  readonly path_id: number | null;
  readonly stored_at_ms: number | null;
  readonly judged: number;
}

/** The ledger of a packed day: 48 letters c, p, f or -, and JSON of the reasons `[index, code]`. */
export interface LedgerDayTable {
  readonly day: number;
  readonly site_id: number;
  readonly outcomes: string;
  readonly reasons: string | null;
}

/** Tries to reach an endpoint; `attempt_no` counts those of one store of a site's half-hour. */
export interface AttemptTable {
  readonly half_hour: number;
  readonly site_id: number;
  readonly tries: number;
  readonly attempt_no: number;
  readonly at_ms: number;
  readonly endpoint_id: number | null;
  readonly path_id: number | null;
  readonly took_ms: number;
  readonly requests: number;
  readonly bytes: number;
  readonly reason: number | null;
}

/** Half-hours in which we were down, older than what is caught up; `to_half_hour` is exclusive. */
export interface OutageTable {
  readonly from_half_hour: number;
  readonly to_half_hour: number;
  readonly reason: number;
}

/** What was stored, for those who follow. `site_ids` is a JSON list. */
export interface ChangeFeedTable {
  readonly change_id: Generated<number>;
  readonly half_hour: number;
  readonly site_ids: string;
  readonly at_ms: number;
}

/** A channel's typical week: its usual peak, and weights as JSON. */
export interface LoadShapeTable {
  readonly channel_id: number;
  readonly peak: number;
  readonly shape: string;
  readonly updated_ms: number;
}

/** Applied migrations. */
export interface MigrationTable {
  readonly name: string;
  readonly applied_ms: number;
}

/** Who migrates; its only row has id 1. */
export interface MigrationLockTable {
  readonly lock_id: number;
  readonly token: number | null;
  readonly until_ms: number | null;
}

/** The view for Grafana and Excel. */
export interface HalfHourlyEnergyView {
  readonly starts_at_utc: string | Date;
  readonly ends_at_utc: string | Date;
  readonly site: string;
  readonly meter: string;
  readonly quantity: string;
  readonly amount: number | null;
  readonly unit: string;
  readonly quality: string;
  readonly half_hour: number;
  readonly site_id: number;
  readonly meter_id: number;
  readonly channel_id: number;
}

/** All tables. */
export interface Schema {
  readonly allocation: AllocationTable;
  readonly site: SiteTable;
  readonly router: RouterTable;
  readonly path: PathTable;
  readonly endpoint: EndpointTable;
  readonly meter: MeterTable;
  readonly channel: ChannelTable;
  readonly series: SeriesTable;
  readonly device_event: DeviceEventTable;
  readonly maintenance: MaintenanceTable;
  readonly correction: CorrectionTable;
  readonly finding: FindingTable;
  readonly device_identity: DeviceIdentityTable;
  readonly device_check: DeviceCheckTable;
  readonly recent: RecentTable;
  readonly day: DayTable;
  readonly day_word: DayWordTable;
  readonly day_state: DayStateTable;
  readonly open_gap: OpenGapTable;
  readonly text_value: TextValueTable;
  readonly ledger: LedgerTable;
  readonly ledger_day: LedgerDayTable;
  readonly attempt: AttemptTable;
  readonly outage: OutageTable;
  readonly change_feed: ChangeFeedTable;
  readonly active_release: ActiveReleaseTable;
  readonly release_seen: ReleaseSeenTable;
  readonly idempotency: IdempotencyTable;
  readonly load_shape: LoadShapeTable;
  readonly user: UserTable;
  readonly setup_token: SetupTokenTable;
  readonly site_group: SiteGroupTable;
  readonly reach: ReachTable;
  readonly mail_link: MailLinkTable;
  readonly recovery_code: RecoveryCodeTable;
  readonly passkey: PasskeyTable;
  readonly api_token: ApiTokenTable;
  readonly setting: SettingTable;
  readonly site_draft: SiteDraftTable;
  readonly site_import: SiteImportTable;
  readonly site_import_part: SiteImportPartTable;
  readonly site_import_site: SiteImportSiteTable;
  readonly site_import_test: SiteImportTestTable;
  readonly register_map: RegisterMapTable;
  readonly register_map_version: RegisterMapVersionTable;
  readonly secret: SecretTable;
  readonly audit: AuditTable;
  readonly audit_head: AuditHeadTable;
  readonly audit_checkpoint: AuditCheckpointTable;
  readonly link_day: LinkDayTable;
  readonly link_state: LinkStateTable;
  readonly link_setting: LinkSettingTable;
  readonly router_file: RouterFileTable;
  readonly vpn_peer: VpnPeerTable;
  readonly migration: MigrationTable;
  readonly migration_lock: MigrationLockTable;
  readonly half_hourly_energy: HalfHourlyEnergyView;
}
