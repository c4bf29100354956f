/**
 * The account that trials sign in with: a file of an operator's, so that no password stands in a command line.
 *
 * @module
 */

import { err, ok, type Result } from "../../../lib/result.ts";
import { PATHS } from "../host/layout.ts";
import type { TrialAccount } from "./smoke_context.ts";

/** Where it is looked for unless another file is named; root and the app's group read the folder. */
export const ACCOUNT_FILE = `${PATHS.credentials}/smoke_account`;

/** Accounts in one file at most. */
const ACCOUNTS_MAX = 100;

/** Characters of a file of accounts at most. */
const FILE_MAX = 100_000;

/**
 * Reads accounts: an object with `email` and `password`, or a list of such. The error says what is wrong with it,
 * without what stands in it.
 */
export function readAccounts(text: string): Result<readonly TrialAccount[], string> {
  if (text.length > FILE_MAX) return err(`more than ${FILE_MAX} characters`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err("no JSON");
  }
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (list.length === 0 || list.length > ACCOUNTS_MAX) return err(`not 1 to ${ACCOUNTS_MAX} accounts`);
  const accounts = list.flatMap((one) => accountOf(one) ?? []);
  if (accounts.length < list.length) return err('an account without the texts "email" and "password"');
  return ok(accounts);
}

/** The account of a file; a text: why there is none. */
export async function accountAt(path: string): Promise<TrialAccount | string> {
  const accounts = await accountsAt(path);
  if (typeof accounts === "string") return accounts;
  return accounts[0] ?? `${path} has no account`;
}

/** The accounts of a file; a text: why there are none. */
export async function accountsAt(path: string): Promise<readonly TrialAccount[] | string> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `There is no ${path}`;
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      return `${path} may not be read by whoever runs this`;
    }
    return `Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
  const accounts = readAccounts(text);
  return accounts.ok ? accounts.value : `Cannot use ${path}: it has ${accounts.error}`;
}

function accountOf(value: unknown): TrialAccount | null {
  if (typeof value !== "object" || value === null) return null;
  const { email, password } = value as Record<string, unknown>;
  const isText = (text: unknown): text is string =>
    typeof text === "string" && text !== "" && text.length < 300;
  return isText(email) && isText(password) ? { email, password } : null;
}
