/**
 * `deno task audit:verify`: proves that nobody changed, cut or rewrote the audit trail. Changes nothing; with MySQL it
 * works while Wattpost runs.
 *
 * @module
 */

import { type AuditProof, KEPT_MAX, proveAudit } from "../lib/store/audit_proof.ts";
import { CHECKPOINT_FILE } from "../lib/store/checkpoint_keeper.ts";
import { type Checkpoint, checkpointOf } from "../lib/store/checkpoints.ts";
import type { Database } from "../lib/store/db.ts";
import { findTrailKeys, type KeySettings } from "../lib/store/keys.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { onDatabase, runCommand, typedPath } from "./lib/command.ts";

/** Characters of one line that are looked at: a line of the log has fewer. */
const LINE_MAX = 65_536;

/** How it is called. */
export const VERIFY_HELP = `deno task audit:verify [--checkpoints FILE]... [--public-key KEY]

Proves every entry of the audit trail by its seal, and the whole by the states that Wattpost signs each minute.

  --checkpoints  signed states kept elsewhere: lines of the log, or a copy of ${CHECKPOINT_FILE}; again for more
  --public-key   whose signatures count, as an earlier run printed it; otherwise the one of this installation

The file ${CHECKPOINT_FILE} in DATA_DIR is always looked at. A trail whose end was cut off, or that was written anew by
somebody with the key, shows only against states that were kept where that somebody could not reach them.
Exit code 0: proved; 1: not. With SQLite stop Wattpost first; with MySQL both run at once.`;

/** What it was told. */
export interface VerifyOrder {
  /** Files with signed states. */
  readonly files: readonly string[];
  /** Whose signatures count; `null`: this installation's. */
  readonly publicKey: string | null;
}

/** What proving works with. */
export interface VerifyTools extends KeySettings {
  /** The database's URL. */
  readonly databaseUrl: string;
  /** Shows a line. */
  readonly print: (line: string) => void;
}

/** Reads the arguments; `null`: help is asked for. */
export function readVerifyArguments(args: readonly string[]): Result<VerifyOrder | null, string> {
  const files: string[] = [];
  let publicKey: string | null = null;
  for (let i = 0; i < args.length; i += 2) {
    const [name, value] = [args[i], args[i + 1]];
    if (name === "--help") return ok(null);
    if (name !== "--checkpoints" && name !== "--public-key") return err(`No option is called "${name}"`);
    if (value === undefined) return err(`${name} wants a value`);
    if (name === "--checkpoints") files.push(value);
    else if (/^[A-Za-z0-9_-]{43}$/.test(value)) publicKey = value;
    else return err("--public-key wants 43 letters, digits, dashes and underscores");
  }
  return ok({ files, publicKey });
}

/** Proves the trail and says what was found; the exit code. */
export async function runVerify(order: VerifyOrder, tools: VerifyTools): Promise<number> {
  const { print } = tools;
  const own = await statesIn(`${tools.dataDir}/${CHECKPOINT_FILE}`, { mayLack: true });
  const kept: Checkpoint[] = [...own];
  for (const file of order.files) {
    const states = await statesIn(file, { mayLack: false });
    if (states.length === 0) return refuse(`${file} holds no signed state`, print);
    kept.push(...states);
    if (kept.length > KEPT_MAX) return refuse(`More than ${KEPT_MAX} signed states in files`, print);
  }
  return await onDatabase(tools.databaseUrl, {
    refuse: (why) => refuse(why, print),
    work: (db) => prove(db, { order, tools, kept }),
  });
}

interface Task {
  readonly order: VerifyOrder;
  readonly tools: VerifyTools;
  readonly kept: readonly Checkpoint[];
}

async function prove(db: Database, { order, tools, kept }: Task): Promise<number> {
  const { print } = tools;
  const keys = await findTrailKeys(db, tools);
  if (!keys) {
    return refuse(
      "There are no keys: Wattpost makes them at its first start, and the trail begins then",
      print,
    );
  }
  const publicKey = order.publicKey ?? keys.signer.publicKey;
  print(`Public key  ${publicKey}`);
  if (publicKey !== keys.signer.publicKey) {
    print(`            this installation has another one now: ${keys.signer.publicKey}`);
  }
  const proof = await proveAudit(db, { seal: keys.seal, publicKey, kept });
  for (const line of wordsOf(proof, kept.length)) print(line);
  return proof.flaw === null ? 0 : 1;
}

function wordsOf({ entries, older, atMs, checkpoints, flaw }: AuditProof, kept: number): readonly string[] {
  const range = atMs ? `, 1 to ${entries}, ${atMs.map((ms) => new Date(ms).toISOString()).join(" to ")}` : "";
  const lines = [
    `Entries     ${entries} with the right seal${range}`,
    `Signed      ${checkpoints.table} states in the database, ${checkpoints.kept} of ${kept} kept outside agree`,
  ];
  if (older > 0) lines.push(`Older       ${older} entries have no seal: they prove nothing`);
  if (flaw === null) return [...lines, "The audit trail is whole"];
  const where = flaw.seq === null ? "beside the chain" : `at entry ${flaw.seq}`;
  return [...lines, `NOT PROVED  ${where}: ${flaw.words}`];
}

/** The signed states of a file, which may hold other lines besides. */
async function statesIn(
  path: string,
  { mayLack }: { readonly mayLack: boolean },
): Promise<readonly Checkpoint[]> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (mayLack && error instanceof Deno.errors.NotFound) return [];
    throw new UnreadableError(path, error);
  }
  const states: Checkpoint[] = [];
  let rest = "";
  for await (const piece of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = (lines.pop() ?? "").slice(0, LINE_MAX);
    states.push(...lines.flatMap((line) => checkpointOf(line) ?? []));
    if (states.length > KEPT_MAX) break;
  }
  const last = checkpointOf(rest);
  if (last) states.push(last);
  return states;
}

/** A file that was named cannot be read. */
export class UnreadableError extends Error {
  /** Says which and why. */
  constructor(path: string, cause: unknown) {
    super(`Cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.name = "UnreadableError";
  }
}

function refuse(why: string, print: (line: string) => void): number {
  print(`NOT PROVED  ${why}`);
  return 1;
}

async function main(): Promise<number> {
  const order = readVerifyArguments(Deno.args);
  if (!order.ok || order.value === null) {
    console.log(order.ok ? VERIFY_HELP : `${order.error}\n\n${VERIFY_HELP}`);
    return order.ok ? 0 : 2;
  }
  const files = order.value.files.map(typedPath);
  const told = { ...order.value, files };
  return await runCommand("verify the trail", async (settings) => {
    try {
      return await runVerify(told, { ...settings, print: (line) => console.log(line) });
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      console.error(error.message);
      return 1;
    }
  });
}

if (import.meta.main) Deno.exit(await main());
