/**
 * `deno task register`: registers a site with its router and meters from the command line, or lists what is
 * registered. Everything is checked before anything is written.
 *
 * @module
 */
import { resolve } from "node:path";
import { systemClock } from "../lib/clock.ts";
import { closedHalfHourAt, halfHourOf } from "../lib/domain/half_hour.ts";
import { ALL_SITES } from "../lib/domain/permission.ts";
import { safeText } from "../lib/log.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { AuditSeal } from "../lib/store/audit.ts";
import { type Database, openDatabase } from "../lib/store/db.ts";
import { readDialPlaces } from "../lib/store/dial_places.ts";
import { listSites } from "../lib/store/overview.ts";
import { migrate, pendingMigrations } from "../lib/store/migrator.ts";
import { registerSite, type SiteDraft } from "../lib/store/sites.ts";
import { migrations } from "../migrations/mod.ts";
import { readRegisterArguments, REGISTER_HELP, type RegisterOrder } from "./lib/register_arguments.ts";
import { type FieldError, formatFieldErrors } from "./lib/fields.ts";
import { dialWarnings } from "./lib/dial_words.ts";
import { databaseTroubleText, openSeal, openSettings } from "./lib/settings.ts";
import { siteDraftOf } from "./lib/site_file.ts";

/** Sites of one file at most. */
const SITES_MAX = 1_000;

/** Sites on one page of the list, and pages. */
const PAGE_SIZE = 100;
const PAGES_MAX = 1_000;

/** Who it was, in the audit trail. */
const ACTOR = "deno task register";

/** What registering works with. */
export interface RegisterTools {
  /** The database's URL. */
  readonly databaseUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Opens the key by which the audit trail is sealed. */
  readonly openSeal: (db: Database) => Promise<AuditSeal>;
  /** Whether sites on this machine are dialled; absent: they are not. */
  readonly loopbackAllowed?: boolean;
  /** Shows a line. */
  readonly print: (line: string) => void;
  /** The text of a file, or of standard input for `-`; throws when it cannot be read. */
  readonly readText: (path: string) => Promise<string>;
}

/** Does what the arguments say; the exit code. */
export async function runRegister(args: readonly string[], tools: RegisterTools): Promise<number> {
  const order = readRegisterArguments(args);
  if (!order.ok) {
    tools.print(
      `Not understood:\n${order.error.map((message) => `  ${message}`).join("\n")}\n\n${REGISTER_HELP}`,
    );
    return 2;
  }
  if (order.value.kind === "help") {
    tools.print(REGISTER_HELP);
    return 0;
  }
  if (order.value.kind === "list") {
    const { search } = order.value;
    return await withDatabase(
      tools,
      { writes: false },
      async (db) => db === null ? 0 : await list(db, search, tools),
    );
  }
  const drafts = await draftsOf(order.value, tools);
  if (!drafts.ok) {
    tools.print(drafts.error);
    return 2;
  }
  const { dryRun } = order.value;
  return await withDatabase(
    tools,
    { writes: !dryRun },
    (db) => register(db, { drafts: drafts.value, dryRun, tools }),
  );
}

type SiteOrder = Extract<RegisterOrder, { kind: "file" | "site" }>;

async function draftsOf(
  order: SiteOrder,
  tools: RegisterTools,
): Promise<Result<readonly SiteDraft[], string>> {
  const json = order.kind === "site" ? ok(order.site) : await jsonOf(order.path, tools);
  if (!json.ok) return json;
  const sites: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value];
  if (sites.length === 0 || sites.length > SITES_MAX) {
    return err(`Cannot register ${sites.length} sites at once: 1 to ${SITES_MAX}`);
  }
  const drafts: SiteDraft[] = [];
  const messages: string[] = [];
  const names = new Set<string>();
  sites.forEach((site, i) => {
    const draft = siteDraftOf(site, halfHourOf(tools.nowMs));
    const errors = draft.ok ? doubled(draft.value, names) : draft.error;
    if (draft.ok) drafts.push(draft.value);
    if (errors.length > 0) messages.push(`Cannot register site ${i + 1}:\n${formatFieldErrors(errors)}`);
  });
  return messages.length > 0 ? err(messages.join("\n")) : ok(drafts);
}

/** Whether a site before this one has its name, which is then remembered. */
function doubled({ name }: SiteDraft, names: Set<string>): readonly FieldError[] {
  const known = names.has(name.toLowerCase());
  names.add(name.toLowerCase());
  return known ? [nameTaken(name, "a name that no other site of the file has")] : [];
}

function nameTaken(name: string, expects: string): FieldError {
  return { field: "name", value: `"${safeText(name)}"`, expects };
}

