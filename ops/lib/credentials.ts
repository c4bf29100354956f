/**
 * The folder of credentials on a host: what lies in it, without showing any of it, and one more file put into it.
 *
 * @module
 */

import { credentialName, parseConfig, SECRET_VARIABLES, TASK_CREDENTIALS } from "../../lib/config.ts";
import { readAccounts } from "./trial/account.ts";

/** Names of files that the app or an operator's task reads. */
export const CREDENTIAL_NAMES: readonly string[] = [
  ...SECRET_VARIABLES.map(({ name }) => credentialName(name)),
  ...TASK_CREDENTIALS,
];

/** Characters of a credential at most. */
const CREDENTIAL_MAX = 20_000;

/** A file of the folder. */
export interface CredentialFile {
  readonly name: string;
  /** Permission bits. */
  readonly mode: number;
  readonly owner: string;
  /** When it was written, epoch milliseconds. */
  readonly changedMs: number;
  /** What is wrong with it; `null`: nothing. */
  readonly trouble: string | null;
}

/** What is wrong with a file, as the app would see it; `null`: nothing. */
export function credentialTrouble(
  { name, kind, mode }: { readonly name: string; readonly kind: string; readonly mode: number },
): string | null {
  if (!CREDENTIAL_NAMES.includes(name)) return "no setting is called so, nobody reads it";
  if (kind !== "file") return "is no file";
  return (mode & 0o007) === 0 ? null : "everybody on the host may use it, so the app refuses to start";
}

/** A line for each file: name, age, mode and owner, and what is wrong. */
export function formatCredentials(files: readonly CredentialFile[], nowMs: number): readonly string[] {
  const width = Math.max(
    ...CREDENTIAL_NAMES.map(({ length }) => length),
    ...files.map(({ name }) => name.length),
  );
  const there = files.map(({ name, mode, owner, changedMs, trouble }) => {
    const modes = `${mode.toString(8).padStart(4, "0")} ${owner}`;
    const facts = `${name.padEnd(width)}  set ${ageWords(nowMs - changedMs)}  ${modes}`;
    return trouble === null ? facts : `${facts}  ${trouble}`;
  });
  const absent = CREDENTIAL_NAMES.filter((name) => !files.some((file) => file.name === name));
  return [...there, ...absent.map((name) => `${name.padEnd(width)}  not set`)];
}

const HOUR_MS = 3_600_000;

function ageWords(ms: number): string {
  const hours = Math.floor(Math.max(0, ms) / HOUR_MS);
  if (hours < 1) return "within the last hour";
  if (hours < 48) return hours === 1 ? "1 hour ago" : `${hours} hours ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

/** Why a text is no value of a setting, without showing it; `null`: it is one. */
export function credentialRefusal(name: string, text: string): string | null {
  if (!CREDENTIAL_NAMES.includes(name)) {
    return `No setting is called "${name}", expected one of ${CREDENTIAL_NAMES.join(", ")}`;
  }
  if (text.trim() === "") return "Nothing was given on standard input";
  if (text.length > CREDENTIAL_MAX) return `More than ${CREDENTIAL_MAX} characters`;
  if (TASK_CREDENTIALS.includes(name)) {
    const accounts = readAccounts(text);
    return accounts.ok ? null : `What was given is not understood, it has ${accounts.error}`;
  }
  const parsed = parseConfig({ [name.toUpperCase()]: text.trim() });
  const [error] = parsed.ok ? [] : parsed.error;
  return error === undefined ? null : `What was given is not understood, expected ${error.expects}`;
}

/** Runs systemctl; its exit code and what it printed. */
export type RunSystemctl = (
  args: readonly string[],
) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;

/** Tells the app's services that run to read their secrets again; which ones, and which could not be told. */
export async function tellApp(
  systemctl: RunSystemctl,
): Promise<{ readonly told: readonly string[]; readonly failed: readonly string[] }> {
  const listed = await systemctl([
    "list-units",
    "--plain",
    "--no-legend",
    "--state=active",
    "wattpost@*.service",
  ]);
  const units = listed.out.split("\n").map((line) => line.split(" ")[0] ?? "").filter((name) => name !== "");
  const told: string[] = [];
  const failed: string[] = [];
  for (const unit of units) {
    const { code } = await systemctl(["reload", unit]);
    (code === 0 ? told : failed).push(unit);
  }
  return { told, failed };
}
