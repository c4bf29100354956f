/**
 * `deno task register`: registers a site with its router and meters from the command line, or lists what is
 * registered. Everything is checked before anything is written.
 *
 * @module
 */
import { systemClock } from "../lib/clock.ts";
import { CONFIG_NAMES, formatConfigErrors, readConfig } from "../lib/config.ts";
import { closedHalfHourAt, halfHourOf } from "../lib/domain/half_hour.ts";
import { safeText } from "../lib/log.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { type Database, openDatabase, StoreError } from "../lib/store/db.ts";
import { listSites } from "../lib/store/overview.ts";
import { migrate, pendingMigrations } from "../lib/store/migrator.ts";
import { registerSite, type SiteDraft } from "../lib/store/sites.ts";
import { migrations } from "../migrations/mod.ts";
import { readRegisterArguments, REGISTER_HELP, type RegisterOrder } from "./lib/register_arguments.ts";
import { formatFieldErrors, siteDraftOf } from "./lib/site_file.ts";

/** Sites of one file at most. */
const SITES_MAX = 1_000;

/** Sites on one page of the list, and pages. */
const PAGE_SIZE = 100;
const PAGES_MAX = 1_000;

/** What registering works with. */
export interface RegisterTools {
  /** The database's URL. */
  readonly databaseUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
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
  const drafts = order.value.kind === "list" ? ok([]) : await draftsOf(order.value, tools);
  if (!drafts.ok) {
    tools.print(drafts.error);
    return 2;
  }
  return await withDatabase(
    tools,
    (db) =>
      order.value.kind === "list" ? list(db, { search: order.value.search, tools }) : register(db, {
        drafts: drafts.value,
        dryRun: order.value.kind !== "help" && order.value.dryRun,
        tools,
      }),
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
  sites.forEach((site, i) => {
    const draft = siteDraftOf(site, halfHourOf(tools.nowMs));
    if (draft.ok) drafts.push(draft.value);
    else messages.push(`Site ${i + 1} cannot be registered:\n${formatFieldErrors(draft.error)}`);
  });
  return messages.length > 0 ? err(messages.join("\n")) : ok(drafts);
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

async function withDatabase(tools: RegisterTools, work: (db: Database) => Promise<number>): Promise<number> {
  try {
    const db = await openDatabase(tools.databaseUrl);
    try {
      const pending = await pendingMigrations(db, migrations);
      if (pending.length > 0 && db.engine === "sqlite") await migrate(db, migrations, systemClock);
      else if (pending.length > 0) {
        tools.print(`The database lacks ${pending.length} migrations: deno task db:migrate`);
        return 1;
      }
      return await work(db);
    } finally {
      await db.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    tools.print(error.message);
    return 1;
  }
}

async function register(
  db: Database,
  { drafts, dryRun, tools: { print } }: {
    readonly drafts: readonly SiteDraft[];
    readonly dryRun: boolean;
    readonly tools: RegisterTools;
  },
): Promise<number> {
  let refused = 0;
  for (const draft of drafts) {
    const meters = draft.endpoints.flatMap((endpoint) => endpoint.meters);
    const channels = meters.reduce((sum, meter) => sum + meter.channels.length, 0);
    const what =
      `"${safeText(draft.name)}": ${draft.paths.length} addresses, ${draft.endpoints.length} ports, ` +
      `${meters.length} meters, ${channels} channels`;
    if (dryRun) {
      print(`Would register ${what}`);
      continue;
    }
    const registered = await registerSite(db, draft);
    if (!registered.ok) refused++;
    print(registered.ok ? `Registered ${what} as site ${registered.value}` : nameTaken(draft.name));
  }
  return refused > 0 ? 1 : 0;
}

function nameTaken(name: string): string {
  return `Cannot register a site:\n  name is "${
    safeText(name)
  }"\n    expected: a name that no other site has`;
}

async function list(
  db: Database,
  { search, tools }: { readonly search: string; readonly tools: RegisterTools },
): Promise<number> {
  const halfHour = closedHalfHourAt(tools.nowMs);
  for (let page = 1; page <= PAGES_MAX; page++) {
    const { sites, total } = await listSites(db, { search, page, pageSize: PAGE_SIZE, halfHour });
    for (const { id, name, town } of sites) tools.print(`${id}\t${safeText(name)}\t${safeText(town)}`);
    if (sites.length === 0 || page * PAGE_SIZE >= total) {
      tools.print(`${total} sites`);
      break;
    }
  }
  return 0;
}

async function main(): Promise<number> {
  const env = Object.fromEntries(CONFIG_NAMES.map((name) => [name, Deno.env.get(name)]));
  const config = readConfig({ env, readText: Deno.readTextFileSync });
  if (!config.ok) {
    console.error(formatConfigErrors(config.error));
    return 2;
  }
  const { databaseUrl, dataDir } = config.value;
  if (databaseUrl.startsWith("sqlite:")) await Deno.mkdir(dataDir, { recursive: true });
  return await runRegister(Deno.args, {
    databaseUrl,
    nowMs: systemClock.nowMs(),
    print: (line) => console.log(line),
    readText: (path) => path === "-" ? new Response(Deno.stdin.readable).text() : Deno.readTextFile(path),
  });
}

if (import.meta.main) Deno.exit(await main());
