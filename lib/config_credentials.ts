/**
 * Secrets in files of one folder, one each: the file is called as the setting, in lower case. What others of the host
 * could read is refused.
 *
 * @module
 */
import { safeText } from "./log.ts";

/** What is known of a file before it is read. */
export interface FileFacts {
  /** Permission bits. */
  readonly mode: number;
  /** Whether it is a file, after links. */
  readonly isFile: boolean;
  /** Bytes. */
  readonly size: number;
}

/** How the folder is looked at. */
export interface CredentialSource {
  /** The text of a file; throws when it cannot be read. */
  readonly readText: (path: string) => string;
  /** What is at a path; `null`: nothing. Throws when it cannot be looked at. */
  readonly look: (path: string) => FileFacts | null;
}

/** Files of the folder that no setting has, because an operator's task reads them: the account of `smoke`. */
export const TASK_CREDENTIALS: readonly string[] = ["smoke_account"];

/** Bytes of a credential at most. */
const CREDENTIAL_MAX = 65_536;

/** What a credential came to. */
export type CredentialRead =
  | { readonly kind: "none" }
  | { readonly kind: "given"; readonly text: string }
  | { readonly kind: "refused"; readonly is: string; readonly expects: string };

/** The name of a setting's file. */
export function credentialName(variable: string): string {
  return variable.toLowerCase();
}

/** Reads the file of one setting. */
export function readCredential(
  folder: string,
  variable: string,
  { look, readText }: CredentialSource,
): CredentialRead {
  const path = `${folder}/${credentialName(variable)}`;
  const shown = `"${safeText(path)}"`;
  const refused = (is: string, expects: string): CredentialRead => ({ kind: "refused", is, expects });
  try {
    const facts = look(path);
    if (facts === null) return { kind: "none" };
    if (!facts.isFile) return refused(`${shown}, which is no file`, "a folder of files");
    if ((facts.mode & 0o007) !== 0) {
      return refused(
        `${shown}, which everybody on the host may use`,
        `only its owner and group: chmod o= ${path}`,
      );
    }
    if (facts.size > CREDENTIAL_MAX) {
      return refused(`${shown}, which is too long`, `at most ${CREDENTIAL_MAX} bytes`);
    }
    const text = readText(path).trim();
    if (text === "") return refused(`${shown}, which is empty`, "a file that is not empty, or none");
    return { kind: "given", text };
  } catch {
    return refused(shown, "a folder and files that the app can read");
  }
}

/** Looks at a file of this machine, following links. */
export function lookAtFile(path: string): FileFacts | null {
  try {
    const { mode, isFile, size } = Deno.statSync(path);
    return { mode: (mode ?? 0) & 0o7777, isFile, size };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Names in a folder of credentials that no setting has, perhaps misspelt; none where it cannot be listed. */
export function strangersIn(folder: string | undefined, variables: readonly string[]): readonly string[] {
  if (folder === undefined) return [];
  const known = new Set([...variables.map(credentialName), ...TASK_CREDENTIALS]);
  try {
    const names = [...Deno.readDirSync(folder)].slice(0, 1_000).map(({ name }) => name);
    return names.filter((name) => !known.has(name) && !name.startsWith(".")).map(safeText).sort();
  } catch {
    return [];
  }
}