async function jsonOf(path: string, { readText }: RegisterTools): Promise<Result<unknown, string>> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err(`Cannot read ${path}: ${why}\n  --file - reads standard input`);
  }
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err(`${path} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Works on the database; on `null` where it lacks migrations that only one who writes would apply. */
async function withDatabase(
  tools: RegisterTools,
  { writes }: { readonly writes: boolean },
  work: (db: Database | null) => Promise<number>,
): Promise<number> {
  try {
    const db = await openDatabase(tools.databaseUrl);
    try {
      const pending = await pendingMigrations(db, migrations);
      if (pending.length === 0) return await work(db);
      if (db.engine !== "sqlite") {
        tools.print(`The database lacks ${pending.length} migrations: deno task db:migrate`);
        return 1;
      }
      if (!writes) {
        tools.print("The database is not made yet: registering or starting Wattpost does it");
        return await work(null);
      }
      const migrated = await migrate(db, migrations, systemClock);
      if (migrated.ok) return await work(db);
      tools.print("Cannot migrate the database: deno task db:migrate says why");
      return 1;
    } finally {
      await db.close();
    }
  } catch (error) {
    const trouble = databaseTroubleText(error, "register");
    if (trouble === undefined) throw error;
    tools.print(trouble);
    return 1;
  }
}

/** Registers all or, where a name is taken, none. */
async function register(
  db: Database | null,
  { drafts, dryRun, tools }: {
    readonly drafts: readonly SiteDraft[];
    readonly dryRun: boolean;
    readonly tools: RegisterTools;
  },
): Promise<number> {
  const taken: number[] = [];
  for (const [i, { name }] of db ? drafts.entries() : []) {
    if (db && await isTaken(db, name, tools.nowMs)) taken.push(i);
  }
  for (const i of taken) refuseName(drafts[i], i, tools);
  if (taken.length > 0) return 1;
  const { places } = db ? await readDialPlaces(db) : { places: { networks: [], ports: [] } };
  const policy = { ...places, loopbackAllowed: tools.loopbackAllowed ?? false, own: [] };
  const warn = (draft: SiteDraft) => dialWarnings(draft, policy).forEach((line) => tools.print(line));
  if (!db || dryRun) {
    for (const draft of drafts) {
      tools.print(`Would register ${described(draft)}`);
      warn(draft);
    }
    return 0;
  }
  const seal = await tools.openSeal(db);
  const by = { atMs: tools.nowMs, actor: ACTOR, userId: null, origin: "command line", requestId: null, seal };
  for (const [i, draft] of drafts.entries()) {
    const registered = await registerSite(db, draft, by);
    if (!registered.ok) {
      refuseName(draft, i, tools);
      return 1;
    }
    tools.print(`Registered ${described(draft)} as site ${registered.value}`);
    warn(draft);
  }
  return 0;
}

function described(draft: SiteDraft): string {
  const meters = draft.endpoints.flatMap((endpoint) => endpoint.meters);
  const channels = meters.reduce((sum, meter) => sum + meter.channels.length, 0);
  return `"${safeText(draft.name)}": ${draft.paths.length} addresses, ${draft.endpoints.length} ports, ` +
    `${meters.length} meters, ${channels} channels`;
}

function refuseName(draft: SiteDraft | undefined, i: number, { print }: RegisterTools): void {
  const error = nameTaken(draft?.name ?? "", "a name that no registered site has, whatever its case");
  print(`Cannot register site ${i + 1}:\n${formatFieldErrors([error])}`);
}

async function isTaken(db: Database, name: string, nowMs: number): Promise<boolean> {
  for await (const site of sitesOf(db, name, nowMs)) {
    if (site.name.toLowerCase() === name.toLowerCase()) return true;
  }
  return false;
}

async function* sitesOf(db: Database, search: string, nowMs: number) {
  const halfHour = closedHalfHourAt(nowMs);
  for (let page = 1; page <= PAGES_MAX; page++) {
    const { sites, total } = await listSites(db, {
      reaches: [ALL_SITES],
      search,
      page,
      pageSize: PAGE_SIZE,
      halfHour,
    });
    yield* sites;
    if (sites.length === 0 || page * PAGE_SIZE >= total) break;
  }
}

async function list(db: Database, search: string, tools: RegisterTools): Promise<number> {
  let count = 0;
  for await (const { id, name, town } of sitesOf(db, search, tools.nowMs)) {
    tools.print(`${id}\t${safeText(name)}\t${safeText(town)}`);
    count++;
  }
  tools.print(count === 1 ? "1 site" : `${count} sites`);
  return 0;
}

/** A path as it was meant: from the folder in which the command was typed, which `deno task` leaves. */
function typedPath(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}

async function main(): Promise<number> {
  const settings = await openSettings(console.error);
  if (!settings) return 2;
  return await runRegister(Deno.args, {
    databaseUrl: settings.databaseUrl,
    loopbackAllowed: settings.loopbackSites,
    nowMs: systemClock.nowMs(),
    openSeal: (db) => openSeal(db, settings),
    print: (line) => console.log(line),
    readText: (path) =>
      path === "-" ? new Response(Deno.stdin.readable).text() : Deno.readTextFile(typedPath(path)),
  });
}

if (import.meta.main) Deno.exit(await main());
