/**
 * `deno task register`: registers a site with its router and meters from the command line, or lists what is
 * registered. Everything is checked before anything is written.
 *
 * @module
 */
import { systemClock } from "../lib/clock.ts";
import { closedHalfHourAt, halfHourOf } from "../lib/domain/half_hour.ts";
import { ALL_SITES } from "../lib/domain/permission.ts";
import { safeText } from "../lib/log.ts";
import { createProfileBook, type FindProfile, type ProfileBook } from "../lib/profiles/book.ts";
import { profileOf } from "../lib/profiles/mod.ts";
import { publishedProfile } from "../lib/profiles/published.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { type Database, openDatabase } from "../lib/store/db.ts";
import { readDialPlaces } from "../lib/store/dial_places.ts";
import type { Keys } from "../lib/store/keys.ts";
import { listSites } from "../lib/store/overview.ts";
import { migrate, pendingMigrations } from "../lib/store/migrator.ts";
import { readPublished } from "../lib/store/register_maps.ts";
import { registerSite, registerSiteWithPassword, type SiteDraft } from "../lib/store/sites.ts";
import { migrations } from "../migrations/mod.ts";
import { readRegisterArguments, REGISTER_HELP, type RegisterOrder } from "./lib/register_arguments.ts";
import { type FieldError, formatFieldErrors, isSecretText } from "./lib/fields.ts";
import { dialWarnings } from "./lib/dial_words.ts";
import { typedPath } from "./lib/command.ts";
import { databaseTroubleText, openRing, openSettings } from "./lib/settings.ts";
import { ownProfilesIn, passwordSourceOf, ROUTER_LOGIN, siteDraftOf } from "./lib/site_file.ts";

/** Sites of one file at most. */
const SITES_MAX = 1_000;

/** Sites on one page of the list, and pages. */
const PAGE_SIZE = 100;
const PAGES_MAX = 1_000;

/** Who it was, in the audit trail. */
const ACTOR = "deno task register";

/** Where sites may be reached while no database says so. */
const NOWHERE = { places: { networks: [], ports: [] }, own: [] };

/** What registering works with. */
export interface RegisterTools {
  /** The database's URL. */
  readonly databaseUrl: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Opens the keys by which the audit trail and passwords of routers are sealed. */
  readonly openKeys: (db: Database) => Promise<Pick<Keys, "seal" | "box">>;
  /** Whether sites on this machine are dialled; absent: they are not. */
  readonly loopbackAllowed?: boolean;
  /** Where the host tells of its VPN; absent: nowhere. */
  readonly hostDir?: string;
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
  const sites = await sitesIn(order.value, tools);
  if (!sites.ok) {
    tools.print(sites.error);
    return 2;
  }
  const { dryRun } = order.value;
  const own = ownProfilesIn(sites.value);
  // What needs nothing of the database is said without it.
  const early = own.length === 0 ? await ordersOf(sites.value, { tools, find: profileOf }) : null;
  if (early?.ok === false) {
    tools.print(early.error);
    return 2;
  }
  return await withDatabase(tools, { writes: !dryRun }, async (db) => {
    const find = db ? await bookOf(db).load(own) : profileOf;
    const orders = early ?? await ordersOf(sites.value, { tools, find });
    if (orders.ok) return await register(db, { orders: orders.value, dryRun, tools });
    tools.print(orders.error);
    return 2;
  });
}

/** The library and people's own, of one database. */
function bookOf(db: Database): ProfileBook {
  return createProfileBook(async (ids) =>
    (await readPublished(db, ids)).flatMap((published) => publishedProfile(published) ?? [])
  );
}

type SiteOrder = Extract<RegisterOrder, { kind: "file" | "site" }>;

/** A site that is to be registered, and the password of its router; `null`: none. */
interface Order {
  readonly draft: SiteDraft;
  readonly password: string | null;
}

async function sitesIn(order: SiteOrder, tools: RegisterTools): Promise<Result<readonly unknown[], string>> {
  const json = order.kind === "site" ? ok(order.site) : await jsonOf(order.path, tools);
  if (!json.ok) return json;
  const sites: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value];
  if (sites.length === 0 || sites.length > SITES_MAX) {
    return err(`Cannot register ${sites.length} sites at once: 1 to ${SITES_MAX}`);
  }
  return ok(sites);
}

