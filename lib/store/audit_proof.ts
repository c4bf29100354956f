/**
 * Proves the audit trail: every seal again, every signed state against what stands there now. It reads in batches and
 * holds no lock, so that it works while the product writes.
 *
 * @module
 */

import type { AuditSeal } from "./audit.ts";
import { type ChainedRow, chainText } from "./audit_chain.ts";
import { type Checkpoint, isSignedBy, listCheckpoints, newestCheckpoint } from "./checkpoints.ts";
import type { Database } from "./db.ts";

/** Rows read at once. */
const BATCH = 1_000;

/** Signed states from files that are held at once. */
export const KEPT_MAX = 200_000;

/** What the trail is proved by. */
export interface ProofOptions {
  /** Seals as the product does. */
  readonly seal: AuditSeal;
  /** Whose signatures count, 32 bytes in base64url. */
  readonly publicKey: string;
  /** Signed states that were kept outside of the database. */
  readonly kept: readonly Checkpoint[];
}

/** What is wrong with the trail. */
export interface Flaw {
  /** The first entry that is concerned; `null`: it has no place in the chain. */
  readonly seq: number | null;
  /** What, in words. */
  readonly words: string;
}

/** What was found. */
export interface AuditProof {
  /** Entries whose seals are right. */
  readonly entries: number;
  /** Rows from before there was a chain: nothing proves them. */
  readonly older: number;
  /** When the first and the last of them were written; `null`: there are none. */
  readonly atMs: readonly [number, number] | null;
  /** Signed states that agree: from the table, and from outside. */
  readonly checkpoints: { readonly table: number; readonly kept: number };
  /** What is wrong first; `null`: nothing. */
  readonly flaw: Flaw | null;
}

/** Proves the trail as it stands now; what is written down meanwhile is left to the next time. */
export async function proveAudit(db: Database, options: ProofOptions): Promise<AuditProof> {
  // States before the head: what was signed of an entry behind it then shows that the end was cut off.
  const newest = await newestCheckpoint(db);
  const kept = Map.groupBy(options.kept, ({ seq }) => seq);
  const head = await headOf(db);
  const walk: Walk = {
    seq: 0,
    hash: "",
    entries: 0,
    table: 0,
    kept: 0,
    from: null,
    to: null,
    firstId: null,
    id: null,
  };
  const flaw = await walkChain(db, walk, { ...options, head, outside: kept }) ??
    cutOff(walk, [newest, ...kept.keys()]) ?? await strays(db, walk);
  const { entries, from, to } = walk;
  return {
    entries,
    older: await countOlder(db),
    atMs: from === null || to === null ? null : [from, to],
    checkpoints: { table: walk.table, kept: walk.kept },
    flaw,
  };
}

interface Head {
  readonly seq: number;
  readonly hash: string;
}

async function headOf(db: Database): Promise<Head> {
  const row = await db.reader.selectFrom("audit_head").select(["seq", "hash"]).where("head_id", "=", 1)
    .executeTakeFirst();
  return row ?? { seq: 0, hash: "" };
}

/** How far the walk along the chain has come. */
interface Walk {
  seq: number;
  hash: string;
  entries: number;
  table: number;
  kept: number;
  from: number | null;
  to: number | null;
  /** Id of the first entry, and of the one that the walk has come to; `null`: none. */
  firstId: number | null;
  id: number | null;
}

interface WalkOptions extends ProofOptions {
  readonly head: Head;
  /** Signed states from outside, by the entry that they sign. */
  readonly outside: ReadonlyMap<number, readonly Checkpoint[]>;
}

async function walkChain(db: Database, walk: Walk, options: WalkOptions): Promise<Flaw | null> {
  const { head } = options;
  while (walk.seq < head.seq) {
    const after = walk.seq;
    const rows = await rowsAfter(db, after, head.seq);
    const states = await listCheckpoints(db, { after, limit: BATCH });
    const inside = new Map(states.map((state) => [state.seq, state]));
    for (const row of rows) {
      const flaw = judgeEntry(walk, row, options) ?? judgeStates(walk, inside.get(row.seq), options);
      if (flaw) return flaw;
    }
    if (rows.length === 0) {
      const words = `Entries ${after + 1} to ${head.seq} are missing: the end was cut off`;
      return { seq: after + 1, words };
    }
  }
  if (walk.hash === head.hash) return null;
  return { seq: head.seq, words: "The head of the chain does not carry the seal of the newest entry" };
}

