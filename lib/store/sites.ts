/**
 * Registers sites with everything that stands at them. One transaction a site or a batch of them; ids are taken
 * in blocks, so that the channels of a site lie together.
 *
 * @module
 */

import type { HalfHour } from "../domain/half_hour.ts";
import { err, ok, type Result } from "../result.ts";
import { appendAudit, type Author } from "./audit.ts";
import { CHANNEL_KINDS, codeIn, END_USE_CODES, ENDPOINT_KINDS, PATH_KINDS } from "./codes.ts";
import { type Database, type Executor, isStoreError, transaction } from "./db.ts";
import { bulkRows, type RowType, type RowValue } from "./dialect.ts";
import { piecesOf, takeIds } from "./ids.ts";
import type { MeterDraft, RouterPassword, SiteDraft } from "./new_site.ts";
import { putSecret } from "./secrets.ts";

export type {
  ChannelDraft,
  EndpointDraft,
  MeterDraft,
  PathDraft,
  RouterDraft,
  RouterPassword,
  SiteDraft,
} from "./new_site.ts";

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
    await sealRouterPassword(tx, by, { siteId, box, plain });
  });
  return id === undefined ? err({ kind: "name-taken" }) : ok(id);
}

/** Seals the password of a site's router within a transaction. */
export async function sealRouterPassword(
  tx: Executor,
  by: Author,
  { siteId, box, plain }: RouterPassword & { readonly siteId: number },
): Promise<void> {
  const name = routerSecretName(siteId);
  await putSecret(tx, box, { name, plain, nowMs: by.atMs });
  const entry = { action: "secret-changed", subject: `secret ${name}`, siteId };
  await appendAudit(tx, by, { ...entry, after: { state: "set" } });
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
      const siteIds = await insertSites(tx, drafts, by);
      if (afterwards) { for (const siteId of siteIds) await afterwards(tx, siteId); }
      return siteIds;
    });
  } catch (error) {
    if (isStoreError(error, "duplicate")) return [];
    throw error;
  }
}

/** Adds sites within a transaction; their ids. A name that is taken ends it as a duplicate. */
export async function insertSites(
  tx: Executor,
  drafts: readonly SiteDraft[],
  by?: Author,
): Promise<readonly number[]> {
  const rows = await rowsOf(tx, drafts);
  for (const [table, { columns, values }] of Object.entries(rows.tables)) {
    await insertBulk(tx, table as BulkTable, columns, values);
  }
  if (!by) return rows.siteIds;
  for (const [i, siteId] of rows.siteIds.entries()) {
    const subject = `site ${siteId}`;
    const after = traceOf(drafts[i]);
    await appendAudit(tx, by, { action: "site-registered", subject, siteId, after });
  }
  return rows.siteIds;
}

/** Meters that are added to a site. */
export interface AddedMeters {
  /** The site. */
  readonly siteId: number;
  /** First half-hour that they are expected in. */
  readonly since: HalfHour;
  /** Each with the endpoint through which it is read. */
  readonly meters: readonly { readonly endpointId: number; readonly meter: MeterDraft }[];
  /** Ids of meters that stand there already, by the names that `parentRef` knows them by. */
  readonly known: ReadonlyMap<number, number>;
}

/** Adds meters to a registered site within a transaction; the ids of those that have a `ref`, by it. */
export async function insertMeters(
  tx: Executor,
  { siteId, since, meters, known }: AddedMeters,
): Promise<ReadonlyMap<number, number>> {
  const first = await takeIds(tx, "meter", meters.length);
  const channels = meters.flatMap(({ meter }) => meter.channels).length;
  const next = { path: 0, endpoint: 0, meter: first, channel: await takeIds(tx, "channel", channels) };
  const added = meters.flatMap(({ meter: { ref } }, i) =>
    ref === undefined ? [] : [[ref, first + i] as const]
  );
  const refs = new Map([...known, ...added]);
  const tables = emptyTables();
  for (const { endpointId, meter } of meters) {
    addMeter(tables, meter, { siteId, endpointId, next, since, refs });
  }
  for (const table of ["meter", "channel"] as const) {
    await insertBulk(tx, table, tables[table].columns, tables[table].values);
  }
  return new Map(added);
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
    group_id: "int",
    address: "text",
    contacts: "text",
  },
  router: {
    site_id: "int",
    profile_id: "text",
    model: "text",
    serial: "text",
    user_name: "text",
    sim: "text",
  },
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
    parent_id: "int",
    serial: "text",
    label: "text",
    location: "text",
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
  const tables = emptyTables();
  const siteIds = drafts.map((draft) => {
    const siteId = next.site++;
    addSite(tables, draft, { siteId, next });
    return siteId;
  });
  return { siteIds, tables };
}

function emptyTables(): SiteRows["tables"] {
  const list = (table: BulkTable): BulkInsert => ({ columns: COLUMNS[table], values: [] });
  return {
    site: list("site"),
    router: list("router"),
    path: list("path"),
    endpoint: list("endpoint"),
    meter: list("meter"),
    channel: list("channel"),
  };
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
    draft.groupId ?? null,
    draft.address ?? null,
    draft.contacts ? JSON.stringify(draft.contacts) : null,
  ]);
  const routerMeter = draft.endpoints.find(({ kind }) => kind === "router")?.meters[0];
  tables.router.values.push([
    siteId,
    routerMeter?.profileId ?? null,
    draft.router?.model ?? null,
    draft.router?.serial ?? null,
    draft.router?.user ?? null,
    draft.router?.sim ? JSON.stringify(draft.router.sim) : null,
  ]);
  draft.paths.forEach(({ kind, host }, rank) => {
    tables.path.values.push([next.path++, siteId, rank, codeIn(PATH_KINDS, kind), host]);
  });
  const refs = refsOf(draft, next.meter);
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
      addMeter(tables, meter, { siteId, endpointId, next, since: draft.since, refs });
    }
  }
}

/** Ids that the meters of a draft will get, by their names within it. */
function refsOf({ endpoints }: SiteDraft, first: number): ReadonlyMap<number, number> {
  const meters = endpoints.flatMap((endpoint) => endpoint.meters);
  return new Map(meters.flatMap(({ ref }, i) => ref === undefined ? [] : [[ref, first + i]]));
}

interface MeterPlace extends Place {
  readonly endpointId: number;
  readonly since: HalfHour;
  readonly refs: ReadonlyMap<number, number>;
}

function addMeter(
  tables: SiteRows["tables"],
  meter: MeterDraft,
  { siteId, endpointId, next, since, refs }: MeterPlace,
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
    meter.parentRef == null ? null : refs.get(meter.parentRef) ?? null,
    meter.serial ?? null,
    meter.label ?? null,
    meter.location ?? null,
  ]);
  for (const { quantity, kind, unit, decimals } of meter.channels) {
    const code = codeIn(CHANNEL_KINDS, kind);
    const { profileVersion } = meter;
    tables.channel.values.push(
      [next.channel++, siteId, meterId, quantity, code, unit, decimals, profileVersion, since],
    );
  }
}
