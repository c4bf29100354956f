/**
 * Registers sites with everything that stands at them. One transaction a site or a batch of them; ids are taken
 * in blocks, so that the channels of a site lie together.
 *
 * @module
 */

import type { ChannelKind, Unit } from "../domain/channel.ts";
import type { EndUse } from "../domain/end_use.ts";
import type { HalfHour } from "../domain/half_hour.ts";
import type { EndpointKind, PathKind, Transformer, WeekHours } from "../domain/site.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { CHANNEL_KINDS, codeIn, END_USE_CODES, ENDPOINT_KINDS, PATH_KINDS } from "./codes.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { bulkRows, type RowType, type RowValue } from "./dialect.ts";
import { piecesOf, takeIds } from "./ids.ts";
import type { SecretBox } from "./secret_box.ts";
import { putSecret } from "./secrets.ts";

/** A site as it is registered. */
export interface SiteDraft {
  /** Unique, whatever its case; 1 to 80 characters. */
  readonly name: string;
  /** For people; may be empty. */
  readonly town: string;
  /** IANA zone. */
  readonly zone: string;
  /** Degrees north; `null`: not given. */
  readonly latitude: number | null;
  /** Degrees east; `null`: not given. */
  readonly longitude: number | null;
  /** When it is meant to run; `null`: not given. */
  readonly hours: WeekHours | null;
  /** Addresses in the order in which they are tried, at least one. */
  readonly paths: readonly PathDraft[];
  /** Ports and the meters behind them. */
  readonly endpoints: readonly EndpointDraft[];
  /** First half-hour that is expected. */
  readonly since: HalfHour;
  /** Whether half-hours are collected; default true. */
  readonly collected?: boolean;
  /** The router as its label says, and who signs in to it; default: not known. */
  readonly router?: RouterDraft;
}

/** A router as it is registered; `null`: not known. */
export interface RouterDraft {
  /** As its label says. */
  readonly model: string | null;
  /** As its label says. */
  readonly serial: string | null;
  /** Name of the user that signs in to it, at most 64 characters; its password is kept apart, sealed. */
  readonly user?: string | null;
}

/** The password of a router, to be sealed. */
export interface RouterPassword {
  /** Seals it. */
  readonly box: SecretBox;
  /** What must not be seen. */
  readonly plain: string;
}

/** An address of a router as it is registered. */
export interface PathDraft {
  /** Kind of WAN behind the address. */
  readonly kind: PathKind;
  /** IPv4 or IPv6 address or host name. */
  readonly host: string;
}

/** A port as it is registered. */
export interface EndpointDraft {
  /** TCP port. */
  readonly port: number;
  /** What answers there. */
  readonly kind: EndpointKind;
  /** Milliseconds between two requests; default 0. */
  readonly pauseMs?: number;
  /** Milliseconds to wait for a response; default: the configured one. */
  readonly responseTimeoutMs?: number;
  /** Meters behind it. */
  readonly meters: readonly MeterDraft[];
}

/** A meter as it is registered. */
export interface MeterDraft {
  /** What people call it. */
  readonly name: string;
  /** Modbus unit identifier. */
  readonly unitId: number;
  /** Id of its device profile. */
  readonly profileId: string;
  /** Version of that profile, at least 1. */
  readonly profileVersion: number;
  /** What its load is for; `null` for a router or an I/O module. */
  readonly endUse: EndUse | null;
  /** Whether it measures the whole site. */
  readonly wholeSite: boolean;
  /** Largest believable power in W; `null`: the profile's. */
  readonly maxPowerW: number | null;
  /** Ratios of transformers; `null`: read directly. */
  readonly transformer: Transformer | null;
  /** Its channels, made of its profile. */
  readonly channels: readonly ChannelDraft[];
}

/** A channel as it is registered. */
export interface ChannelDraft {
  /** Name of the quantity in the profile. */
  readonly quantity: string;
  /** How its values may be used. */
  readonly kind: ChannelKind;
  /** Base unit. */
  readonly unit: Unit;
  /** Decimals of a gauge. */
  readonly decimals: number;
}

/** Sites registered in one transaction. */
const SITES_A_BATCH = 100;

/** Registers one site; its id. Without `by` nobody is written down: the demo registers for nobody. */
export async function registerSite(
  db: Database,
  draft: SiteDraft,
  by?: Author,
): Promise<Result<number, { readonly kind: "name-taken" }>> {
  const [id] = await registerBatch(db, [draft], by);
  return id === undefined ? err({ kind: "name-taken" }) : ok(id);
}

