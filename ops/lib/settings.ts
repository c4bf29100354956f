/**
 * What operators' commands share: the settings of this process, of the host's file where the environment says nothing,
 * and what to do when the database is not to be had.
 *
 * @module
 */
import {
  type Config,
  CONFIG_NAMES,
  formatConfigErrors,
  mayReadAndWrite,
  readConfig,
  SECRET_VARIABLES,
} from "../../lib/config.ts";
import { systemClock } from "../../lib/clock.ts";
import type { Database } from "../../lib/store/db.ts";
import { isStoreError } from "../../lib/store/errors.ts";
import { type Keys, openKeys, openSecretBox } from "../../lib/store/keys.ts";
import { SecretError } from "../../lib/store/secrets.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { parseEnvFile } from "./env_file.ts";
import { PATHS } from "./host/layout.ts";
import { strangerText } from "./owner.ts";

/** Where settings come from besides the environment. */
export interface SettingsSource {
  /** A file of settings; it need not be there. Absent: the host's own. */
  readonly file?: string;
  /** The environment; absent: of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Settings that go before both; absent: none. */
  readonly over?: Readonly<Record<string, string>>;
  /** Whether places that this process may not use are refused; default yes. Who only looks says of each what is so. */
  readonly strict?: boolean;
  /** Whether the data folder is made where it is not there; default yes. */
  readonly makes?: boolean;
}

/**
 * The settings of this process, its folder made where SQLite needs it; `null` after saying what is wrong. What the
 * environment does not set comes from the file of the host.
 */
export async function openSettings(
  say: (text: string) => void,
  source: SettingsSource = {},
): Promise<Config | null> {
  const read = readSettings(source);
  if (!read.ok) {
    say(read.error);
    return null;
  }
  const { databaseUrl, dataDir } = read.value;
  const makes = source.makes ?? true;
  if (makes && databaseUrl.startsWith("sqlite:")) await Deno.mkdir(dataDir, { recursive: true });
  const stranger = strangerText(databaseUrl);
  if (stranger === undefined) return read.value;
  say(stranger);
  return null;
}

/** The settings alone; the error is for people to read. Makes nothing. */
export function readSettings(source: SettingsSource = {}): Result<Config, string> {
  const { file = PATHS.settings, env, over = {}, strict = true } = source;
  const given = env ?? Object.fromEntries(CONFIG_NAMES.map((name) => [name, Deno.env.get(name)]));
  const filed = readFile(file);
  if (!filed.ok) return err(filed.error);
  const config = readConfig({
    env: { ...withoutOthers(filed.value, given), ...dropEmpty(given), ...over },
    readText: Deno.readTextFileSync,
    ...(strict ? { mayUse: mayReadAndWrite } : {}),
  });
  return config.ok ? config : err(formatConfigErrors(config.error));
}

/** What a file sets; nothing where there is none or where this process was not given it. */
function readFile(path: string): Result<ReadonlyMap<string, string>, string> {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return ok(new Map());
    }
    // Going on without it would mean another database than the app's.
    const why = error instanceof Error ? error.message : String(error);
    return err(
      `Cannot read the settings of this host "${path}": ${why}\n  Run it as root or as the app's user`,
    );
  }
  const parsed = parseEnvFile(text);
  if (parsed.ok) return parsed;
  return err(
    `Cannot read the settings of this host "${path}": line ${parsed.error.line}, ${parsed.error.why}`,
  );
}

/** What a file sets of our names, but for secrets that the environment gives in either of their two forms. */
function withoutOthers(
  filed: ReadonlyMap<string, string>,
  given: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const settled = SECRET_VARIABLES.flatMap(({ name }) => {
    const both = [name, `${name}_FILE`];
    return both.some((one) => given[one]) ? both : [];
  });
  const names = CONFIG_NAMES.filter((name) => !settled.includes(name));
  return Object.fromEntries(names.flatMap((name) => {
    const value = filed.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function dropEmpty(given: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const set = Object.entries(given).flatMap(([name, value]) => value ? [[name, value] as const] : []);
  return Object.fromEntries(set);
}

/** The keys under the ring, by which secrets are sealed too; made with its file where it is not there yet. */
export async function openRing(db: Database, settings: Config): Promise<Keys> {
  return await openKeys(db, await openSecretBox(settings), systemClock.nowMs());
}

/** Why the database did not do it and what helps, as people read it; `undefined`: a bug, to be thrown on. */
export function databaseTroubleText(error: unknown, doing: string): string | undefined {
  if (isStoreError(error, "in-use")) {
    return `${error.message}\n  Stop Wattpost, ${doing}, start it again: with SQLite one process at a time works. ` +
      "With MySQL or MariaDB both run at once.";
  }
  if (isStoreError(error, "unavailable")) {
    return `${error.message}\n  Nothing was changed; DATABASE_URL says where it is`;
  }
  if (error instanceof SecretError) {
    return `${error.message}\n  Nothing was changed; SECRETS_KEY, SECRETS_KEY_FILE or secrets.key in DATA_DIR holds it`;
  }
  return isStoreError(error, "conflict") ? `${error.message}\n  Try again` : undefined;
}