function judgeEntry(walk: Walk, { hash, audit_id, ...row }: FoundRow, { seal }: WalkOptions): Flaw | null {
  const wanted = walk.seq + 1;
  if (row.seq !== wanted) {
    const last = row.seq - 1;
    const which = last === wanted ? `Entry ${wanted} is` : `Entries ${wanted} to ${last} are`;
    return { seq: wanted, words: `${which} missing` };
  }
  if (hash === null || seal(chainText(walk.hash, row)) !== hash) {
    const words =
      "The seal does not fit: the entry, or the seal of the one before it, was changed or put there " +
      "without the key";
    return { seq: wanted, words };
  }
  // Ids are given under the lock of the head. No seal covers them, but pages and files are read in their order.
  if (walk.id !== null && audit_id <= walk.id) {
    return { seq: wanted, words: `Row ${audit_id} was moved: the entry before it is row ${walk.id}` };
  }
  walk.firstId ??= audit_id;
  walk.from ??= row.at_ms;
  Object.assign(walk, { seq: wanted, hash, id: audit_id, entries: walk.entries + 1, to: row.at_ms });
  return null;
}

/** What was signed of the entry that the walk has come to. */
function judgeStates(
  walk: Walk,
  inside: Checkpoint | undefined,
  { publicKey, outside }: WalkOptions,
): Flaw | null {
  const { seq, hash } = walk;
  for (
    const [where, states] of [["table", inside ? [inside] : []], ["kept", outside.get(seq) ?? []]] as const
  ) {
    for (const state of states) {
      const which = `The state that was signed of it on ${new Date(state.atMs).toISOString()}` +
        (where === "kept" ? " and kept elsewhere" : "");
      if (!isSignedBy(publicKey, state)) {
        return { seq, words: `${which} does not carry the signature of this installation` };
      }
      if (state.hash !== hash) {
        return { seq, words: `${which} has another seal: the chain was written anew with the key` };
      }
      walk[where]++;
    }
  }
  return null;
}

/** A state that was signed of an entry behind the end. */
function cutOff({ seq: end }: Walk, signed: readonly number[]): Flaw | null {
  const last = signed.reduce((most, seq) => Math.max(most, seq), 0);
  if (last <= end) return null;
  return {
    seq: end + 1,
    words: `Entries ${end + 1} to ${last} were signed and are missing: the end was cut off`,
  };
}

/** Entries that were put beside the chain. */
async function strays(db: Database, { firstId }: Walk): Promise<Flaw | null> {
  const newest = await db.reader.selectFrom("audit").select("seq").where("seq", "is not", null)
    .orderBy("seq", "desc").limit(1).executeTakeFirst();
  const beyond = newest?.seq ?? 0;
  if (beyond > (await headOf(db)).seq) {
    return { seq: beyond, words: "The entry stands behind the head of the chain" };
  }
  const before = await db.reader.selectFrom("audit").select(["audit_id", "seq"]).where("seq", "<", 1)
    .orderBy("seq").limit(1).executeTakeFirst();
  if (before) {
    const words = `Row ${before.audit_id} has the place ${before.seq}: the chain begins at 1`;
    return { seq: null, words };
  }
  if (firstId === null) return null;
  const bare = await db.reader.selectFrom("audit").select("audit_id").where("seq", "is", null)
    .where("audit_id", ">=", firstId).orderBy("audit_id").limit(1).executeTakeFirst();
  return bare ? { seq: null, words: `Row ${bare.audit_id} has no seal and is younger than the chain` } : null;
}

async function countOlder(db: Database): Promise<number> {
  const row = await db.reader.selectFrom("audit").select((eb) => eb.fn.countAll<number>().as("rows"))
    .where("seq", "is", null).executeTakeFirstOrThrow();
  return Number(row.rows);
}

type FoundRow = ChainedRow & { readonly audit_id: number; readonly hash: string | null };

async function rowsAfter(db: Database, after: number, upTo: number): Promise<readonly FoundRow[]> {
  const rows = await db.reader.selectFrom("audit")
    .select(["audit_id", "seq", "at_ms", "actor", "action", "subject", "origin", "before_json", "after_json"])
    .select(["user_id", "site_id", "request_id", "hash"])
    .where("seq", ">", after).where("seq", "<=", upTo).orderBy("seq").limit(BATCH).execute();
  return rows.flatMap(({ seq, ...row }) => seq === null ? [] : [{ ...row, seq }]);
}