/** Registers one site and seals its router's password, both or neither; the site's id. */
export async function registerSiteWithPassword(
  db: Database,
  draft: SiteDraft,
  { by, password: { box, plain } }: { readonly by: Author; readonly password: RouterPassword },
): Promise<Result<number, { readonly kind: "name-taken" }>> {
  const [id] = await registerBatch(db, [draft], by, async (tx, siteId) => {
    const name = routerSecretName(siteId);
    await putSecret(tx, box, { name, plain, nowMs: by.atMs });
    const entry = { action: "secret-changed", subject: `secret ${name}`, siteId };
    await appendAudit(tx, by, { ...entry, after: { state: "set" } });
  });
  return id === undefined ? err({ kind: "name-taken" }) : ok(id);
}

/** Under which name the password of a site's router is kept. */
export function routerSecretName(siteId: number): string {
  return `router:${siteId}`;
}

/** Registers many sites in batches of 100; their ids in the order of the drafts. A batch with a name that is taken is
 * left out as a whole, and with it what follows. */
export async function registerSites(
  db: Database,
  drafts: readonly SiteDraft[],
): Promise<Result<readonly number[], { readonly kind: "name-taken" }>> {
  const all: number[] = [];
  for (const batch of piecesOf(drafts, SITES_A_BATCH)) {
    const ids = await registerBatch(db, batch);
    if (ids.length < batch.length) return err({ kind: "name-taken" });
    all.push(...ids);
  }
  return ok(all);
}