async function ordersOf(
  sites: readonly unknown[],
  { tools, find }: { readonly tools: RegisterTools; readonly find: FindProfile },
): Promise<Result<readonly Order[], string>> {
  const orders: Order[] = [];
  const messages: string[] = [];
  const names = new Set<string>();
  for (const [i, site] of sites.entries()) {
    const draft = siteDraftOf(site, { since: halfHourOf(tools.nowMs), find });
    const password = draft.ok ? await passwordOf(site, tools) : ok(null);
    const errors = [
      ...(draft.ok ? doubled(draft.value, names) : draft.error),
      ...(password.ok ? [] : [password.error]),
    ];
    if (draft.ok && password.ok) orders.push({ draft: draft.value, password: password.value });
    if (errors.length > 0) messages.push(`Cannot register site ${i + 1}:\n${formatFieldErrors(errors)}`);
  }
  return messages.length > 0 ? err(messages.join("\n")) : ok(orders);
}

/** The password of the site's router, from where the site says it is. */
async function passwordOf(
  site: unknown,
  { readText }: RegisterTools,
): Promise<Result<string | null, FieldError>> {
  const source = passwordSourceOf(site);
  if (source?.kind !== "file") return ok(source?.plain ?? null);
  const { least, most } = ROUTER_LOGIN.password;
  const refusal = (what: string): FieldError => ({
    field: "router.passwordFile",
    value: `"${safeText(source.path)}", ${what}`,
    expects: `a file with nothing but the password: one line of ${least} to ${most} characters`,
  });
  try {
    const plain = (await readText(source.path)).replace(/\r?\n$/, "");
    return isSecretText(plain, ROUTER_LOGIN.password)
      ? ok(plain)
      : err(refusal("which holds something else"));
  } catch (error) {
    return err(refusal(`which cannot be read: ${error instanceof Error ? error.message : String(error)}`));
  }
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
    // What is quoted from the text may be a password.
    const why = error instanceof Error ? error.message.replace(/, (\.\.\.)?"[^]*$/, "") : "not understood";
    return err(`${path} is no JSON: ${why}`);
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
  { orders, dryRun, tools }: {
    readonly orders: readonly Order[];
    readonly dryRun: boolean;
    readonly tools: RegisterTools;
  },
): Promise<number> {
  const taken: number[] = [];
  for (const [i, { draft }] of db ? orders.entries() : []) {
    if (db && await isTaken(db, draft.name, tools.nowMs)) taken.push(i);
  }
  for (const i of taken) refuseName(orders[i]?.draft, i, tools);
  if (taken.length > 0) return 1;
  const { places, own } = db ? await readDialPlaces(db, tools.hostDir) : NOWHERE;
  const policy = { ...places, loopbackAllowed: tools.loopbackAllowed ?? false, own };
  const warn = (draft: SiteDraft) => dialWarnings(draft, policy).forEach((line) => tools.print(line));
  if (!db || dryRun) {
    for (const order of orders) {
      tools.print(`Would register ${described(order)}`);
      warn(order.draft);
    }
    return 0;
  }
  const { seal, box } = await tools.openKeys(db);
  const by = { atMs: tools.nowMs, actor: ACTOR, userId: null, origin: "command line", requestId: null, seal };
  for (const [i, order] of orders.entries()) {
    const { draft, password } = order;
    const registered = password === null
      ? await registerSite(db, draft, by)
      : await registerSiteWithPassword(db, draft, { by, password: { box, plain: password } });
    if (!registered.ok) {
      refuseName(draft, i, tools);
      return 1;
    }
    tools.print(`Registered ${described(order)} as site ${registered.value}`);
    warn(draft);
  }
  return 0;
}

function described({ draft, password }: Order): string {
  const meters = draft.endpoints.flatMap((endpoint) => endpoint.meters);
  const channels = meters.reduce((sum, meter) => sum + meter.channels.length, 0);
  return `"${safeText(draft.name)}": ${draft.paths.length} addresses, ${draft.endpoints.length} ports, ` +
    `${meters.length} meters, ${channels} channels${password === null ? "" : ", a password of its router"}`;
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

async function main(): Promise<number> {
  const settings = await openSettings(console.error);
  if (!settings) return 2;
  return await runRegister(Deno.args, {
    databaseUrl: settings.databaseUrl,
    loopbackAllowed: settings.loopbackSites,
    hostDir: settings.hostDir,
    nowMs: systemClock.nowMs(),
    openKeys: (db) => openRing(db, settings),
    print: (line) => console.log(line),
    readText: (path) =>
      path === "-" ? new Response(Deno.stdin.readable).text() : Deno.readTextFile(typedPath(path)),
  });
}

if (import.meta.main) Deno.exit(await main());