async function registerBatch(
  db: Database,
  drafts: readonly SiteDraft[],
  by?: Author,
  afterwards?: (tx: Executor, siteId: number) => Promise<void>,
): Promise<readonly number[]> {
  try {
    return await transaction(db, async (tx) => {
      const rows = await rowsOf(tx, drafts);
      for (const [table, { columns, values }] of Object.entries(rows.tables)) {
        await insertBulk(tx, table as BulkTable, columns, values);
      }
      if (by) {
        for (const [i, siteId] of rows.siteIds.entries()) {
          const subject = `site ${siteId}`;
          const after = traceOf(drafts[i]);
          await appendAudit(tx, by, { action: "site-registered", subject, siteId, after });
        }
      }
      if (afterwards) { for (const siteId of rows.siteIds) await afterwards(tx, siteId); }
      return rows.siteIds;
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return [];
    throw error;
  }
}

/** Characters of a trace at most: the column holds 65,535 bytes, a character up to three of them as JSON. */
const TRACE_MAX = 20_000;

/** A draft as the audit trail keeps it: channels follow from the profiles, meters of a very large site are counted. */
function traceOf(draft: SiteDraft | undefined): unknown {
  if (!draft) return undefined;
  const meters = draft.endpoints.flatMap((endpoint) =>
    endpoint.meters.map((meter) => ({ ...meter, port: endpoint.port, channels: meter.channels.length }))
  );
  const endpoints = draft.endpoints.map((endpoint) => ({ ...endpoint, meters: endpoint.meters.length }));
  const whole = { ...draft, endpoints, meters };
  return JSON.stringify(whole).length > TRACE_MAX ? { ...whole, meters: meters.length } : whole;
}

type BulkTable = "site" | "router" | "path" | "endpoint" | "meter" | "channel";

interface BulkInsert {
  readonly columns: Readonly<Record<string, RowType>>;
  readonly values: RowValue[][];
}

const COLUMNS: Readonly<Record<BulkTable, Readonly<Record<string, RowType>>>> = {
  site: {
    site_id: "int",
    name: "text",
    town: "text",
    zone: "text",
    latitude: "double",
    longitude: "double",
    hours: "text",
    collected: "int",
    since: "int",
  },
  router: { site_id: "int", profile_id: "text", model: "text", serial: "text", user_name: "text" },
  path: { path_id: "int", site_id: "int", place: "int", kind: "int", host: "text" },
  endpoint: {
    endpoint_id: "int",
    site_id: "int",
    port: "int",
    kind: "int",
    pause_ms: "int",
    response_timeout_ms: "int",
  },
  meter: {
    meter_id: "int",
    site_id: "int",
    endpoint_id: "int",
    unit_id: "int",
    profile_id: "text",
    name: "text",
    end_use: "int",
    whole_site: "int",
    max_power_w: "int",
    transformer: "text",
    since: "int",
  },
  channel: {
    channel_id: "int",
    site_id: "int",
    meter_id: "int",
    quantity: "text",
    kind: "int",
    unit: "text",
    decimals: "int",
    profile_version: "int",
    since: "int",
  },
};

const ROWS_A_STATEMENT = 2_000;

async function insertBulk(
  tx: Executor,
  table: BulkTable,
  columns: Readonly<Record<string, RowType>>,
  values: readonly (readonly RowValue[])[],
): Promise<void> {
  const names = Object.keys(columns);
  for (const piece of piecesOf(values, ROWS_A_STATEMENT)) {
    await tx.insertInto(table).columns(names as never[])
      .expression(tx.selectFrom(bulkRows(tx, columns, piece).as("j")).select(names as never[]) as never)
      .execute();
  }
}

interface SiteRows {
  readonly siteIds: readonly number[];
  readonly tables: Readonly<Record<BulkTable, BulkInsert>>;
}

async function rowsOf(tx: Executor, drafts: readonly SiteDraft[]): Promise<SiteRows> {
  const endpoints = drafts.flatMap((draft) => draft.endpoints);
  const meters = endpoints.flatMap((endpoint) => endpoint.meters);
  const next = {
    site: await takeIds(tx, "site", drafts.length),
    path: await takeIds(tx, "path", drafts.flatMap((draft) => draft.paths).length),
    endpoint: await takeIds(tx, "endpoint", endpoints.length),
    meter: await takeIds(tx, "meter", meters.length),
    channel: await takeIds(tx, "channel", meters.flatMap((meter) => meter.channels).length),
  };
  const list = (table: BulkTable): BulkInsert => ({ columns: COLUMNS[table], values: [] });
  const tables = {
    site: list("site"),
    router: list("router"),
    path: list("path"),
    endpoint: list("endpoint"),
    meter: list("meter"),
    channel: list("channel"),
  };
  const siteIds = drafts.map((draft) => {
    const siteId = next.site++;
    addSite(tables, draft, { siteId, next });
    return siteId;
  });
  return { siteIds, tables };
}

interface Place {
  readonly siteId: number;
  readonly next: { path: number; endpoint: number; meter: number; channel: number };
}

function addSite(tables: SiteRows["tables"], draft: SiteDraft, { siteId, next }: Place): void {
  tables.site.values.push([
    siteId,
    draft.name,
    draft.town,
    draft.zone,
    draft.latitude,
    draft.longitude,
    draft.hours && JSON.stringify(draft.hours),
    draft.collected === false ? 0 : 1,
    draft.since,
  ]);
  const routerMeter = draft.endpoints.find(({ kind }) => kind === "router")?.meters[0];
  tables.router.values.push([
    siteId,
    routerMeter?.profileId ?? null,
    draft.router?.model ?? null,
    draft.router?.serial ?? null,
    draft.router?.user ?? null,
  ]);
  draft.paths.forEach(({ kind, host }, rank) => {
    tables.path.values.push([next.path++, siteId, rank, codeIn(PATH_KINDS, kind), host]);
  });
  for (const endpoint of draft.endpoints) {
    const endpointId = next.endpoint++;
    tables.endpoint.values.push([
      endpointId,
      siteId,
      endpoint.port,
      codeIn(ENDPOINT_KINDS, endpoint.kind),
      endpoint.pauseMs ?? 0,
      endpoint.responseTimeoutMs ?? null,
    ]);
    for (const meter of endpoint.meters) {
      addMeter(tables, meter, { siteId, endpointId, next, since: draft.since });
    }
  }
}

function addMeter(
  tables: SiteRows["tables"],
  meter: MeterDraft,
  { siteId, endpointId, next, since }: Place & { readonly endpointId: number; readonly since: HalfHour },
): void {
  const meterId = next.meter++;
  tables.meter.values.push([
    meterId,
    siteId,
    endpointId,
    meter.unitId,
    meter.profileId,
    meter.name,
    meter.endUse && codeIn(END_USE_CODES, meter.endUse),
    meter.wholeSite ? 1 : 0,
    meter.maxPowerW,
    meter.transformer && JSON.stringify(meter.transformer),
    since,
  ]);
  for (const { quantity, kind, unit, decimals } of meter.channels) {
    const code = codeIn(CHANNEL_KINDS, kind);
    const { profileVersion } = meter;
    tables.channel.values.push(
      [next.channel++, siteId, meterId, quantity, code, unit, decimals, profileVersion, since],
    );
  }
}
